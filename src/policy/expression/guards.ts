import { severities } from '../../model/severity.ts';
import type { Build } from './closures/contract.ts';
import { EvaluationFailure } from './contract.ts';
import { handlers } from './functions.ts';
import type { Node } from './node.ts';

/** What a part of an expression asks of one field. */
export type Guard = ValueGuard | BoundGuard | TextGuard;

/** That a value is among some, or among none of them. */
export interface ValueGuard {
  readonly field: Node;
  /** What tells the field from others. */
  readonly key: string;
  readonly values: ReadonlySet<unknown>;
  /** Whether all other values are asked for instead. */
  readonly others: boolean;
}

/** That a number is above or below another one. */
export interface BoundGuard {
  readonly field: Node;
  readonly key: string;
  readonly by: '<' | '<=' | '>' | '>=';
  readonly bound: number;
}

/** That a text, or one of the texts of a list, passes a test. */
export interface TextGuard {
  readonly field: Node;
  readonly key: string;
  /** Never fails. */
  test(text: string): boolean;
}

/** Functions that tell of any text whether it passes, and fail over none. */
const tests: ReadonlySet<string> = new Set(['glob', 'startsWith', 'endsWith', 'contains']);

/** Alternatives that are looked at one by one; an expression with more is taken as a whole. */
const mostAlternatives = 8;

/** What must hold for each alternative of an expression; no guard is left out of all where one alternative has none. */
export function alternativesOf(node: Node, build: Build): readonly (readonly Guard[])[] {
  const parts = chainOf(node, 'or');
  return parts.length > mostAlternatives ? [[]] : parts.map((part) => guardsOf(part, build));
}

/** What must hold for an expression to be anything but false, as far as single fields tell; one of each field. */
function guardsOf(node: Node, build: Build): readonly Guard[] {
  const guards = new Map<string, Guard>();
  for (const part of chainOf(node, 'and')) {
    const guard = guardOf(part, build);
    if (guard !== undefined && !guards.has(guard.key)) guards.set(guard.key, guard);
  }
  return [...guards.values()];
}

/** The parts of a chain. One of `&&` that is false makes all of it false, whatever the others are. */
function chainOf(node: Node, by: 'and' | 'or'): readonly Node[] {
  const parts: Node[] = [];
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if ((at.op === 'and' || at.op === 'or') && at.op === by) open.push(at.right, at.left);
    else parts.push(at);
  }
  return parts;
}

function guardOf(node: Node, build: Build): Guard | undefined {
  switch (node.op) {
    case 'field':
      return made(node, [true], false, build);
    case 'not': {
      const inner = guardOf(node.of, build);
      return inner && 'values' in inner ? { ...inner, others: !inner.others } : undefined;
    }
    case 'compare':
      return comparisonGuard(node, build);
    case 'call':
      return node.fn === 'atLeast'
        ? severityGuard(node.args, build)
        : textGuard(node.args[0], testOf(node, build), '', build);
    case 'loop':
      return node.by === 'exists' ? textGuard(node.over, itemTest(node, build), ' any', build) : undefined;
    case 'or':
      return eitherGuard(guardOf(node.left, build), guardOf(node.right, build));
    default:
      return undefined;
  }
}

function comparisonGuard({ by, left, right }: Extract<Node, { op: 'compare' }>, build: Build): Guard | undefined {
  const known = build.known(right);
  if (known === undefined) return by === 'in' ? textGuard(right, equalTo(left, build), ' any', build) : undefined;
  const { value } = known;
  if (by === 'in') return Array.isArray(value) ? made(left, value, false, build) : undefined;
  if (by === '==' || by === '!=') return made(left, [value], by === '!=', build);
  return typeof value === 'number' ? bounding(left, by, value, build) : undefined;
}

function severityGuard([field, threshold]: readonly Node[], build: Build): Guard | undefined {
  const known = threshold && build.known(threshold);
  const least = (severities as readonly unknown[]).indexOf(known?.value);
  if (field === undefined || least < 0) return undefined;
  return made(field, severities.slice(0, least + 1), false, build);
}

type Test = TextGuard['test'];

/** What an item of a loop's list must pass: to be a text, or to pass a function's test. */
function itemTest({ name, body }: Extract<Node, { op: 'loop' }>, build: Build): Test | undefined {
  if (body.op === 'call' && isVariable(body.args[0], name)) return testOf(body, build);
  return body.op === 'compare' && body.by === '==' && isVariable(body.left, name)
    ? equalTo(body.right, build)
    : undefined;
}

function isVariable(node: Node | undefined, name: string): boolean {
  return node?.op === 'var' && node.name === name;
}

function equalTo(node: Node, build: Build): Test | undefined {
  const value = build.known(node)?.value;
  return typeof value === 'string' ? (text) => text === value : undefined;
}

/** What a call tests its first argument by; the second one is known. */
function testOf({ fn, args }: Extract<Node, { op: 'call' }>, build: Build): Test | undefined {
  const second = args[1] && build.known(args[1])?.value;
  const handler = tests.has(fn) ? handlers.get(fn) : undefined;
  if (handler === undefined || typeof second !== 'string') return undefined;
  if (handler.prepare === undefined) return (text) => handler.run(text as never, second as never) === true;
  try {
    const prepared = handler.prepare(second as never);
    return (text) => prepared(text as never) === true;
  } catch (error) {
    if (error instanceof EvaluationFailure) return undefined;
    throw error;
  }
}

function textGuard(field: Node | undefined, test: Test | undefined, of: '' | ' any', build: Build): Guard | undefined {
  const key = field?.op === 'field' ? pathOf(field, build) : undefined;
  return field === undefined || key === undefined || test === undefined
    ? undefined
    : { field, key: `${key} text${of}`, test };
}

/** `||` of values of one field. */
function eitherGuard(one: Guard | undefined, other: Guard | undefined): Guard | undefined {
  if (one === undefined || other === undefined || one.key !== other.key) return undefined;
  if ('test' in one && 'test' in other) return { ...one, test: (text) => one.test(text) || other.test(text) };
  if (!('values' in one && 'values' in other) || one.others || other.others) return undefined;
  return { ...one, values: new Set([...one.values, ...other.values]) };
}

/** No NaN, which a set would take for equal to itself. */
function made(field: Node, values: readonly unknown[], others: boolean, build: Build): ValueGuard | undefined {
  const simple = values.every((value) => typeof value !== 'object' && !Number.isNaN(value));
  const key = field.op === 'field' ? pathOf(field, build) : undefined;
  return simple && key !== undefined ? { field, key, values: new Set(values), others } : undefined;
}

function bounding(field: Node, by: BoundGuard['by'], bound: number, build: Build): BoundGuard | undefined {
  const key = field.op === 'field' ? pathOf(field, build) : undefined;
  return key === undefined || Number.isNaN(bound) ? undefined : { field, key: `${key} ${by.charAt(0)}`, by, bound };
}

/** `finding.cvss.AV`; undefined where it does not begin with the subject's variable. */
function pathOf(node: Node, build: Build): string | undefined {
  if (node.op === 'var') return Object.hasOwn(build.constants, node.name) ? undefined : node.name;
  if (node.op !== 'field') return undefined;
  const owner = pathOf(node.of, build);
  return owner === undefined ? undefined : `${owner}.${node.name}`;
}
