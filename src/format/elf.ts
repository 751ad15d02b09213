import { type Executable, HeaderReader, lengthInFile, maxTableEntries, type Region } from './executable-view.ts';
import { type FileRange, type KeptParts, placeOf } from './kept-parts.ts';

/** `p_type` of a segment that is loaded. */
const loadSegment = 1;
/** `sh_type` of a section without bytes in the file (`.bss`). */
const sectionWithoutBytes = 8;

/**
 * Bytes before a table of sections in which their names are looked for: most linkers put them right before it, LLVM's
 * puts the names of symbols between, which take up to an eighth of a program.
 */
const namesBeforeTable = { least: 64 * 1024, most: 4 * 1024 * 1024, partOfFile: 1 / 8 };
/** Bytes of names of sections that are read. */
const maxNames = 1024 * 1024;

/** Where the fields of one class lie (System V ABI, chapters 4 and 5: object files and program loading). */
interface Layout {
  readonly header: number;
  readonly program: {
    readonly size: number;
    readonly flags: number;
    readonly offset: number;
    readonly address: number;
    readonly length: number;
  };
  readonly section: {
    readonly size: number;
    readonly flags: number;
    readonly address: number;
    readonly link: number;
    readonly info: number;
  };
}

const layout32: Layout = {
  header: 52,
  program: { size: 32, flags: 24, offset: 4, address: 8, length: 16 },
  section: { size: 40, flags: 8, address: 12, link: 24, info: 28 },
};
const layout64: Layout = {
  header: 64,
  program: { size: 56, flags: 4, offset: 8, address: 16, length: 32 },
  section: { size: 64, flags: 8, address: 16, link: 40, info: 44 },
};

