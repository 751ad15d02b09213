import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { Verdict } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { count } from '../text-fix.ts';
import { targetTexts } from '../text-target.ts';
import { wrap } from '../text-width.ts';
import { countsOf } from './counts.ts';
import { hanging } from './hanging.ts';
import { placedCounts } from './placed.ts';
import type { Paint } from './style.ts';

/** What was looked into: name, digest, platform, distribution. */
export function titleLine({ target }: Evidence, name: string, paint: Paint): string {
  return [paint('name', harmless(name)), ...targetTexts(target)].join(' · ');
}

/** As {@link titleLine}, in lines of at most so many columns. */
export function titleLines(evidence: Evidence, name: string, width: number, paint: Paint): string[] {
  return wrap(titleLine(evidence, name, paint), width);
}

/** As {@link summaryLine}, in lines of at most so many columns: a log is searched by lines, a terminal is read. */
export function summaryLines(evidence: Evidence, verdict: Verdict, width: number, paint: Paint): string[] {
  return hanging(markOf(verdict, paint), verdict.decision.length + 2, summaryText(evidence, verdict), width);
}

/** The last line, which stands for all: the decision, what was found in how much, and what to begin with. */
export function summaryLine(evidence: Evidence, verdict: Verdict, paint: Paint): string {
  return markOf(verdict, paint) + summaryText(evidence, verdict);
}

function markOf({ decision }: Verdict, paint: Paint): string {
  return `${paint(decision, decision.toUpperCase())}  `;
}

/** What was found, and what to begin with, in one line. */
export function summaryText(evidence: Evidence, verdict: Verdict): string {
  const judged = evidence.findings.filter((finding) => counts(finding, evidence.judged));
  const others = evidence.findings.filter(({ presence }) => !evidence.judged.includes(presence)).length;
  const parts = [...foundTexts(evidence, verdict, judged)];
  const exploited = new Set(judged.filter((finding) => finding.exploited).map(({ id }) => id)).size;
  if (exploited > 0) parts.push(`${exploited} known to be exploited`);
  const waived = answersOf(verdict) || waivedIn(evidence);
  if (waived > 0) parts.push(`${waived} waived`);
  if (others > 0) parts.push(`${others} more in what is not judged`);
  const step = nextStep(verdict);
  if (step !== undefined) parts.push(step);
  return harmless(parts.join(' · '));
}

/** What was found in packages, and in places. A target without packages to judge is told by its places alone. */
function foundTexts(evidence: Evidence, verdict: Verdict, judged: readonly Finding[]): string[] {
  const inPlaces = placedCounts(evidence);
  const packagesLooked = evidence.looked === undefined || evidence.looked.includes('packages');
  if (packagesLooked) return [foundText(evidence, verdict, judged), ...inPlaces];
  return inPlaces.length > 0 ? inPlaces : ['nothing found'];
}

function foundText(evidence: Evidence, { decision }: Verdict, judged: readonly Finding[]): string {
  const packages = evidence.packages.filter((found) => evidence.judged.includes(found.presence)).length;
  const layers = evidence.target.layers.length;
  const where = layers > 0 ? ` (${count(layers, 'layer')})` : '';
  if (judged.length === 0) {
    const known = waivedIn(evidence) > 0 ? 'no vulnerabilities that count' : 'no known vulnerabilities';
    const nothing = decision === 'undecided' ? 'nothing found, which proves nothing here,' : known;
    return `${nothing} in ${count(packages, 'package')}${where}`;
  }
  const found = countsOf(judged).map(({ severity, n }) => `${n} ${severity}`);
  const hit = new Set(judged.map((finding) => finding.package)).size;
  return `${found.join(', ')} in ${hit} of ${count(packages, 'package')}${where}`;
}

/** Findings that do not count only because somebody takes them as they are. */
function waivedIn({ findings }: Evidence): number {
  return findings.filter(({ answered }) => answered?.by === 'waiver').length;
}

/** What waivers take away in all: findings, and what rules fire on. */
function answersOf({ waivers = [] }: Verdict): number {
  return waivers.reduce((sum, { answers }) => sum + answers, 0);
}

/** What to do first: for a gate that can't decide what makes it able to, else the update of the worst package. */
function nextStep({ decision, reasons }: Verdict): string | undefined {
  const first = reasons.filter((reason) => reason.decision === decision);
  const step = first.find((reason) => reason.action)?.action;
  return step ?? (decision === 'undecided' ? first[0]?.message : reasons.find((reason) => reason.action)?.action);
}
