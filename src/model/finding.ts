import type { FixState } from './advisory.ts';
import type { Presence } from './package.ts';
import type { Severity } from './severity.ts';
import type { VexStatus } from './vex.ts';

/** One flaw in one installed package. Other kinds come with their own rule families. */
export interface Finding {
  readonly kind: 'vulnerability';
  /** The name the field knows it by: the CVE where there is one, else the advisory's id. */
  readonly id: string;
  /** All other names of the same flaw, sorted. */
  readonly aliases: readonly string[];
  /** The ids of the records that matched, sorted. */
  readonly advisories: readonly string[];
  readonly severity: Severity;
  /** `publisher`, `cvss-v4`, `cvss-v3`, `cvss-v2` or `none`. */
  readonly severitySource: string;
  /** CVSS score from 0 to 10, where there is one. */
  readonly score?: number;
  readonly vector?: string;
  /** purl of the package. */
  readonly package: string;
  /** Name and version of the package, for people. */
  readonly name: string;
  readonly version: string;
  /** Whether the package is installed, only declared, or the application itself. */
  readonly presence: 'installed' | 'declared' | 'application';
  /** The versions that fix it and are newer than the installed one, oldest first; empty when there is none. */
  readonly fixed: readonly string[];
  /** The number of the layer that brought the package. */
  readonly layer: number;
  /** Whether the base image brought the package, or the image's own layers did. */
  readonly from: 'base' | 'own';
  readonly paths: readonly string[];
  readonly title: string;
  /** `CWE-79`, sorted by number. */
  readonly cwes: readonly string[];
  /** RFC 3339: when the first of the records was published. */
  readonly published?: string;
  /** RFC 3339: when the first of the records that name a fix was published; absent: none does, or none says when. */
  readonly fixPublished?: string;
  /** Whether somebody contests that this is a flaw. */
  readonly disputed?: true;
  /** What the distribution says that it will do; absent: nothing, or there is a fix. */
  readonly fixState?: FixState;
  /** Absent: it is not in CISA's catalogue of known exploited vulnerabilities, or that was not at hand. */
  readonly exploited?: Exploited;
  /** FIRST's estimate that it will be exploited; absent: there is none, or the scores were not at hand. */
  readonly epss?: EpssScore;
  /** From 0 to 100; absent where it is neither in KEV nor has an EPSS score. How it is made up: docs/risk.md. */
  readonly risk?: number;
  /** What VEX documents say of it, newest first; the first that is believed decides. */
  readonly statements?: readonly VexNote[];
  /** Why it does not count; it stays in every report all the same. */
  readonly answered?: Answer;
}

/** An entry in CISA's catalogue of known exploited vulnerabilities. */
export interface Exploited {
  /** `YYYY-MM-DD`. */
  readonly added: string;
  /** The day by which US agencies must have acted: `YYYY-MM-DD`. */
  readonly due: string;
  /** Whether ransomware is known to use it. */
  readonly ransomware: boolean;
}

/** FIRST's estimate that a flaw will be exploited within 30 days. */
export interface EpssScore {
  /** Probability from 0 to 1. */
  readonly score: number;
  /** Which part of all CVEs scores no higher, from 0 to 1. */
  readonly percentile: number;
}

/** What one VEX statement says of a finding. */
export interface VexNote {
  readonly status: VexStatus;
  readonly justification?: string;
  /** In words: why, or what to do. */
  readonly says?: string;
  /** RFC 3339; empty when the document tells no time. */
  readonly timestamp: string;
  readonly author: string;
  /** The document's own id, else its file's name. */
  readonly document: string;
  readonly format: 'openvex' | 'csaf' | 'cyclonedx';
  /** Whether the gate goes by it. What an image says of itself is only shown unless the user says that it is believed. */
  readonly believed: boolean;
}

/** What speaks against a finding. */
export interface Answer {
  /**
   * `owner`: the files are those of a distribution's package, whose advisories speak of them. `distribution`: the
   * distribution says that its package never had the flaw. `vex`: a VEX statement that is believed says so. `waiver`: the
   * user takes it as it is until a day; such an answer is the policy's and not part of what was gathered.
   */
  readonly by: 'owner' | 'distribution' | 'vex' | 'waiver';
  /** For people: one sentence. */
  readonly because: string;
}

/** Whether the gate goes by a finding: its package is of a presence that is judged, and nothing speaks against it. */
export function counts({ presence, answered }: Finding, judged: readonly Presence[]): boolean {
  return answered === undefined && judged.includes(presence);
}

/** Whether a flaw goes by an id, its own or one of its other names, written in any case: GitHub's are. */
export function isNamed({ id, aliases }: Pick<Finding, 'id' | 'aliases'>, name: string): boolean {
  const wanted = name.trim().toUpperCase();
  return id.toUpperCase() === wanted || aliases.some((alias) => alias.toUpperCase() === wanted);
}
