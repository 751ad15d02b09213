/** One module that went into a Go program. */
export interface GoModule {
  readonly path: string;
  /** `v1.2.3`, a pseudo-version, or `(devel)` and empty for what was built from a local folder. */
  readonly version: string;
  /** What was built in its place (`replace` in `go.mod`). */
  readonly replacement?: GoModule;
}

/** The text that the `go` command leaves in a program, read (Go's `runtime/debug.BuildInfo`). */
export interface GoModuleInfo {
  /** Import path of the main package. */
  readonly mainPackage: string;
  readonly main: GoModule | undefined;
  readonly dependencies: readonly GoModule[];
  /** Build settings such as `-ldflags` and `GOARCH`. */
  readonly settings: ReadonlyMap<string, string>;
  /** How many lines made no sense; the others stand. */
  readonly badLines: number;
}

/** The longest module path or version that is believed. */
const maxFieldLength = 1_024;
/** The most dependencies that are read; the largest real programs have about a thousand. */
const maxDependencies = 50_000;
/** The most build settings that are read. */
const maxSettings = 1_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface State {
  mainPackage: string;
  main: Writable<GoModule> | undefined;
  dependencies: Writable<GoModule>[];
  settings: Map<string, string>;
  badLines: number;
  /** The module of the line before, to which a `=>` line belongs. */
  last: Writable<GoModule> | undefined;
}

/** Reads module information without its frame: one fact a line, columns parted by tabs. Never throws. */
export function parseModuleInfo(text: string): GoModuleInfo {
  const state: State = {
    mainPackage: '',
    main: undefined,
    dependencies: [],
    settings: new Map(),
    badLines: 0,
    last: undefined,
  };
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (end > at && !readLine(state, text.slice(at, end))) state.badLines++;
    at = end + 1;
  }
  const { mainPackage, main, dependencies, settings, badLines } = state;
  return { mainPackage, main, dependencies, settings, badLines };
}

/** False when the line makes no sense. Words that a later Go may add are no error. */
function readLine(state: State, line: string): boolean {
  const tab = line.indexOf('\t');
  const word = line.slice(0, Math.max(tab, 0));
  const rest = line.slice(tab + 1);
  switch (word) {
    case 'path':
      state.mainPackage = rest;
      return true;
    case 'mod':
      state.main = state.last = readModule(rest);
      return state.main !== undefined;
    case 'dep':
      state.last = readModule(rest);
      if (state.last === undefined || state.dependencies.length >= maxDependencies) return false;
      state.dependencies.push(state.last);
      return true;
    case '=>':
      return readReplacement(state, rest);
    case 'build':
      return readSetting(state.settings, rest);
    default:
      return true;
  }
}

/** `path\tversion\tsum`; the sum may be missing. */
function readModule(columns: string): Writable<GoModule> | undefined {
  const [path = '', version = '', , more] = columns.split('\t', 4);
  if (more !== undefined || path === '' || !isPlain(path) || !isPlain(version)) return undefined;
  return { path, version };
}

function readReplacement(state: State, columns: string): boolean {
  const target = state.last;
  state.last = undefined;
  if (target === undefined) return false;
  const [path = '', version = ''] = columns.split('\t', 2);
  // A local folder may have any name; it has no version, and only that is used of it.
  const local = version === '' || version === '(devel)';
  if (!local && (path === '' || !isPlain(path) || !isPlain(version))) return false;
  target.replacement = { path, version };
  return true;
}

/** `key=value`, each quoted as a Go string where it holds blanks or quotes. */
function readSetting(settings: Map<string, string>, text: string): boolean {
  const equals = text.indexOf('=');
  if (equals <= 0 || settings.size >= maxSettings) return false;
  settings.set(text.slice(0, equals), unquoteGo(text.slice(equals + 1)));
  return true;
}

/** Module paths and versions are printable ASCII without blanks (Go modules reference, "Module paths"). */
function isPlain(text: string): boolean {
  if (text.length > maxFieldLength) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 0x20 || c >= 0x7f) return false;
  }
  return true;
}

const escapes = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

/** Takes off the quotes of a Go string literal; other text is returned as it is. Escapes of single bytes stay as written. */
export function unquoteGo(text: string): string {
  const quote = text[0];
  if (text.length < 2 || text.at(-1) !== quote || (quote !== '"' && quote !== '`')) return text;
  const inner = text.slice(1, -1);
  if (quote === '`' || !inner.includes('\\')) return inner;
  const parts: string[] = [];
  let from = 0;
  for (let at = inner.indexOf('\\'); at >= 0 && at + 1 < inner.length; at = inner.indexOf('\\', from)) {
    const next = inner[at + 1] ?? '';
    const known = escapes.get(next) ?? (next === '\\' || next === '"' ? next : `\\${next}`);
    parts.push(inner.slice(from, at), known);
    from = at + 2;
  }
  parts.push(inner.slice(from));
  return parts.join('');
}
