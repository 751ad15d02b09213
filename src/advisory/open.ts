import type { Advisory } from '../model/advisory.ts';
import { SluiceError } from '../util/error.ts';
import type { AdvisoryDb, Feeds, NamedAdvisories, SourceInfo } from './contract.ts';
import type { Current, CurrentSource } from './current.ts';
import { IndexReader } from './index-reader.ts';
import { baseOf } from './names.ts';
import { openFeeds } from './open-feeds.ts';
import { readCurrent } from './read-current.ts';
import { sourceInfo } from './source-info.ts';
import { filePath, storeFolder } from './store-files.ts';

/**
 * Opens the advisories in force; an ecosystem's own file is opened by the first look-up in it. Undefined: no data yet.
 * @throws SluiceError `advisory/current-damaged`.
 */
export function openAdvisoryDb(cacheDir: string): AdvisoryDb | undefined {
  const current = readCurrent(storeFolder(cacheDir));
  return current && current.sources.length > 0 ? openStored(cacheDir, current) : undefined;
}

/** Opens the advisories that `current` names, below the cache folder. */
export function openStored(cacheDir: string, current: Current): AdvisoryDb {
  return new StoredAdvisoryDb(storeFolder(cacheDir), current);
}

class StoredAdvisoryDb implements AdvisoryDb {
  readonly sources: readonly SourceInfo[];
  readonly feeds: Feeds;
  readonly #folder: string;
  readonly #current: ReadonlyMap<string, CurrentSource>;
  readonly #readers = new Map<string, IndexReader>();
  #lastEcosystem: string | undefined;
  #last: IndexReader | undefined;
  #closed = false;

  constructor(folder: string, current: Current) {
    this.#folder = folder;
    this.#current = new Map(current.sources.map((source) => [source.ecosystem, source]));
    this.sources = current.sources.map(sourceInfo);
    this.feeds = openFeeds(folder, current.feeds);
  }

  has(ecosystemBase: string): boolean {
    return this.#current.has(ecosystemBase);
  }

  covers(ecosystem: string): boolean {
    return this.#current.get(baseOf(ecosystem))?.releases.includes(ecosystem) ?? false;
  }

  lookup(ecosystem: string, name: string): readonly Advisory[] {
    return this.find(ecosystem, name)?.all() ?? [];
  }

  find(ecosystem: string, name: string): NamedAdvisories | undefined {
    // Packages of one ecosystem come together: the reader is only sought when it is another one.
    if (ecosystem !== this.#lastEcosystem || this.#closed) {
      this.#last = this.#reader(ecosystem);
      this.#lastEcosystem = ecosystem;
    }
    return this.#last?.find(ecosystem, name);
  }

  #reader(ecosystem: string): IndexReader | undefined {
    if (this.#closed) throw new SluiceError('advisory/closed', 'the advisories are closed');
    const base = baseOf(ecosystem);
    const known = this.#readers.get(base);
    if (known) return known;
    const source = this.#current.get(base);
    if (!source) return undefined;
    const reader = new IndexReader(filePath(this.#folder, source.digest, 'index'), base);
    this.#readers.set(base, reader);
    return reader;
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#readers.values()) reader.close();
    this.#readers.clear();
    this.feeds.close();
  }
}
