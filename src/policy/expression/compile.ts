import { messageOf } from '../../util/error.ts';
import { Budget, CostFailure } from './budget.ts';
import { closureOf } from './closures/all.ts';
import type { Build, Closure, Known, Local } from './closures/contract.ts';
import { isCheap, isConstant, isCounted } from './closures/traits.ts';
import { EvaluationFailure, type Predicate, type Scope } from './contract.ts';
import type { Expression, Node } from './node.ts';

/** What expressions are compiled with. */
export interface CompileOptions {
  /** The policy's lists: what `lists` is in expressions. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /**
   * Variables that are the same in every evaluation, such as `image`, `policy` and `today`: what depends on them alone is
   * evaluated at most once. They need not be in the scope then.
   */
  readonly constants?: Scope;
  /** Shared by all expressions of a judgement, so that they are limited together; absent: each is on its own. */
  readonly budget?: Budget;
}

/**
 * Makes a function of an expression: closures, without any library. Where expressions have regular expressions, `readyFor`
 * (regular.ts) is to be awaited before.
 */
export function compile(expression: Expression, options: CompileOptions): Predicate {
  const budget = options.budget ?? new Budget();
  const closure = buildOf(budget, constantsOf(options)).of(expression.node) as (scope: Scope) => boolean;
  if (!isCounted(expression.node)) return closure;
  return (scope) => {
    budget.open();
    try {
      return closure(scope);
    } finally {
      budget.close();
    }
  };
}

/** As {@link compile}; an expression that can't even be compiled fails on whatever it is asked of. */
export function predicateOf(expression: Expression, options: CompileOptions): Predicate {
  try {
    return compile(expression, options);
  } catch (thrown) {
    if (!(thrown instanceof EvaluationFailure)) throw thrown;
    return () => {
      throw new EvaluationFailure(messageOf(thrown));
    };
  }
}

/** The variables whose values are known. */
export function constantsOf({ constants, lists }: CompileOptions): Scope {
  return { ...constants, lists };
}

/** What the parts of an expression are compiled with. */
export function buildOf(budget: Budget, constants: Scope): Build {
  // Each part is asked for by all that are around it: what was made of it is kept.
  const found = new Map<Node, Known | undefined>();
  const closures = new Map<Node, Closure>();
  const make = (locals: ReadonlyMap<string, Local>): Build => {
    const build: Build = {
      budget,
      locals,
      constants,
      of: (node, inner) => {
        let closure = closures.get(node);
        if (closure === undefined) {
          closure = partOf(node, inner === undefined ? build : make(inner));
          closures.set(node, closure);
        }
        return closure;
      },
      known: (node) => {
        if (!found.has(node)) found.set(node, knownValue(node, build));
        return found.get(node);
      },
    };
    return build;
  };
  return make(new Map());
}

function partOf(node: Node, build: Build): Closure {
  const known = build.known(node);
  if (known !== undefined) return () => known.value;
  const closure = closureOf(node, build);
  return isConstant(node, build.constants) ? once(closure) : closure;
}

/** What costs nothing to know is evaluated while compiling; what then fails is left to fail when it is evaluated. */
function knownValue(node: Node, build: Build): Known | undefined {
  if (node.op === 'const') return { value: node.value };
  if (!isConstant(node, build.constants) || !isCheap(node, build.constants)) return undefined;
  try {
    return { value: closureOf(node, build)(build.constants) };
  } catch (error) {
    if (error instanceof EvaluationFailure) return undefined;
    throw error;
  }
}

/** The same in every evaluation: evaluated when it is first asked for. */
function once(closure: Closure): Closure {
  let known: Known | undefined;
  let failure: EvaluationFailure | undefined;
  return (scope) => {
    if (known !== undefined) return known.value;
    if (failure !== undefined) throw failure;
    try {
      known = { value: closure(scope) };
      return known.value;
    } catch (error) {
      // What was too much for this evaluation need not be for the next one.
      if (error instanceof EvaluationFailure && !(error instanceof CostFailure)) failure = error;
      throw error;
    }
  };
}
