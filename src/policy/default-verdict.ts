import type { Evidence } from '../model/evidence.ts';
import { counts, type Finding } from '../model/finding.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { reaches, type Severity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';
import type { RuleResult } from './evaluate.ts';
import { FindingTable } from './finding-table.ts';
import type { Judging } from './judging.ts';
import { verdictOf, withOwnReasons } from './own-reasons.ts';
import { defaultPack } from './packs.gen.ts';
import type { Policy } from './policy.ts';
import { ruleReasons } from './reasons.ts';
import type { Rule } from './rule.ts';
import { dayOf, hasExpired } from './subject/days.ts';
import { placedRoster, worstOf } from './subject/placed-name.ts';

type FailOn = Policy['failOn'];

/** The default pack's rules as plain code: what most scans go by need not load what evaluates expressions. */
const predicates = new Map<string, (severity: Severity, failOn: FailOn) => boolean>([
  ['vulnerability/severity', stopsAt],
  ['vulnerability/below', (severity, failOn) => !stopsAt(severity, failOn)],
]);

/** Those on what was found in places. `today`: days since 1970-01-01. */
const placedPredicates = new Map<string, (finding: PlacedFinding, failOn: FailOn, today: number) => boolean>([
  ['secret/found', (finding, _failOn, today) => isSecretInUse(finding, today)],
  ['secret/doubtful', (finding, _failOn, today) => !isSecretInUse(finding, today)],
  ['misconfiguration/severity', ({ severity }, failOn) => isAtLeast(severity, failOn)],
  ['misconfiguration/below', ({ severity }, failOn) => !isAtLeast(severity, failOn) && reaches(severity, 'medium')],
  ['misconfiguration/minor', ({ severity }, failOn) => !isAtLeast(severity, failOn) && !reaches(severity, 'medium')],
]);

/**
 * The verdict of the default pack alone, without waivers and baseline: what `judge` would say, in the same words.
 * A test holds the two against each other.
 */
export function defaultVerdict(
  evidence: Evidence,
  policy: Omit<Policy, 'custom'>,
  moments: Pick<Judging, 'now' | 'dataNow'>,
): Verdict {
  const findings = evidence.findings.filter((finding) => counts(finding, evidence.judged));
  const ofKind = (kind: Rule['on']): readonly PlacedFinding[] => worstOf(kind, evidence.placed ?? []);
  const { failOn } = policy;
  const today = dayOf(moments.now.toISOString()) ?? 0;
  const results = defaultPack.document.layer.rules.map((rule) =>
    rule.on === 'finding' ? resultOf(rule, findings, failOn) : placedResultOf(rule, ofKind(rule.on), failOn, today),
  );
  const byRules = ruleReasons(results, {
    findings,
    table: new FindingTable(findings),
    base: evidence.target.base,
    failOn,
    rosterOf: ({ on }) => placedRoster(ofKind(on)),
  });
  return verdictOf(withOwnReasons(byRules, evidence, policy, moments));
}

function resultOf(rule: Rule, findings: readonly Finding[], failOn: FailOn): RuleResult {
  const fires = predicates.get(rule.id);
  return firedOn(rule, findings, (finding) => fires?.(finding.severity, failOn) ?? false);
}

function placedResultOf(rule: Rule, found: readonly PlacedFinding[], failOn: FailOn, today: number): RuleResult {
  const fires = placedPredicates.get(rule.id);
  // As of every rule, a threshold of `never` takes the stop away.
  const outcome = rule.outcome === 'stop' && failOn === 'never' ? 'warn' : rule.outcome;
  return firedOn({ ...rule, outcome }, found, (finding) => fires?.(finding, failOn, today) ?? false);
}

function firedOn<T>(rule: Rule, all: readonly T[], fires: (one: T) => boolean): RuleResult {
  if (rule.outcome === 'off') return { rule, groups: [] };
  const indexes = [...all.keys()].filter((index) => fires(all[index] as T));
  if (indexes.length === 0) return { rule, groups: [] };
  return { rule, groups: [{ cause: 'rule', outcome: rule.outcome, indexes, dues: new Map() }] };
}

/** Severe, and not over by its own word. */
function isSecretInUse({ severity, secret }: PlacedFinding, today: number): boolean {
  return reaches(severity, 'high') && !hasExpired(secret?.expires, today);
}

function isAtLeast(severity: Severity, threshold: FailOn): boolean {
  return threshold !== 'never' && reaches(severity, threshold);
}

/** A flaw whose severity nobody has said reaches no threshold but the lowest. */
function stopsAt(severity: Severity, threshold: FailOn): boolean {
  if (threshold === 'never') return false;
  if (severity === 'unknown') return threshold === 'unknown' || threshold === 'negligible';
  return reaches(severity, threshold);
}
