import type { Advisory, SeverityStatement } from '../model/advisory.ts';
import type { Finding } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import { compareSeverity } from '../model/severity.ts';
import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from '../version/contract.ts';
import { fixesOf, type Match } from './affected.ts';
import { flawsOf, isCve, mergeByName } from './merge.ts';

/** What findings of the same flaw in the same version of a package have in common. */
export interface Flaw {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly advisories: readonly string[];
  readonly severity: SeverityStatement;
  readonly fixed: readonly string[];
  readonly title: string;
}

/** The flaws that the matches of one package describe. `distribution`: it comes from a distribution's database. */
export function flawsIn(matches: readonly Match[], order: VersionOrder, distribution: boolean): Flaw[] {
  const flaws = mergeByName(matches, distribution).map((group) => flawOf(group, order, distribution));
  const byId = new Map<string, number>();
  for (const { id } of flaws) byId.set(id, (byId.get(id) ?? 0) + 1);
  return flaws.map((flaw) => (byId.get(flaw.id) === 1 ? flaw : namedByPublisher(flaw)));
}

/** Two errata for one CVE in one package: each goes by its own id, so that an id and a package name one finding. */
function namedByPublisher(flaw: Flaw): Flaw {
  const id = flaw.advisories[0] as string;
  const aliases = new Set([...flaw.aliases, flaw.id]);
  aliases.delete(id);
  return { ...flaw, id, aliases: [...aliases].sort() };
}

function flawOf(matches: readonly Match[], order: VersionOrder, distribution: boolean): Flaw {
  const advisories = matches.map((match) => match.advisory).sort((a, b) => byRank(a, b, distribution));
  const primary = advisories[0] as Advisory;
  const names = new Set<string>();
  for (const advisory of advisories) {
    for (const name of [advisory.id, ...advisory.aliases, ...flawsOf(advisory, distribution)]) names.add(name);
  }
  const cves = [...names].filter(isCve);
  const id = cves.length === 1 ? (cves[0] as string) : primary.id;
  names.delete(id);
  return {
    id,
    aliases: [...names].sort(),
    advisories: [...new Set(advisories.map((advisory) => advisory.id))].sort(),
    severity: primary.severity,
    fixed: fixesOf(matches, order),
    title: advisories.find((advisory) => advisory.summary !== '')?.summary ?? '',
  };
}

/** The finding of a flaw in one package. Written out field by field: it is the innermost step of a scan. */
export function findingOf(flaw: Flaw, found: Package): Finding {
  const { severity, source, score, vector } = flaw.severity;
  const finding: { -readonly [field in keyof Finding]: Finding[field] } = {
    kind: 'vulnerability',
    id: flaw.id,
    aliases: flaw.aliases,
    advisories: flaw.advisories,
    severity,
    severitySource: source,
    package: found.purl,
    name: found.name,
    version: found.version,
    presence: found.presence,
    fixed: flaw.fixed,
    layer: found.layer,
    paths: found.paths,
    title: flaw.title,
  };
  if (score !== undefined) finding.score = score;
  if (vector !== undefined) finding.vector = vector;
  return finding;
}

/** Findings in their one order: worst first, then by package, then by id. */
export function compareFindings(a: Finding, b: Finding): number {
  return compareSeverity(a.severity, b.severity) || compareText(a.package, b.package) || compareText(a.id, b.id);
}

const sourceRank = ['publisher', 'cvss-v4', 'cvss-v3', 'cvss-v2'];

/**
 * Whose word counts, first one first: who says something at all; for a distribution's package the distribution before
 * the general databases; a publisher's own word before a computed one; then the worse severity.
 */
function byRank(a: Advisory, b: Advisory, distribution: boolean): number {
  return (
    Number(a.severity.severity === 'unknown') - Number(b.severity.severity === 'unknown') ||
    (distribution ? Number(isGeneral(a.id)) - Number(isGeneral(b.id)) : 0) ||
    rankOfSource(a.severity.source) - rankOfSource(b.severity.source) ||
    compareSeverity(a.severity.severity, b.severity.severity) ||
    compareText(a.id, b.id)
  );
}

function rankOfSource(source: string): number {
  const rank = sourceRank.indexOf(source);
  return rank < 0 ? sourceRank.length : rank;
}

function isGeneral(id: string): boolean {
  return isCve(id) || id.startsWith('GHSA-');
}
