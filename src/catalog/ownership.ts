import type { Ecosystem } from '../ecosystem/contract.ts';
import type { Owner, Package } from '../model/package.ts';
import type { OwnedPaths } from '../model/survey.ts';
import type { SurveyedFiles } from './attribution.ts';
import { RealPaths } from './real-paths.ts';
import type { FileTree } from './tree.ts';

/** Files of a package, and the kind of package that it is. */
export interface OwnedByKind extends OwnedPaths {
  readonly ecosystem: string;
}

/** Where the files of an image are, and what was read of them. */
export interface OwnedIn {
  readonly tree: FileTree;
  readonly files: SurveyedFiles;
}

/**
 * Notes of each package that a language's own metadata names which of the distribution's packages its files belong to:
 * a Python module that dpkg installed is one piece of software, and Debian's word on it counts. A package that stands
 * in a place of nobody's too is more than the distribution's, and stays itself; so does one whose file a later layer
 * replaced than the one that brought the owner. Packages of a kind that is only known by its looks (`unownedOnly`) are
 * left out when another one owns them.
 */
export function ownedPackages(
  packages: readonly Package[],
  ecosystems: readonly Ecosystem[],
  lists: readonly OwnedByKind[],
  { tree, files }: OwnedIn,
): Package[] {
  const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const wanted = new Set<string>();
  for (const found of packages) {
    if (byId.get(found.ecosystem)?.database) continue;
    for (const path of found.paths) wanted.add(filePath(path));
  }
  const owners = ownersOf(wanted, lists, tree);
  const layers = listsNothing(packages, byId, lists) ? layersOfDatabases(packages, byId) : undefined;
  if (owners.size === 0 && !layers) return [...packages];
  const named = packagesByOwner(packages);
  const ownerAt = (path: string): Package | undefined => {
    const owner = owners.get(filePath(path));
    const found = owner && named.get(keyOf(owner.ecosystem, owner.owner));
    const node = found && tree.resolve(filePath(path));
    return node && !files.changedSince(node, found.layer) ? found : undefined;
  };
  const isSystems = (path: string): boolean =>
    layers !== undefined && isSystemPath(path) && layers.has(tree.resolve(filePath(path))?.layer ?? -1);
  const result: Package[] = [];
  for (const found of packages) {
    const { database, unownedOnly } = byId.get(found.ecosystem) ?? {};
    if (unownedOnly) {
      const paths = found.paths.filter((path) => !ownerAt(path) && !isSystems(path));
      if (paths.length > 0) result.push({ ...found, paths });
      continue;
    }
    const owner = database ? undefined : ownerOf(found, ownerAt);
    result.push(owner === undefined ? found : { ...found, ownedBy: owner.purl });
  }
  return result;
}

/** Whether there are packages of a distribution and none of the lists of files that its package manager keeps: somebody removed them. */
function listsNothing(
  packages: readonly Package[],
  byId: ReadonlyMap<string, Ecosystem>,
  lists: readonly OwnedByKind[],
): boolean {
  if (lists.some(({ paths }) => paths.length > 0)) return false;
  return packages.some(({ ecosystem }) => byId.get(ecosystem)?.database);
}

/** Whether distributions put files there: what stands below `/usr/local` and `/opt` others did. */
function isSystemPath(path: string): boolean {
  return /^\/(?:bin|sbin|lib|lib32|lib64|libx32|usr\/(?:bin|sbin|lib|lib32|lib64|libx32|libexec|share))\//.test(path);
}

/** The layers that brought packages of a distribution. */
function layersOfDatabases(packages: readonly Package[], byId: ReadonlyMap<string, Ecosystem>): ReadonlySet<number> {
  return new Set(packages.filter(({ ecosystem }) => byId.get(ecosystem)?.database).map(({ layer }) => layer));
}

type OwnerOfKind = Pick<OwnedByKind, 'ecosystem' | 'owner'>;

/** The first of those that own all files of a package. */
function ownerOf({ paths }: Package, ownerAt: (path: string) => Package | undefined): Package | undefined {
  let first: Package | undefined;
  for (const path of paths) {
    const owner = ownerAt(path);
    if (!owner) return undefined;
    first ??= owner;
  }
  return first;
}

/** Who owns which of the wanted files. */
function ownersOf(
  wanted: ReadonlySet<string>,
  owned: Iterable<OwnedByKind>,
  tree: FileTree,
): ReadonlyMap<string, OwnerOfKind> {
  const owners = new Map<string, OwnerOfKind>();
  if (wanted.size === 0) return owners;
  const places = new RealPaths(tree);
  for (const item of owned) {
    for (const path of item.paths) {
      const real = places.of(path);
      if (wanted.has(real) && !owners.has(real)) owners.set(real, item);
    }
  }
  return owners;
}

/** The packages that may own files, by how a list names them. */
function packagesByOwner(packages: readonly Package[]): ReadonlyMap<string, Package> {
  const named = new Map<string, Package>();
  for (const found of packages) {
    const { ecosystem, name, version, arch } = found;
    for (const owner of [
      { name },
      { name, version },
      ...(arch
        ? [
            { name, arch },
            { name, version, arch },
          ]
        : []),
    ]) {
      const key = keyOf(ecosystem, owner);
      if (!named.has(key)) named.set(key, found);
    }
  }
  return named;
}

function keyOf(ecosystem: string, { name, version, arch }: Owner): string {
  return `${ecosystem}\0${name}\0${version ?? ''}\0${arch ?? ''}`;
}

/** The clean path of the file in which a package was found, of an archive's the archive's. */
function filePath(path: string): string {
  const inside = path.indexOf('!/');
  return path.slice(1, inside < 0 ? undefined : inside);
}
