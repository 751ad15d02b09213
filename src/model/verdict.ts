/** What the gate says. `stop` outranks `undecided`, which outranks `warn`. */
export type Decision = 'pass' | 'warn' | 'stop' | 'undecided';

/** What a rule does when it fires: `track` is kept in every report and changes no verdict. */
export type Outcome = 'stop' | 'warn' | 'track';

/** What a rule was about, in the words of reports: enough to find it in the evidence again. */
export interface ReasonSubject {
  /** The flaw's id, the path, the package's purl, the setting: what stands for it within its kind. */
  readonly id: string;
  /** Where it is, for people, of what was found in a place: `/app/.env:2`, `ENV DB_PASSWORD`. */
  readonly at?: string;
  /** Of what was found in a place: by it the finding is found again. */
  readonly fingerprint?: string;
  /** purl of the package, where there is one. */
  readonly package?: string;
  /** The one change that ends it: `update openssl to 3.0.11-1`; absent where there is none. */
  readonly fix?: string;
  /** `introduced-known`, `introduced-since`, `inherited-known` or `inherited-since`, where there is a baseline. */
  readonly blame?: BlameQuadrant;
  /** The last day on which it is only tracked: `YYYY-MM-DD`. */
  readonly due?: string;
}

/** Who brought a flaw, and when it became known: see the blame gate in docs/policy.md. */
export type BlameQuadrant = 'introduced-known' | 'introduced-since' | 'inherited-known' | 'inherited-since';

/** One reason of a verdict. */
export interface Reason {
  /** The rule that spoke, such as `vulnerability/severity` or `data/missing`. */
  readonly rule: string;
  /** `track` counts for nothing. */
  readonly decision: Exclude<Decision, 'pass'> | 'track';
  /** One line for people. */
  readonly message: string;
  /** What to do about it: the one change; absent when there is nothing. */
  readonly action?: string;
  /** Why the rule exists, in one sentence. */
  readonly why?: string;
  /** The command that shows more, with `TARGET` for what was scanned. */
  readonly look?: string;
  /** What the rule serves: `CIS-DI-0001`, `PCI DSS 4.0 6.3.3`. */
  readonly controls?: readonly string[];
  /** What it fired on, the worst first; absent for what sluice itself says. */
  readonly subjects?: readonly ReasonSubject[];
  /** How many those are, where more than are listed. */
  readonly total?: number;
  /** File, line and column of the rule, as the user wrote the file's path; absent for what ships with sluice. */
  readonly place?: string;
}

/** What became of a waiver in this verdict. */
export interface WaiverUse {
  /** File and line, as in `sluice.waivers.yaml:12`. */
  readonly place: string;
  /** What it is about, in one line. */
  readonly about: string;
  readonly reason: string;
  readonly owner: string;
  readonly ticket?: string;
  /** The last day on which it holds: `YYYY-MM-DD`. */
  readonly expires: string;
  /**
   * `matched`: it answers findings; `unused`: there is nothing that it would answer; `shadowed`: all of it is answered
   * already; `expired`, `not-yet`: its time is over or has not come; `ended`: an event has ended it.
   */
  readonly state: 'matched' | 'unused' | 'shadowed' | 'expired' | 'not-yet' | 'ended';
  /** How many it answers. */
  readonly answers: number;
  /** Whether it ends within the days that the policy calls soon. */
  readonly soon: boolean;
  /** What ended it, or what else is to be said. */
  readonly note?: string;
}

/** By which policy a verdict was made. */
export interface PolicyUse {
  readonly name: string;
  /** `sha256:` over the policy as it was read, with all that it imports. */
  readonly digest: string;
  /** The mapping that chose it; absent when there was nothing to choose. */
  readonly mapping?: string;
  /** How many rules were evaluated. */
  readonly rules: number;
}

/** What a verdict was held against. */
export interface BaselineUse {
  /** Digest of the manifest or configuration. */
  readonly digest?: string;
  /** What came after this time is disclosed since: RFC 3339. */
  readonly since: string;
  /** Findings in each quadrant, those that count. */
  readonly findings: Readonly<Record<BlameQuadrant, number>>;
}

/** The gate's decision with every reason, worst first. */
export interface Verdict {
  readonly decision: Decision;
  readonly reasons: readonly Reason[];
  /** Absent: no policy but the default one was given. */
  readonly policy?: PolicyUse;
  /** Sorted by place; absent where there are none. */
  readonly waivers?: readonly WaiverUse[];
  readonly baseline?: BaselineUse;
}

const rank: Record<Decision | 'track', number> = { stop: 0, undecided: 1, warn: 2, track: 3, pass: 4 };

/** Orders decisions: negative when `a` outranks `b`. */
export function compareDecision(a: Decision | 'track', b: Decision | 'track'): number {
  return rank[a] - rank[b];
}
