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

/** Reads whole numbers in one byte order. Outside of the buffer everything reads as 0, so that a header needs no checks. */
export class HeaderReader {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;

  constructor(bytes: Buffer, littleEndian: boolean) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
  }

  /** Whether `length` bytes from `offset` lie inside. */
  has(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.bytes.length;
  }

  u16(offset: number): number {
    if (!this.has(offset, 2)) return 0;
    return this.littleEndian ? this.bytes.readUInt16LE(offset) : this.bytes.readUInt16BE(offset);
  }

  u32(offset: number): number {
    if (!this.has(offset, 4)) return 0;
    return this.littleEndian ? this.bytes.readUInt32LE(offset) : this.bytes.readUInt32BE(offset);
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
    if (offset < 0 || offset >= this.bytes.length) return '';
    const end = Math.min(offset + limit, this.bytes.length);
    let at = offset;
    while (at < end && this.bytes[at] !== 0) at++;
    return this.bytes.toString('latin1', offset, at);
  }
}

/** How many of `length` bytes from `offset` are in a file of `size` bytes. */
export function lengthInFile(offset: number, length: number, size: number): number {
  if (offset < 0 || length < 0 || offset >= size) return 0;
  return Math.min(length, size - offset);
}
