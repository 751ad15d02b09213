import { type Automaton, placeOf, rowShift } from './automaton.ts';

/** Below this many bytes lanes cost more than they bring. */
const leastForLanes = 512;
const lanes = 4;
/** Whether the first of four bytes is the lowest of the number that they are; else one byte after another is read. */
const isLowFirst = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** As {@link placeOf}, of four bytes at once. */
function places(four: number): number {
  return (four & 0x1f1f1f1f) | ((four & 0x40404040) >>> 1);
}

/** Whether a part is one byte again and again. */
export function isRun(bytes: Buffer, from: number, to: number): boolean {
  return bytes.compare(bytes, from + 1, to, from, to - 1) === 0;
}

/**
 * Finds words in bytes: four parts of them side by side in one loop, so that the machine does not wait for one table
 * look-up before the next, and four bytes of each a step. Hits are kept in columns that are used again.
 */
export class KeywordFinder {
  /** Where each hit ends (behind its last byte), lane by lane and so in order. */
  readonly ends: Int32Array;
  /** The state of each hit, counted from the first that ends a word. */
  readonly states: Uint16Array;
  readonly #automaton: Automaton;
  readonly #laneEnds: readonly Int32Array[];
  readonly #laneStates: readonly Uint16Array[];
  readonly #counts = new Int32Array(lanes);
  /** The bytes that were searched last, and the same four by four. */
  #bytes: Buffer = Buffer.alloc(0);
  #fours: Int32Array = new Int32Array(0);

  /** `capacity`: the most bytes that are searched at once. */
  constructor(automaton: Automaton, capacity: number) {
    this.#automaton = automaton;
    this.ends = new Int32Array(capacity);
    this.states = new Uint16Array(capacity);
    const part = Math.ceil(capacity / lanes);
    this.#laneEnds = Array.from({ length: lanes }, () => new Int32Array(part));
    this.#laneStates = Array.from({ length: lanes }, () => new Uint16Array(part));
  }

  /** Finds the words that end behind `from` and not behind `to`, also such as begin before `from`; returns their number. */
  find(bytes: Buffer, from: number, to: number): number {
    if (to - from < leastForLanes || !isLowFirst) return this.#findPlain(bytes, from, to);
    const settled = this.#settledIn(bytes, from, to);
    if (settled < to) return this.#findPlain(bytes, from, settled);
    const lead = bytes.byteOffset & 3;
    const fours = this.#foursOf(bytes, lead);
    const first = (from + lead + 3) >>> 2;
    const part = (((to + lead) >>> 2) - first) >>> 2;
    const [begin, end] = [first * 4 - lead, (first + part * lanes) * 4 - lead];
    let count = this.#findPlain(bytes, from, begin);
    this.#findInLanes(bytes, fours, begin, part);
    for (let lane = 0; lane < lanes; lane++) {
      const ends = this.#laneEnds[lane]!;
      const states = this.#laneStates[lane]!;
      for (let hit = 0; hit < this.#counts[lane]!; hit++) {
        this.ends[count] = ends[hit]!;
        this.states[count++] = states[hit]!;
      }
    }
    return this.#findPlain(bytes, end, to, count);
  }

