import type { AdvisoryDb } from '../../advisory/contract.ts';
import { baseOf } from '../../advisory/names.ts';
import { keysIn } from '../../match/explain/lookups.ts';
import type { AdvisoryKeys } from '../../match/keys.ts';
import type { Evidence, EvidenceSource } from '../../model/evidence.ts';
import { compareText } from '../../util/compare-text.ts';
import { evidenceSource } from '../needed-data.ts';
import { feedsFor } from '../needed-feeds.ts';

/** The sources of data that any package was held against, judged or not, and the feeds that can speak of the image. */
export function askedSources(evidence: Evidence, keys: AdvisoryKeys, db: AdvisoryDb | undefined): EvidenceSource[] {
  const bases = new Set(keys.flatMap((key) => (key ? keysIn(key).map(({ ecosystem }) => baseOf(ecosystem)) : [])));
  const known = new Map((db?.sources ?? []).map((source) => [source.ecosystem, source]));
  const advisories = [...bases].map((base) => evidenceSource(base, known.get(base)));
  const feeds = feedsFor(db?.feeds.infos ?? [], evidence.target.distribution);
  const all = new Map([...advisories, ...feeds, ...evidence.sources].map((source) => [source.ecosystem, source]));
  return [...all.values()].sort(
    (a, b) => Number(a.origin === 'feed') - Number(b.origin === 'feed') || compareText(a.ecosystem, b.ecosystem),
  );
}
