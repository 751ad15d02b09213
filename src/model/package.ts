/**
 * How a package is in the image: `installed`; `declared` (only a lock file or manifest names it);
 * `application` (the program itself).
 */
export type Presence = 'installed' | 'declared' | 'application';

/** The source package that a distribution's binary package was built from, with *its* version. */
export interface Origin {
  readonly name: string;
  readonly version: string;
}

/** The package that a file belongs to, as the package manager's own list of files names it. */
export interface Owner {
  /** As {@link PackageRecord.name}. */
  readonly name: string;
  /** Absent: of whatever version. */
  readonly version?: string;
  /** Where packages of one name are installed for several architectures. */
  readonly arch?: string;
}

/** What an ecosystem's parser says of one package in one file. Plain data: it is kept in the layer cache. */
export interface PackageRecord {
  /** Name as the ecosystem writes it: `@scope/name` for npm, `group:artifact` for Maven, the module path for Go. */
  readonly name: string;
  /** Full version as the ecosystem writes it, with epoch and release where it has them (`1:2.3-4`). */
  readonly version: string;
  readonly presence: Presence;
  /** Distributions only. Absent: the package is its own origin. */
  readonly origin?: Origin;
  readonly arch?: string;
  /** Where in the file, for archives: `!/BOOT-INF/lib/x.jar` is put behind the file's path. */
  readonly inside?: string;
  /** rpm only: the modularity label (`name:stream:version:context`). */
  readonly module?: string;
  /** conda only: the build's string, which tells what it was built for. */
  readonly build?: string;
  /** Who made it, where a package database says so (rpm `Vendor`). */
  readonly vendor?: string;
  /** As the package itself states it: an SPDX expression, or what its makers wrote. */
  readonly license?: string;
  /** Digests of what was downloaded, as `sha256:` or `sha512:` … and lower-case hex, where a lock file or database says. */
  readonly hashes?: readonly string[];
  /** Names of the packages of the same kind that it needs to run, as its own metadata states them; sorted, each once. */
  readonly needs?: readonly string[];
  /** Only needed to develop or test, says the lock file. */
  readonly dev?: boolean;
}

/** One package of an image, merged over the places where it was found. */
export interface Package extends PackageRecord {
  /** purl type: `apk`, `deb`, `rpm`, `npm`, `pypi`, `golang`, `maven` … */
  readonly ecosystem: string;
  readonly purl: string;
  /** Absolute paths inside the image, sorted. */
  readonly paths: readonly string[];
  /** The number of the layer that brought it, from 0. */
  readonly layer: number;
  /** purl of the distribution's package whose files these are: it is the same software under another name. */
  readonly ownedBy?: string;
}

/** Whether the distribution is one of those named, or says that it is like one of them. */
export function isOneOf(distribution: Distribution, ids: ReadonlySet<string>): boolean {
  return ids.has(distribution.id) || distribution.like.some((id) => ids.has(id));
}

/** What `etc/os-release` says of the distribution (freedesktop.org os-release). */
export interface Distribution {
  /** `ID`, lower case: `debian`, `alpine`, `almalinux` … */
  readonly id: string;
  /** `VERSION_ID`: `12`, `3.18.9`, `8.8`; empty when it says none (Debian unstable). */
  readonly version: string;
  /** `ID_LIKE`, split. */
  readonly like: readonly string[];
  /** `PRETTY_NAME`, for people. */
  readonly name: string;
  /** `VERSION_CODENAME`. */
  readonly codename?: string;
}
