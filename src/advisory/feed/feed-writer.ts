import { crc32 } from 'node:zlib';
import type { Digest } from '../../model/digest.ts';
import type { FeedId } from '../contract.ts';
import { FileWriter } from '../file-writer.ts';
import {
  blockBytes,
  encodeFoot,
  encodeHead,
  feedUnreadable,
  footLength,
  keyEnd,
  lineEnd,
  rowLength,
} from './feed-format.ts';
import type { FeedRows } from './rows.ts';

/** The largest file that the format can address, in bytes. */
const maxFileBytes = 0xffff_0000;
/** Bytes before the first entry of a block. */
const blockHead = 2;

/** Writes a feed's file, which must not exist yet. The same entries make the same bytes. */
export function writeFeed(path: string, id: FeedId, rows: FeedRows): { digest: Digest; size: number } {
  const out = new FileWriter(path, true);
  try {
    out.write(encodeHead(id));
    const blocks = new BlockWriter(out);
    for (const [key, value] of rows.sorted()) blocks.add(key, value);
    blocks.finish(rows.size);
    return out.finish();
  } finally {
    out.close();
  }
}

/** Puts entries into blocks, and notes where each block lies. */
class BlockWriter {
  readonly #out: FileWriter;
  readonly #table: Buffer[] = [];
  readonly #firstKeys: string[] = [];
  #keysEnd = 0;
  #entries: (readonly [string, string])[] = [];
  #length = blockHead;

  constructor(out: FileWriter) {
    this.#out = out;
  }

  /** Keys come in order. */
  add(key: string, value: string): void {
    const length = key.length + value.length + 2;
    if (this.#length + length > blockBytes) this.#flush();
    this.#entries.push([key, value]);
    this.#length += length;
  }

  /** Writes what stands behind the blocks. */
  finish(records: number): void {
    this.#flush();
    const table = Buffer.concat([...this.#table, Buffer.from(this.#firstKeys.join(''), 'latin1')]);
    const tableOffset = this.#out.write(table);
    const foot = encodeFoot({
      tableOffset,
      blocks: this.#table.length,
      keysLength: this.#keysEnd,
      tableCrc: crc32(table),
      records,
      fileSize: this.#out.position + footLength,
    });
    this.#out.write(foot);
  }

  #flush(): void {
    if (this.#entries.length === 0) return;
    if (this.#out.position > maxFileBytes) throw feedUnreadable('it has more than the stored form can hold');
    const first = this.#entries[0]![0];
    const shared = sharedLength(first, this.#entries.at(-1)![0]);
    const lines = this.#entries.map(([key, value]) => `${key.slice(shared)}${keyEnd}${value}`);
    const block = Buffer.from(`${String.fromCharCode(shared)}${lineEnd}${lines.join(lineEnd)}${lineEnd}`, 'latin1');
    const row = Buffer.alloc(rowLength);
    row.writeUInt32LE(this.#out.write(block), 0);
    row.writeUInt32LE(crc32(block), 4);
    this.#firstKeys.push(first);
    this.#keysEnd += first.length;
    row.writeUInt32LE(this.#keysEnd, 8);
    this.#table.push(row);
    this.#entries = [];
    this.#length = blockHead;
  }
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
