import { type Executable, HeaderReader, lengthInFile, type Region } from './executable-view.ts';

/** Magic numbers (Mach-O, `mach-o/loader.h` and `mach-o/fat.h`), as a big-endian reader sees them. */
const magic32 = 0xfeed_face;
const magic64 = 0xfeed_facf;
const swapped32 = 0xcefa_edfe;
const swapped64 = 0xcffa_edfe;
const universal32 = 0xcafe_babe;
const universal64 = 0xcafe_babf;

const segmentCommand32 = 0x1;
const segmentCommand64 = 0x19;
const sectionTypeMask = 0xff;
/** Section types without bytes in the file: zero-filled, huge zero-filled, thread-local zero-filled. */
const emptySectionTypes = [0x1, 0xc, 0x12];

/** Java class files start with the same four bytes as universal binaries; their next number is 45 or more. */
const maxArchitectures = 40;
/** The most load commands and sections that are read of one program. */
const maxCommands = 4_096;
const maxSections = 4_096;

/** Whether the bytes start as a Mach-O file for one processor does. */
export function isThinMachO(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const magic = bytes.readUInt32BE(0);
  return magic === magic32 || magic === magic64 || magic === swapped32 || magic === swapped64;
}

/** Whether the bytes start as a universal binary (several Mach-O files in one) does, and not as a Java class does. */
export function isUniversal(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const magic = bytes.readUInt32BE(0);
  const count = bytes.readUInt32BE(4);
  return (magic === universal32 || magic === universal64) && count > 0 && count <= maxArchitectures;
}

/** The programs in a Mach-O file: one, or each of a universal binary. Empty when it is no Mach-O file. */
export function readMachO(bytes: Buffer): Executable[] {
  const slices = isUniversal(bytes) ? slicesOf(bytes) : [bytes];
  const found: Executable[] = [];
  // A slice is never opened as a universal binary again: nesting can't recurse.
  for (const slice of slices) {
    const program = readThin(slice);
    if (program !== undefined) found.push(program);
  }
  return found;
}

function slicesOf(bytes: Buffer): Buffer[] {
  const reader = new HeaderReader(bytes, false);
  const wide = reader.u32(0) === universal64;
  const entrySize = wide ? 32 : 20;
  const slices: Buffer[] = [];
  // Slices that overlap would have the same bytes searched again and again.
  let left = bytes.length;
  for (let i = 0; i < reader.u32(4); i++) {
    const at = 8 + i * entrySize;
    if (!reader.has(at, entrySize)) break;
    const offset = wide ? reader.u64(at + 8) : reader.u32(at + 8);
    const size = wide ? reader.u64(at + 16) : reader.u32(at + 12);
    const length = lengthInFile(offset, size, bytes.length);
    if (length === 0 || length > left) continue;
    left -= length;
    slices.push(bytes.subarray(offset, offset + length));
  }
  return slices;
}

function readThin(bytes: Buffer): Executable | undefined {
  if (!isThinMachO(bytes)) return undefined;
  const magic = bytes.readUInt32BE(0);
  const reader = new HeaderReader(bytes, magic === swapped32 || magic === swapped64);
  const bits = magic === magic64 || magic === swapped64 ? 64 : 32;
  const segments: Region[] = [];
  const sections: Region[] = [];
  const count = Math.min(reader.u32(16), maxCommands);
  let at = bits === 64 ? 32 : 28;
  for (let i = 0; i < count && reader.has(at, 8); i++) {
    const size = reader.u32(at + 4);
    // A command is at least its own two numbers; a size of 0 would stay at the same place.
    if (size < 8 || !reader.has(at, size)) break;
    if (reader.u32(at) === (bits === 64 ? segmentCommand64 : segmentCommand32)) {
      const segment = readSegment(reader, at, bits);
      segments.push(segment);
      readSections(reader, at, size, bits, segment, sections);
    }
    at += size;
  }
  return { format: 'macho', bits, littleEndian: reader.littleEndian, bytes, segments, sections };
}

function readSegment(reader: HeaderReader, at: number, bits: 32 | 64): Region {
  const width = bits / 8;
  const offset = reader.pointer(at + 24 + 2 * width, bits);
  const length = reader.pointer(at + 24 + 3 * width, bits);
  const protection = reader.u32(at + 24 + 4 * width + 4);
  return {
    name: reader.text(at + 8, 16),
    address: reader.pointer(at + 24, bits),
    offset,
    length: lengthInFile(offset, length, reader.bytes.length),
    writable: (protection & 2) !== 0,
    executable: (protection & 4) !== 0,
  };
}

function readSections(
  reader: HeaderReader,
  command: number,
  size: number,
  bits: 32 | 64,
  segment: Region,
  into: Region[],
): void {
  const width = bits / 8;
  const head = bits === 64 ? 72 : 56;
  const entrySize = bits === 64 ? 80 : 68;
  const count = reader.u32(command + head - 8);
  for (let i = 0; i < count && into.length < maxSections; i++) {
    const at = command + head + i * entrySize;
    if (at + entrySize > command + size) break;
    const offset = reader.u32(at + 32 + 2 * width);
    const type = reader.u32(at + 32 + 2 * width + 16) & sectionTypeMask;
    const length = emptySectionTypes.includes(type) ? 0 : reader.pointer(at + 32 + width, bits);
    into.push({
      name: reader.text(at, 16),
      address: reader.pointer(at + 32, bits),
      offset,
      length: lengthInFile(offset, length, reader.bytes.length),
      writable: segment.writable,
      executable: segment.executable,
    });
  }
}
