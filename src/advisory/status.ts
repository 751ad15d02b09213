import type { SourceInfo } from './contract.ts';
import type { CurrentSource } from './current.ts';
import { readCurrent, storeFolder } from './store.ts';

/** What `sluice db status` shows of one ecosystem. */
export interface SourceStatus extends SourceInfo {
  /** Size of the index file in bytes. */
  readonly size: number;
  /** The names of the first unreadable records, at most 20. */
  readonly unreadableNames: readonly string[];
}

/**
 * The data in force, sorted by ecosystem; empty when there is none yet. Opens no index.
 * @throws SluiceError `advisory/current-damaged`.
 */
export function advisoryStatus(cacheDir: string): SourceStatus[] {
  return (readCurrent(storeFolder(cacheDir)) ?? []).map((source) => ({
    ...sourceInfo(source),
    size: source.size,
    unreadableNames: source.unreadableNames,
  }));
}

/** What a report says of a source: without the names of files and servers. */
export function sourceInfo(source: CurrentSource): SourceInfo {
  return {
    ecosystem: source.ecosystem,
    records: source.records,
    withdrawn: source.withdrawn,
    unreadable: source.unreadable,
    newest: source.newest,
    releases: source.releases,
    digest: source.digest,
    checkedAt: source.checkedAt,
    origin: source.origin,
  };
}
