import { crc32 } from 'node:zlib';
import type { HashSeed } from './key-hash.ts';

/*
 * One ecosystem's index, one file. Numbers are little-endian; every byte is covered by a CRC-32 or compared, so that a
 * flipped bit is an error and never another answer.
 *
 *   head     magic, format version
 *   records  what all packages of a record share, in the order of the lists, each behind its CRC-32
 *   lists    for each package its full key and what its records say of it, by key
 *   table    rows of 24 bytes sorted by hash: hash 8, offset 6, zero 2, length 4, CRC-32 4 of a list
 *   meta     counts and names as JSON, and the order of versions by which the lists can be narrowed
 *   foot     where table and meta lie, their CRC-32, the file's size, the seed of the hash
 *
 * Packages are looked up by name, so that lists and records which are read together lie together.
 */

/** Raised with every change of the format: an index of another version is made anew. */
export const indexVersion = 5;
/** Bytes of the head. */
export const headLength = 16;
/** Bytes of the foot. */
export const footLength = 64;
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
  readonly seed: HashSeed;
}

/** One row: where the list of one key lies. */
export interface Row {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
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
  bytes.writeUInt32LE(foot.seed.high, 44);
  bytes.writeUInt32LE(foot.seed.low, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 52)), 52);
  magic.copy(bytes, 56);
  return bytes;
}

/** Reads the last bytes of an index; undefined when they are none, or point outside of `fileSize` bytes. */
export function decodeFoot(bytes: Buffer, fileSize: number): Foot | undefined {
  if (bytes.length !== footLength || !bytes.subarray(56).equals(magic)) return undefined;
  if (crc32(bytes.subarray(0, 52)) !== bytes.readUInt32LE(52)) return undefined;
  const foot = {
    tableOffset: bytes.readUIntLE(0, 6),
    rows: bytes.readUInt32LE(8),
    tableCrc: bytes.readUInt32LE(12),
    metaOffset: bytes.readUIntLE(16, 6),
    metaLength: bytes.readUInt32LE(24),
    metaCrc: bytes.readUInt32LE(28),
    fileSize: bytes.readUIntLE(32, 6),
    seed: { high: bytes.readUInt32LE(44), low: bytes.readUInt32LE(48) },
  };
  const inside =
    foot.fileSize === fileSize &&
    foot.tableOffset >= headLength &&
    foot.tableOffset + foot.rows * rowLength === foot.metaOffset &&
    foot.metaOffset + foot.metaLength + footLength === fileSize;
  return inside ? foot : undefined;
}