  /** From where on one byte is repeated that ends no word any more: `to` where it isn't so. */
  #settledIn(bytes: Buffer, from: number, to: number): number {
    const { moves, longest, firstFinal } = this.#automaton;
    const settled = from + longest;
    if (settled >= to || !isRun(bytes, from, to)) return to;
    const state = this.#stateAt(bytes, settled);
    return state < firstFinal && moves[(state << rowShift) | placeOf(bytes[from]!)] === state ? settled : to;
  }

  #foursOf(bytes: Buffer, lead: number): Int32Array {
    if (this.#bytes === bytes) return this.#fours;
    this.#bytes = bytes;
    this.#fours = new Int32Array(bytes.buffer, bytes.byteOffset - lead, (bytes.length + lead) >>> 2);
    return this.#fours;
  }

  /** The state at a place, from where the longest word that goes on there can have begun. */
  #stateAt(bytes: Uint8Array, at: number): number {
    const { moves, longest } = this.#automaton;
    let state = 0;
    for (let i = Math.max(0, at - longest + 1); i < at; i++) state = moves[(state << rowShift) | placeOf(bytes[i]!)]!;
    return state;
  }

  #findPlain(bytes: Uint8Array, from: number, to: number, already = 0): number {
    if (from >= to) return already;
    const { moves, firstFinal } = this.#automaton;
    const { ends, states } = this;
    let state = this.#stateAt(bytes, from);
    let count = already;
    for (let at = from; at < to; at++) {
      state = moves[(state << rowShift) | placeOf(bytes[at]!)]!;
      if (state < firstFinal) continue;
      ends[count] = at + 1;
      states[count++] = state - firstFinal;
    }
    return count;
  }

  /**
   * `part`: fours a lane. The loop is most of what a search costs: it is written out, with the row's length in numbers, as a
   * bundle's constants are read anew each time.
   */
  #findInLanes(bytes: Uint8Array, fours: Int32Array, begin: number, part: number): void {
    const { moves, firstFinal } = this.#automaton;
    this.#counts.fill(0);
    const last = firstFinal - 1;
    const step = part * 4;
    const from = (begin + (bytes.byteOffset & 3)) >>> 2;
    let s0 = this.#stateAt(bytes, begin);
    let s1 = this.#stateAt(bytes, begin + step);
    let s2 = this.#stateAt(bytes, begin + 2 * step);
    let s3 = this.#stateAt(bytes, begin + 3 * step);
    for (let i = from; i < from + part; i++) {
      const b0 = s0;
      const b1 = s1;
      const b2 = s2;
      const b3 = s3;
      const f0 = places(fours[i]!);
      const f1 = places(fours[i + part]!);
      const f2 = places(fours[i + 2 * part]!);
      const f3 = places(fours[i + 3 * part]!);
      s0 = moves[(s0 << 6) | (f0 & 0x3f)]!;
      s1 = moves[(s1 << 6) | (f1 & 0x3f)]!;
      s2 = moves[(s2 << 6) | (f2 & 0x3f)]!;
      s3 = moves[(s3 << 6) | (f3 & 0x3f)]!;
      let none = (last - s0) | (last - s1) | (last - s2) | (last - s3);
      s0 = moves[(s0 << 6) | ((f0 >>> 8) & 0x3f)]!;
      s1 = moves[(s1 << 6) | ((f1 >>> 8) & 0x3f)]!;
      s2 = moves[(s2 << 6) | ((f2 >>> 8) & 0x3f)]!;
      s3 = moves[(s3 << 6) | ((f3 >>> 8) & 0x3f)]!;
      none |= (last - s0) | (last - s1) | (last - s2) | (last - s3);
      s0 = moves[(s0 << 6) | ((f0 >>> 16) & 0x3f)]!;
      s1 = moves[(s1 << 6) | ((f1 >>> 16) & 0x3f)]!;
      s2 = moves[(s2 << 6) | ((f2 >>> 16) & 0x3f)]!;
      s3 = moves[(s3 << 6) | ((f3 >>> 16) & 0x3f)]!;
      none |= (last - s0) | (last - s1) | (last - s2) | (last - s3);
      s0 = moves[(s0 << 6) | ((f0 >>> 24) & 0x3f)]!;
      s1 = moves[(s1 << 6) | ((f1 >>> 24) & 0x3f)]!;
      s2 = moves[(s2 << 6) | ((f2 >>> 24) & 0x3f)]!;
      s3 = moves[(s3 << 6) | ((f3 >>> 24) & 0x3f)]!;
      // One sign bit for all sixteen: nearly never is one of them set.
      if ((none | (last - s0) | (last - s1) | (last - s2) | (last - s3)) >= 0) continue;
      const at = begin + (i - from) * 4;
      this.#note(0, b0, f0, at);
      this.#note(1, b1, f1, at + step);
      this.#note(2, b2, f2, at + 2 * step);
      this.#note(3, b3, f3, at + 3 * step);
    }
  }

  /** Notes which of four places, the first of them at `at`, end a word. */
  #note(lane: number, before: number, four: number, at: number): void {
    const { moves, firstFinal } = this.#automaton;
    let state = before;
    for (let i = 0; i < 4; i++) {
      state = moves[(state << rowShift) | ((four >>> (8 * i)) & 0xff)]!;
      if (state < firstFinal) continue;
      const count = this.#counts[lane]!++;
      this.#laneEnds[lane]![count] = at + i + 1;
      this.#laneStates[lane]![count] = state - firstFinal;
    }
  }
}
