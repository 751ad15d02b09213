import type { AdvisoryDb } from '../../advisory/contract.ts';
import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Digest } from '../../model/digest.ts';
import type { Evidence, EvidenceSource } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import type { AdvisoryKeys } from '../keys.ts';
import { standingKeys } from '../standing-keys.ts';
import type { ExplainedProduct } from '../vex/explain.ts';
import { conclusion } from './conclusion.ts';
import type { Explanation, GateView, Outcome, PackageStory } from './contract.ts';
import { type FlawNames, flawNames } from './flaw-names.ts';
import { flawStory } from './flaw-story.ts';
import { Lookups, lookedAt, type NamedRecords } from './lookups.ts';
import { packageStory } from './package-story.ts';

/** What a flaw is explained from: the evidence of a scan, and the same data that the scan went by. */
export interface ExplainContext {
  readonly evidence: Evidence;
  readonly ecosystemOf: (id: string) => Ecosystem | undefined;
  /** Of the evidence's packages. */
  readonly keys: AdvisoryKeys;
  /** Absent: there is no data. */
  readonly db?: AdvisoryDb | undefined;
  readonly snapshot?: Digest | undefined;
  /** The sources of data that the packages were held against. */
  readonly sources: readonly EvidenceSource[];
  /** What VEX statements that name a flaw come to, by any of its names. */
  readonly vexOf: (name: string) => readonly ExplainedProduct[];
  /** What the gate makes of one finding by itself. */
  readonly gateOf: (finding: Finding) => GateView;
}

/**
 * Tells the story of one flaw, which goes by any of its names: walks the records of every package of the target by the
 * functions that matching uses. @throws SluiceError `advisory/index-damaged`
 */
export function explainFlaw(asked: string, context: ExplainContext): Explanation {
  const { evidence, ecosystemOf, keys, db } = context;
  const lookups = new Lookups(db);
  const named = evidence.packages.map((found, at) => lookups.of(keys[at], ecosystemOf(found.ecosystem)));
  const records = lookups.all();
  const names = flawNames(asked, records);
  const related = records.filter((record) => names.relationOf(record) === 'related').map(({ advisory }) => advisory.id);
  const vex = vexOf(names, context);
  const packages = packageStories(named, names, vex, context);
  const flaw = flawStory(asked, names, packages, db?.feeds);
  const told = {
    asked,
    target: evidence.target,
    ...(flaw ? { flaw } : {}),
    packages,
    related: [...new Set(related)].sort(),
    looked: lookedAt(evidence.packages, keys, ecosystemOf, lookups),
    vex: vex.filter((one) => one.package === ''),
    sources: context.sources,
    ...(context.snapshot ? { snapshot: context.snapshot } : {}),
    blinding: evidence.problems.filter(({ blinding }) => blinding),
  };
  return { ...told, ...conclusion(told, db !== undefined) };
}

function packageStories(
  named: readonly NamedRecords[][],
  names: FlawNames,
  vex: readonly ExplainedProduct[],
  { evidence, ecosystemOf, keys, db, gateOf }: ExplainContext,
): PackageStory[] {
  const standingKeyOf = standingKeys(evidence.packages, keys, ecosystemOf, evidence.target.distribution);
  const context = { names, evidence, ecosystemOf, feeds: db?.feeds, standingKeyOf, gateOf, vex };
  const findings = findingsByPackage(evidence.findings, names);
  const stories = evidence.packages.flatMap((found, at) => {
    const own = findings.get(placeOf(found.purl, found)) ?? [];
    return packageStory(found, named[at] ?? [], own, context) ?? [];
  });
  return stories.sort(
    (a, b) =>
      outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome) ||
      compareText(a.found.purl, b.found.purl) ||
      a.found.layer - b.found.layer ||
      compareText(a.found.paths.join('\0'), b.found.paths.join('\0')),
  );
}

/** The most urgent first. */
const outcomes: readonly Outcome[] = ['affected', 'undecided', 'answered', 'not-judged', 'not-affected'];

/** The findings that are the flaw, by the package that they are in. */
function findingsByPackage(findings: readonly Finding[], names: FlawNames): Map<string, Finding[]> {
  const byPackage = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { id, aliases, advisories } = finding;
    if (![id, ...aliases, ...advisories].some((name) => names.has(name))) continue;
    const place = placeOf(finding.package, finding);
    const known = byPackage.get(place);
    if (known) known.push(finding);
    else byPackage.set(place, [finding]);
  }
  return byPackage;
}

/** A package of one purl may stand in several places, each with findings of its own. */
function placeOf(purl: string, { presence, layer, paths }: Pick<Package, 'presence' | 'layer' | 'paths'>): string {
  return JSON.stringify([purl, presence, layer, paths]);
}

/** The statements on the findings, which go by all of their names; without any, those that a name of the flaw brings up. */
function vexOf(names: FlawNames, { evidence, vexOf: of }: ExplainContext): ExplainedProduct[] {
  const found = new Set([...findingsByPackage(evidence.findings, names).values()].flat().map(({ id }) => id));
  const all = new Map<string, ExplainedProduct>();
  for (const name of found.size > 0 ? found : names.all()) {
    for (const one of of(name)) {
      all.set(JSON.stringify([one.document, one.file, one.number, one.product, one.finding, one.package]), one);
    }
  }
  return [...all.values()];
}
