import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { SluiceError } from '../../util/error.ts';
import type { FeedId } from '../contract.ts';
import {
  blockBytes,
  decodeFoot,
  encodeHead,
  type FeedFoot,
  feedDamaged,
  footLength,
  headLength,
  keyEnd,
  lineEnd,
  rowLength,
} from './feed-format.ts';

/** How many blocks are kept: 8 MiB. */
const maxKept = 4096;

/** A feed's file, opened and not loaded: a look-up reads one block, and checks it before it believes it. */
export class FeedReader {
  /** How many entries it says that it has. */
  readonly records: number;
  readonly #id: FeedId;
  readonly #fd: number;
  readonly #size: number;
  /** Every block is read into the same memory, and kept as a text. */
  readonly #blockMemory = Buffer.allocUnsafe(blockBytes);
  readonly #foot: FeedFoot;
  readonly #table: Buffer;
  readonly #firstKeys: readonly string[];
  /** Each character is one byte. */
  readonly #kept = new Map<number, string>();
  #open = true;

  /** @throws SluiceError `advisory/feed-damaged` */
  constructor(path: string, id: FeedId) {
    this.#id = id;
    try {
      this.#fd = openSync(path, 'r');
    } catch (thrown) {
      throw feedDamaged(id, `its file can't be opened (${(thrown as { code?: unknown }).code})`);
    }
    try {
      this.#size = fstatSync(this.#fd).size;
      this.#foot = this.#readFoot();
      this.records = this.#foot.records;
      this.#table = this.#read(this.#foot.tableOffset, this.#foot.blocks * rowLength + this.#foot.keysLength);
      if (crc32(this.#table) !== this.#foot.tableCrc) throw feedDamaged(id, 'its table does not match its checksum');
      this.#firstKeys = this.#readFirstKeys();
    } catch (thrown) {
      closeSync(this.#fd);
      throw thrown;
    }
  }

  /** What is said of the key, each character one byte. @throws SluiceError `advisory/feed-damaged`, `advisory/closed` */
  find(key: string): string | undefined {
    if (!this.#open) throw new SluiceError('advisory/closed', 'the advisories are closed');
    let from = 0;
    let to = this.#firstKeys.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#firstKeys[middle]! <= key) from = middle + 1;
      else to = middle;
    }
    return from === 0 ? undefined : this.#search(from - 1, key);
  }

  /** Closes the file; may be called again. */
  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
    this.#kept.clear();
  }

  #readFoot(): FeedFoot {
    const size = this.#size;
    if (size < headLength + footLength) throw feedDamaged(this.#id, 'its file is too short');
    if (!this.#read(0, headLength).equals(encodeHead(this.#id))) {
      throw feedDamaged(this.#id, 'its file begins otherwise, or is of another version');
    }
    const foot = decodeFoot(this.#read(size - footLength, footLength), size);
    if (!foot) throw feedDamaged(this.#id, 'its file ends otherwise');
    return foot;
  }

  #readFirstKeys(): string[] {
    const { blocks, keysLength } = this.#foot;
    const all = this.#table.toString('latin1', blocks * rowLength);
    const keys: string[] = [];
    for (let at = 0, start = 0; at < blocks; at++) {
      const end = this.#table.readUInt32LE(at * rowLength + 8);
      if (end < start || end > keysLength) throw feedDamaged(this.#id, 'its table names keys that are not there');
      keys.push(all.slice(start, end));
      start = end;
    }
    return keys;
  }

  #block(number: number): string {
    const known = this.#kept.get(number);
    if (known) return known;
    const row = number * rowLength;
    const start = this.#table.readUInt32LE(row);
    const end = number + 1 < this.#foot.blocks ? this.#table.readUInt32LE(row + rowLength) : this.#foot.tableOffset;
    if (start < headLength || end < start || end - start > blockBytes) {
      throw feedDamaged(this.#id, 'a block lies where none can be');
    }
    const bytes = this.#read(start, end - start, this.#blockMemory);
    if (crc32(bytes) !== this.#table.readUInt32LE(row + 4)) {
      throw feedDamaged(this.#id, `the block at byte ${start} does not match its checksum`);
    }
    if (this.#kept.size >= maxKept) this.#kept.delete(this.#kept.keys().next().value!);
    const block = bytes.toString('latin1');
    this.#kept.set(number, block);
    return block;
  }

  #search(number: number, key: string): string | undefined {
    const block = this.#block(number);
    const first = this.#firstKeys[number]!;
    const shared = block.charCodeAt(0);
    if (!(shared <= first.length)) throw feedDamaged(this.#id, 'a block begins otherwise');
    if (!key.startsWith(first.slice(0, shared))) return undefined;
    const rest = key.slice(shared);
    const at = block.indexOf(`${lineEnd}${rest}${keyEnd}`, 1);
    if (at < 0) return undefined;
    const start = at + rest.length + 2;
    const end = block.indexOf(lineEnd, start);
    if (end < 0) throw feedDamaged(this.#id, 'an entry reaches behind its block');
    return block.slice(start, end);
  }

  #read(offset: number, length: number, memory = Buffer.allocUnsafe(length)): Buffer {
    try {
      for (let done = 0; done < length; ) {
        const got = readSync(this.#fd, memory, done, length - done, offset + done);
        if (got === 0) throw new Error('the file became shorter');
        done += got;
      }
    } catch {
      throw feedDamaged(this.#id, `bytes ${offset} to ${offset + length} can't be read`);
    }
    return memory.subarray(0, length);
  }
}
