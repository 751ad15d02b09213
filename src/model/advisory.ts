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
}
