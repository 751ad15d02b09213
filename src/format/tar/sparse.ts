import { SluiceError } from '../../util/error.ts';
import type { BodySink, SparsePart } from './contract.ts';
import { blockSize, readNumber } from './header.ts';
import { decimal } from './pax.ts';

/** Most stretches a sparse file may have. */
const maxParts = 100_000;

/** The stretches in a GNU sparse header (four) or in a block that continues it (twenty-one), from `start`. */
export function readGnuParts(block: Buffer, start: number, count: number, parts: SparsePart[]): void {
  for (let i = 0; i < count; i++) {
    const at = start + i * 24;
    if (block[at] === 0) break;
    parts.push({ offset: readNumber(block, at, 12), length: readNumber(block, at + 12, 12) });
    if (parts.length > maxParts) throw damaged();
  }
}

/** Pairs up the numbers of a pax sparse map (offset, length, offset, length …). */
export function pairParts(numbers: readonly number[]): SparsePart[] {
  if (numbers.length % 2 !== 0) throw damaged();
  const parts: SparsePart[] = [];
  for (let i = 0; i < numbers.length; i += 2) parts.push({ offset: numbers[i] ?? 0, length: numbers[i + 1] ?? 0 });
  return parts;
}

/** Stretches must rise without overlap, end within the file, and make up what is stored. @throws SluiceError `tar/sparse` */
export function checkParts(parts: readonly SparsePart[], realSize: number, stored: number): void {
  let end = 0;
  let sum = 0;
  for (const part of parts) {
    if (!(part.offset >= end) || !(part.length >= 0)) throw damaged();
    end = part.offset + part.length;
    sum += part.length;
  }
  if (!Number.isSafeInteger(realSize) || !(end <= realSize) || sum !== stored) throw damaged();
}

const zeros = Buffer.alloc(64 * 1024);

/** Puts the holes back: takes the stored bytes, hands the whole file to `sink`. */
export class SparseSink implements BodySink {
  readonly #sink: BodySink;
  readonly #parts: readonly SparsePart[];
  readonly #realSize: number;
  #index = 0;
  /** Place in the unpacked file. */
  #at = 0;

  constructor(sink: BodySink, parts: readonly SparsePart[], realSize: number) {
    this.#sink = sink;
    this.#parts = parts;
    this.#realSize = realSize;
  }

  write(bytes: Buffer): boolean {
    let from = 0;
    while (from < bytes.length) {
      const part = this.#parts[this.#index];
      if (part === undefined) throw damaged();
      if (!this.#fill(part.offset)) return false;
      const take = Math.min(bytes.length - from, part.offset + part.length - this.#at);
      if (take > 0 && this.#sink.write(bytes.subarray(from, from + take)) === false) return false;
      this.#at += take;
      from += take;
      if (this.#at === part.offset + part.length) this.#index++;
    }
    return true;
  }

  end(): void {
    if (this.#fill(this.#realSize)) this.#sink.end();
  }

  #fill(to: number): boolean {
    while (this.#at < to) {
      const take = Math.min(zeros.length, to - this.#at);
      if (this.#sink.write(zeros.subarray(0, take)) === false) return false;
      this.#at += take;
    }
    return true;
  }
}

/** Reads the map that stands before the data in GNU sparse format 1.0, then passes the data on. */
export class MappedSparseSink implements BodySink {
  readonly #open: (parts: SparsePart[], mapBytes: number) => BodySink;
  #text = '';
  #numbers: number[] = [];
  #wanted = -1;
  #taken = 0;
  #data: BodySink | undefined;

  /** `open` is called with the map and with the bytes that it took, once it is whole. */
  constructor(open: (parts: SparsePart[], mapBytes: number) => BodySink) {
    this.#open = open;
  }

  write(bytes: Buffer): boolean | undefined {
    let from = 0;
    while (this.#data === undefined && from < bytes.length) {
      const byte = bytes[from++] ?? 0;
      this.#taken++;
      if (this.#isWhole()) {
        // The rest of the map's last block is padding.
      } else if (byte === 0x0a) this.#line();
      else if (this.#text.length < 16) this.#text += String.fromCharCode(byte);
      else throw damaged();
      if (this.#isWhole() && this.#taken % blockSize === 0)
        this.#data = this.#open(pairParts(this.#numbers), this.#taken);
    }
    return from < bytes.length ? this.#data?.write(bytes.subarray(from)) : true;
  }

  end(): void {
    if (this.#data === undefined) throw damaged();
    this.#data.end();
  }

  #isWhole(): boolean {
    return this.#wanted >= 0 && this.#numbers.length === this.#wanted;
  }

  #line(): void {
    const value = decimal(this.#text);
    this.#text = '';
    if (Number.isNaN(value)) throw damaged();
    if (this.#wanted >= 0) this.#numbers.push(value);
    else if (value > maxParts) throw damaged();
    else this.#wanted = value * 2;
  }
}

function damaged(): SluiceError {
  return new SluiceError('tar/sparse', "a sparse file's map in the tar archive is damaged");
}
