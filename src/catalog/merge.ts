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

/** What several files may say of a package, each a part. */
type Facts = Pick<PackageRecord, 'license' | 'hashes' | 'needs' | 'vendor'>;

/** A package while the places that name it come. */
interface Merging {
  place: PlacedPackage;
  readonly purl: string;
  readonly paths: Set<string>;
  layer: number;
  facts: Facts;
  /** False once a place needs it to run. */
  dev?: boolean;
}

/** What is known by now, and what a further place adds: the first word counts. */
function factsOf({ license, hashes, needs, vendor }: PackageRecord, known: Facts = {}): Facts {
  const facts: { -readonly [fact in keyof Facts]: Facts[fact] } = { ...known };
  if (license !== undefined) facts.license ??= license;
  if (hashes !== undefined) facts.hashes ??= hashes;
  if (needs !== undefined) facts.needs ??= needs;
  if (vendor !== undefined) facts.vendor ??= vendor;
  return facts;
}

/**
 * Makes one package of all places that name the same one. What a lock file names is `declared` only when nothing
 * of that name and version is installed. Sorted by purl.
 */
export function mergePackages(placed: readonly PlacedPackage[], distribution: Distribution | undefined): Package[] {
  const byKey = new Map<string, Merging>();
  for (const place of placed) {
    const purl = place.ecosystem.purl(place.record, distribution);
    const key = keyOf(place, purl, distribution);
    const path = place.path + (place.record.inside ?? '');
    const found = byKey.get(key);
    const rank = found ? presenceRank[place.record.presence] - presenceRank[found.place.record.presence] : -1;
    const facts = factsOf(place.record, found?.facts);
    if (!found || rank < 0) byKey.set(key, { place, purl, paths: new Set([path]), layer: place.layer, facts });
    else {
      found.facts = facts;
      if (rank > 0) continue;
      found.paths.add(path);
      found.layer = Math.min(found.layer, place.layer);
      found.dev = found.dev !== false && place.record.dev === true;
    }
  }
  const present = new Set<string>();
  for (const { place } of byKey.values()) if (place.record.presence !== 'declared') present.add(nameOf(place));
  const counted = [...byKey.values()].filter(
    // A lock file names it without the platform that it was installed for.
    ({ place }) => place.record.presence !== 'declared' || !present.has(nameOf(place)),
  );
  const merged = counted.map(({ place, purl, paths, layer, facts, dev }) => {
    const { inside: _inside, dev: own, ...record } = place.record;
    // What one lock file calls a tool of development, another one may need to run.
    const onlyDev = own === true && dev !== false ? { dev: true } : {};
    return { ...record, ...facts, ...onlyDev, ecosystem: place.ecosystem.id, purl, paths: [...paths].sort(), layer };
  });
  return merged.sort((a, b) => compareText(a.purl, b.purl) || compareText(a.paths[0] ?? '', b.paths[0] ?? ''));
}

function nameOf({ ecosystem, record }: PlacedPackage): string {
  return `${ecosystem.id}\0${record.name}\0${record.version}`;
}

/** The purl's spelling of a name may be coarser than the one that advisories use, and two origins may share it. */
function keyOf({ ecosystem, record }: PlacedPackage, purl: string, distribution: Distribution | undefined): string {
  const name = ecosystem.advisories(record, distribution)?.name ?? record.name;
  return `${purl}\0${name}\0${record.origin?.name ?? ''}\0${record.origin?.version ?? ''}`;
}
