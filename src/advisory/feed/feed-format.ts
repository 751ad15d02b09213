import { crc32 } from 'node:zlib';
import { SluiceError } from '../../util/error.ts';
import { type FeedId, feedIds, updateHint } from '../contract.ts';

/*
 * One feed, one file: what is said of each key, sorted by key. Numbers are little-endian; every byte is covered by a
 * CRC-32 or compared, so that a flipped bit is an error and never another answer.
 *
 *   head    magic, format version, which feed it is
 *   blocks  how many bytes all keys of the block begin with alike (1 byte); then of each entry a line end, the rest of its
 *           key, a zero and its value; then a line end. So that one call of the system's own search finds an entry.
 *   table   rows of 12 bytes: offset 4 and CRC-32 4 of a block, where its first key ends 4; then the first keys
 *   foot    where the table lies, its CRC-32, the number of entries, the file's size
 *
 * Keys are ASCII: the CVE, or for what a distribution says ecosystem, name and CVE with tabs between them.
 */

/** Raised with every change of the format, and of what is kept of a feed: one of another version is made anew. */
export const feedVersion = 1;
/** Bytes of the head. */
export const headLength = 16;
/** Bytes of the foot. */
export const footLength = 48;
/** Bytes of one row of the table. */
export const rowLength = 12;
/** A block ends before the entry that would reach so many bytes, keys counted whole: one look-up reads one block. */
export const blockBytes = 2048;
/** What ends an entry and begins the next; in no key and no value. */
export const lineEnd = '\n';
/** What stands between a key and its value; in no key and no value. */
export const keyEnd = '\0';
/** Bytes of the longest key and the longest value. */
export const maxKeyBytes = 255;
export const maxValueBytes = 255;
/** The largest table that is read, in bytes: some hundred million entries. */
const maxTableBytes = 64 * 1024 * 1024;

const magic = Buffer.from('SLUICEFD', 'latin1');

/** Where the parts of a feed file lie. */
export interface FeedFoot {
  readonly tableOffset: number;
  readonly blocks: number;
  /** Bytes of all first keys. */
  readonly keysLength: number;
  readonly tableCrc: number;
  readonly records: number;
  readonly fileSize: number;
}

/** The first bytes of a feed file. */
export function encodeHead(id: FeedId): Buffer {
  const head = Buffer.alloc(headLength);
  magic.copy(head);
  head.writeUInt32LE(feedVersion, 8);
  head.writeUInt32LE(feedIds.indexOf(id), 12);
  return head;
}

/** The last bytes of a feed file. */
export function encodeFoot(foot: FeedFoot): Buffer {
  const bytes = Buffer.alloc(footLength);
  bytes.writeUInt32LE(foot.tableOffset, 0);
  bytes.writeUInt32LE(foot.blocks, 4);
  bytes.writeUInt32LE(foot.keysLength, 8);
  bytes.writeUInt32LE(foot.tableCrc, 12);
  bytes.writeUInt32LE(foot.records, 16);
  bytes.writeUInt32LE(foot.fileSize, 20);
  bytes.writeUInt32LE(feedVersion, 24);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 36)), 36);
  magic.copy(bytes, 40);
  return bytes;
}

/** Reads the last bytes of a feed file; undefined when they are none, or point outside of `fileSize` bytes. */
export function decodeFoot(bytes: Buffer, fileSize: number): FeedFoot | undefined {
  if (bytes.length !== footLength || !bytes.subarray(40).equals(magic)) return undefined;
  if (crc32(bytes.subarray(0, 36)) !== bytes.readUInt32LE(36) || bytes.readUInt32LE(24) !== feedVersion)
    return undefined;
  const foot = {
    tableOffset: bytes.readUInt32LE(0),
    blocks: bytes.readUInt32LE(4),
    keysLength: bytes.readUInt32LE(8),
    tableCrc: bytes.readUInt32LE(12),
    records: bytes.readUInt32LE(16),
    fileSize: bytes.readUInt32LE(20),
  };
  const tableLength = foot.blocks * rowLength + foot.keysLength;
  const inside =
    foot.fileSize === fileSize &&
    foot.tableOffset >= headLength &&
    tableLength <= maxTableBytes &&
    foot.tableOffset + tableLength + footLength === fileSize;
  return inside ? foot : undefined;
}

/** The error for a stored feed that can't be trusted. */
export function feedDamaged(id: FeedId, what: string): SluiceError {
  return new SluiceError('advisory/feed-damaged', `the stored feed ${id} is damaged: ${what}`, updateHint);
}

/** The error for a feed that is not taken: the one in force stays. */
export function feedUnreadable(why: string): SluiceError {
  return new SluiceError('advisory/feed-unreadable', why);
}

/** The error for a feed of which only a part could be kept: none of it is, since nobody would see what is missing. */
export function feedTooLarge(why: string): SluiceError {
  return new SluiceError('advisory/feed-too-large', why);
}
