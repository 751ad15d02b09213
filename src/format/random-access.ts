import { readSync } from 'node:fs';
import { SluiceError } from '../util/error.ts';

/** Bytes that can be read at any place: a buffer, a file, a region of a file. */
export interface RandomAccess {
  /** Size in bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`. The result may share memory with the source.
   * @throws SluiceError `read/out-of-range` when any of them lies outside.
   */
  read(offset: number, length: number): Buffer;
}

/** Random access to a buffer, without copying. */
export function bufferAccess(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read(offset, length) {
      checkRange(offset, length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Random access to `size` bytes of an open file from `start`. Every read copies. */
export function fileAccess(fd: number, start: number, size: number): RandomAccess {
  return {
    size,
    read(offset, length) {
      checkRange(offset, length, size);
      const out = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const got = readSync(fd, out, done, length - done, start + offset + done);
        if (got === 0) throw new SluiceError('read/out-of-range', 'the file ended before its size');
        done += got;
      }
      return out;
    },
  };
}

function checkRange(offset: number, length: number, size: number): void {
  if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)) {
    throw new SluiceError('read/out-of-range', 'an offset or length is not a whole number');
  }
  if (offset + length > size) {
    throw new SluiceError('read/out-of-range', `bytes ${offset} to ${offset + length} lie outside of ${size} bytes`);
  }
}
