import type { FileRange } from './kept-parts.ts';

/** SHA-256 of `.net core bundle` and a line's end, in every host of a .NET program; before it stands where the bundle's header is. */
const signature = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');
/** Bytes of the signature. */
export const bundleMarkLength: number = signature.length;
/** Bytes of the number before it. */
const offsetLength = 8;
/** More signatures than this in one file are an attack on time. */
const maxMarks = 16;
/** The most files of a bundle of version 1 that are looked through. */
const maxFiles = 100_000;
/** The longest name of a file, in bytes. */
const maxName = 4_096;

/** Where the next signature stands, from a place on; -1 when there is none. */
export function indexOfBundleMark(bytes: Buffer, from: number): number {
  return bytes.indexOf(signature, from);
}

/** What the place before a signature says: `none` in a host without a bundle. */
export function bundleAt(bytes: Buffer, mark: number): 'none' | number {
  if (mark < offsetLength) return 'none';
  const offset = numberAt(bytes, mark - offsetLength);
  return offset > 0 ? offset : 'none';
}

/**
 * Where the `.deps.json` stands in a program that .NET put into a single file (dotnet/designs, "bundler"); `absent` when
 * it is no such program or has none, `damaged` when its header can not be read.
 */
export function findBundledDeps(bytes: Buffer): FileRange | 'absent' | 'damaged' {
  let damaged = false;
  let mark = indexOfBundleMark(bytes, 0);
  for (let i = 0; mark >= 0 && i < maxMarks; i++) {
    const header = bundleAt(bytes, mark);
    const found = header === 'none' ? undefined : readHeader(bytes, header);
    if (found !== undefined && found !== 'damaged') return found;
    damaged ||= found === 'damaged';
    mark = indexOfBundleMark(bytes, mark + 1);
  }
  return damaged ? 'damaged' : 'absent';
}

/** Version, number of files, an identifier; since version 2 the place of the `.deps.json`, which is never packed. */
function readHeader(bytes: Buffer, header: number): FileRange | 'absent' | 'damaged' {
  if (header + 13 > bytes.length) return 'damaged';
  const version = bytes.readUInt32LE(header);
  const files = bytes.readUInt32LE(header + 8);
  const id = textAt(bytes, header + 12);
  if (id === undefined || version === 0 || version > 100) return 'damaged';
  if (version === 1) return findEntry(bytes, id.end, files);
  if (id.end + 16 > bytes.length) return 'damaged';
  const range = { offset: numberAt(bytes, id.end), length: numberAt(bytes, id.end + 8) };
  if (range.offset === 0 && range.length === 0) return 'absent';
  return within(bytes, range);
}

/** Version 1 has only the list of files: place, length, kind and name. */
function findEntry(bytes: Buffer, from: number, files: number): FileRange | 'absent' | 'damaged' {
  let at = from;
  for (let i = 0; i < Math.min(files, maxFiles); i++) {
    const name = at + 18 > bytes.length ? undefined : textAt(bytes, at + 17);
    if (name === undefined) return 'damaged';
    if (name.text.endsWith('.deps.json')) {
      return within(bytes, { offset: numberAt(bytes, at), length: numberAt(bytes, at + 8) });
    }
    at = name.end;
  }
  return 'absent';
}

function within(bytes: Buffer, range: FileRange): FileRange | 'damaged' {
  const { offset, length } = range;
  return offset > 0 && length > 0 && offset + length <= bytes.length ? range : 'damaged';
}

/** A 64-bit number; -1 when it is negative or none that a double holds exactly. */
function numberAt(bytes: Buffer, at: number): number {
  const high = bytes.readUInt32LE(at + 4);
  return high < 0x20_0000 ? high * 0x1_0000_0000 + bytes.readUInt32LE(at) : -1;
}

/** A text with its length before it, seven bits a byte. */
function textAt(bytes: Buffer, at: number): { readonly text: string; readonly end: number } | undefined {
  let length = 0;
  let start = at;
  for (let shift = 0; shift <= 14; shift += 7) {
    const byte = bytes[start++];
    if (byte === undefined) return undefined;
    length |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    const end = start + length;
    return length > maxName || end > bytes.length ? undefined : { text: bytes.toString('utf8', start, end), end };
  }
  return undefined;
}
