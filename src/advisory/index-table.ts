import { type Row, rowLength } from './index-format.ts';
import { type HashSeed, KeyHash } from './key-hash.ts';

/** One row of the table as bytes; the hash is that of the key. */
export function encodeRow(hash: { readonly high: number; readonly low: number }, row: Row): Buffer {
  const bytes = Buffer.alloc(rowLength);
  bytes.writeUInt32LE(hash.high, 0);
  bytes.writeUInt32LE(hash.low, 4);
  bytes.writeUIntLE(row.offset, 8, 6);
  bytes.writeUInt32LE(row.length, 16);
  bytes.writeUInt32LE(row.crc, 20);
  return bytes;
}

/** The table of an index in memory. Nothing is allocated to learn that a package isn't in it. */
export class IndexTable {
  /** How many rows there are. */
  readonly rows: number;
  readonly #bytes: DataView;
  readonly #hash: KeyHash;

  /** The bytes are rows sorted by hash; in any other order packages are not found. */
  constructor(bytes: Buffer, seed: HashSeed) {
    this.rows = Math.floor(bytes.length / rowLength);
    this.#bytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#hash = new KeyHash(seed);
  }

  /** The number of the first row that may be that of the key; -1 when there is none. */
  first(ecosystem: string, name: string): number {
    this.#hash.of(ecosystem, name);
    const { high, low } = this.#hash;
    let from = 0;
    let to = this.rows;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const top = this.#bytes.getUint32(middle * rowLength, true);
      const below = top < high || (top === high && this.#bytes.getUint32(middle * rowLength + 4, true) < low);
      if (below) from = middle + 1;
      else to = middle;
    }
    return from < this.rows && this.#isAt(from, high, low) ? from : -1;
  }

  /** The row behind another one, when its hash is the same: two keys may have one hash; otherwise -1. */
  next(row: number): number {
    const at = row * rowLength;
    const same =
      row + 1 < this.rows && this.#isAt(row + 1, this.#bytes.getUint32(at, true), this.#bytes.getUint32(at + 4, true));
    return same ? row + 1 : -1;
  }

  /** What a row says. */
  row(number: number): Row {
    const at = number * rowLength;
    return {
      offset: this.#bytes.getUint32(at + 8, true) + this.#bytes.getUint16(at + 12, true) * 2 ** 32,
      length: this.#bytes.getUint32(at + 16, true),
      crc: this.#bytes.getUint32(at + 20, true),
    };
  }

  #isAt(row: number, high: number, low: number): boolean {
    const at = row * rowLength;
    return this.#bytes.getUint32(at, true) === high && this.#bytes.getUint32(at + 4, true) === low;
  }
}
