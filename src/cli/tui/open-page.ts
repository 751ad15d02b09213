import { spawn } from 'node:child_process';

/** Pages of the web alone: what a report names may be anything. */
const page = /^https?:\/\/[\x21-\x7e]{1,2000}$/;

/** Opens a page in the user's browser, by no shell. `failed` is told in one line why it could not. */
export function openPage(url: string, env: NodeJS.ProcessEnv, failed: (why: string) => void): void {
  const [program, ...args] = opener(env);
  if (!page.test(url) || program === undefined) {
    failed(page.test(url) ? `there is no browser here: ${url}` : 'its address is none of the web');
    return;
  }
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => failed(`${program} could not be started: ${url}`));
  child.on('exit', (code) => {
    if (code !== 0) failed(`${program} could not open ${url}`);
  });
  child.unref();
}

/** What opens an address on this system; nothing on a machine without a screen. */
function opener(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  if (env.WSL_DISTRO_NAME) return ['wslview'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : [];
}
