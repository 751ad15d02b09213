import { types } from '../../subject/fields/all.ts';
import { ExpressionError } from '../contract.ts';
import type { Node } from '../node.ts';
import { callNode } from './calls.ts';
import type { CelNode } from './cel.ts';
import { constantNode, negatedNode } from './constants.ts';
import { calledAs, itemOf, mapValueOf, type Reading, typeOf } from './context.ts';
import { fieldNode, hasNode } from './fields.ts';
import { knownList } from './lists.ts';
import { loopNode } from './loops.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const sums: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);

type Comparison = Extract<Node, { op: 'compare' }>['by'];
type Sum = Extract<Node, { op: 'arithmetic' }>['by'];

/** Makes our own parts of those that cel-js has parsed and checked. @throws ExpressionError for what sluice leaves out */
export function convert(node: CelNode, reading: Reading): Node {
  switch (node.op) {
    case 'value':
      return constantNode(node);
    case 'id':
      return variableNode(node, reading);
    case '.':
      return fieldNode(node, reading, convert);
    case '[]':
      return entryNode(node, reading);
    case 'call':
    case 'rcall':
      return callOrLoop(node, reading);
    case 'list':
      return { op: 'list', items: (node.args as readonly CelNode[]).map((item) => convert(item, reading)) };
    case '!_':
      return { op: 'not', of: convert(node.args as CelNode, reading) };
    case '-_':
      return negatedNode(convert(node.args as CelNode, reading));
    case '?:': {
      const [test, then, otherwise] = node.args as [CelNode, CelNode, CelNode];
      return {
        op: 'choose',
        test: convert(test, reading),
        // biome-ignore lint/suspicious/noThenProperty: a part of the expression's plain JSON, which nobody awaits.
        then: convert(then, reading),
        otherwise: convert(otherwise, reading),
      };
    }
    default:
      return binaryNode(node, reading);
  }
}

function variableNode(node: CelNode, reading: Reading): Node {
  const name = node.args as string;
  if (reading.locals.has(name)) return { op: 'var', name };
  if (!Object.hasOwn(reading.variables, name))
    throw new ExpressionError(`${name} can't be used in rules`, node.start, node.end);
  if (reading.variables[name]?.match(/^[A-Z]|^map</) === null) reading.reads.add(name);
  return { op: 'var', name };
}

function entryNode(node: CelNode, reading: Reading): Node {
  const [of, at] = node.args as [CelNode, CelNode];
  const type = typeOf(of, reading);
  if (Object.hasOwn(types, type)) {
    const hint = at.op === 'value' && typeof at.args === 'string' ? `write .${at.args}` : undefined;
    throw new ExpressionError('a field is read with a point', at.start, at.end, hint);
  }
  if (at.op === 'value' && typeof at.args === 'string') knownList(of, at.args, at, reading);
  else if (mapValueOf(type) !== undefined && of.op === 'id') reading.reads.add(calledAs(of, reading));
  return { op: 'index', of: convert(of, reading), at: convert(at, reading) };
}

function callOrLoop(node: CelNode, reading: Reading): Node {
  if (node.meta?.macro !== undefined && node.op === 'call') return hasNode(node, reading, convert);
  if (node.meta?.alternate !== undefined) return loopNode(node, reading, convert);
  return callNode(node, reading, convert);
}

function binaryNode(node: CelNode, reading: Reading): Node {
  const by = node.op;
  if (!Array.isArray(node.args)) throw leftOut(node);
  const [first, second] = node.args as [CelNode, CelNode];
  if (by === '&&' || by === '||')
    return { op: by === '&&' ? 'and' : 'or', left: convert(first, reading), right: convert(second, reading) };
  if (comparisons.has(by)) {
    const [left, right] = [convert(first, reading), convert(second, reading)];
    seeThatComparable(node, by === 'in' ? itemTypeOf(second, reading) : typeOf(first, reading));
    return { op: 'compare', by: by as Comparison, left, right };
  }
  if (!sums.has(by)) throw leftOut(node);
  const int = typeOf(node, reading) === 'int';
  return { op: 'arithmetic', by: by as Sum, int, left: convert(first, reading), right: convert(second, reading) };
}

function itemTypeOf(list: CelNode, reading: Reading): string {
  return itemOf(typeOf(list, reading));
}

/** Values with fields are no texts: whether two of them are the same is not told. */
function seeThatComparable(node: CelNode, type: string): void {
  if (!/^map<|[A-Z]\w/.test(type)) return;
  throw new ExpressionError(`${type} can't be compared`, node.start, node.end, 'compare one of its fields');
}

function leftOut(node: CelNode): ExpressionError {
  const what = node.op === 'map' ? 'a map can not be written in a rule' : 'this part of CEL is left out of rules';
  return new ExpressionError(what, node.start, node.end);
}
