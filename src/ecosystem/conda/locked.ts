import type { PackageRecord } from '../../model/package.ts';
import { type Details, type Identity, packageLimit, recordOf } from './identity.ts';

/** What a lock file names: conda packages, and those that pip is to install beside them. */
export class Locked {
  readonly #conda = new Map<string, PackageRecord>();
  readonly #pypi = new Map<string, PackageRecord>();
  #full = false;

  /** Whether the file named more than {@link packageLimit} packages of a kind. */
  get full(): boolean {
    return this.#full;
  }

  get conda(): readonly PackageRecord[] {
    return [...this.#conda.values()];
  }

  get pypi(): readonly PackageRecord[] {
    return [...this.#pypi.values()];
  }

  /** Keeps a conda package, each build once. Needed by the program wins over needed to develop it. */
  addConda(identity: Identity, details: Details): void {
    const { name, version, build, channel, subdir } = identity;
    const key = [name, version, build, channel, subdir].join('\0');
    this.#keep(this.#conda, key, recordOf(identity, 'declared', details));
  }

  /** Keeps a Python package, each version once. */
  addPypi(name: string, version: string, details: Details): void {
    this.#keep(this.#pypi, `${name}\0${version}`, recordOf({ name, version }, 'declared', details));
  }

  #keep(records: Map<string, PackageRecord>, key: string, record: PackageRecord): void {
    const known = records.get(key);
    if (known !== undefined) {
      if (known.dev && !record.dev) records.set(key, record);
    } else if (records.size >= packageLimit) {
      this.#full = true;
    } else {
      records.set(key, record);
    }
  }
}
