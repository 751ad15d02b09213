import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/*
 * One ecosystem's index, one file. Numbers are little-endian; every byte is covered by a CRC-32 or compared, so that a
 * flipped bit is an error and never another answer.
 *
 *   head     magic, format version
 *   records  what all packages of a record share, by id, each behind its CRC-32
 *   lists    for each package its full key and what its records say of it
 *   table    rows of 24 bytes sorted by hash: hash 8 (big-endian), offset 6, zero 2, length 4, CRC-32 4 of a list
 *   meta     counts and names as JSON
 *   foot     where table and meta lie, their CRC-32, the file's size
 */

/** Raised with every change of the format: an index of another version is made anew. */
export const indexVersion = 2;
/** Bytes of the head. */
export const headLength = 16;
/** Bytes of the foot. */
export const footLength = 56;
/** Bytes of one row of the table. */
export const rowLength = 24;
/** The largest table that is read, in bytes: 10 million packages. */
export const maxTableBytes = 240_000_000;
/** The largest list of one package and the largest shared part of one record, in bytes. */
export const maxListBytes = 256 * 1024 * 1024;
/** The largest meta section, in bytes. */
export const maxMetaBytes = 1024 * 1024;

const magic = Buffer.from('SLUICEDB', 'latin1');

/** Where the parts of an index lie. */
export interface Foot {
  readonly tableOffset: number;
  readonly rows: number;
  readonly tableCrc: number;
  readonly metaOffset: number;
  readonly metaLength: number;
  readonly metaCrc: number;
  readonly fileSize: number;
}

/** One row: where the list of one key lies. */
export interface Row {
  readonly hash: Buffer;
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

/** The 64-bit hash of a key: the first bytes of its SHA-256, so that nobody can flood one place of the table. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, 8);
}

/** The first bytes of every index. */
export function encodeHead(): Buffer {
  const head = Buffer.alloc(headLength);
  magic.copy(head);
  head.writeUInt32LE(indexVersion, 8);
  return head;
}

/** The last bytes of an index. */
export function encodeFoot(foot: Foot): Buffer {
  const bytes = Buffer.alloc(footLength);
  bytes.writeUIntLE(foot.tableOffset, 0, 6);
  bytes.writeUInt32LE(foot.rows, 8);
  bytes.writeUInt32LE(foot.tableCrc, 12);
  bytes.writeUIntLE(foot.metaOffset, 16, 6);
  bytes.writeUInt32LE(foot.metaLength, 24);
  bytes.writeUInt32LE(foot.metaCrc, 28);
  bytes.writeUIntLE(foot.fileSize, 32, 6);
  bytes.writeUInt32LE(indexVersion, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 44)), 44);
  magic.copy(bytes, 48);
  return bytes;
}

/** Reads the last bytes of an index; undefined when they are none, or point outside of `fileSize` bytes. */
export function decodeFoot(bytes: Buffer, fileSize: number): Foot | undefined {
  if (bytes.length !== footLength || !bytes.subarray(48).equals(magic)) return undefined;
  if (crc32(bytes.subarray(0, 44)) !== bytes.readUInt32LE(44)) return undefined;
  const foot = {
    tableOffset: bytes.readUIntLE(0, 6),
    rows: bytes.readUInt32LE(8),
    tableCrc: bytes.readUInt32LE(12),
    metaOffset: bytes.readUIntLE(16, 6),
    metaLength: bytes.readUInt32LE(24),
    metaCrc: bytes.readUInt32LE(28),
    fileSize: bytes.readUIntLE(32, 6),
  };
  const inside =
    foot.fileSize === fileSize &&
    foot.tableOffset >= headLength &&
    foot.tableOffset + foot.rows * rowLength === foot.metaOffset &&
    foot.metaOffset + foot.metaLength + footLength === fileSize;
  return inside ? foot : undefined;
}

/** One row of the table as bytes. */
export function encodeRow(row: Row): Buffer {
  const bytes = Buffer.alloc(rowLength);
  row.hash.copy(bytes);
  bytes.writeUIntLE(row.offset, 8, 6);
  bytes.writeUInt32LE(row.length, 16);
  bytes.writeUInt32LE(row.crc, 20);
  return bytes;
}

/** The rows of the table whose hash is that of the key, by binary search; more than one only if hashes collide. */
export function rowsOf(table: Buffer, key: string): Row[] {
  const hash = hashKey(key);
  const high = hash.readUInt32BE(0);
  const low = hash.readUInt32BE(4);
  const rows: Row[] = [];
  for (let at = firstNotBelow(table, high, low) * rowLength; at < table.length; at += rowLength) {
    if (table.readUInt32BE(at) !== high || table.readUInt32BE(at + 4) !== low) break;
    rows.push({
      hash,
      offset: table.readUIntLE(at + 8, 6),
      length: table.readUInt32LE(at + 16),
      crc: table.readUInt32LE(at + 20),
    });
  }
  return rows;
}

/** The number of the first row whose hash is the given one or greater. */
function firstNotBelow(table: Buffer, high: number, low: number): number {
  let from = 0;
  let to = table.length / rowLength;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const top = table.readUInt32BE(middle * rowLength);
    const below = top < high || (top === high && table.readUInt32BE(middle * rowLength + 4) < low);
    if (below) from = middle + 1;
    else to = middle;
  }
  return from;
}
