import type { FileRange, KeptParts } from '../format/kept-parts.ts';
import type { Distribution, Owner, PackageRecord, Presence } from '../model/package.ts';
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

/**
 * A large claimed file of which parts were kept: see {@link PartialReader}. What it holds is only valid during the call.
 */
export interface PartlyReadFile extends EntryHead, KeptParts {
  readonly path: string;
  /** Where in the body a mark begins, in order: all of them. */
  readonly marks: readonly number[];
  /** The bytes from each mark on, for a reader that has a `markWindow`: fewer only where the body ends. */
  readonly markBytes: readonly Buffer[];
}

/**
 * How a plugin gets by with parts of a large body, such as a program's tables and data: the body passes by, the parts
 * are kept, and marks are looked for in all of it. It must come to what {@link Ecosystem.parse} says of the whole body,
 * or ask for that.
 */
export interface PartialReader {
  /** Bodies of fewer bytes than this are given to {@link Ecosystem.parse}. */
  readonly from: number;
  /** Bytes of a mark. */
  readonly markLength: number;
  /** Bytes that are kept from the beginning of each mark on (at most 4 KiB). Absent: only its place is. */
  readonly markWindow?: number;
  /** Where the next mark stands in the bytes of the file at this path, from a place on; -1 when there is none. */
  findMark(bytes: Buffer, from: number, path: string): number;
  /** Which parts are wanted, told by the first bytes (64 KiB); undefined when all of the body is. Never throws. */
  plan(first: Buffer, size: number): readonly FileRange[] | undefined;
  /** Undefined when the parts are not enough: the layer is read again then, and `parse` gets the whole body. */
  parse(file: PartlyReadFile): Parsed | undefined;
}

/** What one file says. */
export interface Parsed {
  readonly packages: readonly PackageRecord[];
  readonly problems: readonly Problem[];
  /** Packages of other kinds that it names, such as a bill of materials does. */
  readonly others?: readonly OtherPackages[];
  /** Repositories that the image's packages may be from, as Red Hat's images say. */
  readonly contentSets?: readonly string[];
}

/** Packages of another kind than the plugin's own. */
export interface OtherPackages {
  /** The id of the plugin whose packages they are; those of a kind that no plugin has are left out. */
  readonly ecosystem: string;
  readonly packages: readonly PackageRecord[];
}

/** How a package manager says which files are a package's. */
export interface OwnershipReader {
  /** Bodies larger than this (bytes) are not read: see {@link Ecosystem.limit}. */
  readonly limit: number;
  /**
   * As {@link Ecosystem.claims}: runs for every path, no I/O, no allocation, no regular expression. Where no `digests` are
   * wanted, a list is left out whose files another one names as well.
   */
  claims(path: string, head: EntryHead, digests: boolean): boolean;
  /**
   * Tells each file of each package that the file at this path lists. `path` is a clean path without leading slash, of a
   * file or link and never of a folder; `digest` is `md5:`, `sha1:` or `sha256:` and lower-case hex, of the file's bytes,
   * where the list says it and the file is not one that users are meant to change; where no `digests` are wanted, it need
   * not be told. Never throws on hostile input: what can't be read is left out, for then its files are found to belong to
   * nobody.
   */
  read(file: ClaimedFile, owns: (owner: Owner, path: string, digest?: string) => void, digests: boolean): void;
}

/** One kind of file that a plugin reads: a row of the README's table. */
export interface Recognised {
  /** As people know it: `Gemfile.lock`, `*.gemspec below specifications/`. */
  readonly what: string;
  /** A path that the plugin claims because of it; a program's, where that is what it reads. */
  readonly example: string;
  readonly presence: Presence;
}

