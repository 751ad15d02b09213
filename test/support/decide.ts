import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { judge } from '../../src/policy/judge.ts';
import type { Judging } from '../../src/policy/judging.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** The verdict of {@link judge} alone, for those who need no answers of waivers in the evidence. */
export function decide(evidence: Evidence, policy: Policy, judging: Judging): Verdict {
  return judge(evidence, policy, judging).verdict;
}
