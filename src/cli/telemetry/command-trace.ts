import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Step } from '../../util/telemetry/step.ts';

/** An image that was judged, in the words that telemetry needs. */
export interface JudgedTarget {
  /** What people read: never a path of this machine. */
  readonly name: string;
  /** The references that it goes by; may be none. */
  readonly names: readonly string[];
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

/** What a command tells of itself, where somebody wants to know. */
export interface CommandTrace {
  /** The command as a whole. */
  readonly root: Step;
  /** Tells of an image that was judged, at `step`, in numbers: nothing of it is kept. */
  judged(step: Step, target: JudgedTarget): void;
}
