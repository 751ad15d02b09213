import { SluiceError } from '../../../util/error.ts';

/** Most bytes of keywords together: a state is two bytes. */
const mostStates = 60_000;

/** A state's row in the table is 2 to the power of this long. */
export const rowShift = 6;

/**
 * A byte's place in a row, which it shares with those that differ from it by their third or their highest bit: a letter
 * has no case, and what else falls together is rare. So a row is two lines of the processor's cache.
 */
export function placeOf(byte: number): number {
  return (byte & 0x1f) | ((byte & 0x40) >>> 1);
}

/**
 * Finds many words at once (Aho and Corasick 1975), as one table of all moves. Bytes of one place are the same: what is
 * found may be another text than the word.
 */
export interface Automaton {
  /** The next state by `(state << rowShift) | placeOf(byte)`; 0 is the begin. */
  readonly moves: Uint16Array;
  /** States from here on end a word. */
  readonly firstFinal: number;
  /** The words that end at a state, the longest first, by `state - firstFinal`. */
  readonly ended: readonly (readonly number[])[];
  /** Bytes. */
  readonly longest: number;
}

/** The states of an automaton from the begin outwards (breadth first), of which {@link automatonOf} makes the table. */
export interface States {
  /** The class of each place. */
  readonly classes: Uint8Array;
  /** How many children each has: they stand one after another, in the order of their parents. */
  readonly children: Uint8Array;
  /** The class by which each is come to. */
  readonly labels: Uint8Array;
  /** The longest other one that is its end. */
  readonly fail: Uint16Array;
  /** The words that end at each, the longest first. */
  readonly ends: readonly (readonly number[] | undefined)[];
  /** Bytes of the longest word. */
  readonly longest: number;
}

interface Trie {
  readonly count: number;
  /** A state's first child, and the next one of its parent; 0: none. */
  readonly first: Uint16Array;
  readonly next: Uint16Array;
  readonly labels: Uint8Array;
  /** The words that end at a state. */
  readonly ends: Map<number, readonly number[]>;
}

/**
 * The states for some words.
 * @throws SluiceError `secrets/too-many-keywords`
 */
export function statesOf(words: readonly Buffer[]): States {
  const all = words.map((word) => word.map(placeOf));
  const classes = classesOf(all);
  const longest = all.reduce((most, word) => Math.max(most, word.length), 0);
  return { classes, longest, ...linksOf(trieOf(all, classes)) };
}

/** The table of all moves between states. */
export function automatonOf({ classes, children, labels, fail, ends, longest }: States): Automaton {
  const count = children.length;
  const places = placesByClass(classes);
  const numbers = new Uint16Array(count);
  const ended: (readonly number[])[] = [];
  // States that end words come last, so that one comparison tells.
  let plain = 0;
  for (let state = 0; state < count; state++) if (ends[state] === undefined) numbers[state] = plain++;
  for (let state = 0; state < count; state++) {
    const here = ends[state];
    if (here !== undefined) numbers[state] = plain + ended.push(here) - 1;
  }
  const moves = new Uint16Array(count << rowShift);
  for (let state = 0, child = 1; state < count; state++) {
    const row = numbers[state]! << rowShift;
    // The row of where it falls back to is there already: it is nearer to the begin.
    if (state !== 0) {
      const from = numbers[fail[state]!]! << rowShift;
      moves.copyWithin(row, from, from + (1 << rowShift));
    }
    for (const last = child + children[state]!; child < last; child++)
      for (const place of places[labels[child]!]!) moves[row + place] = numbers[child]!;
  }
  return { moves, firstFinal: plain, ended, longest };
}

/** The places in a row that stand for each class. */
function placesByClass(classes: Uint8Array): readonly (readonly number[])[] {
  const places: number[][] = Array.from({ length: 256 }, () => []);
  for (let place = 0; place < 1 << rowShift; place++) places[classes[place]!]!.push(place);
  return places;
}

/** Places that no word has are one class. */
function classesOf(words: readonly Uint8Array[]): Uint8Array {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const word of words) for (const place of word) if (classes[place] === 0) classes[place] = count++;
  return classes;
}

function trieOf(words: readonly Uint8Array[], classes: Uint8Array): Trie {
  const most =
    Math.min(
      mostStates,
      words.reduce((sum, { length }) => sum + length, 0),
    ) + 2;
  const [first, next, labels] = [new Uint16Array(most), new Uint16Array(most), new Uint8Array(most)];
  const ends = new Map<number, number[]>();
  let count = 1;
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (let at = 0; at < word.length; at++) {
      const label = classes[word[at]!]!;
      let last = 0;
      let to = first[state]!;
      while (to !== 0 && labels[to] !== label) {
        last = to;
        to = next[to]!;
      }
      if (to === 0) {
        to = count++;
        if (count > mostStates)
          throw new SluiceError(
            'secrets/too-many-keywords',
            `the keywords have more than ${mostStates} bytes together`,
          );
        labels[to] = label;
        if (last === 0) first[state] = to;
        else next[last] = to;
      }
      state = to;
    }
    const here = ends.get(state);
    if (here) here.push(index);
    else ends.set(state, [index]);
  }
  return { count, first, next, labels, ends };
}

/** The child by a class; 0: there is none. */
function childOf({ first, next, labels }: Trie, state: number, label: number): number {
  let to = first[state]!;
  while (to !== 0 && labels[to] !== label) to = next[to]!;
  return to;
}

/** The states in order, and for each the longest other one that is its end, and what ends there. */
function linksOf(trie: Trie): Pick<States, 'children' | 'labels' | 'fail' | 'ends'> {
  const { count, first, next } = trie;
  const [order, places, fail] = [new Uint16Array(count), new Uint16Array(count), new Uint16Array(count)];
  const [children, labels] = [new Uint8Array(count), new Uint8Array(count)];
  const ends = new Array<readonly number[] | undefined>(count).fill(undefined);
  let filled = 1;
  for (let at = 0; at < count; at++) {
    const state = order[at]!;
    for (let to = first[state]!; to !== 0; to = next[to]!) {
      const label = trie.labels[to]!;
      let back = order[fail[at]!]!;
      let other = at === 0 ? 0 : childOf(trie, back, label);
      while (other === 0 && back !== 0) {
        back = order[fail[places[back]!]!]!;
        other = childOf(trie, back, label);
      }
      fail[filled] = places[other]!;
      const [own, shorter] = [trie.ends.get(to), ends[places[other]!]];
      ends[filled] = own && shorter ? [...own, ...shorter] : (own ?? shorter);
      children[at]!++;
      labels[filled] = label;
      places[to] = filled;
      order[filled++] = to;
    }
  }
  return { children, labels, fail, ends };
}
