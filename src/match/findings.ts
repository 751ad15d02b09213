import type { Answer, Finding } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import { severities } from '../model/severity.ts';
import { compareText } from '../util/compare-text.ts';
import type { Flaw } from './flaw.ts';

/** A package and the flaws in it. */
export interface Flawed {
  readonly found: Package;
  /** Sorted by id. */
  readonly flaws: readonly Flaw[];
  /** Why none of these flaws counts: a package may stand here twice, with those that count and with those that don't. */
  readonly answered?: Answer | undefined;
}

/**
 * The findings in their one order: worst first, then by package, then by id, then as the packages came. Packages are
 * sorted and not findings: there are fewer of them. The lowest `baseLayers` layers are the base image's.
 */
export function findingsOf(flawed: readonly Flawed[], baseLayers = 0): Finding[] {
  const sorted = [...flawed].sort((a, b) => compareText(a.found.purl, b.found.purl));
  const findings = new Map<string, Finding[]>(severities.map((severity) => [severity, []]));
  for (let from = 0; from < sorted.length; ) {
    const first = sorted[from]!;
    const { found } = first;
    let to = from + 1;
    while (sorted[to]?.found.purl === found.purl) to++;
    if (to === from + 1) {
      for (const flaw of first.flaws) findings.get(flaw.severity.severity)!.push(findingOf(flaw, first, baseLayers));
    } else addTogether(findings, sorted.slice(from, to), baseLayers);
    from = to;
  }
  return [...findings.values()].flat();
}

/** Packages of one purl, which stand in several places: what is found in all of them comes flaw by flaw. */
function addTogether(findings: ReadonlyMap<string, Finding[]>, flawed: readonly Flawed[], baseLayers: number): void {
  const together = flawed.flatMap((item) => item.flaws.map((flaw) => ({ item, flaw })));
  together.sort((a, b) => compareText(a.flaw.id, b.flaw.id));
  for (const { item, flaw } of together) findings.get(flaw.severity.severity)!.push(findingOf(flaw, item, baseLayers));
}

/** The finding of a flaw in one package. Written out field by field: it is the innermost step of a scan. */
function findingOf(flaw: Flaw, { found, answered }: Flawed, baseLayers: number): Finding {
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
    from: found.layer < baseLayers ? 'base' : 'own',
    paths: found.paths,
    title: flaw.title,
    cwes: flaw.cwes,
  };
  if (score !== undefined) finding.score = score;
  if (vector !== undefined) finding.vector = vector;
  if (flaw.published !== undefined) finding.published = flaw.published;
  if (flaw.fixPublished !== undefined) finding.fixPublished = flaw.fixPublished;
  if (flaw.disputed) finding.disputed = true;
  if (flaw.fixState !== undefined) finding.fixState = flaw.fixState;
  if (answered !== undefined) finding.answered = answered;
  return finding;
}
