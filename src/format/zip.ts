import { isUtf8 } from 'node:buffer';
import { crc32, inflateRawSync } from 'node:zlib';
import { messageOf, SluiceError } from '../util/error.ts';
import type { RandomAccess } from './random-access.ts';
import { locateDirectory } from './zip-end.ts';

/** How much of a zip archive's central directory is read. */
export interface ZipLimits {
  /** Number of entries. */
  readonly entries: number;
  /** Size of the central directory in bytes. */
  readonly directoryBytes: number;
}

/** The limits that hold unless the caller sets others. */
export const zipLimits: ZipLimits = { entries: 2_000_000, directoryBytes: 512 * 1024 * 1024 };

/** One entry, as the central directory describes it. The name is from outside: never a path of this machine. */
export interface ZipEntry {
  /** UTF-8 where it is valid, else read byte by byte (latin1). Folders end with a slash; names may repeat. */
  readonly name: string;
  /** 0 stored, 8 deflated; others can't be read. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  /** Size of the body in bytes, as declared. */
  readonly size: number;
  /** Offset of the local header in the source, in bytes. */
  readonly headerOffset: number;
  readonly encrypted: boolean;
}

const centralSignature = 0x02014b50;
const centralLength = 46;
/** Archives signed by APPNOTE 4.3.13 end their directory with this record. */
const digitalSignature = 0x05054b50;
const localSignature = 0x04034b50;
const localLength = 30;
const zip64ExtraId = 0x0001;
const magic32 = 0xffffffff;
/** How far a stored-block deflate stream may be larger than its output. */
const deflateOverhead = 64 * 1024;
/** No deflate stream unpacks to more bytes than this for each of its own: a lying size can't make zlib allocate more. */
const maxDeflateRatio = 1032;

/**
 * Reads the central directory (PKWARE APPNOTE 6.3), which alone says what the archive holds. Walks it by its size and
 * not by its count of entries, as Java does: a wrong count hides nothing.
 * @throws SluiceError `zip/not-a-zip`, `zip/damaged`, `zip/too-many-entries`, `zip/directory-too-large`.
 */
export function readZipDirectory(source: RandomAccess, limits: ZipLimits = zipLimits): ZipEntry[] {
  const { base, offset, size } = locateDirectory(source);
  if (size > limits.directoryBytes) {
    throw new SluiceError(
      'zip/directory-too-large',
      `the directory of the zip has ${size} bytes, more than the limit of ${limits.directoryBytes}`,
    );
  }
  const directory = source.read(base + offset, size);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + centralLength <= size && directory.readUInt32LE(at) === centralSignature) {
    if (entries.length === limits.entries) {
      throw new SluiceError('zip/too-many-entries', `the zip holds more entries than the limit of ${limits.entries}`);
    }
    const end =
      at +
      centralLength +
      directory.readUInt16LE(at + 28) +
      directory.readUInt16LE(at + 30) +
      directory.readUInt16LE(at + 32);
    if (end > size) throw damaged('an entry of the directory is cut off');
    entries.push(readCentralHeader(directory, at, base));
    at = end;
  }
  if (at !== size && !(at + 4 <= size && directory.readUInt32LE(at) === digitalSignature)) {
    throw damaged('the directory holds bytes that are no entry');
  }
  return entries;
}

/**
 * The body of one entry, at most `limit` bytes, checked against the declared size and CRC-32. May share memory with
 * the source (stored entries of a buffer).
 * @throws SluiceError `zip/entry-too-large`, `zip/encrypted`, `zip/method`, `zip/damaged`.
 */
