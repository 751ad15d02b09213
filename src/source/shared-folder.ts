import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../util/error.ts';
import { isStoreName, type SharedStore } from './shared-store.ts';

/** Neither a link to somewhere else nor a pipe that keeps the reader waiting. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Bytes of the random part of a temporary name: two machines may have processes of one number. */
const temporaryBytes = 12;
/** An entry whose time is older than this, in milliseconds, is marked as in use when it is found: see `cache prune`. */
const markMs = 86_400_000;
/** What is read of a file at once. */
const pieceBytes = 1024 * 1024;

/** What says of one entry that it can't be used; all else says that the folder can't. */
const entryTrouble = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'EACCES', 'EPERM', 'EISDIR', 'ENXIO', 'EFTYPE']);

/**
 * A folder that machines share: a network file system, or what a CI service keeps between runs. Plain files beside each
 * other, written under another name and renamed, without a lock.
 */
export class SharedFolder implements SharedStore {
  readonly name: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.name = folder;
    this.#folder = folder;
  }

  async find(name: string, limit: number): Promise<Buffer | undefined> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path(name), readFlags);
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > limit) return undefined;
      const bytes = await readWhole(file, stat.size);
      await markUsed(file, stat.mtimeMs);
      return bytes;
    } catch (thrown) {
      if (entryTrouble.has(codeOf(thrown))) return undefined;
      throw failureOf(thrown);
    } finally {
      await file?.close().catch(() => undefined);
    }
  }

  async put(name: string, bytes: Buffer): Promise<void> {
    const path = this.#path(name);
    const temporary = `${path}.${randomBytes(temporaryBytes).toString('hex')}.tmp`;
    try {
      // Whoever may write here decides what later scans see: nobody is let in who was not.
      await mkdir(this.#folder, { recursive: true, mode: 0o755 });
      await writeFile(temporary, bytes, { flag: 'wx', mode: 0o644 });
      await rename(temporary, path);
    } catch (thrown) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw failureOf(thrown);
    }
  }

  close(): void {}

  #path(name: string): string {
    if (!isStoreName(name)) throw new Error(`${name} is no name of an entry`);
    return join(this.#folder, name);
  }
}

/** Whoever may only read leaves it as it is. */
async function markUsed(file: FileHandle, writtenMs: number): Promise<void> {
  const now = new Date();
  if (now.getTime() - writtenMs > markMs) await file.utimes(now, now).catch(() => undefined);
}

/** The bytes that a file had when it was opened; undefined when it became shorter. */
async function readWhole(file: FileHandle, size: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(pieceBytes, size - at), at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  return bytes;
}

function failureOf(thrown: unknown): SluiceError {
  return new SluiceError('cache/shared', `the file system says ${codeOf(thrown)}`);
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? 'unknown';
}
