import type { Node } from '../expression/node.ts';
import { contradict, negated, partsJoinedBy } from './terms.ts';

/**
 * What a condition always is; undefined when it depends on what it is evaluated on, or when that can't be seen here. It is
 * never wrong, but it does not see everything. As deep as the expression, whose length is limited.
 */
export function truthOf(node: Node): boolean | undefined {
  switch (node.op) {
    case 'const':
      return typeof node.value === 'boolean' ? node.value : undefined;
    case 'not':
      return opposite(truthOf(node.of));
    case 'and':
      return truthOfAll(partsJoinedBy('and', node));
    case 'or':
      return opposite(truthOfAll(partsJoinedBy('or', node).map(negated)));
    case 'compare':
      return truthOfCompare(node) ?? (contradict([node]) ? false : undefined) ?? tautology(node);
    case 'choose': {
      const test = truthOf(node.test);
      if (test !== undefined) return truthOf(test ? node.then : node.otherwise);
      const [then, otherwise] = [truthOf(node.then), truthOf(node.otherwise)];
      return then === otherwise ? then : undefined;
    }
    case 'loop':
      return truthOfLoop(node);
    default:
      return undefined;
  }
}

function opposite(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

/** Of conditions that must all hold. */
function truthOfAll(parts: readonly Node[]): boolean | undefined {
  const truths = parts.map(truthOf);
  if (truths.includes(false) || contradict(parts) || denied(parts)) return false;
  return truths.every((truth) => truth === true) ? true : undefined;
}

/** Whether one condition and its opposite are both there. */
function denied(parts: readonly Node[]): boolean {
  const texts = new Set(parts.map((part) => JSON.stringify(part)));
  return parts.some((part) => part.op === 'not' && texts.has(JSON.stringify(part.of)));
}

function tautology(node: Node): true | undefined {
  return contradict([negated(node)]) ? true : undefined;
}

function truthOfCompare({ by, left, right }: Extract<Node, { op: 'compare' }>): boolean | undefined {
  if (by === 'in') return right.op === 'list' && right.items.length === 0 ? false : undefined;
  if (left.op === 'const' && right.op === 'const') return compared(by, left.value, right.value);
  if (JSON.stringify(left) !== JSON.stringify(right)) return undefined;
  return by === '==' || by === '<=' || by === '>=';
}

function compared(by: string, a: string | number | boolean | null, b: typeof a): boolean | undefined {
  if (by === '==') return a === b;
  if (by === '!=') return a !== b;
  if (typeof a !== typeof b || a === null || b === null) return undefined;
  if (by === '<') return a < b;
  if (by === '<=') return a <= b;
  return by === '>' ? a > b : a >= b;
}

function truthOfLoop({ by, body, over }: Extract<Node, { op: 'loop' }>): boolean | undefined {
  const truth = truthOf(body);
  const empty = over.op === 'list' && over.items.length === 0;
  if (by === 'exists' || by === 'exists_one') return truth === false || empty ? false : undefined;
  return by === 'all' && (truth === true || empty) ? true : undefined;
}
