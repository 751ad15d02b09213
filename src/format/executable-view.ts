import { type KeptPart, type KeptParts, placeOf } from './kept-parts.ts';

/** What kind of executable file it is. */
export type ExecutableFormat = 'elf' | 'pe' | 'macho';

/** A run of bytes of an executable file and where it lies in memory when the program runs. */
export interface Region {
  /** Section name; empty for an ELF segment, which has none. */
  readonly name: string;
  /** Virtual address of the first byte; -1 when it has none, or none that a double holds exactly. */
  readonly address: number;
  /** Offset of the first byte in the file. */
  readonly offset: number;
  /** Bytes that are truly in the file: never more than the file holds. */
  readonly length: number;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** One program for one processor, as its headers describe it. */
export interface Executable {
  readonly format: ExecutableFormat;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** The whole file, or the slice of a universal binary; offsets count from its start. */
  readonly bytes: Buffer;
  /** What is mapped into memory, in the order of the file's table. */
  readonly segments: readonly Region[];
  readonly sections: readonly Region[];
}

/** The most entries of one header table that are read; a longer table is cut here, which no real program reaches. */
export const maxTableEntries = 65_536;

/** Section names longer than this many bytes are cut: no name that sluice looks for is. */
const maxNameLength = 64;

/** Reads whole numbers in one byte order. Outside of the file everything reads as 0, so that a header needs no checks. */
export class HeaderReader {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
  /** Bytes of the file. */
  readonly size: number;
  readonly #parts: readonly KeptPart[];

  /** With `kept`, offsets are those in the file, and what was not kept of it reads as what is outside. */
  constructor(bytes: Buffer, littleEndian: boolean, kept?: Omit<KeptParts, 'bytes'>) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.size = kept?.size ?? bytes.length;
    this.#parts = kept?.parts ?? [{ offset: 0, length: bytes.length, at: 0 }];
  }

  /** Whether `length` bytes from `offset` can be read. */
  has(offset: number, length: number): boolean {
    return length >= 0 && placeOf(this.#parts, offset, length) >= 0;
  }

  u16(offset: number): number {
    const at = placeOf(this.#parts, offset, 2);
    if (at < 0) return 0;
    return this.littleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(offset: number): number {
    const at = placeOf(this.#parts, offset, 4);
    if (at < 0) return 0;
    return this.littleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** A 64-bit number; -1 above 2^53 - 1, where a double is no longer exact (addresses of an operating system's kernel). */
  u64(offset: number): number {
    const low = this.u32(this.littleEndian ? offset : offset + 4);
    const high = this.u32(this.littleEndian ? offset + 4 : offset);
    return high < 0x20_0000 ? high * 0x1_0000_0000 + low : -1;
  }

  /** A number of the width of a pointer. */
  pointer(offset: number, bits: 32 | 64): number {
    return bits === 64 ? this.u64(offset) : this.u32(offset);
  }

  /** The text up to a NUL, at most `limit` bytes of it. */
  text(offset: number, limit = maxNameLength): string {
    for (const part of this.#parts) {
      if (offset < part.offset || offset >= part.offset + part.length) continue;
      const start = part.at + offset - part.offset;
      const most = Math.min(start + limit, part.at + part.length);
      let end = start;
      while (end < most && this.bytes[end] !== 0) end++;
      return this.bytes.toString('latin1', start, end);
    }
    return '';
  }
}

/** How many of `length` bytes from `offset` are in a file of `size` bytes. */
export function lengthInFile(offset: number, length: number, size: number): number {
  if (offset < 0 || length < 0 || offset >= size) return 0;
  return Math.min(length, size - offset);
}
