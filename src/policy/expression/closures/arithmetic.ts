import { EvaluationFailure } from '../contract.ts';
import { bounded } from '../functions/contract.ts';
import type { Node } from '../node.ts';
import type { Build, Closure } from './contract.ts';

type Arithmetic = Extract<Node, { op: 'arithmetic' }>;

/** Sums, products and so on. Whole numbers that get too large for exact arithmetic fail, as does division by 0. */
export function arithmeticOf({ by, int, left, right }: Arithmetic, build: Build): Closure {
  const [first, second] = [build.of(left), build.of(right)];
  if (by === '+' && !int) return sumOf(first, second, build);
  const [a, b] = [first, second] as [(scope: object) => number, (scope: object) => number];
  if (!int) return doubles(by, a, b);
  switch (by) {
    case '+':
      return (scope) => exact(a(scope) + b(scope));
    case '-':
      return (scope) => exact(a(scope) - b(scope));
    case '*':
      return (scope) => exact(a(scope) * b(scope));
    case '/':
      return (scope) => exact(Math.trunc(a(scope) / divisor(b(scope))));
    case '%':
      return (scope) => exact(a(scope) % divisor(b(scope)));
  }
}

function doubles(by: string, a: (scope: object) => number, b: (scope: object) => number): Closure {
  switch (by) {
    case '-':
      return (scope) => a(scope) - b(scope);
    case '*':
      return (scope) => a(scope) * b(scope);
    default:
      return (scope) => a(scope) / b(scope);
  }
}

/** `+` of doubles, texts and lists. */
function sumOf(a: Closure, b: Closure, { budget }: Build): Closure {
  return (scope) => {
    const [first, second] = [a(scope), b(scope)];
    if (typeof first === 'number') return first + (second as number);
    if (Array.isArray(first)) {
      const joined = [...first, ...(second as readonly unknown[])];
      budget.spend(joined.length);
      return joined;
    }
    const text = bounded((first as string) + (second as string));
    budget.spend(1 + (text.length >> 4));
    return text;
  };
}

/** `-`. */
export function negationOf(of: Node, build: Build): Closure {
  const value = build.of(of);
  return (scope) => 0 - (value(scope) as number);
}

/** Adding 0 makes -0 the 0 that whole numbers have. */
function exact(number: number): number {
  if (!Number.isSafeInteger(number)) throw new EvaluationFailure('a whole number gets too large');
  return number + 0;
}

function divisor(number: number): number {
  if (number === 0) throw new EvaluationFailure('division by 0');
  return number;
}
