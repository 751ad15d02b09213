import { nearest } from '../../../util/nearest.ts';
import { types } from '../../subject/fields/all.ts';
import { ExpressionError } from '../contract.ts';
import type { Node } from '../node.ts';
import type { CelNode } from './cel.ts';
import { calledAs, fieldType, mapValueOf, type Reading, typeOf } from './context.ts';
import { knownList } from './lists.ts';

/** Types with more fields than this are not listed. */
const mostNamed = 12;

type Convert = (node: CelNode, reading: Reading) => Node;

/** `finding.severity`, or the entry of a map as in `image.labels.stage`. */
export function fieldNode(node: CelNode, reading: Reading, convert: Convert): Node {
  const [of, name] = node.args as [CelNode, string];
  const type = typeOf(of, reading);
  if (mapValueOf(type) !== undefined) {
    knownList(of, name, nameOf(node, name), reading);
    return { op: 'index', of: convert(of, reading), at: { op: 'const', value: name } };
  }
  if (fieldType(type, name) === undefined) throw noField(type, nameOf(node, name), name);
  reading.reads.add(`${calledAs(of, reading)}.${name}`);
  return { op: 'field', of: convert(of, reading), name };
}

/** `has(image.labels.stage)`, `has(image.user)`. What is always there can't be asked for. */
export function hasNode(node: CelNode, reading: Reading, convert: Convert): Node {
  const [asked] = (node.args as [string, readonly CelNode[]])[1];
  if (asked?.op !== '.') throw new ExpressionError('has() takes a field, as in has(image.user)', node.start, node.end);
  const [of, name] = asked.args as [CelNode, string];
  if (mapValueOf(typeOf(of, reading)) !== undefined) {
    knownList(of, name, nameOf(asked, name), reading);
    return { op: 'has', of: convert(of, reading), name };
  }
  const field = fieldNode(asked, reading, convert);
  const type = typeOf(asked, reading);
  if (type === 'string') return { op: 'compare', by: '!=', left: field, right: { op: 'const', value: '' } };
  if (type.startsWith('list<') || type.startsWith('map<')) {
    const size: Node = { op: 'call', fn: 'size', args: [field] };
    return { op: 'compare', by: '>', left: size, right: { op: 'const', value: 0 } };
  }
  throw new ExpressionError(
    `${name} is always there`,
    asked.start,
    asked.end,
    'has() is for texts, lists and maps that may be empty: compare it instead',
  );
}

/** That a type has no such field, with the nearest one. */
export function noField(type: string, place: { start: number; end: number }, name: string): ExpressionError {
  const names = Object.keys(types[type] ?? {});
  if (names.length === 0) return new ExpressionError(`there is no ${name} here`, place.start, place.end);
  const near = nearest(name, names);
  const all = names.length <= mostNamed ? `its fields are ${names.join(', ')}` : 'docs/policy.md has its fields';
  const hint = near === undefined ? all : `did you mean ${near}?`;
  return new ExpressionError(`${type} has no field ${name}`, place.start, place.end, hint);
}

/** The name alone, at the end of a selection. */
function nameOf(node: CelNode, name: string): CelNode {
  return { ...node, op: 'name', args: name, start: node.end - name.length, end: node.end };
}
