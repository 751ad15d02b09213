import type { CharSet, PatternNode } from './node.ts';

/**
 * How far an unbounded repeat can run: a match ends at the latest where the text that is at hand ends.
 * See {@link ../text/reach.ts}.
 */
const longestRun = 16_384;

/** What comes behind a part of a pattern. */
interface Behind {
  /** Most steps of a backtracking matcher from there. */
  readonly steps: number;
  /** Which characters can come next, ASCII one by one and all others as one; undefined: any, or none. */
  readonly first: Firsts | undefined;
}

type Firsts = Uint8Array;

const otherCharacters = 128;

/**
 * The most steps that a backtracking matcher takes from one place of a text before it has matched or failed, by a cautious
 * count: a repeat whose characters cannot begin what follows has one way to end, any other has as many as repeats.
 * `Infinity` where parts are ambiguous without bound.
 */
export function mostSteps(node: PatternNode): number {
  return countOf(node, { steps: 1, first: undefined }, true).steps;
}

function countOf(node: PatternNode, behind: Behind, last = false): Behind {
  switch (node.kind) {
    case 'empty':
      return behind;
    case 'assert':
      return { steps: behind.steps + 1, first: behind.first };
    case 'one':
      return { steps: behind.steps + 1, first: firstsOf(node.of) };
    case 'group':
      return countOf(node.of, behind, last);
    case 'cat':
      return node.items.reduceRight(
        (after, item, index) => countOf(item, after, last && index === node.items.length - 1),
        behind,
      );
    case 'alt':
      return countAlternatives(node.items, behind);
    case 'repeat':
      return countRepeat(node, behind, last);
  }
}

function countAlternatives(items: readonly PatternNode[], behind: Behind): Behind {
  // Branches of which at most one can match at a place share what is behind them.
  const together = mostTogether(items);
  const own = items.map((item) => countOf(item, { steps: 0, first: behind.first }));
  const steps = own.reduce((sum, one) => sum + one.steps, 0) + together * behind.steps;
  return { steps, first: joined(own.map((one) => one.first)) };
}

/** How many of the branches can match the same text at most. */
function mostTogether(items: readonly PatternNode[]): number {
  const shapes = items.map(fixedPrefix);
  let most = 1;
  for (const [i, one] of shapes.entries()) {
    const count = shapes.filter((other, j) => i === j || !exclude(one, other)).length;
    most = Math.max(most, count);
  }
  return most;
}

/** The sets of the first characters that every match has, as far as they are one after another. */
function fixedPrefix(node: PatternNode): readonly CharSet[] {
  switch (node.kind) {
    case 'one':
      return [node.of];
    case 'group':
      return fixedPrefix(node.of);
    case 'cat': {
      const sets: CharSet[] = [];
      for (const item of node.items) {
        if (item.kind === 'assert') continue;
        sets.push(...fixedPrefix(item));
        if (!isFixed(item)) break;
      }
      return sets;
    }
    case 'repeat':
      return node.of.kind === 'one'
        ? Array.from({ length: Math.min(node.min, 64) }, () => (node.of as { of: CharSet }).of)
        : [];
    default:
      return [];
  }
}

function isFixed(node: PatternNode): boolean {
  if (node.kind === 'one') return true;
  if (node.kind === 'repeat') return node.of.kind === 'one' && node.min === node.max && node.min <= 64;
  return node.kind === 'group' ? isFixed(node.of) : node.kind === 'cat' && node.items.every(isFixed);
}

function exclude(a: readonly CharSet[], b: readonly CharSet[]): boolean {
  for (let at = 0; at < Math.min(a.length, b.length); at++) if (apart(firstsOf(a[at]!), firstsOf(b[at]!))) return true;
  return false;
}

function countRepeat(node: Extract<PatternNode, { kind: 'repeat' }>, behind: Behind, last: boolean): Behind {
  const max = Math.min(node.max, longestRun);
  const once = countOf(node.of, { steps: 0, first: undefined });
  const first = node.min > 0 ? once.first : joined([once.first, behind.first]);
  if (max === 0) return behind;
  const inner = once.steps;
  // At the end of the pattern nothing can fail and come back, and what has matched is not looked at again.
  if (last) return { steps: Math.max(1, node.min) * inner + behind.steps, first };
  const clear = once.first !== undefined && behind.first !== undefined && apart(once.first, behind.first);
  if (node.of.kind === 'one') {
    const ways = clear || node.min === max ? 1 : max - node.min + 1;
    return { steps: 2 * max + ways * behind.steps, first };
  }
  if (isCertain(node.of)) return { steps: max * inner * 2 + (clear ? 1 : max - node.min + 1) * behind.steps, first };
  if (max > 3) return { steps: Number.POSITIVE_INFINITY, first };
  let after: Behind = behind;
  for (let times = 0; times < max; times++) {
    const turn = countOf(node.of, after);
    after = { steps: turn.steps + behind.steps, first: joined([turn.first, behind.first]) };
  }
  return { steps: after.steps, first };
}

/** Whether there is one way at most to match a text with it: what repeats it then has no more ways than repeats. */
function isCertain(node: PatternNode): boolean {
  switch (node.kind) {
    case 'one':
      return true;
    case 'group':
      return isCertain(node.of);
    case 'cat':
      return (
        node.items.every((item, index) => isCertainBefore(item, node.items.slice(index + 1))) &&
        !node.items.every(isEmpty)
      );
    case 'alt':
      return node.items.every((item) => isCertain(item) && !isEmpty(item)) && mostTogether(node.items) === 1;
    default:
      return false;
  }
}

function isCertainBefore(item: PatternNode, rest: readonly PatternNode[]): boolean {
  if (item.kind === 'assert' || item.kind === 'one') return true;
  if (item.kind !== 'repeat') return isCertain(item);
  if (item.min === item.max) return isCertain(item.of);
  if (!isCertain(item.of)) return false;
  const own = countOf(item.of, { steps: 0, first: undefined }).first;
  const next = countOf({ kind: 'cat', items: rest }, { steps: 0, first: undefined }).first;
  return own !== undefined && next !== undefined && apart(own, next);
}

function isEmpty(node: PatternNode): boolean {
  if (node.kind === 'one') return false;
  if (node.kind === 'repeat') return node.min === 0 || isEmpty(node.of);
  if (node.kind === 'group') return isEmpty(node.of);
  if (node.kind === 'cat') return node.items.every(isEmpty);
  return node.kind === 'alt' ? node.items.some(isEmpty) : true;
}

function firstsOf(set: CharSet): Firsts {
  const firsts = new Uint8Array(otherCharacters + 1);
  for (let at = 0; at < set.length; at += 2) {
    firsts.fill(1, Math.min(set[at]!, otherCharacters), Math.min(set[at + 1]!, otherCharacters) + 1);
  }
  return firsts;
}

function joined(all: readonly (Firsts | undefined)[]): Firsts | undefined {
  const out = new Uint8Array(otherCharacters + 1);
  for (const one of all) {
    if (one === undefined) return undefined;
    for (let at = 0; at < out.length; at++) out[at]! |= one[at]!;
  }
  return out;
}

function apart(a: Firsts, b: Firsts): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] === 1 && b[at] === 1) return false;
  return true;
}
