import type { Evidence } from '../model/evidence.ts';
import { defaultVerdict } from './default-verdict.ts';
import type { Judged } from './judge.ts';
import type { Judging } from './judging.ts';
import type { Policy } from './policy.ts';

/**
 * Judges as `judge` does, and loads what evaluates expressions, and regular expressions, only where there is more than the
 * default policy to go by.
 */
export async function judgeLazily(evidence: Evidence, policy: Policy, judging: Judging): Promise<Judged> {
  if (!policy.custom && !judging.waivers && !judging.baseline) {
    return { evidence, verdict: defaultVerdict(evidence, policy, judging) };
  }
  const [{ judge, rulesOf }, { readyFor }] = await Promise.all([
    import('./judge.ts'),
    import('./expression/regular.ts'),
  ]);
  await readyFor(rulesOf(policy).map(({ when }) => when));
  return judge(evidence, policy, judging);
}
