import type { Package } from '../../model/package.ts';
import type { KnownPackage } from './terms.ts';

/** The packages that all files of a package are within. */
export type Contained = (found: Package) => readonly KnownPackage[];

const npmManifest = '/package.json';

/**
 * Which packages hold others: the program that modules are compiled into, the archive around an archive, the npm package
 * with a `node_modules` of its own, the distribution's package whose files they are. A package that is in a second place
 * outside of a holder is not held: what is said of the holder would not be true there.
 */
export function containersIn(
  packages: readonly KnownPackage[],
  byPurl: ReadonlyMap<string, readonly KnownPackage[]>,
): Contained {
  const byPath = new Map<string, KnownPackage[]>();
  for (const known of packages) {
    for (const path of known.found.paths) {
      const there = byPath.get(path);
      if (there) there.push(known);
      else byPath.set(path, [known]);
    }
  }
  return (found) => {
    const owner = found.ownedBy === undefined ? [] : (byPurl.get(found.ownedBy) ?? []);
    const [first, ...others] = found.paths;
    if (first === undefined) return owner;
    const holders = holdersOf(first, found, byPath).filter((holder) =>
      others.every((path) => holdersOf(path, found, byPath).includes(holder)),
    );
    return [...owner, ...holders];
  };
}

function holdersOf(path: string, found: Package, byPath: ReadonlyMap<string, readonly KnownPackage[]>): KnownPackage[] {
  const holders: KnownPackage[] = [];
  // Within one file only the program itself holds the others: of two libraries in it, neither does.
  for (const known of byPath.get(path) ?? []) {
    if (known.found !== found && known.found.presence === 'application') holders.push(known);
  }
  for (let at = path.lastIndexOf('!/'); at > 0; at = path.lastIndexOf('!/', at - 1)) {
    holders.push(...archiveAt(byPath.get(path.slice(0, at)) ?? []));
  }
  if (!path.endsWith(npmManifest)) return holders;
  for (let at = path.lastIndexOf('/node_modules/'); at > 0; at = path.lastIndexOf('/node_modules/', at - 1)) {
    const around = byPath.get(path.slice(0, at) + npmManifest) ?? [];
    holders.push(
      ...around.filter(({ found: { ecosystem, presence } }) => ecosystem === 'npm' && presence !== 'declared'),
    );
  }
  return holders;
}

/** Of several that are in one archive, none is the archive but the program: the others were merged into it. */
function archiveAt(there: readonly KnownPackage[]): readonly KnownPackage[] {
  return there.length < 2 ? there : there.filter(({ found: { presence } }) => presence === 'application');
}
