import { type CharSet, charSet, type PatternNode, pairsOf } from './node.ts';

/** How many characters a part of a pattern takes. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

/** How deep a pattern is looked into: a user's may be nested as deep as its text is long. */
const deepest = 24;

/**
 * How many characters the first of the items take together, as far as all of them are in the set, and with which
 * characters what stands behind them can begin. Undefined where that may be nothing, or is too deep to tell.
 */
export function spanWithin(
  items: readonly PatternNode[],
  within: CharSet,
): { readonly span: Span; readonly next: CharSet } | undefined {
  let span: Span = { min: 0, max: 0 };
  for (const [index, item] of items.entries()) {
    const taken = spanOf(item, within, 0);
    if (taken === undefined) {
      const { set, nullable } = firstOfAll(items.slice(index), 0);
      return nullable ? undefined : { span, next: set };
    }
    span = { min: span.min + taken.min, max: span.max + taken.max };
  }
  return undefined;
}

/** How many characters a node takes; undefined where not all of them are in the set. */
function spanOf(node: PatternNode, within: CharSet, depth: number): Span | undefined {
  if (depth > deepest) return undefined;
  switch (node.kind) {
    case 'one':
      return isWithin(node.of, within) ? { min: 1, max: 1 } : undefined;
    case 'group':
      return spanOf(node.of, within, depth + 1);
    case 'repeat': {
      const once = spanOf(node.of, within, depth + 1);
      return once && { min: once.min * node.min, max: once.max === 0 ? 0 : once.max * node.max };
    }
    case 'cat':
    case 'alt': {
      const spans: Span[] = [];
      for (const item of node.items) {
        const one = spanOf(item, within, depth + 1);
        if (one === undefined) return undefined;
        spans.push(one);
      }
      return node.kind === 'cat' ? sumOf(spans) : unionOf(spans);
    }
    default:
      return { min: 0, max: 0 };
  }
}

function sumOf(spans: readonly Span[]): Span {
  return spans.reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }), { min: 0, max: 0 });
}

function unionOf(spans: readonly Span[]): Span {
  return { min: Math.min(...spans.map(({ min }) => min)), max: Math.max(...spans.map(({ max }) => max)) };
}

/** Characters that something can begin with; `nullable`: it may also be nothing, or can't be told. */
interface First {
  readonly set: CharSet;
  readonly nullable: boolean;
}

function firstOfAll(items: readonly PatternNode[], depth: number): First {
  const sets: CharSet[] = [];
  for (const item of items) {
    const { set, nullable } = firstOf(item, depth);
    sets.push(set);
    if (!nullable) return { set: joined(sets), nullable: false };
  }
  return { set: joined(sets), nullable: true };
}

function firstOf(node: PatternNode, depth: number): First {
  if (depth > deepest) return { set: [], nullable: true };
  switch (node.kind) {
    case 'one':
      return { set: node.of, nullable: false };
    case 'group':
      return firstOf(node.of, depth + 1);
    case 'repeat': {
      const once = firstOf(node.of, depth + 1);
      return node.min === 0 ? { ...once, nullable: true } : once;
    }
    case 'cat':
      return firstOfAll(node.items, depth + 1);
    case 'alt': {
      const all = node.items.map((item) => firstOf(item, depth + 1));
      return { set: joined(all.map(({ set }) => set)), nullable: all.some(({ nullable }) => nullable) };
    }
    default:
      return { set: [], nullable: true };
  }
}

function joined(sets: readonly CharSet[]): CharSet {
  return charSet(sets.flatMap(pairsOf));
}

function isWithin(set: CharSet, within: CharSet): boolean {
  return pairsOf(set).every(([low, high]) => pairsOf(within).some(([from, to]) => from <= low && high <= to));
}

/** Whether no character is in both sets. */
export function areApart(a: CharSet, b: CharSet): boolean {
  return pairsOf(a).every(([low, high]) => pairsOf(b).every(([from, to]) => high < from || low > to));
}
