import type { Distribution, PackageRecord } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { VersionOrder } from '../version/contract.ts';

/** What is known of a file before its body is read. */
export interface EntryHead {
  /** Body size in bytes. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/** One claimed file with its whole body. `bytes` is only valid during the call: copy what must outlive it. */
export interface ClaimedFile extends EntryHead {
  /** Path inside the image without a leading slash: `lib/apk/db/installed`. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** What one file says. */
export interface Parsed {
  readonly packages: readonly PackageRecord[];
  readonly problems: readonly Problem[];
}

/** What a package is called in one namespace of advisories. */
export interface AdvisoryKey {
  /** As OSV writes it: `Debian:12`, `Alpine:v3.18`, `AlmaLinux:8`, `npm`, `PyPI`, `Go`, `Maven`. */
  readonly ecosystem: string;
  /** The name that the advisories use (source package for Debian and Alpine, normalized for PyPI). */
  readonly name: string;
  /** The version that is compared (source version for Debian and Alpine). */
  readonly version: string;
}

/**
 * A kind of package: which paths it claims, how one file becomes packages, which order and which advisory
 * namespace it uses. A plugin knows no other plugin and no engine.
 */
export interface Ecosystem {
  /** The purl type, which is also the `ecosystem` of its packages. */
  readonly id: string;
  /** Raised whenever the parser would say something else of the same bytes: cached surveys are made anew. */
  readonly revision: number;
  /** Whether its files are a package database of a distribution: unreadable ones blind the gate. */
  readonly database: boolean;
  /** Where such a database stands in an image, without leading slash: found there even behind links. */
  readonly databasePaths?: readonly string[];
  /** Bodies larger than this (bytes) are not read; the engine reports a problem. */
  readonly limit: number;
  readonly order: VersionOrder;
  /** Runs for every path of every layer: no I/O, no allocation, no regular expression. */
  claims(path: string, head: EntryHead): boolean;
  /** Optional second look at the first bytes (up to 512) of a claimed body: false leaves the body unread. */
  sniff?(first: Buffer): boolean;
  /** Whether what is said of a file at this path follows from its bytes alone: then a hard link to it isn't read again. */
  bytesAlone?(path: string): boolean;
  /** Never throws on hostile input: what is unreadable becomes a Problem with this file's path. */
  parse(file: ClaimedFile): Parsed;
  /** The package URL (purl specification); a distribution's packages name it in the namespace and `distro` qualifier. */
  purl(record: PackageRecord, distribution: Distribution | undefined): string;
  /** Databases only: whether the distribution keeps its packages in this one. */
  native?(distribution: Distribution): boolean;
  /** Which advisories to look up; undefined when there are none for it (a distribution nobody publishes advisories for). */
  advisories(record: PackageRecord, distribution: Distribution | undefined): AdvisoryKey | undefined;
}

/** What is known of a kind of package without loading its readers: see `facts.gen.ts`. */
export type EcosystemFacts = Pick<Ecosystem, 'id' | 'revision' | 'database' | 'order'>;
