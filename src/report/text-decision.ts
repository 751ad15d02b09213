import { counts, type Finding } from '../model/finding.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { compareDecision, type Reason, type ReasonSubject, type Verdict } from '../model/verdict.ts';

/** What the verdict makes of one finding. */
export interface FindingDecision {
  /** The gravest that a reason says of it. */
  readonly decision: Reason['decision'];
  /** The rules that speak of it, sorted. */
  readonly rules: readonly string[];
  /** The last day on which it is only tracked: `YYYY-MM-DD`. */
  readonly due?: string;
}

/** What the verdict makes of each finding; of what it does not speak of, nothing. */
export interface FindingDecisions {
  ofFinding(finding: Finding): FindingDecision | undefined;
  ofPlaced(finding: PlacedFinding): FindingDecision | undefined;
  /** Those that a reason is about and that are no finding. */
  others(reason: Reason): ReasonSubject[];
}

interface Collecting {
  decision: Reason['decision'];
  readonly rules: Set<string>;
  due?: string;
}

/** Reads from the reasons of a verdict which findings stop, and which are told alone. What is answered does neither. */
export function findingDecisions(
  { reasons }: Pick<Verdict, 'reasons'>,
  findings: readonly Finding[],
  placed: readonly PlacedFinding[],
): FindingDecisions {
  const known = new Set([...findings.map(packageKey), ...placed.map(({ fingerprint }) => placeKey(fingerprint))]);
  const decisions = new Map<string, Collecting>();
  for (const { rule, decision, subjects = [] } of reasons) {
    for (const subject of subjects) {
      const key = keyOf(subject);
      if (!known.has(key)) continue;
      const collecting = decisions.get(key) ?? { decision, rules: new Set<string>() };
      decisions.set(key, collecting);
      if (compareDecision(decision, collecting.decision) < 0) collecting.decision = decision;
      collecting.rules.add(rule);
      if (subject.due !== undefined) collecting.due = subject.due;
    }
  }
  const of = (key: string): FindingDecision | undefined => {
    const found = decisions.get(key);
    return found && { ...found, rules: [...found.rules].sort() };
  };
  return {
    ofFinding: (finding) => (finding.answered ? undefined : of(packageKey(finding))),
    ofPlaced: (finding) => (finding.answered ? undefined : of(placeKey(finding.fingerprint))),
    others: ({ subjects = [] }) => subjects.filter((subject) => !known.has(keyOf(subject))),
  };
}

/** Why the gate does not go by a finding in a package, in a few words; undefined where it does. */
export function notJudgedText(finding: Finding, judged: Parameters<typeof counts>[1]): string | undefined {
  if (counts(finding, judged)) return undefined;
  if (finding.answered) return finding.answered.because;
  return finding.presence === 'declared' ? 'it is only declared, not installed' : 'its package is not judged here';
}

function keyOf(subject: ReasonSubject): string {
  return subject.fingerprint === undefined ? packageKey(subject) : placeKey(subject.fingerprint);
}

function packageKey({ id, package: purl = '' }: Pick<ReasonSubject, 'id' | 'package'>): string {
  return `package\0${id}\0${purl}`;
}

function placeKey(fingerprint: string): string {
  return `place\0${fingerprint}`;
}
