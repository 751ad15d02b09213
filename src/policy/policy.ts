import type { Severity } from '../model/severity.ts';

/** What the gate goes by. */
export interface Policy {
  /** Findings at least this bad stop; `never` takes the stops away and nothing else. */
  readonly failOn: Severity | 'never';
  /** Hours since a source of data was last known current, above which the verdict warns. */
  readonly warnAge: number;
  /** Hours above which the verdict is undecided. */
  readonly undecidedAge: number;
}

/** Stop at high and critical, warn below; data older than 48 hours warns, than 120 hours leaves the verdict undecided. */
export const defaultPolicy: Policy = { failOn: 'high', warnAge: 48, undecidedAge: 120 };
