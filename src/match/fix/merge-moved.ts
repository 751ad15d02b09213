import type { Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';

/**
 * Makes one package of those that have come to be the same: a dependency that was there in two versions, or in two places
 * of which one was moved. Sorted as inventories are.
 */
export function mergeMoved(packages: readonly Package[]): Package[] {
  const byKey = new Map<string, Package>();
  for (const found of packages) {
    const { purl, name, presence, origin, module, ownedBy } = found;
    const key = JSON.stringify([purl, name, presence, origin?.name, origin?.version, module, ownedBy]);
    const known = byKey.get(key);
    byKey.set(key, known ? together(known, found) : found);
  }
  return [...byKey.values()].sort(
    (a, b) => compareText(a.purl, b.purl) || compareText(a.paths[0] ?? '', b.paths[0] ?? ''),
  );
}

function together(a: Package, b: Package): Package {
  const { dev: _dev, ...known } = a;
  const paths = [...new Set([...a.paths, ...b.paths])].sort();
  const onlyDev = a.dev === true && b.dev === true ? { dev: true } : {};
  return { ...known, ...onlyDev, paths, layer: Math.min(a.layer, b.layer) };
}
