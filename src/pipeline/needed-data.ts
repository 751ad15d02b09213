import type { AdvisoryDb } from '../advisory/contract.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { type AdvisoryKeys, advisoryKeys } from '../match/keys.ts';
import type { EvidenceSource } from '../model/evidence.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Distribution, Presence } from '../model/package.ts';
import { blinding, type Problem, warning } from '../model/problem.ts';

/** Which data the judged packages need, and what no data can answer for. */
export interface NeededData {
  /** One entry for each ecosystem that is needed, sorted by name. */
  readonly sources: readonly EvidenceSource[];
  readonly problems: readonly Problem[];
}

/**
 * Looks which advisories the judged packages need, and whether there is data for them. `knownKeys`: what
 * each package is called in the advisories, where that was asked already.
 */
export function neededData(
  { packages, distribution, earlier }: Pick<Inventory, 'packages' | 'distribution' | 'earlier'>,
  judged: readonly Presence[],
  ecosystems: readonly Ecosystem[],
  db: AdvisoryDb | undefined,
  knownKeys?: AdvisoryKeys,
): NeededData {
  const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const ecosystemOf = (id: string): Ecosystem | undefined => byId.get(id);
  const keys = knownKeys ?? advisoryKeys(packages, ecosystemOf, distribution);
  const known = new Map((db?.sources ?? []).map((source) => [source.ecosystem, source]));
  const needed = new Map<string, number>();
  const unnamed = new Map<string, number>();
  packages.forEach(({ presence, ecosystem }, at) => {
    if (!judged.includes(presence)) return;
    const key = keys[at];
    if (key) count(needed, key.ecosystem);
    else count(unnamed, ecosystem);
  });
  const bases = new Set([...needed.keys()].map(baseOf));
  // The starter set names hardly any release, and is not taken for an answer anyway.
  const uncovered = [...needed].filter(
    ([release]) => known.get(baseOf(release))?.origin === 'osv-export' && !db?.covers(release),
  );
  const sources = [...bases].sort().map((ecosystem): EvidenceSource => {
    const source = known.get(ecosystem);
    if (!source) return { ecosystem, origin: 'none', records: 0, newest: '', checkedAt: '' };
    const { origin, records, newest, checkedAt, digest } = source;
    return { ecosystem, origin, records, newest, checkedAt, digest };
  });
  // Where no kind of package is known to be the distribution's own, each may be.
  const isKnown = distribution !== undefined && ecosystems.some((one) => one.native?.(distribution));
  const isNative = (id: string): boolean => {
    const { native } = ecosystemOf(id) ?? {};
    // A later layer that gives the distribution another name does not make its packages another's.
    return !isKnown || native?.(distribution) === true || earlier.some((named) => native?.(named));
  };
  const problems = [
    ...[...unnamed].sort().map(([id, packages]) => {
      const kind = ecosystemOf(id);
      return kind && !kind.database
        ? nobodysProblem(kind, packages)
        : unnamedProblem(id, packages, distribution, isNative);
    }),
    ...uncovered.sort().map(([release, packages]) => uncoveredProblem(release, packages)),
  ];
  return { sources, problems };
}

function baseOf(release: string): string {
  return release.split(':', 1)[0] ?? '';
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Data that never mentions a release, because it is too new or nobody watches it any more, vouches for nothing in it. */
function uncoveredProblem(release: string, packages: number): Problem {
  return blinding(
    'data/release-unknown',
    `the data has no advisory at all for ${release} (packages here: ${packages})`,
  );
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
