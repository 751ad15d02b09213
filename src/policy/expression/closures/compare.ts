import { setOf } from '../functions/list.ts';
import type { Node } from '../node.ts';
import type { Build, Closure } from './contract.ts';
import { valueAt } from './value.ts';

type Comparison = Extract<Node, { op: 'compare' }>;

/** Lists that are shorter than this are looked through; of longer ones a set is made. */
const fewItems = 8;

/** Comparisons and `in`, with shorter ways where one side is known. */
export function comparisonOf(node: Comparison, build: Build): Closure {
  if (node.by === 'in') return membershipOf(node, build);
  const right = build.known(node.right);
  if (right !== undefined && (node.by === '==' || node.by === '!=') && typeof right.value !== 'object')
    return equalTo(node.left, right.value, node.by === '==', build);
  const [a, b] = [build.of(node.left), build.of(node.right)];
  switch (node.by) {
    case '==':
      return (scope) => isEqual(a(scope), b(scope));
    case '!=':
      return (scope) => !isEqual(a(scope), b(scope));
    case '<':
      return (scope) => (a(scope) as number) < (b(scope) as number);
    case '<=':
      return (scope) => (a(scope) as number) <= (b(scope) as number);
    case '>':
      return (scope) => (a(scope) as number) > (b(scope) as number);
    case '>=':
      return (scope) => (a(scope) as number) >= (b(scope) as number);
  }
}

/** `finding.severity == 'high'`: what most rules say. */
function equalTo(left: Node, value: unknown, wanted: boolean, build: Build): Closure {
  const closure = build.of(left);
  return wanted ? (scope) => closure(scope) === value : (scope) => closure(scope) !== value;
}

/** Whether a list holds a value, or a map a key. */
function membershipOf({ left, right }: Comparison, build: Build): Closure {
  const item = build.of(left);
  const list = build.known(right)?.value;
  if (Array.isArray(list) && list.every((one) => typeof one === 'string')) {
    const set: ReadonlySet<unknown> = new Set(list);
    return (scope) => set.has(item(scope));
  }
  const holder = build.of(right);
  return (scope) => {
    const wanted = item(scope);
    const found = holder(scope);
    return Array.isArray(found) ? isIn(wanted, found) : valueAt(found, wanted as string) !== undefined;
  };
}

/** Sets and `includes` take NaN for equal to itself, which CEL does not. */
function isIn(wanted: unknown, list: readonly unknown[]): boolean {
  if (typeof wanted === 'object') return list.some((item) => isEqual(wanted, item));
  if (list.length >= fewItems && typeof wanted === 'string') return setOf(list).has(wanted);
  return list.indexOf(wanted) >= 0;
}

/** CEL's equality of values of the same type. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== 'object' || a === null) return a === b;
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
}
