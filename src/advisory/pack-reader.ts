import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import { fileAccess, type RandomAccess } from '../format/random-access.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString } from '../util/json.ts';
import type { OsvRecord } from './osv-record.ts';
import {
  chunkHeadLength,
  decodePackFoot,
  encodePackHead,
  maxChunkLength,
  type PackEntry,
  type PackedList,
  type PackFoot,
  type PackStamp,
  packDamaged,
  packFootLength,
  packHeadLength,
} from './pack-format.ts';

const newline = 0x0a;

/** What the list of changes said when the pack was made. */
export interface PackedStamps {
  readonly list: PackedList;
  /** By key. */
  readonly stamps: ReadonlyMap<string, PackStamp>;
}

/** Reads a pack of bytes that its digest stands for; what is wrong with it all the same is an error and never another answer. */
export class PackReader {
  readonly #source: RandomAccess;
  readonly #foot: PackFoot;

  /** @throws SluiceError `advisory/pack-damaged` */
  constructor(source: RandomAccess) {
    this.#source = source;
    if (source.size < packHeadLength + packFootLength) throw packDamaged('it is cut off');
    if (!source.read(0, packHeadLength).equals(encodePackHead())) {
      throw packDamaged('another version of sluice made it');
    }
    this.#foot = decodePackFoot(source.read(source.size - packFootLength, packFootLength), source.size);
  }

  /** How many entries are late. */
  get late(): number {
    return this.#foot.late;
  }

  /** @throws SluiceError `advisory/pack-damaged` */
  stamps(): PackedStamps {
    const stamps = new Map<string, PackStamp>();
    let list: PackedList | undefined;
    for (const value of this.#values(this.#foot.stampsOffset, this.#source.size - packFootLength)) {
      if (list) {
        const stamp = stampOf(value);
        stamps.set(stamp.key, stamp);
      } else {
        list = listOf(value);
      }
    }
    if (!list) throw packDamaged('it holds no times');
    return { list, stamps };
  }

  /** One after the other. @throws SluiceError `advisory/pack-damaged` */
  *entries(): Generator<PackEntry, void, undefined> {
    for (const value of this.#values(packHeadLength, this.#foot.stampsOffset)) yield entryOf(value);
  }

  *#values(start: number, end: number): Generator<unknown, void, undefined> {
    for (let at = start; at < end; ) {
      const { bytes, next } = this.#chunk(at, end);
      at = next;
      for (let from = 0; from < bytes.length; ) {
        const feed = bytes.indexOf(newline, from);
        if (feed < 0) throw packDamaged('a line is cut off');
        yield parsed(bytes.toString('utf8', from, feed));
        from = feed + 1;
      }
    }
  }

  #chunk(at: number, end: number): { bytes: Buffer; next: number } {
    if (at + chunkHeadLength > end) throw packDamaged('a chunk is cut off');
    const head = this.#source.read(at, chunkHeadLength);
    const length = head.readUInt32LE(4);
    const next = at + chunkHeadLength + head.readUInt32LE(0);
    if (next > end || length > maxChunkLength) throw packDamaged('a chunk is larger than it can be');
    const packed = this.#source.read(at + chunkHeadLength, head.readUInt32LE(0));
    if (crc32(packed) !== head.readUInt32LE(8)) throw packDamaged('the checksum of a chunk is wrong');
    return { bytes: inflated(packed, length), next };
  }
}

/** A pack in a file. */
export interface OpenedPack {
  readonly reader: PackReader;
  close(): void;
}

/** Opens a pack; undefined when it is not there, or can't be used. */
export function openPack(path: string): OpenedPack | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return { reader: new PackReader(fileAccess(fd, 0, fstatSync(fd).size)), close: () => closeSync(fd) };
  } catch (thrown) {
    closeSync(fd);
    if (thrown instanceof SluiceError) return undefined;
    throw thrown;
  }
}

function inflated(packed: Buffer, length: number): Buffer {
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(packed, { maxOutputLength: Math.max(length, 1) });
  } catch {
    throw packDamaged('a chunk can not be inflated');
  }
  if (bytes.length !== length) throw packDamaged('a chunk has another length than it says');
  return bytes;
}

/** Written by sluice: what decides where it goes is checked, what a record says is not checked again. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw packDamaged('a line is not JSON');
  }
}

function listOf(value: unknown): PackedList {
  const list = asRecord(value);
  if (!list || typeof list.sorted !== 'boolean') throw packDamaged('what it says of the list is malformed');
  return { size: count(list.size), sorted: list.sorted };
}

function stampOf(value: unknown): PackStamp {
  const [key, stamp, late] = asArray(value) ?? [];
  return { key: text(key), stamp: text(stamp), late: count(late) };
}

function entryOf(value: unknown): PackEntry {
  const entry = asRecord(value);
  const own = stampOf([entry?.key, entry?.stamp, entry?.late]);
  const record = asRecord(entry?.record);
  if (!record) return { ...own, why: text(entry?.why) };
  if (asString(record.id) === undefined || !asArray(record.packages)) throw packDamaged('a record is malformed');
  return { ...own, record: record as unknown as OsvRecord };
}

function text(value: unknown): string {
  const read = asString(value);
  if (read === undefined) throw packDamaged('a text is missing');
  return read;
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw packDamaged('a count is malformed');
  return value;
}
