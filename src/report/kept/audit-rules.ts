import type { Reason, Verdict } from '../../model/verdict.ts';
import type { Rule } from '../../policy/rule.ts';
import { dayText } from '../../util/day.ts';
import { jsonSubject } from './write-verdict.ts';

/** What became of a rule. */
type Result = 'fired' | 'silent' | 'undecided' | 'not-in-force' | 'off';

/** Each rule of the policy with what became of it, in the policy's order. */
export function auditRules(rules: readonly Rule[], { reasons }: Verdict, now: Date): object[] {
  const today = dayText(now);
  return rules.map((rule) => {
    const spoken = reasons.filter((reason) => reason.rule === rule.id);
    const { id, title, pack, on, outcome, from, until, grace, controls, place } = rule;
    const result = resultOf(rule, spoken, today);
    const found = spoken.map(auditReason);
    return { id, title, pack, place, on, outcome, from, until, grace, controls, when: rule.when.text, result, found };
  });
}

/** Reasons that are no rule's: what sluice itself says. */
export function ownReasons(rules: readonly Rule[], { reasons }: Verdict): object[] {
  const ids = new Set(rules.map(({ id }) => id));
  return reasons
    .filter(({ rule }) => !ids.has(rule))
    .map(({ rule, decision, message }) => ({ rule, decision, message }));
}

function resultOf({ outcome, from, until }: Rule, spoken: readonly Reason[], today: string): Result {
  if (outcome === 'off') return 'off';
  // What fired has subjects; what could not be evaluated has none, also where that only is tracked.
  if (spoken.some(({ subjects }) => subjects === undefined)) return 'undecided';
  if ((from !== undefined && today < from) || (until !== undefined && today > until)) return 'not-in-force';
  return spoken.length > 0 ? 'fired' : 'silent';
}

function auditReason({ decision, message, subjects = [], total = subjects.length }: Reason): object {
  return { decision, message, count: total, subjects: subjects.map(jsonSubject) };
}
