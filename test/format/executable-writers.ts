/** A section or segment to write: its bytes are laid down one behind the other, each at a multiple of 16. */
export interface Part {
  readonly name: string;
  readonly address: number;
  readonly data: Buffer;
  readonly writable?: boolean;
  readonly executable?: boolean;
  /** Takes no bytes of the file (`.bss`). */
  readonly empty?: boolean;
}

/** Class and byte order of a written file. */
export interface Kind {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
}

/** All four kinds, for tests that must hold for each. */
export const kinds: readonly Kind[] = [
  { bits: 64, littleEndian: true },
  { bits: 64, littleEndian: false },
  { bits: 32, littleEndian: true },
  { bits: 32, littleEndian: false },
];

/** Appends whole numbers in one byte order and width of pointer. */
export class Writer {
  readonly #parts: Buffer[] = [];
  readonly #kind: Kind;
  length = 0;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  bytes(data: Buffer): this {
    this.#parts.push(data);
    this.length += data.length;
    return this;
  }

  text(value: string, width: number): this {
    return this.bytes(Buffer.concat([Buffer.from(value, 'latin1'), Buffer.alloc(width)]).subarray(0, width));
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const data = Buffer.alloc(2);
      if (this.#kind.littleEndian) data.writeUInt16LE(value);
      else data.writeUInt16BE(value);
      this.bytes(data);
    }
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const data = Buffer.alloc(4);
      if (this.#kind.littleEndian) data.writeUInt32LE(value);
      else data.writeUInt32BE(value);
      this.bytes(data);
    }
    return this;
  }

