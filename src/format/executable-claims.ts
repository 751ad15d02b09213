/** Any of the three execute permissions. */
const executeBits = 0o111;

/** The last question and its answer: of each path, every kind of package that reads programs asks in turn. */
let lastPath = '';
let lastMode = -1;
let lastAnswer = false;

/**
 * Whether a file at this path with these permission bits may be a program or a library of machine code. It runs for
 * every path of an image: no I/O, no allocation, no regular expression.
 */
export function mayBeProgram(path: string, mode: number): boolean {
  if (mode !== lastMode || path !== lastPath) {
    lastPath = path;
    lastMode = mode;
    lastAnswer = (mode & executeBits) === 0 ? isLibraryOrWindowsProgram(path) : !isOtherKind(path);
  }
  return lastAnswer;
}

/** Shared objects and Windows files often lack the execute permission. */
function isLibraryOrWindowsProgram(path: string): boolean {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x62: // b
      return path.endsWith('.dylib');
    case 0x65: // e
      return path.endsWith('.exe');
    case 0x6c: // l
      return path.endsWith('.dll');
    case 0x6f: // o
      return path.endsWith('.so');
    default:
      return path.includes('.so.');
  }
}

/** Endings of scripts, texts, archives and package lists: files that may have the execute permission by carelessness. */
const otherEndings = [
  ...['.bat', '.css', '.h', '.html', '.md', '.txt', '.xml', '.json', '.lock', '.toml', '.yaml', '.yml'],
  ...['.cjs', '.js', '.mjs', '.ts', '.php', '.pl', '.py', '.pyc', '.rb', '.gemspec', '.sh'],
  ...['.ear', '.jar', '.par', '.war', '.db', '.sqlite', '/METADATA', '/PKG-INFO'],
  ...['lib/apk/db/installed', 'lib/dpkg/status', 'rpm/Packages'],
];

/** The endings by their last letter, so that most paths are compared with three or none. */
const endingsByLetter: readonly (readonly string[])[] = Array.from({ length: 128 }, (_, code) =>
  otherEndings.filter((ending) => ending.charCodeAt(ending.length - 1) === code),
);

function isOtherKind(path: string): boolean {
  for (const ending of endingsByLetter[path.charCodeAt(path.length - 1)] ?? []) {
    if (path.endsWith(ending)) return true;
  }
  return path.includes('lib/dpkg/status.d/');
}
