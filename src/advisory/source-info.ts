import type { FeedInfo, SourceInfo } from './contract.ts';
import type { CurrentFeed, CurrentSource } from './current.ts';

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
    ...(source.failed ? { failed: source.failed } : {}),
  };
}

/** What a report says of a feed. */
export function feedInfo({ id, records, unreadable, newest, digest, checkedAt, failed }: CurrentFeed): FeedInfo {
  return { id, records, unreadable, newest, digest, checkedAt, ...(failed ? { failed } : {}) };
}
