import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, digestOfHex, hexOf } from '../model/digest.ts';
import { SluiceError } from '../util/error.ts';

/*
 * The files below `<cache>/db`. Named by the SHA-256 of their content, never changed, and visible only when they are
 * whole and on the disk: `.index` one ecosystem's index, `.pack` the records that it was made from, `.feed` a feed.
 * `current.json` names what is in force, `snapshots/<sha256>.json` what was. `.tmp-…` is being written, `.part-…` is
 * what came of a download that was cut.
 */

/** Kinds of files that are named by their content. */
export const fileKinds = ['index', 'pack', 'feed'] as const;
export type FileKind = (typeof fileKinds)[number];

/** How the names of what is being written begin. */
export const temporaryPrefix = '.tmp-';
/** How the names of downloads begin that may be cut and gone on with. */
export const partPrefix = '.part-';
/** A process id alone would not do: two containers that share the folder may both be process 1. */
const ownPrefix = (): string => (prefix ??= `${temporaryPrefix}${process.pid}-${randomUUID()}-`);
let prefix: string | undefined;

/** Where the advisories of a cache folder lie. */
export function storeFolder(cacheDir: string): string {
  return join(cacheDir, 'db');
}

/** Where the file with this digest lies. */
export function filePath(folder: string, digest: Digest, kind: FileKind): string {
  return join(folder, `${hexOf(digest)}.${kind}`);
}

/** Makes the folder, where it isn't there yet, and checks that it can be written. @throws SluiceError `advisory/cache-unwritable`. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (thrown) {
    throw unwritable(thrown);
  }
}

/** A name for a file that is being written, which no other process uses. */
export function temporaryPath(folder: string): string {
  return join(folder, `${ownPrefix()}${randomUUID()}`);
}

/** Removes what this process was writing and will not finish. */
export function removeUnfinished(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(ownPrefix())) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // What stays is removed by a later update.
  }
}

/** Gives a finished file its name. The same content has the same name, so that it doesn't matter who comes first. */
export function keepFile(folder: string, temporary: string, digest: Digest, kind: FileKind): void {
  renameSync(temporary, filePath(folder, digest, kind));
}

/** Whether the file is there and its bytes have the digest: reads it once. */
export function isIntact(folder: string, digest: Digest, kind: FileKind): boolean {
  let fd: number;
  try {
    fd = openSync(filePath(folder, digest, kind), 'r');
  } catch {
    return false;
  }
  try {
    return digestOfFile(fd) === digest;
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

/** The digest of an open file, read from its start in pieces. */
export function digestOfFile(fd: number): Digest {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1024 * 1024);
  for (let at = 0; ; ) {
    const got = readSync(fd, piece, 0, piece.length, at);
    if (got === 0) return digestOfHex(hash.digest('hex'));
    hash.update(piece.subarray(0, got));
    at += got;
  }
}

/** The bytes of a small file, cut at `limit`; undefined when it is not there. */
export function readSmallFile(path: string, limit: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SluiceError('advisory/current-damaged', `the list of advisory sources can't be opened: ${code}`);
  }
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(fd).size, limit));
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Writes a small file at once and lastingly: a reader sees the old one or the new. @throws SluiceError `advisory/cache-unwritable` */
export function replaceFile(folder: string, name: string, bytes: Buffer): void {
  const temporary = temporaryPath(folder);
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true });
    syncFolder(folder);
    renameSync(temporary, join(folder, name));
    syncFolder(dirname(join(folder, name)));
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw unwritable(thrown);
  }
}

function unwritable(thrown: unknown): SluiceError {
  const code = (thrown as { code?: unknown }).code ?? 'unknown error';
  return new SluiceError('advisory/cache-unwritable', `the folder for advisories can't be written: ${code}`);
}

/** A rename is only lasting when the folder is on the disk too; systems that can't do this for folders do without. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // EISDIR, EINVAL or EPERM on some file systems: the rename itself is still atomic.
  }
}
