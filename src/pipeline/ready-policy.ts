import { readyFor } from '../policy/expression/regular.ts';
import type { Policy } from '../policy/policy.ts';

/** The policy, once all that its rules are evaluated with is loaded: regular expressions alone need something. */
export async function readyPolicy(policy: Policy): Promise<Policy> {
  if (policy.custom) await readyFor(policy.custom.rules.map(({ when }) => when));
  return policy;
}
