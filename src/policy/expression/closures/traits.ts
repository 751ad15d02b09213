import type { Scope } from '../contract.ts';
import { handlers } from '../functions.ts';
import type { Node } from '../node.ts';
import { allParts, partsOf } from '../parts.ts';
import type { Build } from './contract.ts';

/**
 * Whether a part depends on nothing but constants. A loop's variable has a name that no variable has, so that what is
 * inside of a loop and reads it is no constant; the loop as a whole can be.
 */
export function isConstant(node: Node, constants: Scope, bound: readonly string[] = []): boolean {
  if (node.op === 'var') return bound.includes(node.name) || Object.hasOwn(constants, node.name);
  if (node.op !== 'loop') return partsOf(node).every((part) => isConstant(part, constants, bound));
  const inner = [...bound, node.name];
  return (
    isConstant(node.over, constants, bound) &&
    isConstant(node.body, constants, inner) &&
    (node.where === undefined || isConstant(node.where, constants, inner))
  );
}

/** Whether a part of constants counts no steps, calls nothing, and has no fields that are worked out when they are asked for. */
export function isCheap(node: Node, constants: Scope): boolean {
  for (const part of allParts(node)) {
    if (part.op === 'loop' || part.op === 'call' || countsSum(part)) return false;
    if (part.op === 'var' && !isPlain(constants[part.name])) return false;
  }
  return true;
}

/** Whether a value has no getters of its class. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Map) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return true;
  return Object.getOwnPropertyNames(prototype).every((name) => name === 'constructor');
}

/** Whether a part counts steps. */
export function isCounted(node: Node): boolean {
  for (const part of allParts(node)) {
    if (part.op === 'loop' || (part.op === 'call' && handlers.get(part.fn)?.costs === true)) return true;
    if (countsSum(part)) return true;
  }
  return false;
}

/** Texts and lists that are put together. */
function countsSum(node: Node): boolean {
  return node.op === 'arithmetic' && node.by === '+' && !node.int;
}

/** Whether evaluating a part can fail, but for its cost, in a scope whose values are as their types say. */
export function mayFail(node: Node, build: Build): boolean {
  for (const part of allParts(node)) {
    if (part.op === 'index') return true;
    if (part.op === 'arithmetic' && (part.int || part.by === '+')) return true;
    if (part.op === 'call' && callMayFail(part, build)) return true;
  }
  return false;
}

function callMayFail({ fn, args }: Extract<Node, { op: 'call' }>, build: Build): boolean {
  const handler = handlers.get(fn);
  if (handler?.fails === undefined || handler.fails === true) return handler?.fails !== undefined;
  const value = args[1] && build.known(args[1])?.value;
  return typeof value !== 'string' || handler.fault?.(value) !== undefined;
}
