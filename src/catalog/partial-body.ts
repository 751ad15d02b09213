import type { PartialReader, PartlyReadFile } from '../ecosystem/contract.ts';
import { type FileRange, type KeptPart, layOutParts } from '../format/kept-parts.ts';
import type { BodySink } from '../format/tar/contract.ts';
import { CollectingSink, type Scratch } from './body.ts';

/** Bytes of a body after which its reader says which parts it wants. */
const firstSize = 64 * 1024;

/** Bytes of the body's end that are always kept: what packed a program leaves its name there. */
const lastSize = 256;

/** Most marks in one body: more are an attack on time, and the whole body is read as if nothing were known of it. */
const maxMarks = 1_000;

/** Most bytes that are kept from a mark on. */
const maxWindow = 4096;

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
  readonly path: string;
  readonly readers: readonly PartialReader[];
  /** Gets the parts with the marks of each reader, in their order; valid during the call only. */
  takeParts(kept: readonly KeptBody[]): void;
  /** Told when the parts can not be enough: the whole body must be read. */
  again(): void;
}

/** Collects the first bytes of a body, and of the rest the parts that its readers want. */
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
  readonly #marks: readonly MarkSearch[];

  constructor(scratch: Scratch, to: KeepingParts) {
    this.#scratch = scratch;
    this.#to = to;
    this.#whole = new CollectingSink(scratch, to);
    this.#marks = to.readers.map((reader) => new MarkSearch(reader, to.path));
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
    const { size } = this.#to;
    const parts = this.#parts;
    if (this.#marks.some((search) => search.tooMany)) this.#to.again();
    else this.#to.takeParts(this.#marks.map((search) => ({ bytes, parts, size, ...search.found() })));
  }

  #plan(): void {
    this.#planned = true;
    const { size, readers } = this.#to;
    const first = this.#scratch.reserve(0, 0).subarray(0, firstSize);
    const wanted: FileRange[] = [{ offset: 0, length: firstSize }];
    for (const reader of readers) {
      const ranges = reader.plan(first, size);
      if (!ranges) return;
      wanted.push(...ranges);
    }
    const parts = layOutParts([...wanted, { offset: size - lastSize, length: lastSize }], size);
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

  #pass(bytes: Buffer): void {
    for (const search of this.#marks) search.pass(bytes, this.#have);
    this.#have += bytes.length;
  }
}

/** A mark, and the bytes from it on as far as they have come. */
interface Mark {
  readonly at: number;
  readonly window: Buffer;
  filled: number;
}

/** Looks for one reader's marks in bytes that pass by, and in the places where they meet those before them. */
class MarkSearch {
  readonly #reader: PartialReader;
  readonly #path: string;
  readonly #marks: Mark[] = [];
  /** The number of the first mark whose window is not full. */
  #open = 0;
  /** The last bytes that came: a mark may begin in them. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(reader: PartialReader, path: string) {
    this.#reader = reader;
    this.#path = path;
  }

  get tooMany(): boolean {
    return this.#marks.length > maxMarks;
  }

  found(): Pick<KeptBody, 'marks' | 'markBytes'> {
    const windowed = this.#reader.markWindow !== undefined;
    return {
      marks: this.#marks.map(({ at }) => at),
      markBytes: windowed ? this.#marks.map(({ window, filled }) => window.subarray(0, filled)) : [],
    };
  }

  /** `offset`: where the bytes stand in the body. */
  pass(bytes: Buffer, offset: number): void {
    const over = this.#reader.markLength - 1;
    for (let mark = this.#marks[this.#open]; mark; mark = this.#marks[++this.#open]) {
      fill(mark, bytes, offset);
      if (mark.filled < mark.window.length) break;
    }
    for (const mark of this.#marks.slice(this.#open + 1)) fill(mark, bytes, offset);
    if (this.#tail.length > 0) {
      const seam = Buffer.concat([this.#tail, bytes.subarray(0, over)]);
      const from = offset - this.#tail.length;
      for (const mark of this.#note(seam, from)) {
        fill(mark, this.#tail, from);
        fill(mark, bytes, offset);
      }
    }
    for (const mark of this.#note(bytes, offset)) fill(mark, bytes, offset);
    // The bytes themselves are overwritten by the next ones.
    this.#tail = over === 0 ? this.#tail : Buffer.concat([this.#tail, bytes.subarray(-over)]).subarray(-over);
  }

  #note(bytes: Buffer, offset: number): readonly Mark[] {
    const { markWindow = 0 } = this.#reader;
    const from = this.#marks.length;
    for (let at = this.#find(bytes, 0); at >= 0 && !this.tooMany; at = this.#find(bytes, at + 1)) {
      this.#marks.push({ at: offset + at, window: Buffer.alloc(Math.min(markWindow, maxWindow)), filled: 0 });
    }
    return this.#marks.slice(from);
  }

  #find(bytes: Buffer, from: number): number {
    return this.#reader.findMark(bytes, from, this.#path);
  }
}

/** Copies what the bytes, which stand at `offset` in the body, hold of a mark's window. */
function fill(mark: Mark, bytes: Buffer, offset: number): void {
  const from = mark.at + mark.filled - offset;
  if (from < 0 || from >= bytes.length) return;
  mark.filled += bytes.copy(mark.window, mark.filled, from);
}
