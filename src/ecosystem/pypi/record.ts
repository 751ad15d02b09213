import type { Owner } from '../../model/package.ts';
import { cleanPath, dirName, escapesRoot } from '../../util/path.ts';
import { textLines } from '../../util/text-lines.ts';
import type { ClaimedFile, OwnershipReader } from '../contract.ts';
import { folderIdentity } from './metadata.ts';

/** Largest list (bytes) that is read: a hundred bytes a file, and no package has a hundred thousand. */
const sizeLimit = 16 * 1024 * 1024;
/** Bytes of SHA-256. */
const digestBytes = 32;
const quote = '"';

/**
 * The files of an installed package: `RECORD` of a dist-info (PyPA, recording installed projects) and
 * `installed-files.txt`, which pip left in an egg-info. Paths may lead out of site-packages, to programs and manual
 * pages; those that lead out of the image are an attack, and left out.
 */
export const recordReader: OwnershipReader = {
  limit: sizeLimit,
  claims(path) {
    switch (path.charCodeAt(path.length - 1)) {
      case 0x44: // RECORD
        return path.endsWith('.dist-info/RECORD');
      case 0x74: // txt
        return path.endsWith('.egg-info/installed-files.txt');
      default:
        return false;
    }
  },
  read(file, owns) {
    const folder = dirName(file.path);
    const owner = folderIdentity(folder.slice(folder.lastIndexOf('/') + 1));
    if (owner === undefined) return;
    if (file.path.endsWith('/RECORD')) readRecord(file, dirName(folder), owner, owns);
    else readInstalledFiles(file, folder, owner, owns);
  },
};

type Owns = Parameters<OwnershipReader['read']>[1];

/** Lines of `path,sha256=<digest>,size`: CSV, with quotes where the path holds a comma or quote. */
function readRecord(file: ClaimedFile, base: string, owner: Owner, owns: Owns): void {
  for (const line of textLines(file.bytes.toString('utf8'))) {
    const end = line.startsWith(quote) ? closingQuote(line) : line.indexOf(',');
    if (end <= 0) continue;
    const written = line.startsWith(quote) ? line.slice(1, end).replaceAll('""', quote) : line.slice(0, end);
    const path = placed(base, written);
    if (path === undefined) continue;
    const start = line.indexOf(',', end);
    const digest = start === -1 ? undefined : digestOf(line, start + 1);
    owns(owner, path, digest);
  }
}

/** One path a line, from the egg-info itself on. */
function readInstalledFiles(file: ClaimedFile, base: string, owner: Owner, owns: Owns): void {
  for (const line of textLines(file.bytes.toString('utf8'))) {
    const path = line.endsWith('/') ? undefined : placed(base, line);
    if (path !== undefined) owns(owner, path);
  }
}

/** A quote within quotes is written twice. */
function closingQuote(line: string): number {
  for (let at = line.indexOf(quote, 1); at !== -1; at = line.indexOf(quote, at + 2)) {
    if (line.charAt(at + 1) !== quote) return at;
  }
  return -1;
}

/** The clean path in the image; undefined when it leads out of it or nowhere. */
function placed(base: string, written: string): string | undefined {
  const whole = written.startsWith('/') ? written : `${base}/${written}`;
  if (written === '' || written.includes('\0') || escapesRoot(whole)) return undefined;
  return cleanPath(whole) || undefined;
}

/** `sha256=` and URL-safe base64 without padding; other algorithms are not asked for. */
function digestOf(line: string, start: number): string | undefined {
  if (!line.startsWith('sha256=', start)) return undefined;
  const end = line.indexOf(',', start);
  const digest = Buffer.from(line.slice(start + 7, end === -1 ? undefined : end), 'base64url');
  return digest.length === digestBytes ? `sha256:${digest.toString('hex')}` : undefined;
}
