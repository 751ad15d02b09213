import { looksExecutable } from '../../format/executable.ts';
import { isManagedPe } from '../../format/pe.ts';
import type { EntryHead } from '../contract.ts';

/** Any of the three execute permissions. */
const executeBits = 0o111;

/** Whether the path is that of a go.mod file. */
export function isGoMod(path: string): boolean {
  return path.endsWith('go.mod') && (path.length === 6 || path.charCodeAt(path.length - 7) === 0x2f);
}

/**
 * Whether a file may be a Go program, library, or the go.mod file of one. Go files of the module cache and of test
 * data are not: their wishes decide nothing about the program at hand.
 */
export function claims(path: string, head: EntryHead): boolean {
  if (isGoMod(path)) return !path.includes('pkg/mod/') && !path.includes('testdata/');
  if ((head.mode & executeBits) !== 0) return !isOtherKind(path);
  return isLibraryOrWindowsProgram(path);
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

/** The words that a go.mod file may start with. */
const goModWords = [
  'module',
  'go',
  'toolchain',
  'godebug',
  'require',
  'tool',
  'exclude',
  'replace',
  'retract',
  'ignore',
];

/**
 * Whether the first bytes (up to 512) are those of a program, or start as go.mod does: with a comment or a directive.
 * So scripts and texts with the execute permission stay unread, and so do .NET assemblies.
 */
export function sniff(first: Buffer): boolean {
  if (looksExecutable(first)) return !isManagedPe(first);
  let at = 0;
  while (at < first.length && isBlank(first[at])) at++;
  // All blank so far: too little to tell.
  if (at === first.length) return first.length > 0;
  if (first[at] === 0x2f && first[at + 1] === 0x2f) return true;
  let end = at;
  while (end < first.length && end - at < 10 && isLowerLetter(first[end])) end++;
  const stop = first[end];
  if (stop !== undefined && !isBlank(stop) && stop !== 0x28) return false;
  return goModWords.includes(first.toString('latin1', at, end));
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function isLowerLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a;
}