  u64(...values: number[]): this {
    for (const value of values) {
      const data = Buffer.alloc(8);
      if (this.#kind.littleEndian) data.writeBigUInt64LE(BigInt(value));
      else data.writeBigUInt64BE(BigInt(value));
      this.bytes(data);
    }
    return this;
  }

  pointer(...values: number[]): this {
    return this.#kind.bits === 64 ? this.u64(...values) : this.u32(...values);
  }

  pad(multiple: number): this {
    return this.bytes(Buffer.alloc((multiple - (this.length % multiple)) % multiple));
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** The data of parts one behind the other from `base`, and where each starts. */
function layOut(parts: readonly Part[], base: number): { data: Buffer; offsets: number[]; end: number } {
  const writer = new Writer({ bits: 32, littleEndian: true });
  const offsets: number[] = [];
  for (const part of parts) {
    offsets.push(base + writer.length);
    if (!part.empty) writer.bytes(part.data).pad(16);
  }
  return { data: writer.done(), offsets, end: base + writer.length };
}

/** An ELF file: each part is a section, and a loaded segment too when it has an address; `.shstrtab` comes last. */
export function writeElf(kind: Kind, parts: readonly Part[], sections = true): Buffer {
  const wide = kind.bits === 64;
  const loaded = parts.map((part, index) => ({ part, index })).filter(({ part }) => part.address > 0 && !part.empty);
  const tableStart = wide ? 64 : 52;
  const dataStart = Math.ceil((tableStart + loaded.length * (wide ? 56 : 32)) / 16) * 16;
  const names = Buffer.from(`\0${parts.map((part) => `${part.name}\0`).join('')}.shstrtab\0`, 'latin1');
  const { data, offsets, end } = layOut([...parts, { name: '.shstrtab', address: 0, data: names }], dataStart);
  const writer = new Writer(kind);
  writer.bytes(Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, kind.littleEndian ? 1 : 2, 1])).pad(16);
  writer
    .u16(2, 62)
    .u32(1)
    .pointer(0, tableStart, sections ? end : 0)
    .u32(0);
  writer.u16(tableStart, wide ? 56 : 32, loaded.length, wide ? 64 : 40);
  writer.u16(sections ? parts.length + 2 : 0, sections ? parts.length + 1 : 0);
  for (const { part, index } of loaded) writeSegment(writer, wide, part, offsets[index]!);
  writer.pad(16).bytes(data);
  if (!sections) return writer.done();
  writer.bytes(Buffer.alloc(wide ? 64 : 40));
  let name = 1;
  for (const [index, part] of [...parts, { name: '.shstrtab', address: 0, data: names } as Part].entries()) {
    const flags = (part.writable ? 1 : 0) | (part.executable ? 4 : 0);
    writer.u32(name, part.empty ? 8 : 1).pointer(flags, part.address, offsets[index]!, part.data.length);
    writer.u32(0, 0).pointer(16, 0);
    name += part.name.length + 1;
  }
  return writer.done();
}

function writeSegment(writer: Writer, wide: boolean, part: Part, offset: number): void {
  const flags = 4 | (part.writable ? 2 : 0) | (part.executable ? 1 : 0);
  writer.u32(1);
  if (wide) writer.u32(flags);
  writer.pointer(offset, part.address, part.address, part.data.length, part.data.length);
  if (!wide) writer.u32(flags);
  writer.pointer(16);
}

/** A Windows file with the given preferred base; names longer than eight bytes go to the string table. */
export function writePe(bits: 32 | 64, base: number, parts: readonly Part[], managed = false): Buffer {
  const writer = new Writer({ bits, littleEndian: true });
  const wide = bits === 64;
  const optionalSize = (wide ? 112 : 96) + 16 * 8;
  const headers = Math.ceil((64 + 4 + 20 + optionalSize + 40 * parts.length) / 16) * 16;
  const { data, offsets, end } = layOut(parts, headers);
  const long = parts.filter((part) => part.name.length > 8).map((part) => `${part.name}\0`);
  writer.text('MZ', 60).u32(64).text('PE', 4);
  writer.u16(0x8664, parts.length).u32(0, end, 0).u16(optionalSize, 0x22);
  const optional = writer.length;
  writer
    .u16(wide ? 0x20b : 0x10b)
    .bytes(Buffer.alloc(wide ? 22 : 26))
    .pointer(base);
  writer.bytes(Buffer.alloc(optional + (wide ? 108 : 92) - writer.length)).u32(16);
  for (let i = 0; i < 16; i++) writer.u32(managed && i === 14 ? 0x2008 : 0, 0);
  let nameOffset = 4;
  for (const [index, part] of parts.entries()) {
    const short = part.name.length <= 8;
    writer.text(short ? part.name : `/${nameOffset}`, 8);
    if (!short) nameOffset += part.name.length + 1;
    writer.u32(part.data.length, part.address - base, part.empty ? 0 : part.data.length, offsets[index]!, 0, 0, 0);
    writer.u32(((part.writable ? 0x8000_0000 : 0) | (part.executable ? 0x2000_0000 : 0) | 0x4000_0040) >>> 0);
  }
  const names = Buffer.from(long.join(''), 'latin1');
  return writer
    .pad(16)
    .bytes(data)
    .u32(names.length + 4)
    .bytes(names)
    .done();
}

/** A Mach-O file for one processor: each part is a segment with one section of the same extent. */
export function writeMachO(kind: Kind, parts: readonly (Part & { readonly segment: string })[]): Buffer {
  const wide = kind.bits === 64;
  const commandSize = wide ? 72 + 80 : 56 + 68;
  const dataStart = Math.ceil(((wide ? 32 : 28) + parts.length * commandSize) / 16) * 16;
  const { data, offsets } = layOut(parts, dataStart);
  const writer = new Writer(kind);
  writer.u32(wide ? 0xfeed_facf : 0xfeed_face, 7, 3, 2, parts.length, parts.length * commandSize, 0);
  if (wide) writer.u32(0);
  for (const [index, part] of parts.entries()) {
    const protection = 1 | (part.writable ? 2 : 0) | (part.executable ? 4 : 0);
    const size = part.data.length;
    const offset = offsets[index]!;
    writer.u32(wide ? 0x19 : 1, commandSize).text(part.segment, 16);
    writer.pointer(part.address, size, offset, part.empty ? 0 : size).u32(protection, protection, 1, 0);
    writer.text(part.name, 16).text(part.segment, 16).pointer(part.address, size);
    writer.u32(offset, 4, 0, 0, part.empty ? 1 : 0, 0, 0);
    if (wide) writer.u32(0);
  }
  return writer.pad(16).bytes(data).done();
}

/** A universal binary of several Mach-O files, with 32-bit or 64-bit offsets. */
export function writeUniversal(slices: readonly Buffer[], wide = false): Buffer {
  const parts = slices.map((data) => ({ name: '', address: 0, data }));
  const { data, offsets } = layOut(parts, 256);
  const writer = new Writer({ bits: wide ? 64 : 32, littleEndian: false });
  writer.u32(wide ? 0xcafe_babf : 0xcafe_babe, slices.length);
  for (const [index, slice] of slices.entries()) {
    writer.u32(7, 3).pointer(offsets[index]!, slice.length).u32(4);
    if (wide) writer.u32(0);
  }
  return writer.pad(256).bytes(data).done();
}
