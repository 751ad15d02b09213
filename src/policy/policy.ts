import type { Severity } from '../model/severity.ts';

/** How old a source of data may be, in hours since it was last known current; `Infinity` is never. */
export interface DataAge {
  /** Above it the verdict warns. At most `undecided`. */
  readonly warn: number;
  /** Above it the verdict is undecided. */
  readonly undecided: number;
}

/** What the gate goes by. */
export interface Policy {
  /** Findings at least this bad stop; `never` takes the stops away and nothing else. */
  readonly failOn: Severity | 'never';
  readonly dataAges: {
    /** For each source that has no ages of its own. */
    readonly default: DataAge;
    /** By the names of `sourceNames`. */
    readonly bySource: ReadonlyMap<string, DataAge>;
  };
}

/** Stop at high and critical, warn below; data older than 48 hours warns, than 120 hours leaves the verdict undecided. */
export const defaultPolicy: Policy = {
  failOn: 'high',
  dataAges: { default: { warn: 48, undecided: 120 }, bySource: new Map() },
};
