import type { EpssScore, Exploited } from '../model/finding.ts';
import { SluiceError } from '../util/error.ts';
import { type FeedId, type FeedInfo, type Feeds, noFeeds, type Standing } from './contract.ts';
import type { CurrentFeed } from './current.ts';
import { feedDamaged, feedVersion } from './feed/feed-format.ts';
import { FeedReader } from './feed/feed-reader.ts';
import { decodeExploited, decodeScore, decodeStanding, standingKey } from './feed/values.ts';
import { baseOf } from './names.ts';
import { feedInfo } from './source-info.ts';
import { filePath } from './store-files.ts';

/** Which feed tells what a distribution says, by the base name of its ecosystem. */
const feedOfBase: ReadonlyMap<string, FeedId> = new Map([
  ['Debian', 'debian'],
  ['Red Hat', 'redhat'],
  ['Alpine', 'alpine'],
]);

/** Opens the feeds in force; each file is opened by the first question that it can answer. */
export function openFeeds(folder: string, current: readonly CurrentFeed[]): Feeds {
  return current.length === 0 ? noFeeds : new StoredFeeds(folder, current);
}

class StoredFeeds implements Feeds {
  readonly infos: readonly FeedInfo[];
  readonly #folder: string;
  readonly #current: ReadonlyMap<FeedId, CurrentFeed>;
  readonly #readers = new Map<FeedId, FeedReader>();
  #closed = false;

  constructor(folder: string, current: readonly CurrentFeed[]) {
    this.#folder = folder;
    this.#current = new Map(current.map((feed) => [feed.id, feed]));
    this.infos = current.map(feedInfo);
  }

  exploited(cve: string): Exploited | undefined {
    const value = this.#reader('kev')?.find(cve);
    return value === undefined ? undefined : decodeExploited(value);
  }

  score(cve: string): EpssScore | undefined {
    const value = this.#reader('epss')?.find(cve);
    return value === undefined ? undefined : decodeScore(value);
  }

  standing(ecosystem: string, name: string, cve: string): Standing | undefined {
    const id = feedOfBase.get(baseOf(ecosystem));
    if (id === undefined) return undefined;
    const value = this.#reader(id)?.find(standingKey(ecosystem, name, cve));
    return value === undefined ? undefined : decodeStanding(value, id);
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#readers.values()) reader.close();
    this.#readers.clear();
  }

  #reader(id: FeedId): FeedReader | undefined {
    if (this.#closed) throw new SluiceError('advisory/closed', 'the advisories are closed');
    const known = this.#readers.get(id);
    if (known) return known;
    const feed = this.#current.get(id);
    if (!feed) return undefined;
    if (feed.feedVersion !== feedVersion) throw feedDamaged(id, `it is of version ${feed.feedVersion}`);
    const reader = new FeedReader(filePath(this.#folder, feed.digest, 'feed'), id);
    this.#readers.set(id, reader);
    return reader;
  }
}
