import type { AdvisoryDb, SourceInfo } from '../advisory/contract.ts';
import { baseOf } from '../advisory/names.ts';
import type { AdvisoryKey, Ecosystem } from '../ecosystem/contract.ts';
import { type AdvisoryKeys, advisoryKeys } from '../match/keys.ts';
import type { EvidenceSource } from '../model/evidence.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Distribution, Package, Presence } from '../model/package.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';

/** Which data the judged packages need, and what no data can answer for. */
export interface NeededData {
  /** One entry for each ecosystem that is needed, sorted by name. */
  readonly sources: readonly EvidenceSource[];
  readonly problems: readonly Problem[];
}

/** What tells which advisories are needed. */
type NeededBy = Pick<Inventory, 'packages' | 'distribution' | 'earlier' | 'contentSets'>;

/** Sources whose records hold what is fixed alone: no feed finds the rest, for feeds only add to findings. */
const onlyFixed = new Set(['Red Hat']);

/**
 * Looks which advisories the judged packages need, and whether there is data for them. `knownKeys`: what
 * each package is called in the advisories, where that was asked already.
 */
export function neededData(
  inventory: NeededBy,
  judged: readonly Presence[],
  ecosystems: readonly Ecosystem[],
  db: AdvisoryDb | undefined,
  knownKeys?: AdvisoryKeys,
): NeededData {
  const { packages, distribution, contentSets } = inventory;
  const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const ecosystemOf = (id: string): Ecosystem | undefined => byId.get(id);
  const keys = knownKeys ?? advisoryKeys(packages, ecosystemOf, distribution, contentSets);
  const known = new Map((db?.sources ?? []).map((source) => [source.ecosystem, source]));
  const { needed, unnamed, kinds } = needsOf(packages, keys, judged);
  const bases = [...new Set([...needed.keys()].map(baseOf))].sort();
  const problems = [
    ...unnamedProblems(unnamed, inventory, ecosystems, ecosystemOf),
    ...uncoveredProblems(needed, known, db),
    ...kinds.flatMap((id) => ecosystemOf(id)?.advisoryGaps?.(distribution, contentSets) ?? []),
    ...bases.filter((base) => known.has(base) && onlyFixed.has(base)).map(onlyFixedProblem),
  ];
  return { sources: bases.map((base) => evidenceSource(base, known.get(base))), problems };
}

/** A source of advisories as evidence has it; one without data where there is none. */
export function evidenceSource(ecosystem: string, source: SourceInfo | undefined): EvidenceSource {
  if (!source) return { ecosystem, origin: 'none', records: 0, newest: '', checkedAt: '' };
  const { origin, records, newest, checkedAt, digest, failed } = source;
  return { ecosystem, origin, records, newest, checkedAt, digest, ...(failed ? { failed } : {}) };
}

/** How many packages need a release, and where else they are looked up. */
interface Need {
  packages: number;
  readonly also: readonly string[];
}

/** What the judged packages need. */
interface Needs {
  /** By the ecosystem with its release. */
  readonly needed: ReadonlyMap<string, Need>;
  /** How many packages of each kind have no name in any advisories. */
  readonly unnamed: ReadonlyMap<string, number>;
  /** The kinds of package, sorted. */
  readonly kinds: readonly string[];
}

function needsOf(packages: readonly Package[], keys: AdvisoryKeys, judged: readonly Presence[]): Needs {
  const needed = new Map<string, Need>();
  const unnamed = new Map<string, number>();
  const kinds = new Set<string>();
  packages.forEach(({ presence, ecosystem }, at) => {
    if (!judged.includes(presence)) return;
    kinds.add(ecosystem);
    const key = keys[at];
    if (key) addNeed(needed, key);
    else unnamed.set(ecosystem, (unnamed.get(ecosystem) ?? 0) + 1);
  });
  return { needed, unnamed, kinds: [...kinds].sort() };
}

function addNeed(needed: Map<string, Need>, { ecosystem, also = [] }: AdvisoryKey): void {
  const known = needed.get(ecosystem);
  if (known) known.packages++;
  else needed.set(ecosystem, { packages: 1, also });
}

/** What is not said once and for all of a source that speaks of mended flaws alone would look like a clean image. */
function onlyFixedProblem(base: string): Problem {
  const message = `the advisories of ${base} are for flaws that it has fixed: one that it has not fixed, or will not fix, is in no finding here`;
  return warning('data/only-fixed', message);
}

/** Releases that the data never mentions. The starter set names hardly any, and is not taken for an answer anyway. */
function uncoveredProblems(
  needed: ReadonlyMap<string, Need>,
  known: ReadonlyMap<string, SourceInfo>,
  db: AdvisoryDb | undefined,
): Problem[] {
  return [...needed]
    .filter(([release]) => known.get(baseOf(release))?.origin === 'osv-export')
    .filter(([release, { also }]) => ![release, ...also].some((one) => db?.covers(one)))
    .map(([release, { packages }]): [string, number] => [release, packages])
    .sort()
    .map(([release, packages]) => uncoveredProblem(release, packages));
}

/** Data that never mentions a release, because it is too new or nobody watches it any more, vouches for nothing in it. */
function uncoveredProblem(release: string, packages: number): Problem {
  return blinding(
    'data/release-unknown',
    `the data has no advisory at all for ${release} (packages here: ${packages})`,
  );
}

/** Packages that go by no name in any advisories, one problem for each kind. */
function unnamedProblems(
  unnamed: ReadonlyMap<string, number>,
  { distribution, earlier }: NeededBy,
  ecosystems: readonly Ecosystem[],
  ecosystemOf: (id: string) => Ecosystem | undefined,
): Problem[] {
  // Where no kind of package is known to be the distribution's own, each may be.
  const isKnown = distribution !== undefined && ecosystems.some((one) => one.native?.(distribution));
  const isNative = (id: string): boolean => {
    const { native } = ecosystemOf(id) ?? {};
    // A later layer that gives the distribution another name does not make its packages another's.
    return !isKnown || native?.(distribution) === true || earlier.some((named) => native?.(named));
  };
  return [...unnamed].sort().map(([id, packages]) => {
    const kind = ecosystemOf(id);
    return kind && !kind.database
      ? nobodysProblem(kind, packages)
      : unnamedProblem(id, packages, distribution, isNative);
  });
}

/** Packages that nobody publishes advisories for, or none by such a version: what is wrong with them is not known. */
function nobodysProblem({ title }: Ecosystem, packages: number): Problem {
  return warning('data/no-advisories', `there are no advisories for these packages: ${title} (${packages} here)`);
}

/**
 * Packages of a distribution that nobody publishes advisories for. Those of the image's own leave the gate blind; what
 * another package manager left in the image, such as a .deb unpacked on Alpine, is only said.
 */
function unnamedProblem(
  id: string,
  packages: number,
  distribution: Distribution | undefined,
  native: (id: string) => boolean,
): Problem {
  if (!distribution) {
    const whose = 'of a distribution that the image does not name: it has no os-release';
    return blinding('data/no-advisories', `there are no advisories for its ${id} packages (${packages}), ${whose}`);
  }
  const message = `there are no advisories for the ${id} packages (${packages}) of ${distribution.name}`;
  return (native(id) ? blinding : warning)('data/no-advisories', message);
}
