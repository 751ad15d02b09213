import type { Severity } from '../model/severity.ts';
import type { Blame, Rule } from './rule.ts';

/** How old a source of data may be, in hours since it was last known current; `Infinity` is never. */
export interface DataAge {
  /** Above it the verdict warns. At most `undecided`. */
  readonly warn: number;
  /** Above it the verdict is undecided. */
  readonly undecided: number;
}

/** What the gate goes by. */
export interface Policy {
  /** Findings at least this bad stop; `never` takes the stops of all rules away and nothing else: they warn. */
  readonly failOn: Severity | 'never';
  readonly dataAges: {
    /** For each source that has no ages of its own. */
    readonly default: DataAge;
    /** By the names of `sourceNames`. */
    readonly bySource: ReadonlyMap<string, DataAge>;
  };
  /** Absent: the default pack's alone. */
  readonly custom?: CustomPolicy;
}

/** What a policy file brings. */
export interface CustomPolicy {
  readonly name: string;
  /** `sha256:` over all that was read: the file, what it imports, the lists. */
  readonly digest: string;
  /** The mapping that chose it; absent when there was nothing to choose. */
  readonly mapping?: string;
  /** In the order in which they were read. */
  readonly rules: readonly Rule[];
  /** Named lists of texts, for `lists` in expressions. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly blame: Blame;
  /** `--environment`; empty when there is none. */
  readonly environment: string;
  /** Within how many days of its end a waiver ends soon. */
  readonly soonDays: number;
}

/** Stop at high and critical, warn below; data older than 48 hours warns, than 120 hours leaves the verdict undecided. */
export const defaultPolicy: Policy = {
  failOn: 'high',
  dataAges: { default: { warn: 48, undecided: 120 }, bySource: new Map() },
};

/** The blame gate unless the policy says otherwise. */
export const defaultBlame: Blame = {
  'introduced-known': 'stop',
  'introduced-since': 'stop',
  'inherited-known': 'warn',
  'inherited-since': 'track',
  grace: { critical: 7, high: 14, medium: 30, low: 90, default: 90 },
};
