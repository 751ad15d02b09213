import { ExpressionError } from '../contract.ts';
import type { Node } from '../node.ts';
import type { CelNode } from './cel.ts';

/** A literal. Whole numbers are exact up to 2^53. */
export function constantNode(node: CelNode): Node {
  const value = node.args;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return { op: 'const', value: number };
    throw new ExpressionError(`whole numbers go up to ${Number.MAX_SAFE_INTEGER}`, node.start, node.end);
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { op: 'const', value };
  throw new ExpressionError(
    value instanceof Uint8Array ? 'bytes are left out of rules' : 'unsigned numbers are left out of rules',
    node.start,
    node.end,
    value instanceof Uint8Array ? 'write a text without the b' : 'write the number without the u',
  );
}

/** `-1` is a constant. */
export function negatedNode(of: Node): Node {
  if (of.op === 'const' && typeof of.value === 'number') return { op: 'const', value: 0 - of.value };
  return { op: 'negate', of };
}
