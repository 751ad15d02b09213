import type { FileQuery } from '../model/collected.ts';
import type { Severity } from '../model/severity.ts';
import type { Outcome } from '../model/verdict.ts';
import type { Expression } from './expression/node.ts';
import type { SubjectKind } from './subject/contract.ts';

/** Days by severity during which what was disclosed is only tracked; `default` for those that are not named. */
export type Grace = Readonly<Partial<Record<Severity | 'default', number>>>;

/** A rule as it is evaluated: plain JSON. What a user writes is in schema/sluice-policy-v1.json. */
export interface Rule {
  /** `team/no-root`: lower case, digits, `-` and `/`. Unique in a policy. */
  readonly id: string;
  /** What is wrong, in a few words: `Runs as root`. */
  readonly title: string;
  /** Why the rule exists, in one sentence. */
  readonly why: string;
  /** The one change that ends it; of findings what clears them is put before it. */
  readonly fix?: string;
  readonly on: SubjectKind;
  /** It fires on each subject for which this is true. */
  readonly when: Expression;
  /** `off`: switched off by an override; it stays in the audit record. */
  readonly outcome: Outcome | 'off';
  /** First and last day on which it is in force: `YYYY-MM-DD`. Before and after, it counts as `track`. */
  readonly from?: string;
  readonly until?: string;
  /** Findings disclosed fewer days ago than this are tracked, and count from then on. */
  readonly grace?: Grace;
  /** Sorted. */
  readonly controls: readonly string[];
  /** Of a rule on files: which ones. */
  readonly files?: FileQuery;
  /** The message of its reason, with {found} for what it fired on and {failOn}; absent: title and {found}. */
  readonly says?: string;
  /** File, line and column, as the user wrote the file's path; absent for what ships with sluice. */
  readonly place?: string;
  /** The pack or file that it came from. */
  readonly pack: string;
}

/** What each quadrant of the blame gate allows at most: `stop` means that rules decide as they would without a baseline. */
export interface Blame {
  readonly 'introduced-known': Outcome;
  readonly 'introduced-since': Outcome;
  readonly 'inherited-known': Outcome;
  readonly 'inherited-since': Outcome;
  /** Days after disclosure from which on what was disclosed since, and is only tracked, stops. */
  readonly grace: Grace;
}
