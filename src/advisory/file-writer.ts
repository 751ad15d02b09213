import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { type Digest, digestOfHex } from '../model/digest.ts';

const bufferSize = 1024 * 1024;

/** Writes one file from start to end in large pieces, and knows its digest at the end. */
export class FileWriter {
  readonly #fd: number;
  readonly #hash: Hash | undefined;
  readonly #pending = Buffer.allocUnsafe(bufferSize);
  #filled = 0;
  #flushed = 0;
  #open = true;

  /** Creates the file; it must not exist yet. Only its owner may read it. `digest`: whether its digest is wanted. */
  constructor(path: string, digest: boolean) {
    this.#hash = digest ? createHash('sha256') : undefined;
    this.#fd = openSync(path, 'wx+', 0o600);
  }

  /** Bytes written so far: where the next ones will lie. */
  get position(): number {
    return this.#flushed + this.#filled;
  }

  /** Puts the bytes at the end; returns where they begin. */
  write(bytes: Buffer): number {
    const start = this.position;
    if (bytes.length > bufferSize - this.#filled) this.flush();
    if (bytes.length > bufferSize) {
      this.#put(bytes);
    } else {
      bytes.copy(this.#pending, this.#filled);
      this.#filled += bytes.length;
    }
    return start;
  }

  /** Reads back what was written and flushed. */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const got = readSync(this.#fd, bytes, done, length - done, offset + done);
      if (got === 0) throw new Error('a temporary file became shorter while it was read');
      done += got;
    }
    return bytes;
  }

  /** Hands everything over to the operating system. */
  flush(): void {
    if (this.#filled === 0) return;
    const filled = this.#filled;
    this.#filled = 0;
    this.#put(this.#pending.subarray(0, filled));
  }

  /** Flushes, waits until it is on the disk, and closes: after this a crash can't take it back. */
  finish(): { digest: Digest; size: number } {
    if (!this.#hash) throw new Error('the digest of this file was not wanted');
    this.flush();
    fsyncSync(this.#fd);
    const size = this.#flushed;
    this.close();
    return { digest: digestOfHex(this.#hash.digest('hex')), size };
  }

  /** Closes without waiting for the disk. May be called again. */
  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  #put(bytes: Buffer): void {
    this.#hash?.update(bytes);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    this.#flushed += bytes.length;
  }
}
