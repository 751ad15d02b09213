import type { GateView } from '../../match/explain/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { Reason } from '../../model/verdict.ts';
import { judge } from '../../policy/judge.ts';
import type { Judging } from '../../policy/judging.ts';
import type { Policy } from '../../policy/policy.ts';

/**
 * What the gate would make of the finding if it were the only one: by the same rules, in the same words. Without
 * `judging` there is no clock: deadlines count from 1970 then.
 */
export function gateOf(
  finding: Finding,
  evidence: Evidence,
  policy: Policy,
  judging: Judging = { now: new Date(0) },
): GateView {
  // Data, problems and other findings have reasons of their own, which are not about this one.
  const alone = { ...evidence, findings: [finding], placed: [], problems: [], sources: [] };
  const judged = judge(alone, policy, judging);
  const own = judged.evidence.findings[0] ?? finding;
  if (own.answered) return { counts: false, decision: 'pass', because: own.answered.because };
  if (!counts(own, evidence.judged)) {
    const because = `the gate judges what is ${evidence.judged.join(' or ')}, and this is ${present[own.presence]}`;
    return { counts: false, decision: 'pass', because };
  }
  const reason = judged.verdict.reasons.find(({ subjects = [] }) =>
    subjects.some(({ id, package: purl }) => id === own.id && purl === own.package),
  );
  return viewOf(reason);
}

/** The same of a secret, a bad setting or another tool's finding. */
export function gateOfPlaced(finding: PlacedFinding, evidence: Evidence, policy: Policy, judging: Judging): GateView {
  const alone = { ...evidence, findings: [], placed: [finding], problems: [], sources: [] };
  const judged = judge(alone, policy, judging);
  const own = judged.evidence.placed?.[0] ?? finding;
  if (own.answered) return { counts: false, decision: 'pass', because: own.answered.because };
  return viewOf(
    judged.verdict.reasons.find(({ subjects = [] }) =>
      subjects.some(({ id, fingerprint }) => id === own.id && fingerprint === own.fingerprint),
    ),
  );
}

function viewOf(reason: Reason | undefined): GateView {
  if (!reason) return { counts: true, decision: 'pass', because: 'no rule of the policy speaks of it' };
  const decision = reason.decision === 'track' ? 'pass' : reason.decision;
  return { counts: true, decision, rule: reason.rule, because: reason.message };
}

const present: Record<Finding['presence'], string> = {
  installed: 'installed',
  declared: 'only declared',
  application: 'the application itself',
};
