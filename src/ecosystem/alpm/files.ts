import { gunzipSync } from 'node:zlib';
import { isSettings, ListedPaths } from '../../format/listed-paths.ts';
import type { Owner } from '../../model/package.ts';
import { textLines } from '../../util/text-lines.ts';
import type { ClaimedFile } from '../contract.ts';
import { entryOf, localFolder } from './place.ts';

/** Bytes of a package's `mtree`, inflated. */
const mtreeLimit = 64 * 1024 * 1024;

type Tell = (owner: Owner, path: string, digest?: string) => void;

/** Whether a path is one of a package's two lists of files: `files` has the paths, `mtree` the digests as well. */
export function isFileList(path: string, digests: boolean): boolean {
  return entryOf(path, '/files') || (digests && entryOf(path, '/mtree'));
}

/**
 * Tells a package's files: `files` has their paths, `mtree` (mtree(5), packed) their digests as well. Whose they are is the
 * name of the folder: `bash-5.2.026-2` is version `5.2.026-2` of `bash`.
 */
export function readAlpmFiles({ path, bytes }: ClaimedFile, owns: Tell): void {
  const owner = ownerOf(path.slice(localFolder.length, path.lastIndexOf('/')));
  if (owner === undefined) return;
  if (path.endsWith('/files')) readList(bytes.toString('utf8'), owner, owns);
  else readTree(inflated(bytes), owner, owns);
}

function ownerOf(folder: string): Owner | undefined {
  const release = folder.lastIndexOf('-');
  const version = release <= 0 ? -1 : folder.lastIndexOf('-', release - 1);
  return version <= 0 ? undefined : { name: folder.slice(0, version), version: folder.slice(version + 1) };
}

/** Under `%FILES%` a path a line; those of folders end in a slash. Other fields have other lists. */
function readList(text: string, owner: Owner, owns: Tell): void {
  const paths = new ListedPaths();
  let inFiles = false;
  for (const line of textLines(text)) {
    if (line.startsWith('%')) inFiles = line === '%FILES%';
    else if (inFiles && line !== '' && !line.endsWith('/')) {
      const path = paths.of(line);
      if (path !== undefined) owns(owner, path);
    }
  }
}

function inflated(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: mtreeLimit }).toString('latin1');
  } catch {
    return '';
  }
}

/** `./usr/bin/x time=1 mode=755 sha256digest=…`, a file a line; `/set` says what is usual for those that follow. */
function readTree(text: string, owner: Owner, owns: Tell): void {
  const paths = new ListedPaths();
  let usual = 'file';
  for (const line of textLines(text)) {
    const words = line.split(' ', 20);
    const [first = ''] = words;
    const type = words.find((word) => word.startsWith('type='))?.slice('type='.length);
    if (first === '/set') usual = type ?? usual;
    // What stands at the root with a dot in front is of the package's archive and not installed.
    if (!first.startsWith('./') || first.startsWith('./.') || (type ?? usual) === 'dir') continue;
    const path = paths.of(plainText(first.slice(2)));
    if (path === undefined) continue;
    const digest = (type ?? usual) === 'file' && !isSettings(path) ? digestOf(words) : undefined;
    if (digest === undefined) owns(owner, path);
    else owns(owner, path, digest);
  }
}

function digestOf(words: readonly string[]): string | undefined {
  for (const [key, algorithm, digits] of [
    ['sha256digest=', 'sha256', 64],
    ['md5digest=', 'md5', 32],
  ] as const) {
    const hex = words.find((word) => word.startsWith(key))?.slice(key.length);
    if (hex?.length === digits) return `${algorithm}:${hex.toLowerCase()}`;
  }
  return undefined;
}

/** Bytes that are not plain stand as a backslash and three octal digits. */
function plainText(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const octal = text.charAt(at) === '\\' ? text.slice(at + 1, at + 4) : '';
    if (octal.length === 3 && /^[0-3][0-7]{2}$/.test(octal)) {
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
    } else {
      bytes.push(text.charCodeAt(at) & 0xff);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
