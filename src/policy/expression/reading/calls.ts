import { ExpressionError } from '../contract.ts';
import { handlers } from '../functions.ts';
import type { Node } from '../node.ts';
import type { CelNode } from './cel.ts';
import { calledAs, type Reading } from './context.ts';

type Convert = (node: CelNode, reading: Reading) => Node;

/** What functions read of what they are called on. */
const readBy: Readonly<Record<string, readonly string[]>> = {
  inRange: ['ecosystem', 'version'],
  olderThan: ['ecosystem', 'version'],
  newerThan: ['ecosystem', 'version'],
  licensedUnder: ['license'],
  metBy: ['expression'],
  requires: ['expression'],
  hasPackage: ['packages'],
};

/** A call of a function; what it is called on is its first argument. Texts that are patterns are looked at here. */
export function callNode(node: CelNode, reading: Reading, convert: Convert): Node {
  const { fn, args } = calledIn(node);
  const handler = handlers.get(fn);
  if (handler === undefined) throw new ExpressionError(`${fn} is left out of rules`, node.start, node.end);
  const pattern = args[node.op === 'rcall' ? 1 : 0];
  if (handler.fault !== undefined && pattern?.op === 'value' && typeof pattern.args === 'string') {
    const fault = handler.fault(pattern.args);
    if (fault !== undefined) {
      const { start, end } = placeOf(pattern, fault.part, reading.text);
      throw new ExpressionError(fault.message, start, end, fault.hint);
    }
  }
  const [subject] = args;
  if (subject !== undefined)
    for (const field of readBy[fn] ?? []) reading.reads.add(`${calledAs(subject, reading)}.${field}`);
  const converted = args.map((arg) => convert(arg, reading));
  if (fn !== 'days') return { op: 'call', fn, args: converted };
  reading.reads.add('today');
  return { op: 'call', fn, args: [...converted, { op: 'var', name: 'today' }] };
}

function calledIn(node: CelNode): { readonly fn: string; readonly args: readonly CelNode[] } {
  if (node.op === 'call') {
    const [fn, args] = node.args as [string, readonly CelNode[]];
    return { fn, args };
  }
  const [fn, receiver, args] = node.args as [string, CelNode, readonly CelNode[]];
  return { fn, args: [receiver, ...args] };
}

/** The part of a literal that is wrong, where it is written as it is read; else the literal. */
function placeOf({ start, end }: CelNode, part: string | undefined, text: string): { start: number; end: number } {
  const at = part === undefined || part === '' ? -1 : text.slice(start, end).indexOf(part);
  return at < 0 || part === undefined ? { start, end } : { start: start + at, end: start + at + part.length };
}