/** Whether the bytes start as an ELF file does. */
export function isElf(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * The segments and sections of an ELF file of either class and byte order (System V ABI). What its tables say and the
 * file does not hold is left out; undefined when it is not ELF or of an unknown class or byte order.
 */
export function readElf(bytes: Buffer): Executable | undefined {
  const head = openElf(bytes);
  if (!head) return undefined;
  const { reader, bits, layout } = head;
  return {
    format: 'elf',
    bits,
    littleEndian: reader.littleEndian,
    bytes,
    segments: readSegments(reader, bits, layout),
    sections: readSections(reader, bits, layout),
  };
}

interface ElfHead {
  readonly reader: HeaderReader;
  readonly bits: 32 | 64;
  readonly layout: Layout;
}

function openElf(bytes: Buffer, kept?: Omit<KeptParts, 'bytes'>): ElfHead | undefined {
  if (!isElf(bytes)) return undefined;
  const elfClass = bytes[4];
  const order = bytes[5];
  if ((elfClass !== 1 && elfClass !== 2) || (order !== 1 && order !== 2)) return undefined;
  const bits = elfClass === 2 ? 64 : 32;
  const layout = bits === 64 ? layout64 : layout32;
  if (bytes.length < layout.header) return undefined;
  return { reader: new HeaderReader(bytes, order === 1, kept), bits, layout };
}

/**
 * Which parts of an ELF file hold its tables, the names of its sections and the data that a program may write to, told
 * by its first bytes; undefined when these do not tell.
 */
export function planElf(first: Buffer, size: number): FileRange[] | undefined {
  const head = openElf(first, { parts: [{ offset: 0, length: first.length, at: 0 }], size });
  if (!head) return undefined;
  const { reader, bits, layout } = head;
  const segments = reader.pointer(bits === 64 ? 32 : 28, bits);
  const segmentsLength = reader.u16(layout.header - 10) * reader.u16(layout.header - 8);
  if (reader.u16(layout.header - 8) === 0xffff || !reader.has(segments, segmentsLength)) return undefined;
  const data = readSegments(reader, bits, layout).filter(({ writable, executable }) => writable && !executable);
  const table = sectionTable(reader, bits);
  const tableLength = reader.u16(layout.header - 6) * reader.u16(layout.header - 4);
  // Without a number of its own the table's length stands in its first entry, which no file of a few sections needs.
  if (table !== 0 && tableLength === 0) return undefined;
  const names = reader.has(table, tableLength) ? sectionNames(reader, bits, layout) : undefined;
  const { least, most, partOfFile } = namesBeforeTable;
  const before = Math.max(least, Math.min(most, Math.ceil(size * partOfFile)));
  const tables = names ?? { offset: table - before, length: before + tableLength };
  return [{ offset: 0, length: first.length }, ...data, ...(table === 0 ? [] : [tables])];
}

/**
 * As {@link readElf}, of a file of which the parts of {@link planElf} were kept: offsets of regions count among the
 * kept bytes, segments that were not kept are left out, and sections that were not are empty. Undefined when the
 * sections' names were not kept either.
 */
export function readPartialElf(kept: KeptParts): Executable | undefined {
  const head = openElf(kept.bytes, kept);
  if (!head) return undefined;
  const { reader, bits, layout } = head;
  const sections = readSections(reader, bits, layout);
  const known = sectionTable(reader, bits) === 0 || sections.length === reader.u16(layout.header - 4);
  if (!known || sections.some(({ name }, i) => i > 0 && name === '')) return undefined;
  const place = ({ offset, length }: Region) => placeOf(kept.parts, offset, length);
  return {
    format: 'elf',
    bits,
    littleEndian: reader.littleEndian,
    bytes: kept.bytes,
    segments: readSegments(reader, bits, layout)
      .filter((segment) => segment.length > 0 && place(segment) >= 0)
      .map((segment) => ({ ...segment, offset: place(segment) })),
    sections: sections.map((section) =>
      section.length > 0 && place(section) >= 0
        ? { ...section, offset: place(section) }
        : { ...section, offset: 0, length: 0 },
    ),
  };
}

/** The section that holds the names of sections. */
function sectionNames(reader: HeaderReader, bits: 32 | 64, { header, section }: Layout): FileRange {
  const width = bits / 8;
  const at = sectionTable(reader, bits) + reader.u16(header - 2) * reader.u16(header - 6) + section.address;
  const length = reader.pointer(at + 2 * width, bits);
  return { offset: reader.pointer(at + width, bits), length: Math.min(length, maxNames) };
}

function readSegments(reader: HeaderReader, bits: 32 | 64, layout: Layout): Region[] {
  const { program } = layout;
  const table = reader.pointer(bits === 64 ? 32 : 28, bits);
  const entrySize = reader.u16(layout.header - 10);
  const count = segmentCount(reader, bits, layout);
  const segments: Region[] = [];
  // An entry smaller than the structure would let a hostile file read the same bytes again and again.
  if (table <= 0 || entrySize < program.size) return segments;
  for (let i = 0; i < count; i++) {
    const at = table + i * entrySize;
    if (!reader.has(at, program.size)) break;
    if (reader.u32(at) !== loadSegment) continue;
    const flags = reader.u32(at + program.flags);
    const offset = reader.pointer(at + program.offset, bits);
    const length = reader.pointer(at + program.length, bits);
    segments.push({
      name: '',
      address: reader.pointer(at + program.address, bits),
      offset,
      length: lengthInFile(offset, length, reader.size),
      writable: (flags & 2) !== 0,
      executable: (flags & 1) !== 0,
    });
  }
  return segments;
}

/** `e_phnum`; 0xffff means that the true number stands in `sh_info` of section 0. */
function segmentCount(reader: HeaderReader, bits: 32 | 64, layout: Layout): number {
  const count = reader.u16(layout.header - 8);
  if (count !== 0xffff) return count;
  return Math.min(reader.u32(sectionTable(reader, bits) + layout.section.info), maxTableEntries);
}

function sectionTable(reader: HeaderReader, bits: 32 | 64): number {
  return reader.pointer(bits === 64 ? 40 : 32, bits);
}

function readSections(reader: HeaderReader, bits: 32 | 64, layout: Layout): Region[] {
  const { section } = layout;
  const table = sectionTable(reader, bits);
  const entrySize = reader.u16(layout.header - 6);
  const sections: Region[] = [];
  if (table <= 0 || entrySize < section.size) return sections;
  // With 0xff00 sections or more, number and name table stand in section 0.
  const count = reader.u16(layout.header - 4) || reader.pointer(table + section.address + (bits === 64 ? 16 : 8), bits);
  const nameIndex = reader.u16(layout.header - 2);
  const nameSection = nameIndex === 0xffff ? reader.u32(table + section.link) : nameIndex;
  const names = reader.pointer(table + nameSection * entrySize + section.address + (bits === 64 ? 8 : 4), bits);
  for (let i = 0; i < Math.min(count, maxTableEntries); i++) {
    const at = table + i * entrySize;
    if (!reader.has(at, section.size)) break;
    sections.push(readSection(reader, at, bits, section, names));
  }
  return sections;
}

function readSection(
  reader: HeaderReader,
  at: number,
  bits: 32 | 64,
  fields: Layout['section'],
  names: number,
): Region {
  const width = bits / 8;
  const flags = reader.pointer(at + fields.flags, bits);
  const offset = reader.pointer(at + fields.address + width, bits);
  const length = reader.pointer(at + fields.address + 2 * width, bits);
  const empty = reader.u32(at + 4) === sectionWithoutBytes;
  return {
    name: names > 0 ? reader.text(names + reader.u32(at)) : '',
    address: reader.pointer(at + fields.address, bits),
    offset,
    length: empty ? 0 : lengthInFile(offset, length, reader.size),
    writable: (flags & 1) !== 0,
    executable: (flags & 4) !== 0,
  };
}
