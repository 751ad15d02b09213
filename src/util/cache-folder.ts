import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let serial = 0;

/**
 * Plain files below one folder, each written to a temporary name and renamed: any number of processes may share it
 * without a lock, and a reader sees a whole file or none. A cache that can't be written is no failure.
 */
export class CacheFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The bytes of an entry; undefined when it is not there or can't be read. */
  read(name: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#folder, name));
    } catch {
      return undefined;
    }
  }

  /** Writes an entry whole or not at all; says whether it did. */
  write(name: string, bytes: Buffer | string): boolean {
    const path = join(this.#folder, name);
    const temporary = `${path}.${process.pid}-${serial++}.tmp`;
    try {
      // Whoever may write here decides what later scans see.
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, bytes, { flag: 'wx' });
      renameSync(temporary, path);
      return true;
    } catch {
      remove(temporary);
      return false;
    }
  }
}

/** Even to look for a file may be forbidden, which `force` does not forgive. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What can't be removed could not be made either.
  }
}
