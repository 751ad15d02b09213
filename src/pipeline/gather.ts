import type { AdvisoryDb } from '../advisory/contract.ts';
import { endOfLifeOf } from '../advisory/end-of-life.ts';
import { baseOf } from '../advisory/names.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { enrich } from '../match/enrich.ts';
import { type AdvisoryKeys, advisoryKeys } from '../match/keys.ts';
import { matchPackages } from '../match/match.ts';
import type { OwnerData } from '../match/owner-answers.ts';
import { standingKeys } from '../match/standing-keys.ts';
import type { AppliedVex } from '../match/vex/apply.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Package, Presence } from '../model/package.ts';
import { blinding, compareProblems, type Problem } from '../model/problem.ts';
import { inStep } from '../util/telemetry/step.ts';
import { neededData } from './needed-data.ts';
import { neededFeeds } from './needed-feeds.ts';
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
  const { packages, distribution, contentSets } = inventory;
  const byId = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const ecosystemOf = (id: string) => byId.get(id);
  const keys = advisoryKeys(packages, ecosystemOf, distribution, contentSets);
  const opened = await inStep(options.trace, 'data', async () => {
    const data = options.refresh ? await options.refresh(ecosystemsIn(packages, keys, judged)) : options.data;
    return data?.open();
  });
  const step = options.trace?.step('match', { 'sluice.packages': packages.length });
  try {
    options.onProgress?.(`matching ${packages.length} packages`);
    const needed = neededData(inventory, judged, ecosystems, opened, keys);
    const found = findingsIn({ target, inventory }, keys, ecosystemOf, opened);
    const said = await withVex(found.findings, packages, target, options);
    const release = distribution && endOfLifeOf(distribution);
    const problems: Problem[] = [
      ...inventory.problems,
      ...hiddenPackages(target, inventory, ecosystems),
      ...needed.problems,
      ...found.problems,
      ...said.problems,
      ...(options.vexProblems ?? []),
    ];
    return {
      target: { ...target, ...(release ? { release } : {}), ...(contentSets ? { contentSets } : {}) },
      judged,
      packages,
      findings: said.findings,
      problems: problems.sort(compareProblems),
      sources: [...needed.sources, ...neededFeeds(opened?.feeds.infos ?? [], said.findings, distribution)],
      ...(said.vex.length > 0 ? { vex: said.vex } : {}),
    };
  } finally {
    step?.end();
    opened?.close();
  }
}

/** What is found by matching, with what the feeds add to it. */
function findingsIn(
  { target, inventory: { packages, distribution } }: Looked,
  keys: AdvisoryKeys,
  ecosystemOf: (id: string) => Ecosystem | undefined,
  opened: AdvisoryDb | undefined,
): { readonly findings: readonly Finding[]; readonly problems: readonly Problem[] } {
  const db = opened ? ownerData(opened) : { has: () => false, find: () => undefined };
  const baseLayers = target.base?.layers;
  const { findings, problems } = matchPackages(packages, { ecosystemOf, distribution, db, keys, baseLayers });
  if (!opened) return { findings, problems };
  const standingOf = standingKeys(packages, keys, ecosystemOf, distribution);
  return { findings: enrich(findings, opened.feeds, standingOf), problems };
}

/** What VEX says of the findings; nothing of it is loaded where there is none. */
async function withVex(
  findings: readonly Finding[],
  packages: readonly Package[],
  target: EvidenceTarget,
  { vex, names }: ScanOptions,
): Promise<AppliedVex> {
  if (!vex || vex.length === 0) return { findings: [...findings], vex: [], problems: [] };
  const { applyVex } = await import('../match/vex/apply.ts');
  return applyVex(findings, packages, target, vex, names);
}

/** The ecosystems whose advisories the judged packages need, by base name, sorted. */
function ecosystemsIn(packages: readonly Package[], keys: AdvisoryKeys, judged: readonly Presence[]): string[] {
  const bases = new Set<string>();
  keys.forEach((key, at) => {
    if (key && judged.includes(packages[at]!.presence)) bases.add(baseOf(key.ecosystem));
  });
  return [...bases].sort();
}

/** The starter set knows a few flaws: that it is silent on a release says nothing. */
function ownerData(db: AdvisoryDb): OwnerData {
  const whole = new Set(db.sources.filter(({ origin }) => origin === 'osv-export').map(({ ecosystem }) => ecosystem));
  return {
    has: (base) => db.has(base),
    find: (ecosystem, name) => db.find(ecosystem, name),
    covers: (ecosystem) => whole.has(baseOf(ecosystem)) && db.covers(ecosystem),
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
