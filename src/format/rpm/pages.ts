import type { ErrorCode } from '../../util/error.ts';

/** Takes note of damage in a package database; the reader goes on with what it can still read. */
export type Damage = (code: ErrorCode, message: string) => void;

/** The largest package header that is read, in bytes; rpm itself refuses larger ones (header.cc, `headerMaxbytes`). */
export const maxHeaderBytes = 256 * 1024 * 1024;

/** The most packages looked at in one database, damaged ones included. The largest distributions have some 70,000. */
export const maxPackages = 200_000;

/** Notes that the rest of a database was left unread: it names more packages than {@link maxPackages}. */
export function noteTooMany(damage: Damage): void {
  damage('rpm/too-many', `the package database holds more than ${maxPackages} packages`);
}

/**
 * The pages of a database file, each handed out once only: no page belongs to two records, so a page asked for again
 * is a cycle made to keep the reader busy, or damage. The work is thereby bounded by the size of the file.
 */
export class PageFile {
  /** Page size in bytes. */
  readonly size: number;
  /** Whole pages in the file. */
  readonly count: number;
  /** The whole file. */
  readonly bytes: Buffer;
  readonly #first: number;
  readonly #taken: Uint8Array;
  readonly #damage: Damage;

  /** Pages of `size` bytes, numbered from `first`. */
  constructor(bytes: Buffer, size: number, first: number, damage: Damage) {
    this.size = size;
    this.count = Math.floor(bytes.length / size);
    this.bytes = bytes;
    this.#first = first;
    this.#taken = new Uint8Array(this.count);
    this.#damage = damage;
  }

  /** Where in the file page `number` starts, or -1, with the damage noted, when it isn't there or was taken before. */
  take(number: number): number {
    const index = number - this.#first;
    if (index < 0 || index >= this.count) {
      this.#damage('rpm/page-missing', `page ${number} of the package database is outside of the file`);
      return -1;
    }
    if (this.#taken[index] === 1) {
      this.#damage('rpm/page-cycle', `page ${number} of the package database is used twice`);
      return -1;
    }
    this.#taken[index] = 1;
    return index * this.size;
  }

  /** Whether page `number` was taken. */
  taken(number: number): boolean {
    return this.#taken[number - this.#first] === 1;
  }
}

/** Whether `size` is a page size that SQLite and Berkeley DB know: a power of two from 512 to 65,536. */
export function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

/** The unsigned big-endian number in the four bytes at `at`, which must be there: the hot path of all readers. */
export function u32be(bytes: Buffer, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
