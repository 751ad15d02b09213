import { ExpressionError } from '../contract.ts';
import type { Node } from '../node.ts';
import type { CelNode } from './cel.ts';
import { itemOf, type Reading, typeOf } from './context.ts';

type Convert = (node: CelNode, reading: Reading) => Node;
type Loop = Extract<Node, { op: 'loop' }>;

const kinds: ReadonlySet<string> = new Set(['exists', 'all', 'exists_one', 'filter', 'map']);

/** `image.packages.exists(p, p.flaws > 0)` and its like. */
export function loopNode(node: CelNode, reading: Reading, convert: Convert): Node {
  const [by, receiver, args] = node.args as [string, CelNode, readonly CelNode[]];
  const [variable, first, second] = args;
  if (!kinds.has(by) || variable === undefined || first === undefined)
    throw new ExpressionError(`${by} is left out of rules`, node.start, node.end);
  const name = variable.args as string;
  if (Object.hasOwn(reading.variables, name) || reading.locals.has(name))
    throw new ExpressionError(`${name} is taken`, variable.start, variable.end, 'give the variable another name');
  const over = convert(receiver, reading);
  const inner = { ...reading, locals: new Map(reading.locals).set(name, itemOf(typeOf(receiver, reading))) };
  const loop = { op: 'loop', by: by as Loop['by'], over, name } as const;
  if (second === undefined) return { ...loop, body: convert(first, inner) };
  return { ...loop, where: convert(first, inner), body: convert(second, inner) };
}
