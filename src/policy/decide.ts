import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import { judge } from './judge.ts';
import type { Judging } from './judging.ts';
import type { Policy } from './policy.ts';

/** The verdict of {@link judge} alone, for those who need no answers of waivers in the evidence. */
export function decide(evidence: Evidence, policy: Policy, judging: Judging): Verdict {
  return judge(evidence, policy, judging).verdict;
}
