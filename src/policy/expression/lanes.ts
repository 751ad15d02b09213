import { type BitSet, bitSet } from './bit-set.ts';
import type { Closure } from './closures/contract.ts';
import type { BoundGuard, Guard, TextGuard, ValueGuard } from './guards.ts';

/** A field, and what its values leave of expressions. */
export interface Lane {
  readonly read: Closure;
  /** Those that ask something of it. */
  readonly asking: BitSet;
  /** Those that a value does not rule out. */
  leftBy(value: unknown): BitSet;
}

/** What is asked of one field by each expression, by its number; undefined: nothing. */
type Asked = readonly (Guard | undefined)[];

/** The lane of a field; all that is asked of it is of one kind. */
export function laneOf(read: Closure, asked: Asked): Lane {
  const asking = bitSet(asked.length);
  const all = bitSet(asked.length);
  let leftBy = leftByValues;
  for (const [index, guard] of asked.entries()) {
    all.add(index);
    if (guard === undefined) continue;
    asking.add(index);
    if ('bound' in guard) leftBy = leftByBounds;
    if ('test' in guard) leftBy = leftByTexts;
  }
  return { read, asking, leftBy: leftBy(asked, all) };
}

function leftByValues(asked: Asked, all: BitSet): Lane['leftBy'] {
  const guards = asked as readonly (ValueGuard | undefined)[];
  const otherwise = all.copy();
  const naming = new Map<unknown, number[]>();
  for (const [index, guard] of guards.entries()) {
    if (guard === undefined) continue;
    if (!guard.others) otherwise.remove(index);
    for (const value of guard.values) {
      const known = naming.get(value);
      if (known === undefined) naming.set(value, [index]);
      else known.push(index);
    }
  }
  // One set for all values that the same expressions name: a list may have very many.
  const sets = new Map<string, BitSet>();
  const byValue = new Map<unknown, BitSet>();
  for (const [value, indexes] of naming) {
    const key = indexes.join();
    let left = sets.get(key);
    if (left === undefined) {
      left = otherwise.copy();
      for (const index of indexes) guards[index]?.others ? left.remove(index) : left.add(index);
      sets.set(key, left);
    }
    byValue.set(value, left);
  }
  return (value) => byValue.get(value) ?? otherwise;
}

/** Longest text that is tested here: what takes longer is counted, where the expression itself is evaluated. */
const longestText = 256;
/** Longest list whose items are. */
const mostItems = 32;
/** Texts of which it is kept what passes: many findings are at the same paths. */
const mostKept = 10_000;

/** Each text is tested once, by all that ask. */
function leftByTexts(asked: Asked, all: BitSet): Lane['leftBy'] {
  const guards = asked as readonly (TextGuard | undefined)[];
  const otherwise = all.copy();
  for (const [index, guard] of guards.entries()) if (guard !== undefined) otherwise.remove(index);
  const kept = new Map<string, BitSet>();
  const leftByText = (text: string): BitSet => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const left = otherwise.copy();
    for (const [index, guard] of guards.entries()) if (guard?.test(text)) left.add(index);
    if (kept.size >= mostKept) kept.clear();
    kept.set(text, left);
    return left;
  };
  const several = otherwise.copy();
  return (value) => {
    const items: unknown = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(items) || items.length > mostItems || !items.every(isShort)) return all;
    if (items.length === 1) return leftByText(items[0] as string);
    several.become(otherwise);
    for (const item of items) several.join(leftByText(item));
    return several;
  };
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}

/** The bounds cut all numbers into pieces: each bound itself, and what lies between. */
function leftByBounds(asked: Asked, all: BitSet): Lane['leftBy'] {
  const guards = asked as readonly (BoundGuard | undefined)[];
  const bounds = [...new Set(guards.flatMap((guard) => (guard === undefined ? [] : [guard.bound])))].sort(
    (a, b) => a - b,
  );
  const pieces: BitSet[] = [];
  for (let piece = 0; piece <= bounds.length * 2; piece++) {
    const left = all.copy();
    for (const [index, guard] of guards.entries())
      if (guard !== undefined && !holdsIn(piece, bounds.indexOf(guard.bound) * 2 + 1, guard.by)) left.remove(index);
    pieces.push(left);
  }
  return (value) => (typeof value === 'number' ? pieces[pieceOf(value, bounds)] : undefined) ?? all;
}

/** Whether the numbers of a piece are above or below a bound, which is a piece itself. */
function holdsIn(piece: number, bound: number, by: BoundGuard['by']): boolean {
  switch (by) {
    case '<':
      return piece < bound;
    case '<=':
      return piece <= bound;
    case '>':
      return piece > bound;
    case '>=':
      return piece >= bound;
  }
}

/** In which piece a number lies; -1 of what is no number. */
function pieceOf(value: number, bounds: readonly number[]): number {
  if (Number.isNaN(value)) return -1;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return bounds[low] === value ? low * 2 + 1 : low * 2;
}
