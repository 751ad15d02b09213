import type { Package } from '../model/package.ts';
import { blinding, type Problem } from '../model/problem.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { OwnedByKind } from './ownership.ts';
import { squash } from './squash.ts';
import type { FileTree } from './tree.ts';

/** Most packages that are named. */
const mostNamed = 5;

/**
 * Packages whose list of files is there, as are programs or libraries in it, and that the database does not name: cutting
 * an entry out of dpkg's status file must not make a package disappear. What is left of a removed package, its
 * configuration, is none.
 */
export function unlistedPackages(
  owned: Iterable<OwnedByKind>,
  packages: readonly Package[],
  surveys: readonly LayerSurvey[],
): Problem[] {
  const known = new Set(packages.map(({ ecosystem, name }) => `${ecosystem}\0${name}`));
  const unlisted = new Map<string, Set<string>>();
  let tree: FileTree | undefined;
  for (const { ecosystem, owner, paths } of owned) {
    if (known.has(`${ecosystem}\0${owner.name}`)) continue;
    const kept = paths.filter((path) => !path.startsWith('etc/'));
    if (kept.length === 0) continue;
    // Only now: it takes a tree of all files, and nearly no image comes to this.
    tree ??= squash(surveys, () => undefined);
    const all = tree;
    if (!kept.some((path) => all.resolve(path)?.kind === 'file')) continue;
    const names = unlisted.get(ecosystem) ?? new Set<string>();
    unlisted.set(ecosystem, names.add(owner.name));
  }
  return [...unlisted].map(([ecosystem, names]) => {
    const sorted = [...names].sort();
    const more = sorted.length > mostNamed ? ` and ${sorted.length - mostNamed} more` : '';
    const message = `files of packages are there that the ${ecosystem} database does not name: ${sorted.slice(0, mostNamed).join(', ')}${more}`;
    return blinding(`${ecosystem}/packages-unlisted`, message);
  });
}
