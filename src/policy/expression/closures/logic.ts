import { CostFailure } from '../budget.ts';
import { EvaluationFailure } from '../contract.ts';
import type { Node } from '../node.ts';
import type { Build, Closure } from './contract.ts';
import { mayFail } from './traits.ts';

type Choice = Extract<Node, { op: 'choose' }>;
type Chain = Extract<Node, { readonly left: Node; readonly by?: never }>;

/** `!`. */
export function notOf(of: Node, build: Build): Closure {
  const value = build.of(of);
  return (scope) => value(scope) !== true;
}

/** `a ? b : c`: only what is chosen is evaluated. */
export function choiceOf({ test, then, otherwise }: Choice, build: Build): Closure {
  const [chosen, first, second] = [build.of(test), build.of(then), build.of(otherwise)];
  return (scope) => (chosen(scope) === true ? first(scope) : second(scope));
}

/**
 * `&&` and `||`, a whole chain at once. What settles the chain does so wherever it stands, over failures of other parts
 * (CEL, logical operators); all that can't fail needs no catching.
 */
export function conjunctionOf(node: Chain, build: Build): Closure {
  const settles = node.op === 'or';
  const parts: Node[] = [];
  for (const part of chain(node)) {
    const known = build.known(part);
    if (known === undefined) parts.push(part);
    else if (known.value === settles) return () => settles;
  }
  const closures = parts.map((part) => build.of(part));
  // The last part may fail: there is nothing behind it that could settle the chain.
  if (parts.slice(0, -1).some((part) => mayFail(part, build))) return absorbing(closures, settles);
  const [a, b, c] = closures;
  if (a === undefined) return () => !settles;
  if (b === undefined) return a;
  if (closures.length === 2)
    return settles ? (scope) => a(scope) === true || b(scope) : (scope) => a(scope) === true && b(scope);
  if (closures.length === 3 && c !== undefined)
    return settles
      ? (scope) => a(scope) === true || b(scope) === true || c(scope)
      : (scope) => a(scope) === true && b(scope) === true && c(scope);
  return (scope) => {
    for (const closure of closures) if (closure(scope) === settles) return settles;
    return !settles;
  };
}

function absorbing(closures: readonly Closure[], settles: boolean): Closure {
  return (scope) => {
    let failure: EvaluationFailure | undefined;
    for (const closure of closures) {
      try {
        if (closure(scope) === settles) return settles;
      } catch (error) {
        if (!(error instanceof EvaluationFailure) || error instanceof CostFailure) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !settles;
  };
}

/** The parts of a chain of the same operator from left to right; it may be long, so there is no recursion. */
function chain(node: Chain): readonly Node[] {
  const parts: Node[] = [];
  const open: Node[] = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if ((at.op === 'and' || at.op === 'or') && at.op === node.op) open.push(at.right, at.left);
    else parts.push(at);
  }
  return parts;
}