/** What a package is called in one namespace of advisories. */
export interface AdvisoryKey {
  /** As OSV writes it: `Debian:12`, `Alpine:v3.18`, `AlmaLinux:8`, `npm`, `PyPI`, `Go`, `Maven`. */
  readonly ecosystem: string;
  /** The name that the advisories use (source package for Debian and Alpine, normalized for PyPI). */
  readonly name: string;
  /** The version that is compared (source version for Debian and Alpine). */
  readonly version: string;
  /**
   * More ecosystems of the same base in which the same name is looked up: Red Hat files its advisories by product, and an
   * image has packages of several. The same list for all packages of an image.
   */
  readonly also?: readonly string[];
}

/**
 * A kind of package: which paths it claims, how one file becomes packages, which order and which advisory
 * namespace it uses. A plugin knows no other plugin and no engine.
 */
export interface Ecosystem {
  /** The purl type, which is also the `ecosystem` of its packages. */
  readonly id: string;
  /** What people call its packages: `Ruby gems`, `Debian packages`. */
  readonly title: string;
  /** What it reads, for the README's table; a test holds it against `claims`. */
  readonly recognises: readonly Recognised[];
  /** Raised whenever the parser would say something else of the same bytes: cached surveys are made anew. */
  readonly revision: number;
  /** Whether its files are a package database of a distribution: unreadable ones blind the gate. */
  readonly database: boolean;
  /** Where such a database stands in an image, without leading slash: found there even behind links. */
  readonly databasePaths?: readonly string[];
  /** Bodies larger than this (bytes) are not read; the engine reports a problem. */
  readonly limit: number;
  readonly order: VersionOrder;
  /** The last characters (ASCII) of all paths that it claims, where these are few: it is asked about no others. */
  readonly lastLetters?: string;
  /** Runs for every path of every layer: no I/O, no allocation, no regular expression. */
  claims(path: string, head: EntryHead): boolean;
  /** Whether a folder's name alone tells a package: {@link parse} gets its path, without bytes. Runs for every folder. */
  claimsFolder?(path: string): boolean;
  /** Optional second look at the first bytes (up to 512) of a claimed body: false leaves the body unread. */
  sniff?(first: Buffer, path: string): boolean;
  /** Whether what is said of a file at this path follows from its bytes alone: then a hard link to it isn't read again. */
  bytesAlone?(path: string): boolean;
  /** Large bodies that it alone reads need not be held in memory as a whole. */
  readonly partial?: PartialReader;
  /** Never throws on hostile input: what is unreadable becomes a Problem with this file's path. */
  parse(file: ClaimedFile): Parsed;
  /** Its packages are known by their looks alone: where a distribution's package owns the file, it is that one. */
  readonly unownedOnly?: boolean;
  /** Which files a package owns, where its package manager keeps a list. */
  readonly ownership?: OwnershipReader;
  /**
   * The folder that belongs wholly to the package that was found in the file at this path, without slashes at its ends:
   * `app/node_modules/x` of `app/node_modules/x/package.json`. Undefined when only the file itself does.
   */
  folder?(path: string): string | undefined;
  /** The package URL (purl specification); a distribution's packages name it in the namespace and `distro` qualifier. */
  purl(record: PackageRecord, distribution: Distribution | undefined): string;
  /** Databases only: whether the distribution keeps its packages in this one. */
  native?(distribution: Distribution): boolean;
  /**
   * Which advisories to look up; undefined when there are none for it (a distribution nobody publishes advisories for).
   * `contentSets`: the repositories that the image's packages may be from, where it says.
   */
  advisories(
    record: PackageRecord,
    distribution: Distribution | undefined,
    contentSets?: readonly string[],
  ): AdvisoryKey | undefined;
  /** What of that can't be told for this distribution and these repositories: said once for all packages of the kind. */
  advisoryGaps?(distribution: Distribution | undefined, contentSets: readonly string[] | undefined): readonly Problem[];
}

/** What is known of a kind of package without loading its readers: see `facts.gen.ts`. */
export type EcosystemFacts = Pick<Ecosystem, 'id' | 'revision' | 'database' | 'order'>;
