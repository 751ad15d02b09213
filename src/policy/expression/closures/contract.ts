import type { Budget } from '../budget.ts';
import type { Scope } from '../contract.ts';
import type { Node } from '../node.ts';

/** A part of a compiled expression. @throws EvaluationFailure */
export type Closure = (scope: Scope) => unknown;

/** What a loop is at, and what is called by its name in the loop. */
export interface Local {
  value: unknown;
}

/** What the parts of one expression are compiled with. */
export interface Build {
  readonly budget: Budget;
  /** Variables of the loops around the part. */
  readonly locals: ReadonlyMap<string, Local>;
  /** Variables that are the same in all evaluations, with their values. */
  readonly constants: Scope;
  /** The closure of a part; inside of a loop with its variable. */
  of(node: Node, locals?: ReadonlyMap<string, Local>): Closure;
  /** The value of a part that is known before anything is evaluated and costs little; undefined when there is none. */
  known(node: Node): Known | undefined;
}

/** A value that is known while compiling. */
export interface Known {
  readonly value: unknown;
}
