import { SluiceError } from '../../util/error.ts';
import type { RandomAccess } from '../random-access.ts';

/**
 * Random access to a record that lies in pieces all over the pages of a database. Nothing is copied before it is read:
 * the list of files is the bulk of a package header, and nobody asks for it here.
 */
export class Pieces implements RandomAccess {
  readonly #bytes: Buffer;
  /** Where in the file each piece starts. */
  readonly #starts: number[] = [];
  /** Where in the record each piece ends. */
  readonly #ends: number[] = [];
  #size = 0;

  /** No pieces yet, of the file `bytes`. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Size of the record in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds the `length` bytes of the file from `start` on, which must be in the file. */
  add(start: number, length: number): void {
    this.#size += length;
    this.#starts.push(start);
    this.#ends.push(this.#size);
  }

  /**
   * Exactly `length` bytes from `offset` of the record; copied only when they cross from one piece to the next.
   * @throws SluiceError `read/out-of-range` when any of them lies outside.
   */
  read(offset: number, length: number): Buffer {
    const end = offset + length;
    if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)) {
      throw new SluiceError('read/out-of-range', 'an offset or length is not a whole number');
    }
    if (end > this.#size) {
      throw new SluiceError('read/out-of-range', `bytes ${offset} to ${end} lie outside of ${this.#size} bytes`);
    }
    let index = this.#pieceAt(offset);
    const start = (this.#starts[index] ?? 0) + offset - (this.#ends[index - 1] ?? 0);
    if (end <= (this.#ends[index] ?? this.#size)) return this.#bytes.subarray(start, start + length);
    const out = Buffer.allocUnsafe(length);
    let done = this.#bytes.copy(out, 0, start, start + this.#ends[index]! - offset);
    while (done < length) {
      index++;
      const from = this.#starts[index]!;
      const size = Math.min(length - done, this.#ends[index]! - this.#ends[index - 1]!);
      done += this.#bytes.copy(out, done, from, from + size);
    }
    return out;
  }

  /** The first piece that ends behind `offset`. */
  #pieceAt(offset: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
