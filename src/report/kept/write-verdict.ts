import type { BaselineUse, PolicyUse, Reason, ReasonSubject, Verdict, WaiverUse } from '../../model/verdict.ts';

/** A verdict with all its reasons, with the keys in one fixed order. */
export function jsonVerdict({ decision, reasons, policy, waivers, baseline }: Verdict): object {
  return {
    decision,
    reasons: reasons.map(jsonReason),
    policy: policy && jsonPolicy(policy),
    waivers: waivers?.map(jsonWaiver),
    baseline: baseline && jsonBaseline(baseline),
  };
}

function jsonReason(reason: Reason): object {
  const { rule, decision, message, action, why, look, controls, subjects, total, place } = reason;
  return { rule, decision, message, action, why, look, controls, subjects: subjects?.map(jsonSubject), total, place };
}

/** What a rule fired on. */
export function jsonSubject({ id, at, fingerprint, package: purl, fix, blame, due }: ReasonSubject): object {
  return { id, at, fingerprint, package: purl, fix, blame, due };
}

/** By which policy a verdict was made. */
function jsonPolicy({ name, digest, mapping, rules }: PolicyUse): object {
  return { name, digest, mapping, rules };
}

/** What became of one waiver. */
export function jsonWaiver(use: WaiverUse): object {
  const { place, about, reason, owner, ticket, expires, state, answers, soon, note } = use;
  return { place, about, reason, owner, ticket, expires, state, answers, soon, note };
}

/** What a verdict was held against. */
export function jsonBaseline({ digest, since, findings }: BaselineUse): object {
  return {
    digest,
    since,
    findings: {
      'introduced-known': findings['introduced-known'],
      'introduced-since': findings['introduced-since'],
      'inherited-known': findings['inherited-known'],
      'inherited-since': findings['inherited-since'],
    },
  };
}
