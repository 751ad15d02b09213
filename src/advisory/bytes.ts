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

/** Reads what {@link ByteWriter} wrote. Each read is checked: a crafted file can't make it read or allocate beyond its bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #ecosystem: string;
  readonly #texts: string;
  #at = 0;
  #textsAt = 0;

  /** @throws SluiceError `advisory/index-damaged` when the texts reach behind the end. */
  constructor(bytes: Buffer, ecosystem: string) {
    this.#bytes = bytes;
    this.#ecosystem = ecosystem;
    const size = this.count();
    this.#texts = bytes.toString('utf8', this.#at, this.#at + size);
    this.#at += size;
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
    if (end > this.#texts.length) throw this.damaged('a text ends too early');
    this.#textsAt = end;
    return this.#texts.slice(start, end);
  }

  /** A list of texts. */
  texts(): string[] {
    const count = this.count();
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(this.text());
    return values;
  }

  /** @throws SluiceError `advisory/index-damaged` when bytes or texts are left. */
  end(): void {
    if (this.#at !== this.#bytes.length || this.#textsAt !== this.#texts.length)
      throw this.damaged('a list is longer than its content');
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
    return this.#texts;
  }

  damaged(what: string): SluiceError {
    return indexDamaged(this.#ecosystem, what);
  }
}
