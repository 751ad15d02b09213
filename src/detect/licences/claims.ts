import type { EntryHead } from '../../ecosystem/contract.ts';

/** Largest file of licences that is read, in bytes: whole collections of third parties' notices are smaller. */
export const largestLicenceFile = 4 << 20;

/** How names of such files begin, in lower case. */
const beginnings = [
  'license',
  'licence',
  'copying',
  'unlicense',
  'notice',
  'third-party-notice',
  'thirdpartynotice',
  'mit-license',
];

/** How the names of programs and data end that are only called so. */
const otherEndings = [
  ...['.js', '.ts', '.mjs', '.cjs', '.jsx', '.tsx', '.json', '.map', '.css', '.html', '.htm', '.xml', '.svg', '.png'],
  ...['.py', '.pyc', '.pyi', '.go', '.rs', '.java', '.class', '.jar', '.rb', '.php', '.pl', '.pm', '.sh', '.lua', '.c'],
  ...['.h', '.cc', '.cpp', '.hpp', '.cs', '.dll', '.so', '.o', '.gz', '.xz', '.bz2', '.zst', '.zip', '.yml', '.yaml'],
  ...['.toml', '.tmpl', '.template', '.ejs', '.pdf', '.db', '.gif', '.jpg', '.mo', '.po', '.rtf'],
];

/** Folders that hold the texts of all licences there are: nothing in the image need be under them. */
const collections = ['usr/share/common-licenses/', 'usr/share/licenses/common/', 'usr/share/licenses/spdx/'];

/**
 * Whether a file holds the text of licences, by its name: `LICENSE`, `COPYING`, `NOTICE`, Debian's `copyright`. Runs for
 * every path: no I/O, no allocation, no regular expression. `path`: clean, without leading slash.
 */
export function claims(path: string, { size }: Pick<EntryHead, 'size'>): boolean {
  if (size === 0 || size > largestLicenceFile) return false;
  const from = path.lastIndexOf('/') + 1;
  switch (path.charCodeAt(from) | 0x20) {
    case 0x63:
      return isDebianCopyright(path, from) || isNamed(path, from);
    case 0x6c:
    case 0x6d:
    case 0x6e:
    case 0x74:
    case 0x75:
      return isNamed(path, from);
    default:
      return isOfReuse(path, from);
  }
}

/** Whether it is the file in which Debian's packages say under which licences they are. */
export function isDebianCopyright(path: string, from = path.lastIndexOf('/') + 1): boolean {
  return path.length - from === 9 && path.endsWith('/copyright') && path.startsWith('usr/share/doc/');
}

function isNamed(path: string, from: number): boolean {
  for (const beginning of beginnings) {
    if (beginsWith(path, from, beginning) && endsAsText(path, from + beginning.length)) {
      return !collections.some((folder) => path.startsWith(folder));
    }
  }
  return isOfReuse(path, from);
}

/** REUSE keeps each text below `LICENSES/`, under its SPDX id. */
function isOfReuse(path: string, from: number): boolean {
  return from >= 9 && path.startsWith('LICENSES/', from - 9) && path.endsWith('.txt');
}

/** Case is folded for ASCII alone, as names of such files are. */
function beginsWith(path: string, from: number, word: string): boolean {
  if (path.length - from < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const code = path.charCodeAt(from + i);
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (lower !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Behind the word: nothing, `S`, a number, or what begins with a sign and is no program's ending. */
function endsAsText(path: string, at: number): boolean {
  let next = at;
  const code = path.charCodeAt(next) | 0x20;
  if (code === 0x73) next++;
  while (next < path.length && path.charCodeAt(next) >= 0x30 && path.charCodeAt(next) <= 0x39) next++;
  if (next === path.length) return true;
  const sign = path.charCodeAt(next);
  if (sign !== 0x2e && sign !== 0x2d && sign !== 0x5f) return false;
  for (const ending of otherEndings) if (path.endsWith(ending)) return false;
  return true;
}
