import { EvaluationFailure } from './contract.ts';

/** Steps that one evaluation may take: turns of loops, and what functions look at. */
const mostSteps = 5_000_000;
/** Steps that all evaluations of one judgement may take together: some seconds. */
const mostStepsAltogether = 200_000_000;

/** An evaluation took too long. No `||` or `&&` goes on over it. */
export class CostFailure extends EvaluationFailure {}

/** Counts the steps of evaluations, so that no expression holds up the gate. Share one among all of a judgement. */
export class Budget {
  private readonly altogether: number;
  private remaining: number;
  private granted = 0;
  private left = 0;

  constructor(altogether = mostStepsAltogether) {
    this.altogether = altogether;
    this.remaining = altogether;
  }

  /** Begins an evaluation. */
  open(): void {
    this.granted = Math.min(mostSteps, this.remaining);
    this.left = this.granted;
  }

  /** Ends it. */
  close(): void {
    this.remaining -= this.granted - Math.max(0, this.left);
  }

  /** @throws CostFailure */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left >= 0) return;
    throw new CostFailure(
      this.granted < mostSteps
        ? `all expressions together take more than ${this.altogether} steps`
        : `the expression takes more than ${mostSteps} steps`,
    );
  }
}
