import { counts, type Finding } from '../../model/finding.ts';
import type { Presence } from '../../model/package.ts';
import { compareSeverity } from '../../model/severity.ts';
import { compareText } from '../../util/compare-text.ts';
import type { FixedFlaw } from './contract.ts';

/** What a change ends and what it brings. */
export interface Effects {
  readonly ends: readonly FixedFlaw[];
  readonly brings: readonly FixedFlaw[];
}

/** Findings on both sides of a change, and what tells whether the gate stops at one. */
export interface Sides {
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
  readonly judged: readonly Presence[];
  stopsBefore(finding: Finding): boolean;
  stopsAfter(finding: Finding): boolean;
}

/** Compares the findings that count in what a change touches: a flaw is the same one in another version of a package. */
export function effectsOf({ before, after, judged, stopsBefore, stopsAfter }: Sides): Effects {
  const counting = (findings: readonly Finding[]) => findings.filter((finding) => counts(finding, judged));
  const [old, now] = [counting(before), counting(after)];
  return { ends: notIn(old, now, stopsBefore), brings: notIn(now, old, stopsAfter) };
}

function notIn(
  findings: readonly Finding[],
  others: readonly Finding[],
  stops: (finding: Finding) => boolean,
): FixedFlaw[] {
  const known = new Set(others.flatMap((finding) => namesOf(finding)));
  const flaws = new Map<string, FixedFlaw>();
  for (const finding of findings) {
    if (namesOf(finding).some((name) => known.has(name))) continue;
    const { id, severity, package: purl } = finding;
    flaws.set(`${id}\0${purl}`, { id, severity, package: purl, stops: stops(finding) });
  }
  return [...flaws.values()].sort(compareFlaws);
}

/** A flaw in one package goes by several names, and another version's record may put another one first. */
function namesOf({ id, aliases, package: purl, name }: Finding): string[] {
  const of = `${purl.slice(0, purl.indexOf('/'))}\0${name}`;
  return [id, ...aliases].map((one) => `${one}\0${of}`);
}

function compareFlaws(a: FixedFlaw, b: FixedFlaw): number {
  return (
    Number(b.stops) - Number(a.stops) ||
    compareSeverity(a.severity, b.severity) ||
    compareText(a.id, b.id) ||
    compareText(a.package, b.package)
  );
}
