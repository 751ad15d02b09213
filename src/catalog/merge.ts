import type { Ecosystem } from '../ecosystem/contract.ts';
import type { Distribution, Package, PackageRecord, Presence } from '../model/package.ts';
import { compareText } from '../util/compare-text.ts';

/** One package as one file of the final image names it. */
export interface PlacedPackage {
  readonly ecosystem: Ecosystem;
  readonly record: PackageRecord;
  /** Absolute path in the image. */
  readonly path: string;
  readonly layer: number;
}

const presenceRank: Record<Presence, number> = { installed: 0, application: 1, declared: 2 };

/**
 * Makes one package of all places that name the same one. What a lock file names is `declared` only when nothing
 * of that name and version is installed. Sorted by purl.
 */
export function mergePackages(placed: readonly PlacedPackage[], distribution: Distribution | undefined): Package[] {
  const byKey = new Map<string, { place: PlacedPackage; purl: string; paths: Set<string>; layer: number }>();
  for (const place of placed) {
    const purl = place.ecosystem.purl(place.record, distribution);
    const key = keyOf(place, purl, distribution);
    const path = place.path + (place.record.inside ?? '');
    const found = byKey.get(key);
    const rank = found ? presenceRank[place.record.presence] - presenceRank[found.place.record.presence] : -1;
    if (!found || rank < 0) byKey.set(key, { place, purl, paths: new Set([path]), layer: place.layer });
    else if (rank === 0) {
      found.paths.add(path);
      found.layer = Math.min(found.layer, place.layer);
    }
  }
  const merged = [...byKey.values()].map(({ place, purl, paths, layer }) => {
    const { inside: _inside, ...record } = place.record;
    return { ...record, ecosystem: place.ecosystem.id, purl, paths: [...paths].sort(), layer };
  });
  return merged.sort((a, b) => compareText(a.purl, b.purl) || compareText(a.paths[0] ?? '', b.paths[0] ?? ''));
}

/** The purl's spelling of a name may be coarser than the one that advisories use, and two origins may share it. */
function keyOf({ ecosystem, record }: PlacedPackage, purl: string, distribution: Distribution | undefined): string {
  const name = ecosystem.advisories(record, distribution)?.name ?? record.name;
  return `${purl}\0${name}\0${record.origin?.name ?? ''}\0${record.origin?.version ?? ''}`;
}
