import { SluiceError } from '../util/error.ts';
import type { RandomAccess } from './random-access.ts';

/** Where a zip archive's central directory lies: at `base + offset` of the source, `size` bytes. */
export interface DirectoryPlace {
  /** Where the archive's own offsets count from: above 0 when something (a launch script) was put before the archive. */
  readonly base: number;
  readonly offset: number;
  readonly size: number;
}

const endSignature = Buffer.from('PK\x05\x06', 'latin1');
const endLength = 22;
const maxComment = 0xffff;
/** A comment full of end records can't make the search long. */
const maxTries = 64;
const locatorSignature = 0x07064b50;
const locatorLength = 20;
const end64Signature = 0x06064b50;
const end64Length = 56;
const centralSignature = 0x02014b50;

/**
 * Finds the central directory from the end of the archive (APPNOTE 4.3.16, zip64 4.3.14). Takes the last end record
 * whose comment reaches exactly to the end of the source, or whose directory is where it says, so that bytes put
 * behind an archive don't hide it.
 * @throws SluiceError `zip/not-a-zip` without an end record, `zip/damaged` when it points nowhere.
 */
export function locateDirectory(source: RandomAccess): DirectoryPlace {
  const length = Math.min(source.size, endLength + maxComment);
  const tailStart = source.size - length;
  const tail = source.read(tailStart, length);
  let at = length - endLength;
  for (let tries = 0; tries < maxTries && at >= 0; tries++, at--) {
    at = tail.lastIndexOf(endSignature, at);
    if (at < 0) break;
    const comment = tail.readUInt16LE(at + 20);
    const exact = at + endLength + comment === length;
    const place = placeOf(source, tailStart + at, tail.subarray(at, at + endLength));
    if (place && (exact || pointsToEntry(source, place))) return place;
    if (exact) throw new SluiceError('zip/damaged', 'the zip is damaged: its end points to no directory');
  }
  throw new SluiceError('zip/not-a-zip', 'this is no zip archive: it has no end record');
}

/** Undefined when the end record points outside of the source. */
function placeOf(source: RandomAccess, endAt: number, end: Buffer): DirectoryPlace | undefined {
  let size = end.readUInt32LE(12);
  let offset = end.readUInt32LE(16);
  let behind = endAt;
  if (size === 0xffffffff || offset === 0xffffffff || end.readUInt16LE(10) === 0xffff) {
    const wide = readEnd64(source, endAt);
    if (wide) ({ size, offset, behind } = wide);
  }
  const base = behind - size - offset;
  if (!Number.isSafeInteger(base) || base < 0) return undefined;
  const place = { base, offset, size };
  if (base === 0 || size === 0 || pointsToEntry(source, place)) return place;
  // A gap between the directory and the end record is no prefix: the offset counts from the start of the source.
  const fromStart = { base: 0, offset, size };
  return pointsToEntry(source, fromStart) ? fromStart : place;
}

/** The zip64 end record: where its locator says, or right before the locator when something was put before the archive. */
function readEnd64(source: RandomAccess, endAt: number): { size: number; offset: number; behind: number } | undefined {
  const locatorAt = endAt - locatorLength;
  if (locatorAt < 0) return undefined;
  const locator = source.read(locatorAt, locatorLength);
  if (locator.readUInt32LE(0) !== locatorSignature) return undefined;
  for (const at of [wideAt(locator, 8), locatorAt - end64Length]) {
    if (!(at >= 0 && at + end64Length <= locatorAt)) continue;
    const end = source.read(at, end64Length);
    if (end.readUInt32LE(0) === end64Signature) return { size: wideAt(end, 40), offset: wideAt(end, 48), behind: at };
  }
  return undefined;
}

/** Whether an entry's header stands at the place, and the whole directory lies inside the source. */
function pointsToEntry(source: RandomAccess, place: DirectoryPlace): boolean {
  const at = place.base + place.offset;
  if (place.size < 4 || at + place.size > source.size) return false;
  return source.read(at, 4).readUInt32LE(0) === centralSignature;
}

/** A 64-bit number; above 2^53 it is no safe integer, and no place inside any source. */
function wideAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}
