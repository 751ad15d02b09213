import type { Finding } from '../model/finding.ts';
import type { BlameQuadrant, Outcome } from '../model/verdict.ts';
import type { Blame, Grace, Rule } from './rule.ts';
import { dayOf } from './subject/days.ts';

/** Why something has the outcome that it has: the rule's own word, or what makes it milder. */
export type Cause = 'rule' | 'not-yet' | 'over' | 'grace' | BlameQuadrant;

/** What becomes of one subject of a rule. */
export interface Standing {
  readonly cause: Cause;
  readonly outcome: Outcome;
  /** The last day (since 1970-01-01) on which a finding is only tracked, also when it is over; absent where there is no such day. */
  readonly due?: number;
}

const mildness: Readonly<Record<Outcome, number>> = { stop: 0, warn: 1, track: 2 };

/** Whether a rule is in force on a day (`YYYY-MM-DD`). */
export function forceOf({ from, until }: Pick<Rule, 'from' | 'until'>, today: string): 'rule' | 'not-yet' | 'over' {
  if (from !== undefined && today < from) return 'not-yet';
  return until !== undefined && today > until ? 'over' : 'rule';
}

/** What becomes of whatever a rule fires on, as long as nothing is said of the subject itself. */
export function standingOfRule(outcome: Outcome, force: 'rule' | 'not-yet' | 'over'): Standing {
  return { cause: force, outcome: force === 'rule' ? outcome : 'track' };
}

/**
 * What becomes of a finding: the grace of the rule and the quadrant make it milder, never worse. What is only tracked is
 * so until its day is over.
 */
export function standingOfFinding(
  finding: Finding,
  ofRule: Standing,
  grace: Grace | undefined,
  quadrant: BlameQuadrant | undefined,
  blame: Blame,
  today: number,
): Standing {
  if (ofRule.cause !== 'rule' || ofRule.outcome === 'track') return ofRule;
  const allowed = quadrant === undefined ? 'stop' : blame[quadrant];
  const byRule = grace && dueOf(finding, grace, today);
  const byBlame = allowed === 'track' ? dueOf(finding, blame.grace, today) : undefined;
  const due = Math.max(byRule ?? Number.NEGATIVE_INFINITY, byBlame ?? Number.NEGATIVE_INFINITY);
  if (due >= today) return { cause: due === byBlame && quadrant ? quadrant : 'grace', outcome: 'track', due };
  const ended = due === Number.NEGATIVE_INFINITY ? {} : { due };
  if (quadrant && allowed === 'warn' && mildness[ofRule.outcome] < mildness.warn) {
    return { cause: quadrant, outcome: 'warn', ...ended };
  }
  return { ...ofRule, ...ended };
}

/** What becomes of a secret, a bad setting or another tool's finding: the quadrant makes it milder, and no day ends that. */
export function standingOfPlaced(ofRule: Standing, quadrant: BlameQuadrant, blame: Blame): Standing {
  const allowed = blame[quadrant];
  if (ofRule.cause !== 'rule' || mildness[ofRule.outcome] >= mildness[allowed]) return ofRule;
  return { cause: quadrant, outcome: allowed };
}

/**
 * The last day of a grace that begins with the disclosure; undefined when nobody says when that was, or there is none. A
 * day to come is none on which anything was disclosed: a record that bears one must not wait until then.
 */
function dueOf({ published, severity }: Finding, grace: Grace, today: number): number | undefined {
  const days = grace[severity] ?? grace.default ?? 0;
  const day = published === undefined || days <= 0 ? undefined : dayOf(published);
  return day === undefined || day > today + 1 ? undefined : day + days - 1;
}
