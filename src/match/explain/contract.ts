import type { Standing } from '../../advisory/contract.ts';
import type { CvssRating } from '../../advisory/cvss.ts';
import type { AffectedRange, FixState, FlawedImport, SeverityStatement } from '../../model/advisory.ts';
import type { Digest } from '../../model/digest.ts';
import type { EvidenceSource, EvidenceTarget } from '../../model/evidence.ts';
import type { EpssScore, Exploited, Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { Decision } from '../../model/verdict.ts';
import type { ExplainedProduct } from '../vex/explain.ts';

/** What became of something: of one record in one package, of one package, of the whole target. */
export type Outcome = 'affected' | 'answered' | 'not-judged' | 'undecided' | 'not-affected';

/** One range of a record, held against one version. */
export interface RangeStory extends AffectedRange {
  /** Whether the range is about the package at all: that of another module stream is not. */
  readonly concerns: boolean;
  readonly holds: boolean;
  /** One sentence without a full stop. */
  readonly says: string;
}

/**
 * How a record has to do with the flaw: it is the flaw's own; a distribution published it for the flaw, maybe with
 * others; it only names the flaw as related, so that it says nothing of it.
 */
export type Relation = 'itself' | 'for' | 'related';

/** What one record says of one version of a package, and why. */
export interface RecordStory {
  readonly id: string;
  readonly relation: Relation;
  readonly aliases: readonly string[];
  /** The flaws that it was published for. */
  readonly upstream: readonly string[];
  readonly title: string;
  /** By which of the package's look-ups it was found: its place in the list. */
  readonly lookup: number;
  readonly outcome: 'affected' | 'undecided' | 'not-affected';
  /** Why: sentences without a full stop, what decides first. */
  readonly because: readonly string[];
  readonly ranges: readonly RangeStory[];
  /** How many versions it lists. */
  readonly versions: number;
  /** The listed version that is the package's. */
  readonly listed?: string;
  /** The next fixes after the package's version. */
  readonly fixed: readonly string[];
  readonly severity: SeverityStatement;
  /** Every vector of the record with the score that the standard gives to it. */
  readonly vectors: readonly CvssRating[];
  readonly cwes: readonly string[];
  readonly published?: string;
  readonly modified: string;
  readonly withdrawn?: string;
  readonly disputed?: true;
  readonly fixState?: FixState;
  readonly imports: readonly FlawedImport[];
}

/** What a package is looked up by in the advisories. */
export interface Lookup {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** The order of versions: `dpkg`, `semver` … */
  readonly order: string;
  /** Whether that order can place the version. */
  readonly ordered: boolean;
}

/** What the gate makes of one finding by itself. */
export interface GateView {
  /** Whether the gate goes by it at all. */
  readonly counts: boolean;
  readonly decision: Decision;
  /** The rule that speaks; absent when none does. */
  readonly rule?: string;
  /** One sentence without a full stop. */
  readonly because: string;
}

/** A finding of the scan that is the flaw. */
export interface FindingStory {
  readonly finding: Finding;
  /** The records whose word its severity is, sorted. */
  readonly severityBy: readonly string[];
  /** The formula of its risk with the numbers filled in, step by step; empty when it has none. */
  readonly risk: readonly string[];
  readonly gate: GateView;
}

/** A secret, a bad setting or another tool's finding that goes by the name. */
export interface PlacedStory {
  readonly finding: PlacedFinding;
  readonly gate: GateView;
}

/** What a distribution says of the flaw in its package, beyond its advisories. */
export interface StandingStory extends Standing {
  readonly ecosystem: string;
  readonly name: string;
  readonly cve: string;
}

/** One package of the target whose advisories speak of the flaw. */
export interface PackageStory {
  readonly found: Package;
  readonly from: 'base' | 'own';
  /** The command that made the package's layer; empty when the history does not say. */
  readonly createdBy: string;
  readonly judged: boolean;
  readonly outcome: Outcome;
  readonly lookups: readonly Lookup[];
  /** Those that speak of the flaw, sorted by id. */
  readonly records: readonly RecordStory[];
  /** Findings that are the flaw: two errata for one CVE are two. */
  readonly findings: readonly FindingStory[];
  readonly standings: readonly StandingStory[];
  /** What VEX statements that name the flaw come to here, and why. */
  readonly vex: readonly ExplainedProduct[];
}

/** How bad one record says that the flaw is. */
export interface SeverityStory extends SeverityStatement {
  readonly record: string;
  /** Package that it says so of, as the advisories call it. */
  readonly package: string;
  readonly vectors: readonly CvssRating[];
}

/** What the records that concern the target, and the feeds, say of the flaw itself. */
export interface FlawStory {
  /** The name the field knows it by. */
  readonly id: string;
  /** All names, sorted, the id among them. */
  readonly names: readonly string[];
  readonly title: string;
  /** Sorted by record and package. */
  readonly severities: readonly SeverityStory[];
  readonly cwes: readonly string[];
  /** RFC 3339: of the first record. */
  readonly published?: string;
  /** RFC 3339: of the record that was changed last; absent where there is no record. */
  readonly modified?: string;
  /** The records that were taken back, and when. */
  readonly withdrawn: readonly { readonly record: string; readonly at: string }[];
  /** The records by which somebody contests that this is a flaw. */
  readonly disputedBy: readonly string[];
  readonly exploited?: Exploited;
  readonly epss?: EpssScore;
}

/** Packages of one kind that were held against the advisories of one ecosystem, or had none to be held against. */
export interface Looked {
  /** purl type. */
  readonly kind: string;
  /** With its release; absent where nobody publishes advisories for such packages. */
  readonly ecosystem?: string;
  readonly packages: number;
  /** Names that they were looked up by. */
  readonly names: number;
  /** How many of those names have any advisory. */
  readonly known: number;
}

/** The whole story of one flaw in one target. Plain and sorted. */
export interface Explanation {
  /** As the user wrote it. */
  readonly asked: string;
  readonly target: EvidenceTarget;
  readonly outcome: Outcome | 'no-record' | 'no-data';
  /** The outcome in one sentence without a full stop. */
  readonly says: string;
  /** Absent: no record that concerns a package of the target names it, and no feed knows it. */
  readonly flaw?: FlawStory;
  /** Worst first: affected, then answered and so on; then by purl. */
  readonly packages: readonly PackageStory[];
  /** Absent where the name is a flaw's. In the order of the evidence. */
  readonly placed?: readonly PlacedStory[];
  /** Records that only name the flaw as related, sorted. */
  readonly related: readonly string[];
  readonly looked: readonly Looked[];
  /** VEX statements that name the flaw, when nothing in the target has it. */
  readonly vex: readonly ExplainedProduct[];
  readonly sources: readonly EvidenceSource[];
  readonly snapshot?: Digest;
  /** What could not be read or decided and may hide something. */
  readonly blinding: readonly Problem[];
}
