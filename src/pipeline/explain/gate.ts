import type { GateView } from '../../match/explain/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import { decide } from '../../policy/decide.ts';
import type { Policy } from '../../policy/policy.ts';

/** What the gate would make of the finding if it were the only one: by the same rules, in the same words. */
export function gateOf(finding: Finding, { target, judged }: Evidence, policy: Policy): GateView {
  if (finding.answered) return { counts: false, decision: 'pass', because: finding.answered.because };
  if (!counts(finding, judged)) {
    const because = `the gate judges what is ${judged.join(' or ')}, and this is ${present[finding.presence]}`;
    return { counts: false, decision: 'pass', because };
  }
  const { kind, layers } = target;
  const alone = { target: { kind, layers }, judged, packages: [], findings: [finding], problems: [], sources: [] };
  // Without data and a release there is nothing whose age would be counted from the clock.
  const { decision, reasons } = decide(alone, policy, new Date(0));
  const [reason] = reasons;
  if (!reason) return { counts: true, decision, because: 'no rule of the policy speaks of it' };
  return { counts: true, decision, rule: reason.rule, because: reason.message };
}

const present: Record<Finding['presence'], string> = {
  installed: 'installed',
  declared: 'only declared',
  application: 'the application itself',
};
