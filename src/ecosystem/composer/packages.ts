import type { PackageRecord, Presence } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, parseJson } from '../../util/json.ts';
import { hashesOf, licenseOf, needsOf, packageLimit, packageName, packageVersion } from './field.ts';

/** What one file names. */
export interface NamedPackages {
  readonly records: readonly PackageRecord[];
  /** There were more than {@link packageLimit}. */
  readonly full: boolean;
  /** How many entries have no name and version that can be. */
  readonly unusable: number;
}

/** Each name and version once. Needed by the program wins over needed to develop it. */
class Collection {
  readonly #records = new Map<string, PackageRecord>();
  #full = false;
  #unusable = 0;

  add(value: unknown, presence: Presence, isDev: (name: string) => boolean): void {
    const entry = asRecord(value);
    const name = packageName(entry?.name);
    const version = packageVersion(entry?.version);
    if (entry === undefined || name === undefined || version === undefined) {
      this.#unusable++;
      return;
    }
    const key = `${name} ${version}`;
    const known = this.#records.get(key);
    if (known === undefined && this.#records.size >= packageLimit) this.#full = true;
    else if (known === undefined || known.dev)
      this.#records.set(key, recordOf(entry, name, version, presence, isDev(name)));
  }

  finish(): NamedPackages {
    return { records: [...this.#records.values()], full: this.#full, unusable: this.#unusable };
  }
}

/**
 * What is installed, by the installed.json that Composer keeps beside it: an object with `packages` and
 * `dev-package-names`, or a list as Composer 1 wrote it.
 * @throws SluiceError `json/…` when it isn't JSON, `composer/unreadable` when it is neither.
 */
export function readInstalled(bytes: Buffer): NamedPackages {
  const value = parseJson(bytes);
  const entries = asArray(value) ?? asArray(asRecord(value)?.packages);
  if (entries === undefined) throw new SluiceError('composer/unreadable', 'installed.json holds no list of packages');
  const dev = new Set<string>();
  for (const name of asArray(asRecord(value)?.['dev-package-names']) ?? []) {
    const known = packageName(name);
    if (known !== undefined) dev.add(known);
  }
  const found = new Collection();
  for (const entry of entries) found.add(entry, 'installed', (name) => dev.has(name));
  return found.finish();
}

/**
 * What a composer.lock names: `packages`, and `packages-dev` for development.
 * @throws SluiceError `json/…` when it isn't JSON, `composer/unreadable` when it is no lock file.
 */
export function readLock(bytes: Buffer): NamedPackages {
  const lock = asRecord(parseJson(bytes));
  const entries = asArray(lock?.packages);
  if (entries === undefined) throw new SluiceError('composer/unreadable', 'composer.lock holds no list of packages');
  const found = new Collection();
  for (const entry of entries) found.add(entry, 'declared', () => false);
  for (const entry of asArray(lock?.['packages-dev']) ?? []) found.add(entry, 'declared', () => true);
  return found.finish();
}

/**
 * The application that a composer.json describes, where it says its version; undefined when it doesn't.
 * @throws SluiceError `json/…` when it isn't JSON.
 */
export function readManifest(bytes: Buffer): PackageRecord | undefined {
  const manifest = asRecord(parseJson(bytes));
  const name = packageName(manifest?.name);
  const version = packageVersion(manifest?.version);
  if (manifest === undefined || name === undefined || version === undefined) return undefined;
  return recordOf(manifest, name, version, 'application', false);
}

function recordOf(
  entry: Record<string, unknown>,
  name: string,
  version: string,
  presence: Presence,
  dev: boolean,
): PackageRecord {
  const license = licenseOf(entry.license);
  const hashes = hashesOf(entry.dist);
  const needs = needsOf(entry.require);
  return {
    name,
    version,
    presence,
    ...(license === undefined ? {} : { license }),
    ...(hashes === undefined ? {} : { hashes }),
    ...(needs === undefined ? {} : { needs }),
    ...(dev ? { dev } : {}),
  };
}
