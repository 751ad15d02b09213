import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';

/** What a report may use beside the evidence; only a report for people may use more than the evidence. */
export interface ReportContext {
  /** What the user called the target. */
  readonly name: string;
  /** Whether escape sequences for colour may be written. */
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** sluice's own version. */
  readonly version: string;
}

/** A report format. */
export interface Report {
  /** The name given to `-o`. */
  readonly id: string;
  /** One line for `--help`. */
  readonly doc: string;
  /** The whole report as text. The same evidence gives the same text. */
  render(evidence: Evidence, verdict: Verdict, context: ReportContext): string;
}
