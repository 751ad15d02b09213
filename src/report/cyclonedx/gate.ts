import type { Verdict } from '../../model/verdict.ts';
import { type Property, property } from '../sbom/property.ts';
import { policyName, quadrantTexts } from '../text-reason.ts';
import { isElsewhere, waiverText } from '../text-waiver.ts';

/**
 * By which policy, and against what, the decision was made; its reasons, and the waivers. Nothing of it where the policy
 * is the default one: the decision then follows from the document itself.
 */
export function gateFacts({ policy, baseline, waivers = [], reasons }: Verdict): Property[] {
  return [
    ...(policy ? [property('policy', `${policyName(policy)} ${policy.digest}`)] : []),
    ...(policy
      ? reasons.map(({ rule, decision, message }) => property('reason', `${decision} ${rule}: ${message}`))
      : []),
    ...(baseline
      ? [property('baseline', [baseline.digest ?? '', baseline.since, ...quadrantTexts(baseline)].join(' ').trim())]
      : []),
    ...waivers.filter((use) => !isElsewhere(use)).map((use) => property(`waiver:${use.state}`, waiverText(use))),
  ];
}
