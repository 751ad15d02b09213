import { mergePackages, type PlacedPackage } from '../catalog/merge.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { countDistributions } from '../format/sbom/distribution.ts';
import type { SbomDocument, SbomPackage } from '../format/sbom/document.ts';
import { recordOf, type SbomRecord } from '../format/sbom/record.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Distribution, Package } from '../model/package.ts';
import { parsePurl } from '../model/parse-purl.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { compareText } from '../util/compare-text.ts';

/** Names that one problem shows. */
const shownNames = 3;

/** What stands in a bill of materials as if it had been found in an image: each package once, by the same rules. */
export function sbomInventory(document: SbomDocument, ecosystems: readonly Ecosystem[]): Inventory {
  const { packages: listed } = document;
  const votes = countDistributions(listed);
  const distribution = distributionIn(document.distribution, votes.most);
  const sorted = new Sorted(ecosystems, distribution);
  for (const found of listed) sorted.add(found);
  const packages = sorted.packages();
  const problems = [
    ...document.problems,
    ...incompleteness(document),
    ...foreign(distribution, votes.counts.values()),
    ...sorted.problems(),
    ...emptiness(document, packages),
  ];
  return { distribution, earlier: [], packages, problems };
}

/** A component for the operating system may leave its release to the packages. */
function distributionIn(stated: Distribution | undefined, most: Distribution | undefined): Distribution | undefined {
  if (stated === undefined) return most;
  const isSame = most?.id === stated.id && stated.version === '' && stated.codename === undefined;
  return isSame ? { ...stated, version: most.version, ...(most.codename ? { codename: most.codename } : {}) } : stated;
}

/** What sluice itself could not read is said as such; other tools only say that there is more. */
function incompleteness({ incomplete, problems }: SbomDocument): Problem[] {
  if (!incomplete || problems.some((problem) => problem.blinding)) return [];
  return [blinding('sbom/incomplete', 'the bill of materials says that it does not list everything')];
}

/** An image may be empty, and then sluice says so; a list without anything is more likely one that nobody filled. */
function emptiness({ judged, incomplete }: SbomDocument, packages: readonly Package[]): Problem[] {
  if (packages.length > 0 || judged !== undefined || incomplete) return [];
  return [blinding('sbom/empty', 'the bill of materials lists no package')];
}

/** A distribution's packages are judged by its own advisories alone: those of another one would be judged by the wrong ones. */
function foreign(
  distribution: Distribution | undefined,
  counts: Iterable<{ readonly distribution: Distribution; readonly packages: number }>,
): Problem[] {
  if (!distribution) return [];
  const problems: Problem[] = [];
  for (const { distribution: other, packages } of counts) {
    if (other.id === distribution.id && isSameRelease(other.version, distribution.version)) continue;
    const message = `packages (${packages}) are of ${other.name}, while the others are of ${distribution.name}`;
    problems.push(blinding('sbom/distributions', message));
  }
  return problems;
}

/** `12` and `12.5` are one release, told more or less exactly. */
function isSameRelease(a: string, b: string): boolean {
  return a === '' || b === '' || a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** Components by what can be made of them. */
class Sorted {
  readonly #byId: ReadonlyMap<string, Ecosystem>;
  readonly #distribution: Distribution | undefined;
  readonly #placed: PlacedPackage[] = [];
  readonly #others = new Map<string, Package>();
  readonly #owners = new Map<string, string>();
  readonly #unversioned: string[] = [];
  readonly #unread: string[] = [];

  constructor(ecosystems: readonly Ecosystem[], distribution: Distribution | undefined) {
    this.#byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
    this.#distribution = distribution;
  }

  add(found: SbomPackage): void {
    if (found.purl !== undefined && parsePurl(found.purl) === undefined) this.#unread.push(found.name || found.purl);
    const said = recordOf(found);
    if (said === undefined) return;
    const isOwn = found.properties.has('sluice:ecosystem');
    if (said.record.version === '' && !isOwn) {
      this.#unversioned.push(said.record.name);
      return;
    }
    const ecosystem = this.#byId.get(said.ecosystem);
    if (ecosystem) this.#place(ecosystem, said, found);
    else this.#keepOther(said, found);
  }

  #place(ecosystem: Ecosystem, { record, ownedBy }: SbomRecord, { paths, layer = 0 }: SbomPackage): void {
    for (const path of paths.length === 0 ? [''] : paths) this.#placed.push({ ecosystem, record, path, layer });
    if (ownedBy !== undefined) this.#owners.set(ecosystem.purl(record, this.#distribution), ownedBy);
  }

  /** A package of a kind that sluice knows nothing of: it stands in the report, and nobody's advisories speak of it. */
  #keepOther({ record, purl: written }: SbomRecord, { paths, layer = 0 }: SbomPackage): void {
    const { name, version } = record;
    const parts = written === undefined ? undefined : parsePurl(written);
    const purl = buildPurl(parts ?? { type: 'generic', name, version });
    const known = this.#others.get(purl);
    const all = [...new Set([...(known?.paths ?? []), ...paths])].sort();
    this.#others.set(purl, { ...(known ?? { ...record, ecosystem: 'generic', purl, layer }), paths: all });
  }

  /** By purl, then by path. */
  packages(): Package[] {
    const merged = mergePackages(this.#placed, this.#distribution).map((found): Package => {
      const ownedBy = this.#owners.get(found.purl);
      const paths = found.paths.filter((path) => path !== '');
      return { ...found, paths, ...(ownedBy === undefined ? {} : { ownedBy }) };
    });
    const all = [...merged, ...this.#others.values()];
    return all.sort((a, b) => compareText(a.purl, b.purl) || compareText(a.paths[0] ?? '', b.paths[0] ?? ''));
  }

  problems(): Problem[] {
    return [
      ...listed(this.#unversioned, 'sbom/no-version', 'components have no version, so that nothing is known of them'),
      ...listed(this.#unread, 'sbom/malformed-purl', 'components have a package URL that is none'),
    ];
  }
}

function listed(names: readonly string[], code: Problem['code'], what: string): Problem[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, shownNames).map((name) => JSON.stringify(name.slice(0, 100)));
  const more = names.length > shownNames ? ' and others' : '';
  return [warning(code, `${what} (${names.length}): ${shown.join(', ')}${more}`)];
}
