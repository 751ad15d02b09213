import { SluiceError } from '../../../util/error.ts';

/** Most bytes of keywords together: a state is two bytes. */
const mostStates = 60_000;

/** Finds many words at once (Aho and Corasick 1975), as one table of all moves; letters have no case (ASCII). */
export interface Automaton {
  /** The class of each byte. */
  readonly classes: Uint8Array;
  /** A state's row is `2 ** shift` long. */
  readonly shift: number;
  /** The next state by `(state << shift) | class`; 0 is the begin. */
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
  /** The class of each byte. */
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
  const classes = classesOf(words);
  const longest = words.reduce((most, word) => Math.max(most, word.length), 0);
  return { classes, longest, ...linksOf(trieOf(words, classes)) };
}

/** The table of all moves between states. */
export function automatonOf({ classes, children, labels, fail, ends, longest }: States): Automaton {
  const count = children.length;
  const shift = Math.max(1, Math.ceil(Math.log2(classes.reduce((most, one) => Math.max(most, one), 0) + 1)));
  const numbers = new Uint16Array(count);
  const ended: (readonly number[])[] = [];
  // States that end words come last, so that one comparison tells.
  let plain = 0;
  for (let state = 0; state < count; state++) if (ends[state] === undefined) numbers[state] = plain++;
  for (let state = 0; state < count; state++) {
    const here = ends[state];
    if (here !== undefined) numbers[state] = plain + ended.push(here) - 1;
  }
  const moves = new Uint16Array(count << shift);
  for (let state = 0, child = 1; state < count; state++) {
    const row = numbers[state]! << shift;
    // The row of where it falls back to is there already: it is nearer to the begin.
    if (state !== 0) {
      const from = numbers[fail[state]!]! << shift;
      moves.copyWithin(row, from, from + (1 << shift));
    }
    for (const last = child + children[state]!; child < last; child++) moves[row + labels[child]!] = numbers[child]!;
  }
  return { classes, shift, moves, firstFinal: plain, ended, longest };
}

/** Bytes that no word has are one class. */
function classesOf(words: readonly Buffer[]): Uint8Array {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const word of words) {
    for (const byte of word) {
      if (classes[byte] !== 0) continue;
      classes[byte] = count++;
      if (byte >= 0x61 && byte <= 0x7a) classes[byte - 0x20] = classes[byte]!;
    }
  }
  return classes;
}

function trieOf(words: readonly Buffer[], classes: Uint8Array): Trie {
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
