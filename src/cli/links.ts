/** Terminals that know links (OSC 8), by what they put into the environment. */
function knowsLinks(env: NodeJS.ProcessEnv): boolean {
  if (env.TERM === 'dumb' || env.CI) return false;
  // VTE, on which most terminals of Linux desktops are built, since 0.50.
  if (Number(env.VTE_VERSION) >= 5000) return true;
  if (env.WT_SESSION || env.KITTY_WINDOW_ID || env.KONSOLE_VERSION || env.DOMTERM) return true;
  if (env.TERM === 'xterm-kitty' || env.TERM === 'alacritty' || env.TERM === 'xterm-ghostty' || env.TERM === 'foot')
    return true;
  return programKnowsLinks(env.TERM_PROGRAM ?? '', env.TERM_PROGRAM_VERSION ?? '');
}

/** The first version of each program that knows them. */
const programs: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['iTerm.app', [3, 1]],
  ['WezTerm', [0, 0]],
  ['vscode', [1, 72]],
  ['ghostty', [0, 0]],
  ['Hyper', [0, 0]],
  ['rio', [0, 0]],
  ['zed', [0, 0]],
  // Tells its own terminal only since then.
  ['tmux', [3, 4]],
]);

function programKnowsLinks(program: string, version: string): boolean {
  const since = programs.get(program);
  if (!since) return false;
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return major > since[0] || (major === since[0] && minor >= since[1]);
}

/** Whether links may be written to standard output: FORCE_HYPERLINK decides, else the terminal; never to a pipe by itself. */
export function linked(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const forced = env.FORCE_HYPERLINK;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false' && isTerminal;
  return isTerminal && knowsLinks(env);
}
