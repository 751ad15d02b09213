import type { PartialReader, PartlyReadFile } from '../ecosystem/contract.ts';
import { type KeptPart, layOutParts } from '../format/kept-parts.ts';
import type { BodySink } from '../format/tar/contract.ts';
import { CollectingSink, type Scratch } from './body.ts';

/** Bytes of a body after which its reader says which parts it wants. */
const firstSize = 64 * 1024;

/** Bytes of the body's end that are always kept: what packed a program leaves its name there. */
const lastSize = 256;

/** Most marks in one body: more are an attack on time, and the whole body is read as if nothing were known of it. */
const maxMarks = 1_000;

/** What was kept of a body. */
export type KeptBody = Omit<PartlyReadFile, 'path' | 'mode'>;

/** What is asked and told of a body that may be collected as a whole. */
export interface Asking {
  /** Bytes that are announced. */
  readonly size: number;
  readonly limit: number;
  /** Asked once about the first bytes. */
  wants(first: Buffer): boolean;
  /** Gets the whole body, valid during the call only. */
  take(bytes: Buffer): void;
  /** Told when there was more than the limit. */
  overflow(): void;
}

/** What is asked and told of a body of which parts are kept; without a plan for parts it is collected as a whole. */
export interface KeepingParts extends Asking {
  readonly reader: PartialReader;
  /** Gets the parts, valid during the call only. */
  takeParts(kept: KeptBody): void;
  /** Told when the parts can not be enough: the whole body must be read. */
  again(): void;
}

/** Collects the first bytes of a body, and of the rest the parts that its reader wants. */
export class PartialSink implements BodySink {
  readonly #scratch: Scratch;
  readonly #to: KeepingParts;
  readonly #whole: CollectingSink;
  /** Undefined until the first bytes have been collected, and when the whole body is wanted. */
  #parts: readonly KeptPart[] | undefined;
  #planned = false;
  #have = 0;
  /** The number of the first part that is not complete. */
  #part = 0;
  readonly #marks: number[] = [];
  /** The last bytes that came: a mark may begin in them. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(scratch: Scratch, to: KeepingParts) {
    this.#scratch = scratch;
    this.#to = to;
    this.#whole = new CollectingSink(scratch, to);
  }

  write(bytes: Buffer): boolean {
    if (this.#planned && !this.#parts) return this.#whole.write(bytes);
    const first = this.#planned ? 0 : Math.min(bytes.length, firstSize - this.#have);
    if (first > 0) {
      const head = bytes.subarray(0, first);
      if (!this.#whole.write(head)) return false;
      this.#pass(head);
      if (this.#have === firstSize) this.#plan();
    }
    const rest = bytes.subarray(first);
    if (rest.length === 0) return true;
    if (!this.#parts) return this.#whole.write(rest);
    this.#keep(rest);
    this.#pass(rest);
    return true;
  }

  end(): void {
    if (!this.#parts || this.#have !== this.#to.size) {
      // Fewer bytes than announced, of a file that changed, are less than what was planned for.
      if (this.#parts) this.#to.again();
      else this.#whole.end();
      return;
    }
    const last = this.#parts[this.#parts.length - 1];
    const bytes = this.#scratch.reserve(0, 0).subarray(0, last ? last.at + last.length : 0);
    if (this.#marks.length > maxMarks) this.#to.again();
    else this.#to.takeParts({ bytes, parts: this.#parts, size: this.#to.size, marks: this.#marks });
  }

  #plan(): void {
    this.#planned = true;
    const { size, reader } = this.#to;
    const first = this.#scratch.reserve(0, 0).subarray(0, firstSize);
    const ranges = reader.plan(first, size);
    if (!ranges) return;
    const last = { offset: size - lastSize, length: lastSize };
    const parts = layOutParts([{ offset: 0, length: firstSize }, ...ranges, last], size);
    const end = parts.reduce((sum, { at, length }) => Math.max(sum, at + length), 0);
    const room = this.#scratch.reserve(end, firstSize, end);
    let filled = firstSize;
    for (const { at, length } of parts) {
      if (at > filled) room.fill(0, filled, at);
      filled = at + length;
    }
    this.#parts = parts;
  }

  /** Copies what of the bytes belongs to a part. */
  #keep(bytes: Buffer): void {
    const room = this.#scratch.reserve(0, 0);
    const end = this.#have + bytes.length;
    for (let part = this.#parts?.[this.#part]; part && part.offset < end; part = this.#parts?.[this.#part]) {
      const from = Math.max(part.offset, this.#have);
      const to = Math.min(part.offset + part.length, end);
      if (to > from) bytes.copy(room, part.at + from - part.offset, from - this.#have, to - this.#have);
      if (part.offset + part.length > end) return;
      this.#part++;
    }
  }

  /** Looks for marks in bytes that pass by, and in the place where they meet those before them. */
  #pass(bytes: Buffer): void {
    const { markLength, findMark } = this.#to.reader;
    const over = markLength - 1;
    if (this.#tail.length > 0) {
      const seam = Buffer.concat([this.#tail, bytes.subarray(0, over)]);
      this.#note(seam, this.#have - this.#tail.length, findMark);
    }
    this.#note(bytes, this.#have, findMark);
    this.#have += bytes.length;
    // The bytes themselves are overwritten by the next ones.
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-over)]).subarray(-over);
  }

  #note(bytes: Buffer, offset: number, find: PartialReader['findMark']): void {
    for (let at = find(bytes, 0); at >= 0 && this.#marks.length <= maxMarks; at = find(bytes, at + 1)) {
      this.#marks.push(offset + at);
    }
  }
}
