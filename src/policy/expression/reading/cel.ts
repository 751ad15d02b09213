import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { types } from '../../subject/fields/all.ts';
import { functions } from '../functions.ts';

/** Most parts that an expression may have. */
export const mostParts = 1000;
/** How deep it may be nested. */
export const deepest = 40;

/** A part as cel-js parses it: `checkedType` is there after the check, `meta` tells macros. */
export interface CelNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
  readonly checkedType?: { readonly name: string };
  readonly meta?: { readonly alternate?: unknown; readonly macro?: unknown };
}

/** What cel-js says of a fault. */
export interface CelFault {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: CelNode;
}

/** A parsed expression: checked, or with the fault that it has. */
export type Checked = { readonly ast: CelNode; readonly type: string } | { readonly fault: CelFault };

/** Sets of variables that are kept ready. */
const mostEnvironments = 50;

let base: Environment | undefined;
const environments = new Map<string, Environment>();

/** Parses and type-checks by CEL's rules, with the types of subject/fields and the functions of functions.ts. */
export function parseCel(text: string, variables: Readonly<Record<string, string>>): Checked {
  try {
    const parsed = environmentFor(variables).parse(text);
    const { valid, type, error } = parsed.check();
    return valid ? { ast: asNode(parsed.ast), type: type ?? 'dyn' } : { fault: (error ?? {}) as CelFault };
  } catch (error) {
    if (error instanceof RangeError) return { fault: { code: 'limit_exceeded' } };
    return { fault: error as CelFault };
  }
}

/** Rules on the same kind of subject have the same variables. */
function environmentFor(variables: Readonly<Record<string, string>>): Environment {
  const key = JSON.stringify(variables);
  const known = environments.get(key);
  if (known !== undefined) return known;
  base ??= baseEnvironment();
  const made = base.clone();
  for (const [name, type] of Object.entries(variables)) made.registerVariable(name, type);
  if (environments.size >= mostEnvironments) environments.clear();
  environments.set(key, made);
  return made;
}

function asNode(ast: ASTNode): CelNode {
  return ast as unknown as CelNode;
}

function baseEnvironment(): Environment {
  const environment = new Environment({
    limits: { maxAstNodes: mostParts, maxDepth: deepest, maxListElements: mostParts, maxCallArguments: 8 },
  });
  const known = new Set<string>();
  for (const name of Object.keys(types)) registerType(environment, name, known);
  const neverCalled = (): never => {
    throw new Error('expressions are not evaluated by the checker');
  };
  for (const { signature, native } of functions)
    if (native === undefined) environment.registerFunction(signature, neverCalled);
  return environment;
}

/** A type may only name types that are registered already, so that those of its fields go first. */
function registerType(environment: Environment, name: string, known: Set<string>): void {
  const fields = types[name];
  if (fields === undefined || known.has(name)) return;
  known.add(name);
  const typed: Record<string, string> = {};
  for (const [field, { type }] of Object.entries(fields)) {
    for (const part of type.match(/\w+/g) ?? []) registerType(environment, part, known);
    typed[field] = type;
  }
  environment.registerType(name, { fields: typed });
}
