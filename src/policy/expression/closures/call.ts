import { EvaluationFailure } from '../contract.ts';
import type { Handler } from '../functions/contract.ts';
import { handlers } from '../functions.ts';
import type { Node } from '../node.ts';
import type { Build, Closure } from './contract.ts';

type Call = Extract<Node, { op: 'call' }>;

/** A function over values that are there already. */
type Run = (...values: unknown[]) => unknown;

/** A call of a function. Its second argument is prepared where it is known: patterns, ranges, lists. */
export function callOf(node: Call, build: Build): Closure {
  const handler = handlers.get(node.fn);
  if (handler === undefined) throw new EvaluationFailure(`there is no function ${node.fn}`);
  const { budget } = build;
  const spend = handler.costs === undefined ? undefined : (value: unknown): void => budget.spend(1 + workOf(value));
  const prepared = preparedOf(node, handler, build);
  if (prepared !== undefined) return applied(prepared, node.args.slice(0, 1), build, spend);
  return applied(handler.run as Run, node.args, build, spend);
}

/** Each argument is evaluated once, the steps of the work are counted before it is done. */
function applied(run: Run, nodes: readonly Node[], build: Build, spend?: (value: unknown) => void): Closure {
  const args = nodes.map((arg) => build.of(arg));
  const [a, b] = args;
  if (spend === undefined && a !== undefined && b === undefined) return (scope) => run(a(scope));
  if (spend === undefined && a !== undefined && b !== undefined && args.length === 2)
    return (scope) => run(a(scope), b(scope));
  return (scope) => {
    const values = args.map((arg) => arg(scope));
    spend?.(values[0]);
    return run(...values);
  };
}

function preparedOf({ args }: Call, handler: Handler, build: Build): Run | undefined {
  const second = args[1];
  if (handler.prepare === undefined || second === undefined || args.length !== 2) return undefined;
  const known = build.known(second);
  if (known === undefined) return undefined;
  try {
    return handler.prepare(known.value as never) as Run;
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    return () => {
      throw error;
    };
  }
}

/** Something like the work that a function has with a value, in steps. */
function workOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length >> 4;
  const packages: unknown = (value as { readonly packages?: unknown } | undefined)?.packages;
  return Array.isArray(packages) ? packages.length : 0;
}
