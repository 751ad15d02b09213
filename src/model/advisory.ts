import type { Severity } from './severity.ts';

/** One event of an OSV range, in the order in which the record lists them. */
export interface RangeEvent {
  readonly kind: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  readonly version: string;
}

/** One OSV range. GIT ranges are left out of the index: they never match a version. */
export interface AffectedRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly RangeEvent[];
}

/** How bad an advisory says that it is, and where that word comes from. */
export interface SeverityStatement {
  readonly severity: Severity;
  /** `publisher` (its own word in the record), `cvss-v4`, `cvss-v3`, `cvss-v2` (computed from the vector). */
  readonly source: string;
  /** The score from 0 to 10, where there is one. */
  readonly score?: number;
  readonly vector?: string;
}

/** What a distribution says that it will do about a flaw it has not fixed. */
export type FixState = 'wont-fix' | 'deferred' | 'end-of-life' | 'investigating';

/** Where in a package the flaw is, as Go's records tell: an import path and its symbols; no symbols: all of it. */
export interface FlawedImport {
  readonly path: string;
  readonly symbols: readonly string[];
}

/** One OSV record as it concerns one package of one ecosystem: what a look-up in the index returns. */
export interface Advisory {
  readonly id: string;
  /** `aliases` of the record: the same flaw under other names. */
  readonly aliases: readonly string[];
  /** `upstream` of the record: the flaws that this advisory (of a distribution) was published for. */
  readonly upstream: readonly string[];
  /** `related` of the record. */
  readonly related: readonly string[];
  /** Enumerated versions, as the record lists them. */
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
  readonly summary: string;
  readonly severity: SeverityStatement;
  /** RFC 3339, as the record has it. */
  readonly published?: string;
  readonly modified: string;
  /** RFC 3339: when the record was taken back. Such a record never holds; it is kept to be told of. */
  readonly withdrawn?: string;
  /** Whether somebody contests that this is a flaw. */
  readonly disputed?: true;
  /** `CWE-79`, sorted by number. */
  readonly cwes: readonly string[];
  /** All CVSS vectors of the record that can be scored, whichever decides the severity. */
  readonly vectors: readonly string[];
  /** What the distribution says that it will do in this package; absent: it says nothing. */
  readonly fixState?: FixState;
  /** Sorted by path; empty when the record does not tell. */
  readonly imports: readonly FlawedImport[];
}
