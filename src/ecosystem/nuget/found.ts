import type { PackageRecord } from '../../model/package.ts';

/** Longest name or version (characters) that is kept: NuGet stops at 100 and 64. */
const fieldLimit = 1000;
/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;
/** Bytes of a SHA-512. */
const sha512Length = 64;

/** A name or version that can be reported: visible characters, and not too many. */
export function isField(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > fieldLimit) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return false;
  }
  return true;
}

/** What a file names, each name and version once: NuGet knows no case in names. Needed wins over development only. */
export class Found {
  readonly #records = new Map<string, PackageRecord>();
  #full = false;
  #bad = 0;

  /** How many had no name and version that can be reported. */
  get bad(): number {
    return this.#bad;
  }

  /** Whether the file named more than {@link packageLimit} packages. */
  get full(): boolean {
    return this.#full;
  }

  /** Keeps a package; what can't be a name with a version is counted and passed over. */
  keep(record: PackageRecord): void {
    if (!isField(record.name) || !isField(record.version)) {
      this.#bad++;
      return;
    }
    const key = `${record.presence}\0${record.name.toLowerCase()}\0${record.version}`;
    const known = this.#records.get(key);
    if (known === undefined && this.#records.size >= packageLimit) this.#full = true;
    else if (known === undefined || (known.dev && !record.dev)) this.#records.set(key, record);
  }

  /** What was kept, in the order of the file. */
  records(): PackageRecord[] {
    return [...this.#records.values()];
  }
}

/** What a key `Name/1.0.0` names; undefined when there is no slash. */
export function identityOf(key: string): { readonly name: string; readonly version: string } | undefined {
  const slash = key.indexOf('/');
  return slash < 0 ? undefined : { name: key.slice(0, slash), version: key.slice(slash + 1) };
}

/** The digest of a package's content as NuGet writes it: base64 of SHA-512, with or without `sha512-`. */
export function contentHashes(value: unknown): { readonly hashes?: readonly string[] } {
  if (typeof value !== 'string' || value.length > 200) return {};
  const bytes = Buffer.from(value.startsWith('sha512-') ? value.slice(7) : value, 'base64');
  return bytes.length === sha512Length ? { hashes: [`sha512:${bytes.toString('hex')}`] } : {};
}

/** The names of what a package needs: sorted, each once. */
export function neededNames(names: Iterable<string>): { readonly needs?: readonly string[] } {
  const needs = [...new Set(names)].filter(isField).sort();
  return needs.length === 0 ? {} : { needs };
}
