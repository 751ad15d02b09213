import type { PackageRecord, Presence } from '../../model/package.ts';

/** Longest name or version (characters) that is kept: npm itself stops at 214 and 256. */
export const fieldLimit = 1000;

/** Most packages that one lock file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** A name or version that can be reported: a text of 1 to {@link fieldLimit} characters. */
export function usableField(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= fieldLimit;
}

/** What a lock file says of a package besides its name and version. */
export interface Details {
  readonly dev?: boolean;
  readonly license?: string | undefined;
  readonly hashes?: readonly string[] | undefined;
  readonly needs?: readonly string[] | undefined;
}

/** Whether a lock file's version is a number and not a place (`file:…`, `git+ssh:…`, `link:…`): it starts with a digit. */
function isLockedVersion(value: unknown): value is string {
  if (!usableField(value)) return false;
  const first = value.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

/** What a lock file names, each name and version once. Needed by the program wins over needed to develop it. */
export class Found {
  readonly #records = new Map<string, PackageRecord>();
  #full = false;

  /** Whether the lock file named more than {@link packageLimit} packages. */
  get full(): boolean {
    return this.#full;
  }

  /** Keeps a package that the lock file names; what can't be a name with a version is passed over. */
  declare(name: unknown, version: unknown, details: Details = {}): void {
    if (usableField(name) && isLockedVersion(version)) this.#keep(name, version, 'declared', details);
  }

  /** Keeps the program itself or a part of it that lies in its own source tree. */
  application(name: unknown, version: unknown, details: Details = {}): void {
    if (usableField(name) && usableField(version)) this.#keep(name, version, 'application', details);
  }

  /** What a package that was declared before needs, where the lock file says that elsewhere. */
  needs(name: string, version: string, needs: readonly string[]): void {
    const key = keyOf('declared', name, version);
    const known = this.#records.get(key);
    if (known !== undefined && known.needs === undefined) this.#records.set(key, { ...known, needs });
  }

  /** What was kept, in the order of the file. */
  records(): PackageRecord[] {
    return [...this.#records.values()];
  }

  #keep(name: string, version: string, presence: Presence, details: Details): void {
    const key = keyOf(presence, name, version);
    const known = this.#records.get(key);
    if (known !== undefined) {
      if (known.dev && !details.dev) this.#records.set(key, recordOf(name, version, presence, details));
    } else if (this.#records.size >= packageLimit) {
      this.#full = true;
    } else {
      this.#records.set(key, recordOf(name, version, presence, details));
    }
  }
}

function keyOf(presence: Presence, name: string, version: string): string {
  return `${presence}\0${name}\0${version}`;
}

function recordOf(name: string, version: string, presence: Presence, details: Details): PackageRecord {
  const { license, hashes, needs, dev } = details;
  return {
    name,
    version,
    presence,
    ...(usableField(license) ? { license } : {}),
    ...(hashes === undefined ? {} : { hashes }),
    ...(needs === undefined ? {} : { needs }),
    ...(dev ? { dev } : {}),
  };
}
