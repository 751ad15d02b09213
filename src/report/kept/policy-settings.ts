import { digestOf } from '../../model/digest.ts';
import { rulesOf } from '../../policy/judge.ts';
import type { DataAge, Policy } from '../../policy/policy.ts';

/** The limits of a policy as records name them. */
export interface PolicySettings {
  readonly failOn: Policy['failOn'];
  /** `48h:120h` by source, with `default` first. */
  readonly dataAge: Readonly<Record<string, string>>;
}

/** The limits of a policy, as policies write them. */
export function policySettings({ failOn, dataAges }: Policy): PolicySettings {
  const bySource = [...dataAges.bySource].map(([source, age]): [string, string] => [source, ageText(age)]).sort();
  return { failOn, dataAge: Object.fromEntries([['default', ageText(dataAges.default)], ...bySource]) };
}

/** What stands for a policy: of the default one, which no file holds, a digest over its rules and limits. */
export function policyDigest(policy: Policy): string {
  return policy.custom?.digest ?? digestOf(JSON.stringify({ rules: rulesOf(policy), ...policySettings(policy) }));
}

/** `48h:120h`, as policies write it. */
function ageText({ warn, undecided }: DataAge): string {
  return [warn, undecided].map((hours) => (Number.isFinite(hours) ? `${hours}h` : 'never')).join(':');
}
