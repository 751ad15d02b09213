import type { Feeds } from '../../advisory/contract.ts';
import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { Distribution, Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import { subjectOf } from '../affected.ts';
import { matchPackages } from '../match.ts';
import { isCve } from '../merge.ts';
import { riskFormula } from '../risk.ts';
import type { StandingKeyOf } from '../standing-keys.ts';
import type { ExplainedProduct } from '../vex/explain.ts';
import type { FindingStory, GateView, Lookup, Outcome, PackageStory, RecordStory, StandingStory } from './contract.ts';
import type { FlawNames, FoundRecord } from './flaw-names.ts';
import type { NamedRecords } from './lookups.ts';
import { outcomeOf as outcomeOfRecord, recordStory } from './record-story.ts';

/** What the story of a package is told from. */
export interface PackageContext {
  readonly names: FlawNames;
  readonly evidence: Pick<Evidence, 'target' | 'judged'>;
  readonly ecosystemOf: (id: string) => Ecosystem | undefined;
  readonly feeds: Feeds | undefined;
  readonly standingKeyOf: StandingKeyOf;
  readonly gateOf: (finding: Finding) => GateView;
  readonly vex: readonly ExplainedProduct[];
}

/** One package with its records and findings that are the flaw; undefined when nothing speaks of the flaw in it. */
export function packageStory(
  found: Package,
  named: readonly NamedRecords[],
  findings: readonly Finding[],
  context: PackageContext,
): PackageStory | undefined {
  const { names, evidence, ecosystemOf } = context;
  const ecosystem = ecosystemOf(found.ecosystem);
  if (!ecosystem) return undefined;
  const records = named.flatMap(({ key, records: all }, lookup) =>
    all.flatMap((record) => {
      const relation = names.relationOf(record);
      if (relation === undefined || relation === 'related') return [];
      const subject = subjectOf(key.version, ecosystem.order, found.module);
      const leftOut = isLeftOut(record, found, named[lookup]!, evidence.target.distribution, ecosystem);
      return [recordStory({ advisory: record.advisory, relation, subject, lookup, leftOut })];
    }),
  );
  const standings = standingsOf(found, context);
  if (records.length === 0 && findings.length === 0 && standings.every(({ state }) => state === undefined)) {
    return undefined;
  }
  records.sort((a, b) => compareText(a.id, b.id) || a.lookup - b.lookup);
  const told = findings.map((finding) => findingStory(finding, records, context));
  const { layers, base } = evidence.target;
  const judged = evidence.judged.includes(found.presence);
  return {
    found,
    from: found.layer < (base?.layers ?? 0) ? 'base' : 'own',
    createdBy: layers[found.layer]?.createdBy ?? '',
    judged,
    outcome: outcomeOf(told, { records, standings }, evidence, judged),
    lookups: named.map(({ key }) => lookupOf(key, ecosystem)),
    records,
    findings: told,
    standings,
    vex: context.vex.filter((one) => one.package === found.purl),
  };
}

function lookupOf({ ecosystem, name, version }: NamedRecords['key'], { order }: Ecosystem): Lookup {
  return { ecosystem, name, version, order: order.id, ordered: order.valid(version) };
}

/** Whether matching leaves out a record that would say something: it is asked, with that record alone. */
function isLeftOut(
  { advisory }: FoundRecord,
  found: Package,
  { key }: NamedRecords,
  distribution: Distribution | undefined,
  ecosystem: Ecosystem,
): boolean {
  const subject = subjectOf(key.version, ecosystem.order, found.module);
  if (outcomeOfRecord(advisory, subject) === 'not-affected') return false;
  const one = { all: () => [advisory], candidates: () => [advisory] };
  const { findings, problems } = matchPackages([{ ...found, presence: 'installed' }], {
    ecosystemOf: () => ecosystem,
    distribution,
    db: { has: () => true, find: (base, name) => (base === key.ecosystem && name === key.name ? one : undefined) },
    keys: [key],
  });
  return findings.length === 0 && problems.length === 0;
}

/** What the package's own distribution says; of an rpm's own name and that of its source the first that it speaks of. */
function standingsOf(found: Package, { names, feeds, standingKeyOf }: PackageContext): StandingStory[] {
  const key = feeds && feeds.infos.length > 0 ? standingKeyOf(found.purl) : undefined;
  if (!feeds || !key) return [];
  const { ecosystem } = key;
  return names
    .all()
    .filter(isCve)
    .flatMap((cve) => {
      for (const name of key.names) {
        const standing = feeds.standing(ecosystem, name, cve);
        if (standing) return [{ ecosystem, name, cve, ...standing }];
      }
      return [];
    });
}

function findingStory(finding: Finding, records: readonly RecordStory[], { gateOf }: PackageContext): FindingStory {
  const by = records.filter(
    ({ id, severity: { severity, source, vector } }) =>
      finding.advisories.includes(id) &&
      severity === finding.severity &&
      source === finding.severitySource &&
      vector === finding.vector,
  );
  const risk = finding.risk === undefined ? [] : riskFormula(finding);
  return { finding, severityBy: [...new Set(by.map(({ id }) => id))].sort(), risk, gate: gateOf(finding) };
}

function outcomeOf(
  findings: readonly FindingStory[],
  { records, standings }: Pick<PackageStory, 'records' | 'standings'>,
  { judged }: Pick<Evidence, 'judged'>,
  isJudged: boolean,
): Outcome {
  if (findings.some(({ finding }) => counts(finding, judged))) return 'affected';
  if (findings.some(({ finding }) => finding.answered)) return 'answered';
  // A distribution that will not mend what no advisory speaks of says that its package has the flaw.
  const owned = records.length === 0 && standings.some(({ state }) => state !== undefined && state !== 'not-affected');
  const undecided = owned || records.some(({ outcome }) => outcome === 'undecided');
  if (findings.length > 0 || (undecided && !isJudged)) return 'not-judged';
  return undecided ? 'undecided' : 'not-affected';
}
