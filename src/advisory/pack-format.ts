import { crc32 } from 'node:zlib';
import { SluiceError } from '../util/error.ts';
import { indexVersion } from './index-format.ts';
import type { OsvRecord } from './osv-record.ts';

/*
 * A pack: the records that an index was made from, as they were read, and the time that the export's list of changes gives
 * each. A new index is made from it and from the records that changed. One file; numbers are little-endian:
 *
 *   head     magic, version of the pack, version of the index whose records these are
 *   entries  chunks of lines, each line one record or what could not be read
 *   stamps   chunks of lines: a line about the list, then key, time and tries for each record
 *   foot     where the stamps begin, what is late, CRC-32
 *
 * A chunk is its deflated length, its length, the CRC-32 of the deflated bytes, and those.
 */

/** What an export has under one key: the name of the record's file without `.json`. */
export type PackEntry = PackStamp &
  ({ readonly record: OsvRecord } | { readonly record?: undefined; readonly why: string });

/** What the list of changes says of one key. */
export interface PackStamp {
  readonly key: string;
  /** The time in the list; empty when the list doesn't name it. */
  readonly stamp: string;
  /** In how many hours a record was fetched that is older than the list says, unreadable or not there; 0: it is as the list says. */
  readonly late: number;
}

/** After tries in so many hours a list whose times don't agree with the records is believed no more. */
const maxTries = 3;

/** Whether the record is to be fetched again, though the list still says the same of it. */
export function isLate({ late }: Pick<PackStamp, 'late'>): boolean {
  return late > 0 && late < maxTries;
}

/** What is remembered of the list as a whole. */
export interface PackedList {
  /** Its size in bytes. */
  readonly size: number;
  /** Whether it stands with the latest first. */
  readonly sorted: boolean;
}

/** Where the parts of a pack lie. */
export interface PackFoot {
  readonly stampsOffset: number;
  /** How many entries are late. */
  readonly late: number;
}

/** Bytes of the head. */
export const packHeadLength = 16;
/** Bytes of the foot. */
export const packFootLength = 32;
/** Bytes before the deflated bytes of a chunk. */
export const chunkHeadLength = 12;
/** The most that a chunk inflates to, in bytes: one record may be larger than others together. */
export const maxChunkLength = 256 * 1024 * 1024;

const packVersion = 1;
const magic = Buffer.from('SLUICEPK', 'latin1');

/** The first bytes of every pack. */
export function encodePackHead(): Buffer {
  const head = Buffer.alloc(packHeadLength);
  magic.copy(head);
  head.writeUInt32LE(packVersion, 8);
  head.writeUInt32LE(indexVersion, 12);
  return head;
}

/** The last bytes of a pack. */
export function encodePackFoot({ stampsOffset, late }: PackFoot): Buffer {
  const foot = Buffer.alloc(packFootLength);
  foot.writeUIntLE(stampsOffset, 0, 6);
  foot.writeUInt32LE(late, 8);
  foot.writeUInt32LE(crc32(foot.subarray(0, 20)), 20);
  magic.copy(foot, 24);
  return foot;
}

/** Reads the last bytes of a pack of `size` bytes. @throws SluiceError `advisory/pack-damaged` */
export function decodePackFoot(foot: Buffer, size: number): PackFoot {
  if (foot.length !== packFootLength || !foot.subarray(24).equals(magic)) throw packDamaged('its end is wrong');
  if (foot.readUInt32LE(20) !== crc32(foot.subarray(0, 20))) throw packDamaged('the checksum of its end is wrong');
  const stampsOffset = foot.readUIntLE(0, 6);
  if (stampsOffset < packHeadLength || stampsOffset > size - packFootLength)
    throw packDamaged('its end points outside');
  return { stampsOffset, late: foot.readUInt32LE(8) };
}

/** A pack that can't be used: the whole export takes its place. */
export function packDamaged(why: string): SluiceError {
  return new SluiceError('advisory/pack-damaged', `the kept records can't be used: ${why}`);
}
