import type { Digest } from '../model/digest.ts';
import type { FeedInfo, SourceInfo } from './contract.ts';
import { nothingCurrent, snapshotDigest } from './current.ts';
import { readCurrent } from './read-current.ts';
import { listSnapshots, type Snapshot } from './snapshots.ts';
import { feedInfo, sourceInfo } from './source-info.ts';

import { storeFolder } from './store-files.ts';

/** What `sluice db status` shows of one ecosystem. */
export interface SourceStatus extends SourceInfo {
  /** Size of the index file in bytes. */
  readonly size: number;
  /** The first unreadable records, at most 20, each with what is wrong with it. */
  readonly unreadableNames: readonly string[];
}

/** What it shows of one feed. */
export interface FeedStatus extends FeedInfo {
  /** Size of the stored file in bytes. */
  readonly size: number;
  /** The first unreadable entries, at most 20, each with what is wrong with it. */
  readonly unreadableNames: readonly string[];
}

/** What it shows of one snapshot. */
export interface SnapshotStatus {
  readonly digest: Digest;
  readonly inForce: boolean;
  /** RFC 3339: when the latest of its sources was last known current. */
  readonly checkedAt: string;
  readonly ecosystems: number;
  readonly records: number;
}

/** All of it; empty lists when there is no data yet. */
export interface DataStatus {
  /** Sorted by ecosystem. */
  readonly sources: readonly SourceStatus[];
  /** Sorted by id. */
  readonly feeds: readonly FeedStatus[];
  /** That in force, then the latest first. */
  readonly snapshots: readonly SnapshotStatus[];
}

/**
 * The data in force and the snapshots that are kept. Opens no index.
 * @throws SluiceError `advisory/current-damaged`.
 */
export function dataStatus(cacheDir: string): DataStatus {
  const folder = storeFolder(cacheDir);
  const current = readCurrent(folder) ?? nothingCurrent;
  const inForce = snapshotDigest(current);
  return {
    sources: current.sources.map((source) => ({
      ...sourceInfo(source),
      size: source.size,
      unreadableNames: source.unreadableNames,
    })),
    feeds: current.feeds.map((feed) => ({
      ...feedInfo(feed),
      size: feed.size,
      unreadableNames: feed.unreadableNames,
    })),
    snapshots: snapshotsOf(folder, inForce).map(({ digest, data }) => ({
      digest,
      inForce: digest === inForce,
      checkedAt: data.sources.reduce((latest, { checkedAt }) => (checkedAt > latest ? checkedAt : latest), ''),
      ecosystems: data.sources.length,
      records: data.sources.reduce((sum, { records }) => sum + records, 0),
    })),
  };
}

/** What is in force comes first: the clock of files is coarser than that by which the others went out of force. */
function snapshotsOf(folder: string, inForce: Digest): Snapshot[] {
  const all = listSnapshots(folder);
  return [...all.filter(({ digest }) => digest === inForce), ...all.filter(({ digest }) => digest !== inForce)];
}

/** The ecosystems in force, sorted. @throws SluiceError `advisory/current-damaged`. */
export function advisoryStatus(cacheDir: string): readonly SourceStatus[] {
  return dataStatus(cacheDir).sources;
}
