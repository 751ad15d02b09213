/** Characters as ranges of code points, sorted and apart: from, to, from, to … both included. */
export type CharSet = readonly number[];

/** A regular expression as a tree (RE2 syntax, https://github.com/google/re2/wiki/Syntax); flags are worked into it. */
export type PatternNode =
  | { readonly kind: 'empty' }
  /** One character out of these. */
  | { readonly kind: 'one'; readonly of: CharSet }
  | { readonly kind: 'cat'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'alt'; readonly items: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly of: PatternNode;
      readonly min: number;
      /** `Infinity`: without end. */
      readonly max: number;
      readonly lazy: boolean;
    }
  /** A group that captures, by its number from 1. */
  | { readonly kind: 'group'; readonly of: PatternNode; readonly index: number }
  | { readonly kind: 'assert'; readonly what: Assertion };

/** What holds between two characters; `begin` and `end` are those of the text. */
export type Assertion = 'begin' | 'end' | 'line-begin' | 'line-end' | 'word' | 'not-word';

/** The last code point (Unicode). */
export const lastCodePoint = 0x10ffff;

/** Sorts and joins ranges. */
export function charSet(ranges: readonly (readonly [number, number])[]): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const set: number[] = [];
  for (const [from, to] of sorted) {
    const last = set.at(-1);
    if (last !== undefined && from <= last + 1) set[set.length - 1] = Math.max(last, to);
    else set.push(from, to);
  }
  return set;
}

/** The ranges of a set as pairs. */
export function pairsOf(set: CharSet): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0; at < set.length; at += 2) pairs.push([set[at] as number, set[at + 1] as number]);
  return pairs;
}

/** All characters that are not in the set. */
export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let from = 0;
  for (const [low, high] of pairsOf(set)) {
    if (low > from) out.push(from, low - 1);
    from = high + 1;
  }
  if (from <= lastCodePoint) out.push(from, lastCodePoint);
  return out;
}

/** Whether a character is in the set. */
export function has(set: CharSet, code: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (code >= set[at]! && code <= set[at + 1]!) return true;
  return false;
}

/** How many characters are in the set. */
export function sizeOf(set: CharSet): number {
  return pairsOf(set).reduce((sum, [low, high]) => sum + high - low + 1, 0);
}

/** The set with the other case of each ASCII letter in it. */
export function foldCase(set: CharSet): CharSet {
  const added: (readonly [number, number])[] = [];
  for (const [low, high] of pairsOf(set)) {
    shifted(added, low, high, 0x41, 0x5a, 32);
    shifted(added, low, high, 0x61, 0x7a, -32);
  }
  return added.length === 0 ? set : charSet([...pairsOf(set), ...added]);
}

function shifted(
  into: (readonly [number, number])[],
  low: number,
  high: number,
  first: number,
  last: number,
  by: number,
): void {
  const [from, to] = [Math.max(low, first), Math.min(high, last)];
  if (from <= to) into.push([from + by, to + by]);
}

/** The number of capturing groups in a tree. */
export function groupsIn(node: PatternNode): number {
  switch (node.kind) {
    case 'group':
      return Math.max(node.index, groupsIn(node.of));
    case 'repeat':
      return groupsIn(node.of);
    case 'cat':
    case 'alt':
      return node.items.reduce((most, item) => Math.max(most, groupsIn(item)), 0);
    default:
      return 0;
  }
}
