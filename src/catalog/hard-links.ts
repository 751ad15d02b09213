import { type EntryTable, entryKinds, type PathTable } from '../model/survey.ts';
import { baseName } from '../util/path.ts';
import { NameFilter } from './name-filter.ts';
import { hashOf } from './path-table.ts';

const file = entryKinds.indexOf('file');
const hardlink = entryKinds.indexOf('hardlink');

/**
 * For each hard link of a layer, by number of its entry, the number of the entry whose body it shares, as far as names
 * alone tell: the last file that stood under the target's name before the link, as a runtime would find it.
 */
export function linkedBodies(entries: EntryTable): ReadonlyMap<number, number> {
  const { paths, kinds, links } = entries;
  const targets = hardLinkTargets(entries);
  const bodies = new Map<number, number>();
  if (targets.size === 0) return bodies;
  const names = new NameFilter();
  for (const target of targets) names.addPath(baseName(target));
  /** What stands at each target's path while the entries pass by. */
  const standing = new Map<string, number>();
  for (let entry = 0; entry < paths.length; entry++) {
    const isLink = kinds[entry] === hardlink;
    if (!isLink && !names.mayHold(paths.nameBytes, paths.nameStart(entry), paths.nameEnds[entry] ?? 0)) continue;
    const body = isLink ? standing.get(links.get(entry) ?? '') : entry;
    if (isLink && body !== undefined) bodies.set(entry, body);
    const path = paths.at(entry) ?? '';
    if (!targets.has(path)) continue;
    if (body !== undefined && (isLink || kinds[entry] === file)) standing.set(path, body);
    else standing.delete(path);
  }
  return bodies;
}

/** The paths to which a layer's hard links lead. */
function hardLinkTargets({ kinds, links }: EntryTable): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const [entry, target] of links) if (kinds[entry] === hardlink) targets.add(target);
  return targets;
}

/** Paths at which several entries of the layer stand. Texts are made of those alone whose hash is not the only one. */
export function repeatedPaths({ paths }: EntryTable): ReadonlySet<string> {
  const hashes = new Uint32Array(paths.length);
  for (let entry = 0; entry < hashes.length; entry++) hashes[entry] = pathHash(paths, entry);
  const sorted = hashes.slice().sort();
  const twice = new Set<number>();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) twice.add(sorted[i] ?? 0);
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (let entry = 0; entry < hashes.length && twice.size > 0; entry++) {
    if (!twice.has(hashes[entry] ?? 0)) continue;
    const path = paths.at(entry) ?? '';
    if (seen.has(path)) repeated.add(path);
    else seen.add(path);
  }
  return repeated;
}

function pathHash(paths: PathTable, entry: number): number {
  const name = hashOf(paths.nameBytes, paths.nameStart(entry), paths.nameEnds[entry] ?? 0);
  return (name ^ Math.imul((paths.folders[entry] ?? 0) + 1, 0x9e3779b1)) >>> 0;
}
