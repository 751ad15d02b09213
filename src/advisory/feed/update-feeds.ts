import { rmSync } from 'node:fs';
import { type Environment, proxiesOf } from '../../source/proxy.ts';
import { compareText } from '../../util/compare-text.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import { Gate } from '../../util/gate.ts';
import type { FeedId, FeedInfo } from '../contract.ts';
import type { CurrentFeed } from '../current.ts';
import { type FetchLimits, fetchLimits } from '../fetch.ts';
import { readCurrentLeniently } from '../read-current.ts';
import { feedInfo } from '../source-info.ts';
import { type Change, publish } from '../store.ts';
import { isIntact, keepFile, makeFolder, storeFolder, temporaryPath } from '../store-files.ts';
import { isYounger } from '../young.ts';
import { feedUnreadable, feedVersion } from './feed-format.ts';
import { writeFeed } from './feed-writer.ts';
import { type FeedInput, openInput } from './input.ts';
import { readFeed } from './parsers.ts';
import { FeedRows } from './rows.ts';

/** One feed to bring up to date, and where from. */
export interface FeedSource {
  readonly id: FeedId;
  /** URLs, files or folders; the feed is what they hold together. */
  readonly from: readonly string[];
}

/** What is asked of an update of feeds. */
export interface UpdateFeedsOptions {
  readonly cacheDir: string;
  readonly sources: readonly FeedSource[];
  /** Forbids every connection: then only files and folders will do. */
  readonly offline: boolean;
  readonly now: () => Date;
  /** A feed that was known current less long ago, in milliseconds, is left alone. */
  readonly maxAgeMs?: number | undefined;
  /** Takes a feed also where it looks as if much of it were missing. */
  readonly force?: boolean;
  /** Allows plain http to other machines. */
  readonly allowInsecure?: boolean;
  readonly limits?: Partial<FetchLimits>;
  /** Read: `HTTPS_PROXY` and its kin. Absent: no proxy. */
  readonly env?: Environment;
  readonly onProgress?: (progress: { readonly feed: FeedId; readonly bytes: number }) => void;
}

/** What an update of feeds did. */
export interface UpdateFeedsResult {
  /** Everything in force now, sorted by id. */
  readonly feeds: readonly FeedInfo[];
  readonly replaced: readonly FeedId[];
  /** Checked and found current, or young enough. */
  readonly unchanged: readonly FeedId[];
  /** What was in force before stays so. */
  readonly failed: readonly { readonly feed: FeedId; readonly error: SluiceError }[];
  /** What of the new ones could not be read: the first of them, each with what is wrong with it. */
  readonly unreadable: readonly {
    readonly feed: FeedId;
    readonly count: number;
    readonly names: readonly string[];
  }[];
}

/** Feeds that are fetched and read at the same time. */
const width = 4;
/** Below so many entries a feed may shrink as it likes. */
const fewRecords = 100;

type Outcome = { readonly kind: 'young' } | { readonly kind: 'checked' | 'replaced'; readonly feed: CurrentFeed };

/**
 * Brings feeds up to date, side by side. All that succeeded comes into force together, at the end; a feed that failed
 * keeps its data, with a note of the failure. Feeds that are not named stay as they are.
 * @throws SluiceError when the cache folder can't be written
 */
export async function updateFeeds(options: UpdateFeedsOptions): Promise<UpdateFeedsResult> {
  const folder = storeFolder(options.cacheDir);
  makeFolder(folder);
  const known = new Map(readCurrentLeniently(folder).feeds.map((feed) => [feed.id, feed]));
  const gate = new Gate(width);
  const changes: Change[] = [];
  const result = { replaced: [] as FeedId[], unchanged: [] as FeedId[] };
  const failed: { feed: FeedId; error: SluiceError }[] = [];
  const unreadable: { feed: FeedId; count: number; names: readonly string[] }[] = [];
  const update = async (source: FeedSource): Promise<void> => {
    const before = known.get(source.id);
    try {
      const outcome = await updateOne(source, before, folder, options);
      result[outcome.kind === 'replaced' ? 'replaced' : 'unchanged'].push(source.id);
      if (outcome.kind === 'young') return;
      changes.push({ kind: outcome.kind, feed: outcome.feed });
      const { unreadable: count, unreadableNames: names } = outcome.feed;
      if (count > 0 && outcome.kind === 'replaced') unreadable.push({ feed: source.id, count, names });
    } catch (thrown) {
      const error = failureOf(thrown);
      failed.push({ feed: source.id, error });
      const at = options.now().toISOString();
      if (before) changes.push({ kind: 'failed', feed: { ...before, failed: { at, message: error.message } } });
    }
  };
  await Promise.all(options.sources.map((source) => gate.run(() => update(source))));
  const current = changes.length > 0 ? publish(folder, changes, options.now()) : readCurrentLeniently(folder);
  return {
    feeds: current.feeds.map(feedInfo),
    replaced: result.replaced.sort(compareText),
    unchanged: result.unchanged.sort(compareText),
    failed: failed.sort((a, b) => compareText(a.feed, b.feed)),
    unreadable: unreadable.sort((a, b) => compareText(a.feed, b.feed)),
  };
}

