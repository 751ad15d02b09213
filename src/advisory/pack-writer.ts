import { crc32, deflateRawSync } from 'node:zlib';
import type { Digest } from '../model/digest.ts';
import { FileWriter } from './file-writer.ts';
import {
  chunkHeadLength,
  encodePackFoot,
  encodePackHead,
  isLate,
  type PackEntry,
  type PackedList,
} from './pack-format.ts';

/** Characters of a chunk before it is deflated. */
const chunkSize = 256 * 1024;
/** Fast, since every update writes all of it, and still a fifth of the size. */
const deflateLevel = 1;

/** Writes a pack, entry by entry; memory holds one chunk, and the stamps. */
export class PackWriter {
  readonly #file: FileWriter;
  readonly #stamps: string[] = [];
  #lines: string[] = [];
  #size = 0;
  #late = 0;

  /** `path`: a file that doesn't exist yet; whoever calls removes it. */
  constructor(path: string) {
    this.#file = new FileWriter(path, true);
    this.#file.write(encodePackHead());
  }

  /** Puts an entry at the end. */
  add(entry: PackEntry): void {
    const { key, stamp, late } = entry;
    if (isLate(entry)) this.#late++;
    this.#line(JSON.stringify(entry));
    this.#stamps.push(JSON.stringify([key, stamp, late]));
  }

  /** Writes the rest and waits until it is on the disk. */
  finish(list: PackedList): { digest: Digest; size: number } {
    this.#flush();
    const stampsOffset = this.#file.position;
    this.#line(JSON.stringify(list));
    for (const stamp of this.#stamps) this.#line(stamp);
    this.#flush();
    this.#file.write(encodePackFoot({ stampsOffset, late: this.#late }));
    return this.#file.finish();
  }

  /** Closes the file. May be called again. */
  close(): void {
    this.#file.close();
  }

  #line(line: string): void {
    this.#lines.push(line);
    this.#size += line.length + 1;
    if (this.#size >= chunkSize) this.#flush();
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    const raw = Buffer.from(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
    this.#size = 0;
    const packed = deflateRawSync(raw, { level: deflateLevel });
    const head = Buffer.alloc(chunkHeadLength);
    head.writeUInt32LE(packed.length, 0);
    head.writeUInt32LE(raw.length, 4);
    head.writeUInt32LE(crc32(packed), 8);
    this.#file.write(head);
    this.#file.write(packed);
  }
}
