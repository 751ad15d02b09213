import type { Node } from '../expression/node.ts';
import { subjectVariables } from '../subject/contract.ts';
import { commonVariables, types } from '../subject/fields/all.ts';

/** Types of all variables that rules have. */
const variables: ReadonlyMap<string, string> = new Map([
  ...Object.entries(commonVariables),
  ...Object.values(subjectVariables).map(({ name, type }) => [name, type] as const),
]);

/** A field that an expression reads: how it is written, and what it is. */
export interface FieldPath {
  /** `finding.cvss.AV`. */
  readonly text: string;
  /** The type that has the field, and its name: `Cvss.AV`. */
  readonly field: string;
  readonly type: string;
}

/** The field that a node reads from a variable; undefined when it is anything else. */
export function pathOf(node: Node): FieldPath | undefined {
  const names: string[] = [];
  let at = node;
  while (at.op === 'field') {
    names.push(at.name);
    at = at.of;
  }
  if (at.op !== 'var' || names.length === 0) return undefined;
  let owner = variables.get(at.name);
  let field = '';
  let type = owner;
  for (const name of names.toReversed()) {
    if (type === undefined || !Object.hasOwn(types, type)) return undefined;
    owner = type;
    field = `${owner}.${name}`;
    type = types[owner]?.[name]?.type;
  }
  return type === undefined ? undefined : { text: [at.name, ...names.toReversed()].join('.'), field, type };
}
