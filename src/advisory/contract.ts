import type { Advisory, FixState } from '../model/advisory.ts';
import type { Digest } from '../model/digest.ts';
import type { FailedUpdate } from '../model/evidence.ts';
import type { EpssScore, Exploited } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import type { VersionOrder } from '../version/contract.ts';

/** Where one ecosystem's advisories come from and how old they are: stands in every report. */
export interface SourceInfo {
  /** OSV's base name: `Debian`, `npm`, `Rocky Linux`. */
  readonly ecosystem: string;
  /** Readable records, withdrawn ones included. */
  readonly records: number;
  readonly withdrawn: number;
  /** Records that could not be read and therefore are never matched. */
  readonly unreadable: number;
  /** The newest `modified` of all readable records, as the record writes it; empty when there is none. */
  readonly newest: string;
  /** The ecosystems with their releases that the records name, sorted: `Debian:11`, `Debian:12`. */
  readonly releases: readonly string[];
  /** Digest of the index file; for records kept in memory, of the records. */
  readonly digest: Digest;
  /** RFC 3339: the last successful update or check. The age of the data counts from here. */
  readonly checkedAt: string;
  readonly origin: 'osv-export' | 'starter';
  /** The last update, when it failed: the data is that of before. */
  readonly failed?: FailedUpdate;
}

/** What adds to findings and finds nothing by itself. */
export interface FeedInfo {
  readonly id: FeedId;
  /** Entries: CVEs, or what is said of one in one package. */
  readonly records: number;
  /** Entries that could not be read. */
  readonly unreadable: number;
  /** The day or time that the feed itself gives; empty when it gives none. */
  readonly newest: string;
  /** Digest of the stored file. */
  readonly digest: Digest;
  /** RFC 3339: the last successful update or check. */
  readonly checkedAt: string;
  readonly failed?: FailedUpdate;
}

/** The feeds: known exploited vulnerabilities, exploit prediction, and what distributions say beyond their advisories. */
export const feedIds = ['kev', 'epss', 'debian', 'redhat', 'alpine'] as const;
export type FeedId = (typeof feedIds)[number];

/** What a distribution says of one flaw in one of its source packages, beyond what its advisories say. */
export interface Standing {
  /** `not-affected`: the package never had the flaw. Absent: nothing but the severity is said. */
  readonly state?: FixState | 'not-affected';
  /** The distribution's own rating. */
  readonly severity?: Severity;
  /** Its reason, in its own few words, one line. */
  readonly note?: string;
}

/** What the feeds say; undefined where they say nothing, or are not there. */
export interface Feeds {
  /** Sorted by id. */
  readonly infos: readonly FeedInfo[];
  /** @throws SluiceError `advisory/feed-damaged`, as the others */
  exploited(cve: string): Exploited | undefined;
  score(cve: string): EpssScore | undefined;
  /** `ecosystem` with its release (`Debian:12`, `Red Hat:9`, `Alpine:v3.20`), `name` of the source package (rpm: of the binary one as well). */
  standing(ecosystem: string, name: string, cve: string): Standing | undefined;
  close(): void;
}

/** No feeds. */
export const noFeeds: Feeds = {
  infos: [],
  exploited: () => undefined,
  score: () => undefined,
  standing: () => undefined,
  close() {},
};

/** The advisories of one package. What they say is read when it is asked for. */
export interface NamedAdvisories {
  /** All of them, sorted by id. @throws SluiceError `advisory/index-damaged`, `advisory/closed`. */
  all(): readonly Advisory[];
  /**
   * Those that may hold for a version that is valid in the order, sorted by id: all that do, and some that don't, which
   * have to be judged. Of what is left out, no range holds the version and no listed version equals it.
   * @throws SluiceError `advisory/index-damaged`, `advisory/closed`.
   */
  candidates(version: string, order: VersionOrder): readonly Advisory[];
}

/** Advisories that can be looked up by package. Opened and not loaded: a look-up touches only its own records. */
export interface AdvisoryDb {
  /** One entry an ecosystem, sorted by name. */
  readonly sources: readonly SourceInfo[];
  /** Whether there is data for the base name (the text before the first colon). */
  has(ecosystemBase: string): boolean;
  /** Whether any record is about exactly this ecosystem and release: `Debian:12`, `npm`. */
  covers(ecosystem: string): boolean;
  /**
   * The advisories of exactly this ecosystem (`Debian:12`, `npm`) and name, sorted by id; empty when there are none.
   * @throws SluiceError `advisory/index-damaged` when the index can't be trusted.
   */
  lookup(ecosystem: string, name: string): readonly Advisory[];
  /**
   * The same advisories, to be read as far as they are needed; undefined when there are none.
   * @throws SluiceError `advisory/index-damaged` when the index can't be trusted.
   */
  find(ecosystem: string, name: string): NamedAdvisories | undefined;
  readonly feeds: Feeds;
  /** Closes its files. A later look-up throws. */
  close(): void;
}

/** The public OSV export, from which advisories are read unless another place is named. */
export const defaultExportUrl = 'https://storage.googleapis.com/osv-vulnerabilities';

/** What repairs every damage of the stored data. */
export const updateHint = 'run: sluice db update';
