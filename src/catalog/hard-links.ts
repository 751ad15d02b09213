import { type EntryTable, entryKinds } from '../model/survey.ts';

const file = entryKinds.indexOf('file');
const hardlink = entryKinds.indexOf('hardlink');

/**
 * For each hard link of a layer, by number of its entry, the number of the entry whose body it shares, as far as names
 * alone tell: the last file that stood under the target's name before the link, as a runtime would find it.
 */
export function linkedBodies(entries: EntryTable): ReadonlyMap<number, number> {
  const { paths, kinds, links } = entries;
  const targets = new Set<string>();
  for (const [entry, target] of links) if (kinds[entry] === hardlink) targets.add(target);
  const bodies = new Map<number, number>();
  if (targets.size === 0) return bodies;
  /** What stands at each target's path while the entries pass by. */
  const standing = new Map<string, number>();
  paths.forEach((path, entry) => {
    const isLink = kinds[entry] === hardlink;
    const body = isLink ? standing.get(links.get(entry) ?? '') : entry;
    if (isLink && body !== undefined) bodies.set(entry, body);
    if (!targets.has(path)) return;
    if (body !== undefined && (isLink || kinds[entry] === file)) standing.set(path, body);
    else standing.delete(path);
  });
  return bodies;
}

/** Paths at which several entries of the layer stand. */
export function repeatedPaths(entries: EntryTable): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const path of entries.paths) {
    if (seen.has(path)) repeated.add(path);
    else seen.add(path);
  }
  return repeated;
}
