import type { FeedId, FeedInfo } from '../advisory/contract.ts';
import type { EvidenceSource } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Distribution } from '../model/package.ts';
import { feedTitles } from '../policy/source-names.ts';

/** The distributions that a feed speaks of, by their ID in os-release. */
const feedOf = new Map<string, FeedId>([
  ['debian', 'debian'],
  ['rhel', 'redhat'],
  ['alpine', 'alpine'],
]);

/** The feeds that were asked: none without findings, for they find nothing by themselves. */
export function neededFeeds(
  infos: readonly FeedInfo[],
  findings: readonly Finding[],
  distribution: Distribution | undefined,
): EvidenceSource[] {
  return findings.length === 0 ? [] : feedsFor(infos, distribution);
}

/** The feeds that can speak of an image's flaws: those on exploits, and the one of its own distribution. */
export function feedsFor(infos: readonly FeedInfo[], distribution: Distribution | undefined): EvidenceSource[] {
  const own = distribution && feedOf.get(distribution.id);
  const asked = infos.filter(({ id }) => id === 'kev' || id === 'epss' || id === own);
  return asked.map(({ id, records, newest, checkedAt, digest, failed }) => {
    const source = { ecosystem: feedTitles[id], origin: 'feed' as const, records, newest, checkedAt, digest };
    return failed ? { ...source, failed } : source;
  });
}
