import type { Evidence } from '../model/evidence.ts';
import { counts, type Finding } from '../model/finding.ts';
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

/** The default pack's rules as plain code: what most scans go by need not load what evaluates expressions. */
const predicates = new Map<string, (severity: Severity, failOn: Policy['failOn']) => boolean>([
  ['vulnerability/severity', stopsAt],
  ['vulnerability/below', (severity, failOn) => !stopsAt(severity, failOn)],
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
  const { failOn } = policy;
  const results = defaultPack.document.layer.rules.map((rule) => resultOf(rule, findings, failOn));
  const byRules = ruleReasons(results, {
    findings,
    table: new FindingTable(findings),
    base: evidence.target.base,
    failOn,
    rosterOf: () => ({ views: [], nameOf: () => ({ id: '', shown: '' }) }),
  });
  return verdictOf(withOwnReasons(byRules, evidence, policy, moments));
}

function resultOf(rule: Rule, findings: readonly Finding[], failOn: Policy['failOn']): RuleResult {
  const fires = predicates.get(rule.id);
  if (!fires || rule.outcome === 'off') return { rule, groups: [] };
  const indexes = [...findings.keys()].filter((index) => fires((findings[index] as Finding).severity, failOn));
  if (indexes.length === 0) return { rule, groups: [] };
  return { rule, groups: [{ cause: 'rule', outcome: rule.outcome, indexes, dues: new Map() }] };
}

/** A flaw whose severity nobody has said reaches no threshold but the lowest. */
function stopsAt(severity: Severity, threshold: Policy['failOn']): boolean {
  if (threshold === 'never') return false;
  if (severity === 'unknown') return threshold === 'unknown' || threshold === 'negligible';
  return reaches(severity, threshold);
}
