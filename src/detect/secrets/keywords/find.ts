import type { Automaton } from './automaton.ts';

/** Below this many bytes four lanes cost more than they bring. */
const leastForLanes = 512;
const lanes = 4;

/**
 * Finds words in bytes: four parts of them side by side in one loop, so that the machine does not wait for one table
 * look-up before the next. Hits are kept in columns that are used again.
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

  /** `capacity`: the most bytes that are searched at once. */
  constructor(automaton: Automaton, capacity: number) {
    this.#automaton = automaton;
    this.ends = new Int32Array(capacity + lanes);
    this.states = new Uint16Array(capacity + lanes);
    const part = Math.ceil(capacity / lanes) + lanes;
    this.#laneEnds = Array.from({ length: lanes }, () => new Int32Array(part));
    this.#laneStates = Array.from({ length: lanes }, () => new Uint16Array(part));
  }

  /** Finds the words that end behind `from` and not behind `to`, also such as begin before `from`; returns their number. */
  find(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < leastForLanes) return this.#findPlain(bytes, from, to);
    const part = (to - from) >> 2;
    this.#findInLanes(bytes, from, part);
    const rest = from + part * lanes;
    let count = 0;
    for (let lane = 0; lane < lanes; lane++) {
      const found = this.#counts[lane]!;
      this.ends.set(this.#laneEnds[lane]!.subarray(0, found), count);
      this.states.set(this.#laneStates[lane]!.subarray(0, found), count);
      count += found;
    }
    return rest < to ? this.#findPlain(bytes, rest, to, count) : count;
  }

  /** The state at a place, from where the longest word that goes on there can have begun. */
  #stateAt(bytes: Uint8Array, at: number): number {
    const { classes, moves, shift, longest } = this.#automaton;
    let state = 0;
    for (let i = Math.max(0, at - longest + 1); i < at; i++) state = moves[(state << shift) | classes[bytes[i]!]!]!;
    return state;
  }

  #findPlain(bytes: Uint8Array, from: number, to: number, already = 0): number {
    const { classes, moves, shift, firstFinal } = this.#automaton;
    const { ends, states } = this;
    let state = this.#stateAt(bytes, from);
    let count = already;
    for (let at = from; at < to; at++) {
      state = moves[(state << shift) | classes[bytes[at]!]!]!;
      if (state < firstFinal) continue;
      ends[count] = at + 1;
      states[count++] = state - firstFinal;
    }
    return count;
  }

  #findInLanes(bytes: Uint8Array, from: number, part: number): void {
    const { classes, moves, shift, firstFinal } = this.#automaton;
    const counts = this.#counts.fill(0);
    const last = firstFinal - 1;
    const [from1, from2, from3] = [from + part, from + 2 * part, from + 3 * part];
    let s0 = this.#stateAt(bytes, from);
    let s1 = this.#stateAt(bytes, from1);
    let s2 = this.#stateAt(bytes, from2);
    let s3 = this.#stateAt(bytes, from3);
    for (let i = 0; i < part; i++) {
      s0 = moves[(s0 << shift) | classes[bytes[from + i]!]!]!;
      s1 = moves[(s1 << shift) | classes[bytes[from1 + i]!]!]!;
      s2 = moves[(s2 << shift) | classes[bytes[from2 + i]!]!]!;
      s3 = moves[(s3 << shift) | classes[bytes[from3 + i]!]!]!;
      // One sign bit for all four: nearly never is one of them set.
      if (((last - s0) | (last - s1) | (last - s2) | (last - s3)) >= 0) continue;
      if (s0 > last) this.#note(counts, 0, from + i + 1, s0 - firstFinal);
      if (s1 > last) this.#note(counts, 1, from1 + i + 1, s1 - firstFinal);
      if (s2 > last) this.#note(counts, 2, from2 + i + 1, s2 - firstFinal);
      if (s3 > last) this.#note(counts, 3, from3 + i + 1, s3 - firstFinal);
    }
  }

  #note(counts: Int32Array, lane: number, end: number, state: number): void {
    const count = counts[lane]!;
    this.#laneEnds[lane]![count] = end;
    this.#laneStates[lane]![count] = state;
    counts[lane] = count + 1;
  }
}