export function readZipEntry(source: RandomAccess, entry: ZipEntry, limit: number): Buffer {
  if (entry.encrypted) throw new SluiceError('zip/encrypted', 'the entry of the zip is encrypted');
  if (entry.method !== 0 && entry.method !== 8) {
    throw new SluiceError(
      'zip/method',
      `the entry of the zip is compressed by method ${entry.method}, which is not known`,
    );
  }
  if (entry.size > limit || entry.compressedSize > limit + deflateOverhead) {
    const size = Math.max(entry.size, entry.compressedSize);
    throw new SluiceError(
      'zip/entry-too-large',
      `the entry of the zip has ${size} bytes, more than the limit of ${limit}`,
    );
  }
  const packed = readPacked(source, entry);
  const body = entry.method === 0 ? packed : inflate(packed, entry.size);
  if (body.length !== entry.size) {
    throw damaged(`an entry has ${body.length} bytes where the directory says ${entry.size}`);
  }
  if (crc32(body) !== entry.crc32) throw damaged('the CRC-32 of an entry is wrong');
  return body;
}

function readCentralHeader(directory: Buffer, at: number, base: number): ZipEntry {
  const nameEnd = at + centralLength + directory.readUInt16LE(at + 28);
  let compressedSize = directory.readUInt32LE(at + 20);
  let size = directory.readUInt32LE(at + 24);
  let headerOffset = directory.readUInt32LE(at + 42);
  if (compressedSize === magic32 || size === magic32 || headerOffset === magic32) {
    const extra = directory.subarray(nameEnd, nameEnd + directory.readUInt16LE(at + 30));
    const wide = zip64Fields(extra);
    if (size === magic32) size = wide.next(size);
    if (compressedSize === magic32) compressedSize = wide.next(compressedSize);
    if (headerOffset === magic32) headerOffset = wide.next(headerOffset);
  }
  return {
    name: decodeName(directory, at + centralLength, nameEnd),
    method: directory.readUInt16LE(at + 10),
    crc32: directory.readUInt32LE(at + 16),
    compressedSize,
    size,
    headerOffset: base + headerOffset,
    encrypted: (directory.readUInt16LE(at + 8) & 1) !== 0,
  };
}

/** The 64-bit fields of the zip64 extra (APPNOTE 4.5.3), in their order; without one, the 32-bit value stands as it is. */
function zip64Fields(extra: Buffer): { next(narrow: number): number } {
  let at = 0;
  let end = 0;
  for (let i = 0; i + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(i + 2);
    if (extra.readUInt16LE(i) === zip64ExtraId) {
      at = i + 4;
      end = Math.min(at + length, extra.length);
      break;
    }
    i += 4 + length;
  }
  return {
    next(narrow) {
      if (end === 0) return narrow;
      if (at + 8 > end) throw damaged('a zip64 field of an entry is cut off');
      const value = extra.readUInt32LE(at) + extra.readUInt32LE(at + 4) * 2 ** 32;
      if (!Number.isSafeInteger(value)) throw damaged('a zip64 field of an entry is absurdly large');
      at += 8;
      return value;
    },
  };
}

function decodeName(directory: Buffer, start: number, end: number): string {
  const name = directory.toString('utf8', start, end);
  // U+FFFD stands for what is no UTF-8, unless the name itself holds one.
  if (!name.includes('\uFFFD') || isUtf8(directory.subarray(start, end))) return name;
  return directory.toString('latin1', start, end);
}

function readPacked(source: RandomAccess, entry: ZipEntry): Buffer {
  if (entry.headerOffset + localLength > source.size) throw damaged('an entry lies outside of the archive');
  const header = source.read(entry.headerOffset, localLength);
  if (header.readUInt32LE(0) !== localSignature) throw damaged('an entry does not begin with its header');
  const start = entry.headerOffset + localLength + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.compressedSize > source.size) throw damaged('an entry is cut off');
  return source.read(start, entry.compressedSize);
}

function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(size, 1),
      // All in one piece: of several, zlib would make a copy.
      chunkSize: Math.max(64, Math.min(size + 1, packed.length * maxDeflateRatio)),
    });
  } catch (error) {
    const tooLong = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw damaged(tooLong ? `an entry unpacks to more than its size of ${size} bytes` : messageOf(error));
  }
}

function damaged(what: string): SluiceError {
  return new SluiceError('zip/damaged', `the zip is damaged: ${what}`);
}
