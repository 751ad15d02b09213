import type { AdvisoryDb } from '../advisory/contract.ts';
import { endOfLifeOf } from '../advisory/end-of-life.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { advisoryKeys } from '../match/keys.ts';
import { matchPackages } from '../match/match.ts';
import type { OwnerData } from '../match/owner-answers.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Presence } from '../model/package.ts';
import { blinding, compareProblems, type Problem } from '../model/problem.ts';
import { neededData } from './needed-data.ts';
import type { ScanOptions } from './options.ts';

/** What a target is, and what is in it, before anything is known of it. */
export interface Looked {
  readonly target: EvidenceTarget;
  readonly inventory: Inventory;
}

/** The kinds of package that a scan knows. */
export async function ecosystemsOf({ ecosystems }: ScanOptions): Promise<readonly Ecosystem[]> {
  return typeof ecosystems === 'function' ? ecosystems() : ecosystems;
}

/** Matches what is in a target with the advisories: packages of the `judged` presences are what the gate goes by. */
export async function gather(
  { target, inventory }: Looked,
  judged: readonly Presence[],
  options: ScanOptions,
): Promise<Evidence> {
  const ecosystems = await ecosystemsOf(options);
  const opened = await options.data?.open();
  try {
    const { packages, distribution } = inventory;
    options.onProgress?.(`matching ${packages.length} packages`);
    const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
    const ecosystemOf = (id: string) => byId.get(id);
    const keys = advisoryKeys(packages, ecosystemOf, distribution);
    const needed = neededData(inventory, judged, ecosystems, opened, keys);
    const db = opened ? ownerData(opened) : { has: () => false, find: () => undefined };
    const matched = matchPackages(packages, {
      ecosystemOf,
      distribution,
      db,
      keys,
      baseLayers: target.base?.layers,
    });
    const problems: Problem[] = [
      ...inventory.problems,
      ...hiddenPackages(target, inventory, ecosystems),
      ...needed.problems,
      ...matched.problems,
    ];
    const release = distribution && endOfLifeOf(distribution);
    const { contentSets } = inventory;
    return {
      target: { ...target, ...(release ? { release } : {}), ...(contentSets ? { contentSets } : {}) },
      judged,
      packages,
      findings: matched.findings,
      problems: problems.sort(compareProblems),
      sources: needed.sources,
    };
  } finally {
    opened?.close();
  }
}

/** The starter set knows a few flaws: that it is silent on a release says nothing. */
function ownerData(db: AdvisoryDb): OwnerData {
  const whole = new Set(db.sources.filter(({ origin }) => origin === 'osv-export').map(({ ecosystem }) => ecosystem));
  return {
    has: (base) => db.has(base),
    find: (ecosystem, name) => db.find(ecosystem, name),
    covers: (ecosystem) => whole.has(ecosystem.split(':', 1)[0] ?? '') && db.covers(ecosystem),
  };
}

/** A distribution without its package database is not a distribution without packages: what it holds can't be seen. */
function hiddenPackages(target: EvidenceTarget, inventory: Inventory, ecosystems: readonly Ecosystem[]): Problem[] {
  const { distribution, packages, problems } = inventory;
  if (!distribution || target.kind === 'source') return [];
  const native = ecosystems.find((ecosystem) => ecosystem.native?.(distribution));
  if (!native || packages.some((found) => found.ecosystem === native.id)) return [];
  // When the database is there and broken, that has been said.
  if (problems.some((problem) => problem.blinding && problem.code.startsWith(`${native.id}/`))) return [];
  const message = `the image says that it is ${distribution.name || distribution.id}, and holds no ${native.id} package database`;
  return [blinding('distribution/no-packages', message)];
}
