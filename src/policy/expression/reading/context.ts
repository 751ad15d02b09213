import { subjectVariables } from '../../subject/contract.ts';
import { types } from '../../subject/fields/all.ts';
import type { CelNode } from './cel.ts';

/** What an expression is read with. */
export interface Reading {
  readonly text: string;
  /** Types by variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of the policy's lists; absent: they are not known. */
  readonly lists: readonly string[] | undefined;
  /** Types of the variables of the loops around. */
  readonly locals: ReadonlyMap<string, string>;
  /** What it reads; filled while it is read. */
  readonly reads: Set<string>;
}

/** The type of a part: as checked, or of what `has` asks for, which the checker leaves out. Empty when not known. */
export function typeOf(node: CelNode, reading: Reading): string {
  if (node.checkedType !== undefined) return node.checkedType.name;
  if (node.op === 'id') {
    const name = node.args as string;
    return reading.locals.get(name) ?? ownOf(reading.variables, name) ?? '';
  }
  if (node.op !== '.') return '';
  const [owner, name] = node.args as [CelNode, string];
  const type = typeOf(owner, reading);
  return mapValueOf(type) ?? fieldType(type, name) ?? '';
}

/** The type of a field; undefined when the type has no such field. */
export function fieldType(type: string, name: string): string | undefined {
  const fields = Object.hasOwn(types, type) ? types[type] : undefined;
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name]?.type : undefined;
}

/** `T` of `map<string, T>`; undefined of what is no map. */
export function mapValueOf(type: string): string | undefined {
  return type.startsWith('map<') ? type.slice(type.indexOf(',') + 1, -1).trim() : undefined;
}

/** What the variable of a loop is: an item of a list, a key of a map. */
export function itemOf(type: string): string {
  if (type.startsWith('list<')) return type.slice('list<'.length, -1);
  return type.startsWith('map<') ? type.slice('map<'.length, type.indexOf(',')) : 'dyn';
}

/**
 * What a typed value is called in {@link Expression.reads}: `finding`, `image.base`; of one that comes from a list, the
 * variable that rules on its kind have: `pkg`.
 */
export function calledAs(node: CelNode, reading: Reading): string {
  if (node.op === 'id' && !reading.locals.has(node.args as string)) return node.args as string;
  if (node.op === '.') {
    const [owner, name] = node.args as [CelNode, string];
    return `${calledAs(owner, reading)}.${name}`;
  }
  const type = typeOf(node, reading);
  const variable = Object.values(subjectVariables).find((one) => one.type === type);
  return variable?.name ?? type.charAt(0).toLowerCase() + type.slice(1);
}

function ownOf(of: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}
