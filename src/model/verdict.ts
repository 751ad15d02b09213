/** What the gate says. `stop` outranks `undecided`, which outranks `warn`. */
export type Decision = 'pass' | 'warn' | 'stop' | 'undecided';

/** One reason of a verdict. */
export interface Reason {
  /** The rule that spoke, such as `vulnerability/severity` or `data/missing`. */
  readonly rule: string;
  readonly decision: Decision;
  /** One line for people. */
  readonly message: string;
  /** What to do about it; absent when there is nothing. */
  readonly action?: string;
}

/** The gate's decision with every reason, worst first. */
export interface Verdict {
  readonly decision: Decision;
  readonly reasons: readonly Reason[];
}

const rank: Record<Decision, number> = { stop: 0, undecided: 1, warn: 2, pass: 3 };

/** Orders decisions: negative when `a` outranks `b`. */
export function compareDecision(a: Decision, b: Decision): number {
  return rank[a] - rank[b];
}
