import { isRun } from './keywords/find.ts';
import { lineReach } from './reach.ts';

const lineFeed = 0x0a;
/** A text up to this long is copied sooner than its memory is made ready to be read four bytes at a time (bytes). */
const cheapToCopy = 16_384;

/** The part of a text that is at hand: places are counted from its begin. */
export class Block {
  /** Its own memory, or that of whoever has all of a text at hand. */
  bytes: Buffer;
  readonly #own: Buffer;
  #words: Words | undefined;
  /** How many bytes are there. */
  filled = 0;
  /** Where it begins in the text. */
  base = 0;
  /** Whether it ends where the text ends. */
  isLast = false;
  /** Line feeds in front of it. */
  #lines = 0;
  /** UTF-16 units between the last of these and its begin. */
  #units = 0;
  #text: string | undefined;
  /** Bytes of which characters were made part by part. */
  #cut = 0;
  #countedTo = 0;
  #counted = 0;
  /** Up to where UTF-16 units have been counted, in the line behind which line feed, and how many there are. */
  #unitsTo = -1;
  #unitsLine = -2;
  #unitsCounted = 0;

  constructor(capacity: number) {
    // With memory of its own, so that it can be looked at four bytes at a time.
    this.#own = Buffer.allocUnsafeSlow(capacity);
    this.bytes = this.#own;
  }

  /** How much it can hold (bytes). */
  get capacity(): number {
    return this.#own.length;
  }

  /** Makes it ready for another text. */
  reset(): void {
    this.bytes = this.#own;
    this.filled = 0;
    this.base = 0;
    this.isLast = false;
    this.#lines = 0;
    this.#units = 0;
    this.changed();
  }

  /** Takes a whole text, of which a long one may not change until the next. */
  hold(bytes: Buffer): void {
    this.reset();
    if (bytes.length > cheapToCopy) this.bytes = bytes;
    else bytes.copy(this.#own);
    this.filled = bytes.length;
    this.isLast = true;
  }

  /** Its bytes four by four. */
  get #fours(): Words {
    if (this.#words?.of !== this.bytes) this.#words = wordsOf(this.bytes);
    return this.#words;
  }

  /** To be told when its bytes have changed. */
  changed(): void {
    this.#text = undefined;
    this.#cut = 0;
    this.#countedTo = 0;
    this.#counted = 0;
    this.#unitsLine = -2;
  }

  /** A part of it as characters, one a byte. All of it is made into characters only where many parts are asked for. */
  characters(from: number, to: number): string {
    if (this.#text === undefined) {
      this.#cut += to - from;
      if (this.#cut < this.filled) return this.bytes.toString('latin1', from, to);
    }
    this.#text ??= this.bytes.toString('latin1', 0, this.filled);
    return this.#text.slice(from, to);
  }

  /** Takes away the bytes in front of a place. */
  shift(by: number): void {
    const first = this.bytes[0]!;
    // A file may be a gigabyte of spaces.
    if (first < 0x80 && first !== lineFeed && isRun(this.bytes, 0, by)) this.#units += by;
    else {
      this.#lines += countLines(this.#fours, 0, by);
      const last = this.bytes.subarray(0, by).lastIndexOf(lineFeed);
      this.#units = (last < 0 ? this.#units : 0) + unitsOf(this.#fours, last + 1, by);
    }
    this.bytes.copyWithin(0, by, this.filled);
    this.base += by;
    this.filled -= by;
    this.changed();
  }

  /** Line and column (UTF-16 units) of a place, both from 1. */
  positionOf(at: number): { readonly line: number; readonly column: number } {
    if (at < this.#countedTo) {
      this.#countedTo = 0;
      this.#counted = 0;
    }
    this.#counted += countLines(this.#fours, this.#countedTo, at);
    this.#countedTo = at;
    const feed = at === 0 ? -1 : this.bytes.lastIndexOf(lineFeed, at - 1);
    // In one line it goes on from where it was asked last: a line may be the whole block.
    const isAhead = feed + 1 <= this.#unitsTo && this.#unitsTo <= at && this.#unitsLine === feed;
    const known = isAhead ? this.#unitsCounted : feed < 0 ? this.#units : 0;
    this.#unitsCounted = known + unitsOf(this.#fours, isAhead ? this.#unitsTo : feed + 1, at);
    this.#unitsTo = at;
    this.#unitsLine = feed;
    return { line: this.#lines + this.#counted + 1, column: this.#unitsCounted + 1 };
  }

  /** Where the line round a place begins and ends, as far as it is looked at. */
  lineAround(at: number): readonly [number, number] {
    const first = Math.max(0, at - lineReach);
    const feedBefore = this.bytes.subarray(first, at).lastIndexOf(lineFeed);
    const last = Math.min(this.filled, at + lineReach);
    const feedBehind = this.bytes.subarray(at, last).indexOf(lineFeed);
    return [first + feedBefore + 1, feedBehind < 0 ? last : at + feedBehind];
  }
}

/** How many UTF-16 units a part of UTF-8 is: four bytes at a time where all are ASCII, for one line may be all of a text. */
function unitsOf({ of: bytes, words, lead }: Words, from: number, to: number): number {
  let units = 0;
  let at = from;
  while (at < to) {
    if (((at + lead) & 3) === 0 && at + 4 <= to && (words[(at + lead) >>> 2]! & 0x80808080) === 0) {
      units += 4;
      at += 4;
      continue;
    }
    const byte = bytes[at++]!;
    // The first byte of a character counts, and that of one beyond U+FFFF twice.
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** Bytes four by four, of which the first one has some that are in front of them (`lead`). */
interface Words {
  readonly of: Buffer;
  readonly words: Uint32Array;
  readonly lead: number;
}

function wordsOf(bytes: Buffer): Words {
  const { buffer, byteOffset, length } = bytes;
  const lead = byteOffset & 3;
  return { of: bytes, words: new Uint32Array(buffer, byteOffset - lead, (length + lead) >>> 2), lead };
}

/** A line feed in each of four bytes. */
const fourFeeds = 0x0a0a0a0a;

/** How many line feeds are in a part: four bytes at a time, for all of every long text is counted. */
function countLines({ of: bytes, words, lead }: Words, from: number, to: number): number {
  let count = 0;
  let at = from;
  for (; at < to && ((at + lead) & 3) !== 0; at++) if (bytes[at] === lineFeed) count++;
  while (at + 4 <= to) {
    // Each of the four bytes of `feeds` counts for itself, and can count no further than 255.
    const last = Math.min(to - 3, at + 4 * 255);
    let feeds = 0;
    for (; at < last; at += 4) {
      // A byte that is none has its highest bit set by one of the two.
      const word = words[(at + lead) >>> 2]! ^ fourFeeds;
      feeds = (feeds + (~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f) >>> 7)) | 0;
    }
    count += (feeds & 0xff) + ((feeds >>> 8) & 0xff) + ((feeds >>> 16) & 0xff) + (feeds >>> 24);
  }
  for (; at < to; at++) if (bytes[at] === lineFeed) count++;
  return count;
}
