import type { Digest } from '../model/digest.ts';
import type { AdvisoryDb, FeedInfo, SourceInfo } from './contract.ts';
import { type Current, snapshotDigest } from './current.ts';
import { readCurrent } from './read-current.ts';
import { feedInfo, sourceInfo } from './source-info.ts';
import { storeFolder } from './store-files.ts';

/** Vulnerability data before any of it is opened: what there is and how old it is. */
export interface AdvisoryData {
  /** One entry an ecosystem, sorted by name. */
  readonly sources: readonly SourceInfo[];
  /** Sorted by id. */
  readonly feeds: readonly FeedInfo[];
  /** The snapshot that this is: all of it at one moment; absent for the starter set. */
  readonly snapshot?: Digest;
  /** Opens the advisories. @throws SluiceError `advisory/...` */
  open(): Promise<AdvisoryDb>;
}

/**
 * The data of a cache folder; the built-in starter set when there is none. A scan whose answer is known opens none of it.
 * @throws SluiceError `advisory/current-damaged`
 */
export async function advisoryData(cacheDir: string): Promise<AdvisoryData> {
  const current = readCurrent(storeFolder(cacheDir));
  if (current && current.sources.length > 0) return storedData(cacheDir, current);
  const { openStarterDb } = await import('./starter/index.ts');
  const db = openStarterDb();
  return { sources: db.sources, feeds: [], open: async () => db };
}

/**
 * The data of a snapshot that is kept, named by its digest or the first digits of it.
 * @throws SluiceError `advisory/no-snapshot`
 */
export async function snapshotData(cacheDir: string, digest: string): Promise<AdvisoryData> {
  const { findSnapshot } = await import('./snapshots.ts');
  return storedData(cacheDir, findSnapshot(storeFolder(cacheDir), digest).data);
}

function storedData(cacheDir: string, current: Current): AdvisoryData {
  return {
    sources: current.sources.map(sourceInfo),
    feeds: current.feeds.map(feedInfo),
    snapshot: snapshotDigest(current),
    open: async () => (await import('./open.ts')).openStored(cacheDir, current),
  };
}

/** The moment in which data was last known current, in milliseconds: what a replay with it takes for now. */
export function lastCheckOf({ sources }: Pick<AdvisoryData, 'sources'>): number {
  return sources.reduce((latest, { checkedAt }) => Math.max(latest, Date.parse(checkedAt)), 0);
}
