import { isSettings, ListedPaths } from '../../format/listed-paths.ts';
import type { Owner } from '../../model/package.ts';
import { textLines } from '../../util/text-lines.ts';
import type { ClaimedFile } from '../contract.ts';

const infoFolder = 'var/lib/dpkg/info/';
const statusFolder = 'var/lib/dpkg/status.d/';
const listEnd = '.list';
const sumsEnd = '.md5sums';
/** Hex digits of an MD5, and the place where the path starts behind them: two blanks, or a blank and a star. */
const sumLength = 32;
const pathStart = sumLength + 2;

const slash = 0x2f;

type Tell = (owner: Owner, path: string, digest?: string) => void;

/**
 * Whether a path is a package's list of files or of checksums. dpkg's database has both, and the first names all files;
 * distroless' `status.d` has checksums alone.
 */
export function isFileList(path: string, digests: boolean): boolean {
  if (path.endsWith(sumsEnd)) return isIn(statusFolder, path) || (digests && isIn(infoFolder, path));
  return path.endsWith(listEnd) && isIn(infoFolder, path);
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && path.indexOf('/', folder.length) < 0;
}

/**
 * Tells a package's files: `.list` has all paths, `.md5sums` those of files that are no settings, with the digest
 * (deb-md5sums(5)). Whose they are is the name of the list: `libc6:amd64.list`, where several architectures may be installed.
 */
export function readDebFiles({ path, bytes }: ClaimedFile, owns: Tell, digests: boolean): void {
  const sums = path.endsWith(sumsEnd);
  const owner = ownerOf(path.slice(path.lastIndexOf('/') + 1, sums ? -sumsEnd.length : -listEnd.length));
  if (owner.name === '') return;
  const text = bytes.toString('utf8');
  if (sums) readSums(text, owner, owns, digests);
  else readList(text, owner, owns);
}

function ownerOf(name: string): Owner {
  const colon = name.indexOf(':');
  return colon < 0 ? { name } : { name: name.slice(0, colon), arch: name.slice(colon + 1) };
}

/** Folders stand in front of what is in them, by which most are told apart from files. */
function readList(text: string, owner: Owner, owns: Tell): void {
  const paths = new ListedPaths();
  let last = '';
  const tell = (): void => {
    const path = paths.of(last);
    if (path !== undefined) owns(owner, path);
  };
  for (const line of textLines(text)) {
    if (line.charCodeAt(0) !== slash) continue;
    const isFolder = line.charCodeAt(last.length) === slash && line.startsWith(last);
    if (last !== '' && !isFolder) tell();
    last = line;
  }
  if (last !== '') tell();
}

function readSums(text: string, owner: Owner, owns: Tell, digests: boolean): void {
  const paths = new ListedPaths();
  for (const line of textLines(text)) {
    // Shorter ones hold no path; one with a backslash in front is escaped, which dpkg knows nothing of.
    if (line.length <= pathStart || line.charCodeAt(sumLength) !== 0x20) continue;
    const path = paths.of(line.slice(pathStart));
    if (path === undefined) continue;
    const sum = digests && !isSettings(path) ? line.slice(0, sumLength).toLowerCase() : '';
    if (sum !== '' && isHex(sum)) owns(owner, path, `md5:${sum}`);
    else owns(owner, path);
  }
}

function isHex(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false;
  }
  return true;
}
