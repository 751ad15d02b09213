/** What of a file a rule may look at (`files:` of a rule). Two queries that ask for the same have the same id. */
export interface FileQuery {
  /** Digest of the query as canonical JSON, so that a kept report tells whether it holds what a rule asks for. */
  readonly id: string;
  /** Globs over absolute paths (`/etc/**`, `/usr/bin/*`); a file counts where one of them matches. */
  readonly paths: readonly string[];
  /** Only entries of these kinds; absent: files. */
  readonly kinds?: readonly FileKind[];
  /** Only those with one of these permission bits; absent: all. */
  readonly modes?: readonly ModeTest[];
  /** Whether the SHA-256 of each is taken. */
  readonly digest?: true;
  /** Regular expressions (RE2) over the content, by name: {@link FileFact.matches} tells which were found. */
  readonly matches?: Readonly<Record<string, string>>;
  /** Values in configuration files, by name: {@link FileFact.values} tells them. */
  readonly values?: Readonly<Record<string, ValueQuery>>;
}

/** Kinds of entry in an image. */
export type FileKind = 'file' | 'folder' | 'symlink' | 'device';

/** A permission that a file query asks for. */
export type ModeTest = 'setuid' | 'setgid' | 'sticky' | 'world-writable' | 'executable' | 'capable';

/** The permission bits of each; of `capable`, which an extended attribute tells, one that no permission has. */
export const modeBits: Readonly<Record<ModeTest, number>> = {
  setuid: 0o4000,
  setgid: 0o2000,
  sticky: 0o1000,
  'world-writable': 0o002,
  executable: 0o111,
  capable: 0o10000,
};

/** One value in a configuration file. */
export interface ValueQuery {
  readonly format: 'json' | 'yaml' | 'toml' | 'ini' | 'xml';
  /** A JSON pointer (RFC 6901) into the document as it is read; of INI `/section/key`, of XML elements by name and `@attribute`. */
  readonly at: string;
}

/** What was found out of one file of the final image. */
export interface FileFact {
  /** Absolute. */
  readonly path: string;
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link, its target as written. */
  readonly link?: string;
  /** What a program may do more than whoever starts it, `cap_net_raw` (capabilities(7)), in the kernel's order. */
  readonly capabilities?: readonly string[];
  /** Everybody may write the folder that it is in, which has no sticky bit: they can exchange it, whatever its own mode is. */
  readonly inOpenFolder?: true;
  readonly layer: number;
  readonly from: 'base' | 'own';
  /** purl of the package that says that the file is its own. */
  readonly owner?: string;
  /** Hex. */
  readonly sha256?: string;
  /** Names of the regular expressions that were found in it, sorted. */
  readonly matches?: readonly string[];
  /** Values by name, as text; what is not there has no entry. Values that look like secrets are `***`. */
  readonly values?: Readonly<Record<string, string>>;
  /** Ids of the queries that it answers, sorted. */
  readonly queries: readonly string[];
}

/** A user of the image: `/etc/passwd`, `/etc/shadow` and `/etc/group` together. No hash of a password is ever kept. */
export interface AccountFact {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  /** Groups by name, sorted. */
  readonly groups: readonly string[];
  /** `none`: nobody is asked for one; `locked`; `set`; `unknown`: there is no entry that says. */
  readonly password: 'none' | 'locked' | 'set' | 'unknown';
  /** Another line of the file has its name: which of them counts depends on who reads. */
  readonly repeated?: true;
  /** Names of the other users with its number, sorted: to the kernel they are one. */
  readonly sameId?: readonly string[];
}

/** A file that is not any more what its package says. */
export interface PackageFileFact {
  readonly path: string;
  /** purl. */
  readonly package: string;
  /** `changed`: its content is another; `missing`: it is not in the image. */
  readonly state: 'changed' | 'missing';
  /** The layer that changed it; absent when it is missing. */
  readonly layer?: number;
}

/** A certificate that programs of the image trust. */
export interface CertificateFact {
  /** SHA-256 of its DER, as hex. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly path: string;
}

/** What a policy asks for beyond what every scan finds out. */
export interface Wanted {
  readonly files: readonly FileQuery[];
  readonly accounts: boolean;
  readonly packageFiles: boolean;
  readonly certificates: boolean;
  /** Whether the registry is asked what the base image's tag names now. */
  readonly baseTag: boolean;
}

/** What was collected because a policy asked for it. Each part is absent where it was not asked for. */
export interface Collected {
  /** Ids of the queries that were answered whole, sorted. What a rule asks and is not here leaves the verdict undecided. */
  readonly queries: readonly string[];
  /** Sorted by path. */
  readonly files: readonly FileFact[];
  /** Sorted by name. */
  readonly accounts?: readonly AccountFact[];
  /** Sorted by path. */
  readonly packageFiles?: readonly PackageFileFact[];
  /** Sorted by subject. */
  readonly certificates?: readonly CertificateFact[];
  /** What the tag of the base image names now; `digest` is absent where that could not be found out. */
  readonly baseTag?: { readonly reference: string; readonly digest?: string };
}
