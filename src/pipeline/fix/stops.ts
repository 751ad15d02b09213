import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { ReasonSubject, Verdict } from '../../model/verdict.ts';
import type { Judged } from '../../policy/judge.ts';
import { mostSubjects } from '../../policy/reasons.ts';

/** What the gate says of evidence: policy, waivers, baseline and clock are the caller's. */
export type Judge = (evidence: Evidence) => Judged;

/** One thing that the gate stops at, by the rule that does. */
export interface Stop {
  readonly rule: string;
  /** Absent: the reason names none. */
  readonly subject?: ReasonSubject;
}

/**
 * Everything that the gate stops at. A reason names a thousand subjects at most: where one is full, findings are judged by
 * parts of that many, for a rule looks at each of them alone.
 */
export function stopsOf(judge: Judge, evidence: Evidence, verdict: Verdict = judge(evidence).verdict): Stop[] {
  const isFull = verdict.reasons.some(
    ({ decision, subjects }) => decision === 'stop' && (subjects?.length ?? 0) >= mostSubjects,
  );
  if (!isFull) return stopsIn(verdict);
  const keys = new Set(evidence.findings.map(({ id, package: purl }) => `${id}\0${purl}`));
  const isFinding = ({ subject }: Stop): boolean => keys.has(keyOf(subject));
  const stops = stopsIn(verdict).filter((stop) => !isFinding(stop));
  for (let at = 0; at < evidence.findings.length; at += mostSubjects) {
    const findings = evidence.findings.slice(at, at + mostSubjects);
    stops.push(...stopsIn(judge({ ...evidence, findings }).verdict).filter(isFinding));
  }
  return stops;
}

/** What a verdict names of what the gate stops at. */
function stopsIn({ reasons }: Verdict): Stop[] {
  return reasons
    .filter(({ decision }) => decision === 'stop')
    .flatMap(({ rule, subjects = [] }): Stop[] =>
      subjects.length === 0 ? [{ rule }] : subjects.map((subject) => ({ rule, subject })),
    );
}

/** How many different flaws the gate stops at, by the purl of the package. */
export function stopsByPackage(stops: readonly Stop[]): Map<string, number> {
  const flaws = new Map<string, Set<string>>();
  for (const { subject } of stops) {
    if (subject?.package === undefined) continue;
    const known = flaws.get(subject.package);
    if (known) known.add(subject.id);
    else flaws.set(subject.package, new Set([subject.id]));
  }
  return new Map([...flaws].map(([purl, ids]) => [purl, ids.size]));
}

/** Tells of a finding whether it is one of these stops. */
export function stopTest(stops: readonly Stop[]): (finding: Finding) => boolean {
  const keys = new Set(stops.map(({ subject }) => keyOf(subject)));
  return ({ id, package: purl }) => keys.has(`${id}\0${purl}`);
}

function keyOf(subject: ReasonSubject | undefined): string {
  return `${subject?.id ?? ''}\0${subject?.package ?? ''}`;
}
