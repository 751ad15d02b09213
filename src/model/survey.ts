import type { Digest } from './digest.ts';
import type { Distribution, Owner, PackageRecord } from './package.ts';
import type { Problem } from './problem.ts';

/** What an entry of a layer is, as a small number: it is kept by the ten thousand. */
export const entryKinds = ['file', 'dir', 'symlink', 'hardlink', 'device'] as const;

/** One of {@link entryKinds}. */
export type EntryKind = (typeof entryKinds)[number];

/** Clean paths below the root, without leading slash, by number of the entry: names as bytes, in few folders. */
export interface PathTable {
  /** How many paths there are. */
  readonly length: number;
  /** The path as a text; undefined when there is no such entry. */
  at(entry: number): string | undefined;
  /** The path's last segment as a text. */
  nameOf(entry: number): string;
  /** Where the last segment begins in {@link PathTable.nameBytes}. */
  nameStart(entry: number): number;
  /** Where the last segment ends in {@link PathTable.nameBytes}, by entry. */
  readonly nameEnds: Uint32Array;
  /** The last segments of all paths, one after another (UTF-8). */
  readonly nameBytes: Buffer;
  /** The number of the folder in which each entry stands: the index into {@link PathTable.folderPaths}. */
  readonly folders: Uint32Array;
  /** The folders' paths, each once, the root's empty. */
  readonly folderPaths: readonly string[];
  /** The folders' paths (UTF-8), each with a NUL behind it. */
  readonly folderBytes: Buffer;
}

/** The entries of one layer in the order of its tar, as columns. */
export interface EntryTable {
  readonly paths: PathTable;
  /** Index into {@link entryKinds}. */
  readonly kinds: Uint8Array;
  /** Bytes. */
  readonly sizes: Float64Array;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly modes: Uint16Array;
  readonly uids: Uint32Array;
  readonly gids: Uint32Array;
  /** Targets of links by entry number: a symbolic link's as written, a hard link's as a clean path. */
  readonly links: ReadonlyMap<number, string>;
  /** By entry number, of programs alone: `cap_net_admin cap_net_raw` (extended attribute `security.capability`). Absent: none has any. */
  readonly capabilities?: ReadonlyMap<number, string>;
}

/** Files of a layer or of others that a package manager says are a package's. */
export interface OwnedPaths {
  readonly owner: Owner;
  /** Clean paths without leading slash, as the package manager writes them: links may lead elsewhere. */
  readonly paths: readonly string[];
}

/** What one claimed file of a layer says. */
export interface SurveyedFile {
  /** Number of the entry. */
  readonly entry: number;
  /** The plugin that read it; `os-release` for the distribution's own word. */
  readonly ecosystem: string;
  readonly packages: readonly PackageRecord[];
  readonly problems: readonly Problem[];
  readonly distribution?: Distribution;
  /** Those of the owned files that some other plugin may find packages in. */
  readonly owned?: readonly OwnedPaths[];
  /** Repositories that the image's packages may be from. */
  readonly contentSets?: readonly string[];
}

/** What one rule found in one text. The text itself is never kept. */
export interface SecretMatch {
  /** Id of the rule. */
  readonly rule: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly endLine: number;
  /** Behind the last character. */
  readonly endColumn: number;
  /** Hex: the same as long as it is the same secret. */
  readonly fingerprint: string;
  readonly shown: string;
  /** 0 to 100. */
  readonly score: number;
  /** Sorted. */
  readonly notes: readonly string[];
  /** RFC 3339. */
  readonly expires?: string;
  /** Only where values were asked for; such a survey is never kept. */
  readonly value?: string;
}

/** What was found in one file of a layer. */
export interface FileSecrets {
  /** Number of the entry. */
  readonly entry: number;
  /** In the order of the text. */
  readonly matches: readonly SecretMatch[];
  /** `md5:`, `sha1:` and `sha256:` with hex, of a file that is small enough. */
  readonly digests?: readonly string[];
}

/** A configuration file as a layer holds it, with its secrets hidden. */
export interface KeptDocument {
  /** Number of the entry. */
  readonly entry: number;
  /** UTF-8; hashes of passwords and secrets are stars of the same number of lines. */
  readonly text: string;
}

/** A file with the text of licences. */
export interface LicenceFile {
  /** Number of the entry. */
  readonly entry: number;
  /** An SPDX expression; `NOASSERTION` for a text that is none of the list's. */
  readonly expression: string;
  /** How much of the list's text it is, from 0 to 1. */
  readonly likeness: number;
}

/** Which package's files those are that a layer's lists of files name: paths as hashes, for there are many. */
export interface OwnerTable {
  readonly owners: readonly { readonly ecosystem: string; readonly owner: Owner }[];
  /** Rows of numbers, as base64: see the catalog's owner table. */
  readonly rows: string;
}

/** What a layer was looked into for beside packages, each with the version of what it was looked for by. */
export interface LookedFor {
  readonly secrets?: string;
  readonly documents?: string;
  readonly licences?: string;
}

/**
 * How much of a layer was read when not all of it: `claimed`, the headers of all entries and the bodies that somebody
 * wanted, so that the digest was not checked; `index`, the layer's own index of its entries and those bodies.
 */
export type PartlyRead = 'claimed' | 'index';

/**
 * What one layer holds. A pure function of the layer's bytes and of the analyzer's version, so it is kept by diffID
 * for ever and shared by every image that has the layer.
 */
export interface LayerSurvey {
  readonly diffId: Digest;
  readonly entries: EntryTable;
  /** Claimed files in the order of their entries. */
  readonly files: readonly SurveyedFile[];
  /** Of the layer as a whole. */
  readonly problems: readonly Problem[];
  /** By entry; absent: secrets were not looked for. */
  readonly secrets?: readonly FileSecrets[];
  /** By entry; absent where there is none. */
  readonly documents?: readonly KeptDocument[];
  /** By entry; absent where there is none. */
  readonly licences?: readonly LicenceFile[];
  /** Absent: packages alone. */
  readonly looked?: LookedFor;
  /** Absent where it has no such lists, or where nobody asks whose a file is. */
  readonly owners?: OwnerTable;
  /** What was not looked at for that, with paths as the layer has them; absent where there is none. */
  readonly unlooked?: readonly Problem[];
  /** Bytes of the uncompressed tar. */
  readonly unpacked: number;
  /** Absent: every byte was read and both digests are right. What is present here is never kept under a diffID. */
  readonly read?: PartlyRead;
}
