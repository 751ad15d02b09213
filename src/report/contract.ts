import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Judging } from '../policy/judging.ts';
import type { Policy } from '../policy/policy.ts';

/** What a report may use beside the evidence; only a report for people may use more than the evidence. */
export interface ReportContext {
  /** What the user called the target. */
  readonly name: string;
  /** Whether escape sequences for colour may be written. */
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether the text goes to a terminal: then no line may be wider, else the last one stays whole. */
  readonly terminal?: boolean;
  /** Whether links may be written by escape sequences (OSC 8). */
  readonly links?: boolean;
  /** What a table puts findings together by; absent: by package. */
  readonly groupBy?: GroupBy;
  /** Whether a table tells each finding that decides whole. */
  readonly explain?: boolean;
  /** sluice's own version. */
  readonly version: string;
  /** Which of the format's versions is wanted; absent: the first. */
  readonly variant?: string;
  /** What the user set SOURCE_DATE_EPOCH to: the one time that a document may be given. */
  readonly sourceDateEpoch?: string;
  /** By what the verdict was made, for the audit record alone; absent where no such record can be asked for. */
  readonly judgedBy?: JudgedBy;
  /** The environment, for formats that tell of the CI job that they are made in: they say by which variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What findings can be put together by. */
export const groupings = ['package', 'layer', 'fix'] as const;

/** One of {@link groupings}. */
export type GroupBy = (typeof groupings)[number];

/** All that a verdict was made by beside the evidence. */
export interface JudgedBy {
  readonly policy: Policy;
  readonly judging: Judging;
  /** Stands for the sources that this sluice was built from. */
  readonly build: string;
  /** Files and packs that the policy was read from, with their digests; absent: it is the default one. */
  readonly files?: readonly { readonly name: string; readonly digest: string }[];
  /** The kept report that the evidence was read from; absent: the target itself was looked into. */
  readonly kept?: { readonly name: string; readonly bytes: Buffer };
  /** When that was, by the clock: `judging.now` may be another moment. Absent: the same. */
  readonly made?: Date;
}

/** What is known of a report format before it is loaded. */
export interface ReportFormat {
  /** The name given to `-o`. */
  readonly id: string;
  /** One line for `--help`. */
  readonly doc: string;
  /** Versions and forms that it can be written in, given as `-o ID@VERSION`; the first is what `-o ID` writes. */
  readonly versions?: readonly string[];
}

/** A report format. */
export interface Report extends ReportFormat {
  /** The whole report as text. The same evidence gives the same text. */
  render(evidence: Evidence, verdict: Verdict, context: ReportContext): string;
}

/** A report format that is loaded when it is asked for. */
export interface ListedReport extends ReportFormat {
  load(): Promise<Report>;
}
