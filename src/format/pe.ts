import { type Executable, HeaderReader, lengthInFile, type Region } from './executable-view.ts';

const coffHeaderSize = 20;
const sectionHeaderSize = 40;
const symbolSize = 18;
/** Magic numbers of the optional header: PE32 and PE32+. */
const pe32 = 0x10b;
const pe32Plus = 0x20b;
const memoryExecute = 0x2000_0000;
const memoryWrite = 0x8000_0000;
/** Which data directory says that a file is a .NET assembly. */
const clrDirectory = 14;

/** Whether the bytes start as a Windows program does (`MZ`). */
export function isPe(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes[0] === 0x4d && bytes[1] === 0x5a;
}

/** Where the COFF header starts (Microsoft PE format, "Signature"); 0 when there is none. */
function coffOffset(reader: HeaderReader): number {
  const signature = reader.u32(0x3c);
  return isPe(reader.bytes) && reader.u32(signature) === 0x4550 ? signature + 4 : 0;
}

/**
 * The sections of a Windows program or library, PE32 or PE32+ (Microsoft PE format). They are what is mapped, so they
 * are its segments too; addresses include the preferred base. undefined when it is none.
 */
export function readPe(bytes: Buffer): Executable | undefined {
  const reader = new HeaderReader(bytes, true);
  const coff = coffOffset(reader);
  const optional = coff + coffHeaderSize;
  const magic = reader.u16(optional);
  if (coff === 0 || (magic !== pe32 && magic !== pe32Plus)) return undefined;
  const bits = magic === pe32Plus ? 64 : 32;
  const base = bits === 64 ? reader.u64(optional + 24) : reader.u32(optional + 28);
  const count = reader.u16(coff + 2);
  const table = optional + reader.u16(coff + 16);
  const names = reader.u32(coff + 8) + reader.u32(coff + 12) * symbolSize;
  const sections: Region[] = [];
  for (let i = 0; i < count; i++) {
    const at = table + i * sectionHeaderSize;
    if (!reader.has(at, sectionHeaderSize)) break;
    sections.push(readSection(reader, at, base, names));
  }
  return { format: 'pe', bits, littleEndian: true, bytes, segments: sections, sections };
}

function readSection(reader: HeaderReader, at: number, base: number, names: number): Region {
  const offset = reader.u32(at + 20);
  const flags = reader.u32(at + 36);
  return {
    name: sectionName(reader, at, names),
    address: base < 0 ? -1 : base + reader.u32(at + 12),
    offset,
    length: lengthInFile(offset, reader.u32(at + 16), reader.bytes.length),
    writable: (flags & memoryWrite) !== 0,
    executable: (flags & memoryExecute) !== 0,
  };
}

/** Eight bytes, or `/` and the decimal offset of a longer name in the string table behind the symbols. */
function sectionName(reader: HeaderReader, at: number, names: number): string {
  const short = reader.text(at, 8);
  if (short.charCodeAt(0) !== 0x2f) return short;
  const offset = Number(short.slice(1));
  return Number.isInteger(offset) && offset >= 4 ? reader.text(names + offset) : short;
}

/**
 * Whether the first bytes are those of a .NET assembly, which holds no machine code of a compiler: its CLR data
 * directory is there. A header further in than the given bytes says nothing.
 */
export function isManagedPe(first: Buffer): boolean {
  const reader = new HeaderReader(first, true);
  const coff = coffOffset(reader);
  if (coff === 0) return false;
  const optional = coff + coffHeaderSize;
  const wide = reader.u16(optional) === pe32Plus;
  const directoryCount = reader.u32(optional + (wide ? 108 : 92));
  const directory = optional + (wide ? 112 : 96) + clrDirectory * 8;
  return directoryCount > clrDirectory && reader.u32(directory) !== 0;
}