async function updateOne(
  { id, from }: FeedSource,
  before: CurrentFeed | undefined,
  folder: string,
  options: UpdateFeedsOptions,
): Promise<Outcome> {
  // A file that is damaged, or of another format, is made anew even when the feed is the same.
  const usable = before?.feedVersion === feedVersion && isIntact(folder, before.digest, 'feed') ? before : undefined;
  const { maxAgeMs } = options;
  if (usable && maxAgeMs !== undefined && isYounger(usable.checkedAt, maxAgeMs, options.now()))
    return { kind: 'young' };
  const input = await openInput(from, usable?.validator, {
    folder,
    limits: { ...fetchLimits, ...options.limits },
    allowInsecure: options.allowInsecure ?? false,
    offline: options.offline,
    proxies: proxiesOf(options.env ?? {}),
    now: options.now,
    onBytes: (bytes) => options.onProgress?.({ feed: id, bytes }),
  });
  const checkedAt = options.now().toISOString();
  if (input === 'unchanged') return checked(usable!, usable!.validator, checkedAt);
  try {
    if (usable?.export === input.digest) return checked(usable, input.validator, checkedAt);
    const rows = new FeedRows();
    await readFeed[id](input, rows);
    if (rows.size === 0) throw feedUnreadable(`it holds no entry of use; ${rows.unreadable} can't be read`);
    if (!options.force) refuseLosses(rows, before);
    return { kind: 'replaced', feed: store(folder, id, rows, input, checkedAt) };
  } finally {
    input.close();
  }
}

function checked(feed: CurrentFeed, validator: CurrentFeed['validator'], checkedAt: string): Outcome {
  const { validator: _, failed: _failed, ...rest } = feed;
  return { kind: 'checked', feed: { ...rest, checkedAt, ...(validator ? { validator } : {}) } };
}

/**
 * A file that was cut between two entries, or an old copy that a cache kept, is well-formed; in force it would take away
 * what is known to be exploited without a word.
 */
function refuseLosses(rows: FeedRows, before: CurrentFeed | undefined): void {
  const hint = 'if that is right: --force-feed';
  if (rows.unreadable > rows.size) {
    throw feedUnreadable(`${rows.unreadable} of its entries can't be read, such as ${rows.unreadableNames[0]}`);
  }
  if (!before) return;
  if (before.records >= fewRecords && rows.size * 2 < before.records) {
    const message = `it has ${rows.size} entries where the one in force has ${before.records}`;
    throw new SluiceError('advisory/feed-suspicious', message, hint);
  }
  if (Date.parse(rows.newest) < Date.parse(before.newest)) {
    const message = `it is of ${rows.newest}, older than the one in force, of ${before.newest}`;
    throw new SluiceError('advisory/feed-suspicious', message, hint);
  }
}

function store(folder: string, id: FeedId, rows: FeedRows, input: FeedInput, checkedAt: string): CurrentFeed {
  const temporary = temporaryPath(folder);
  try {
    const { digest, size } = writeFeed(temporary, id, rows);
    keepFile(folder, temporary, digest, 'feed');
    const { unreadable, unreadableNames, newest } = rows;
    const { validator } = input;
    return {
      id,
      records: rows.size,
      unreadable,
      unreadableNames,
      newest,
      digest,
      size,
      feedVersion,
      checkedAt,
      export: input.digest,
      ...(validator ? { validator } : {}),
    };
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Whatever went wrong with one feed is told with it; the others go on. A bug is none of it. */
function failureOf(thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown.code.startsWith('json/') ? feedUnreadable(thrown.message) : thrown;
  const code = (thrown as { code?: unknown }).code;
  if (typeof code !== 'string') throw thrown;
  return new SluiceError('advisory/update-failed', `it can't be read or stored: ${code || messageOf(thrown)}`);
}
