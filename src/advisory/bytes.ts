import { SluiceError } from '../util/error.ts';
import { updateHint } from './contract.ts';

/** The error for stored data that can't be trusted: names the ecosystem and what repairs it. */
export function indexDamaged(ecosystem: string, what: string): SluiceError {
  return new SluiceError('advisory/index-damaged', `the advisories of ${ecosystem} are damaged: ${what}`, updateHint);
}

/**
 * Puts small numbers and texts one behind the other; {@link ByteReader} reads them back. All texts stand together in
 * front, so that a reader decodes them in one go and cuts: decoding each alone takes most of a look-up's time.
 */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;
  #texts: string[] = [];

  /** One byte. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first (LEB128). */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A text; its length in UTF-16 code units stands among the numbers. Lone surrogates become U+FFFD. */
  text(value: string): void {
    this.number(value.length);
    this.#texts.push(value);
  }

  /** A text whose length stands elsewhere. */
  bareText(value: string): void {
    this.#texts.push(value);
  }

  /** A list of texts, its count before it. */
  texts(values: readonly string[]): void {
    this.number(values.length);
    for (const value of values) this.text(value);
  }

  /** Bytes as they are. */
  append(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
  }

  /** How many bytes the numbers have so far. */
  get length(): number {
    return this.#length;
  }

  /** The numbers alone, of a writer that took no texts. The writer is empty afterwards. */
  takeNumbers(): Buffer {
    const numbers = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return numbers;
  }

  /** What was written: the texts as UTF-8 with their length in front, then the numbers. The writer is empty afterwards. */
  take(): Buffer {
    const texts = Buffer.from(this.#texts.join(''));
    const numbers = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    this.#texts = [];
    this.number(texts.length);
    const size = this.#bytes.subarray(0, this.#length);
    const taken = Buffer.concat([size, texts, numbers]);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Numbers of one width in the bytes of an index. */
export class Column {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #width: number;

  constructor(bytes: Buffer, count: number, width: number) {
    this.count = count;
    this.#bytes = bytes;
    this.#width = width;
  }

  /** The number at a place; those behind the last one are 0. */
  at(place: number): number {
    if (place >= this.count) return 0;
    const from = place * this.#width;
    const bytes = this.#bytes;
    if (this.#width === 1) return bytes[from]!;
    if (this.#width === 2) return bytes[from]! | (bytes[from + 1]! << 8);
    return (bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16)) + bytes[from + 3]! * 0x100_0000;
  }
}

const noTexts: readonly string[] = [];
const noColumn = new Column(Buffer.alloc(0), 0, 1);

/** Reads what {@link ByteWriter} wrote. Each read is checked: a crafted file can't make it read or allocate beyond its bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #ecosystem: string;
  readonly #textsFrom: number;
  readonly #textsEnd: number;
  /** Read when the first of them is asked for. */
  #texts: string | undefined;
  #at = 0;
  #textsAt = 0;

  /** @throws SluiceError `advisory/index-damaged` when the texts reach behind the end. */
  constructor(bytes: Buffer, ecosystem: string) {
    this.#bytes = bytes;
    this.#ecosystem = ecosystem;
    const size = this.count();
    this.#textsFrom = this.#at;
    this.#at += size;
    this.#textsEnd = this.#at;
  }

  /** @throws SluiceError `advisory/index-damaged` at the end. */
  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw this.damaged('a list ends too early');
    return value;
  }

  /** @throws SluiceError `advisory/index-damaged` at the end or above 2^53 - 1. */
  number(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80) {
      this.#at++;
      return first;
    }
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw this.damaged('a number is too large');
  }

  /** A count of things that take a byte or more each: bounded by what is left, so that it may size a list. */
  count(): number {
    const value = this.number();
    if (value > this.#bytes.length - this.#at) throw this.damaged('a count is too large');
    return value;
  }

  /** @throws SluiceError `advisory/index-damaged` when there is no such text. */
  text(): string {
    const start = this.#textsAt;
    const end = start + this.number();
    const texts = this.allTexts;
    if (end > texts.length) throw this.damaged('a text ends too early');
    this.#textsAt = end;
    return texts.slice(start, end);
  }

  /** A list of texts. */
  texts(): readonly string[] {
    const count = this.count();
    if (count === 0) return noTexts;
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(this.text());
    return values;
  }

  /** So many bytes as they are. @throws SluiceError `advisory/index-damaged` when there are fewer. */
  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.damaged('a list ends too early');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** @throws SluiceError `advisory/index-damaged` when bytes or texts are left. */
  end(): void {
    if (this.#at !== this.#bytes.length || this.#textsAt !== this.allTexts.length)
      throw this.damaged('a list is longer than its content');
  }

  /** A column of numbers of one width, each of which is read when it is asked for. @throws as {@link bytes} */
  column(): Column {
    const count = this.count();
    if (count === 0) return noColumn;
    const width = this.byte();
    if (width !== 1 && width !== 2 && width !== 4) throw this.damaged('a column has no known width');
    return new Column(this.bytes(count * width), count, width);
  }

  /** Where the bytes end. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Where the next number stands. */
  get at(): number {
    return this.#at;
  }

  /** Goes on with the numbers at another place, which {@link at} told or a sum of lengths: reading checks it. */
  seek(at: number): void {
    this.#at = at;
  }

  /** All texts, one behind the other. */
  get allTexts(): string {
    this.#texts ??= this.#bytes.toString('utf8', this.#textsFrom, this.#textsEnd);
    return this.#texts;
  }

  /** Whether the texts begin with this one: told by the bytes alone. */
  startsWith(text: string): boolean {
    const bytes = Buffer.from(text);
    const end = this.#textsFrom + bytes.length;
    return end <= this.#textsEnd && bytes.compare(this.#bytes, this.#textsFrom, end) === 0;
  }

  damaged(what: string): SluiceError {
    return indexDamaged(this.#ecosystem, what);
  }
}
