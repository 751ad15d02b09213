import type { Evidence } from '../../model/evidence.ts';
import { compareDecision, type Reason, type Verdict } from '../../model/verdict.ts';
import { judgeLazily } from '../../policy/judge-lazily.ts';
import type { Baseline, Judging } from '../../policy/judging.ts';
import type { Policy } from '../../policy/policy.ts';
import { readWaivers } from '../../policy/waiver/read.ts';
import { nearest } from '../../util/nearest.ts';
import { strayNames, withQueries } from './case-queries.ts';
import type { Expectation, PolicyCase, RuleWord } from './read-cases.ts';

/** One thing that a case expects and that was said otherwise. */
export interface Miss {
  /** The rule, or `decision`. */
  readonly what: string;
  readonly expected: string;
  readonly said: string;
}

/** What is needed to judge a case. */
export interface CaseTools {
  /** The policy for an image that goes by these names and has these labels. */
  choose(image: { readonly names: readonly string[]; readonly labels: Readonly<Record<string, string>> }): Policy;
  /** A kept report. */
  report(path: string): Evidence;
}

/** Judges a case and returns what was expected otherwise; empty when all of it holds. @throws SluiceError */
export async function runCase(given: PolicyCase, tools: CaseTools): Promise<Miss[]> {
  const { evidence: written, names, now, expect } = given;
  const kept = 'report' in written ? tools.report(written.report) : written;
  const policy = tools.choose({ names, labels: kept.image?.labels ?? {} });
  const judging: Judging = {
    now,
    names,
    ...(given.waivers.length > 0 ? { waivers: waiversOf(given) } : {}),
    ...(given.baseline ? { baseline: baselineIn(given.baseline, policy) } : {}),
  };
  const { verdict } = await judgeLazily(withQueries(kept, policy), policy, judging);
  const known = new Set(policy.custom?.rules.map(({ id }) => id));
  return [...strayMisses(kept, policy), ...missesOf(expect, verdict, known)];
}

/** A file of which more is said than any rule asks would let a rule be silent for a slip in a name. */
function strayMisses(evidence: Evidence, policy: Policy): Miss[] {
  return strayNames(evidence, policy).map(({ path, name, asked }) => {
    const expected = asked.length > 0 ? `one of ${asked.join(', ')}` : 'nothing, for no rule looks into it';
    return { what: `evidence of ${path}`, expected, said: name };
  });
}

function baselineIn(baseline: Baseline, policy: Policy): Baseline {
  return { ...baseline, evidence: withQueries(baseline.evidence, policy) };
}

/** Read as a file of them would be. @throws SluiceError */
function waiversOf({ waivers, place, now }: PolicyCase) {
  const bytes = Buffer.from(JSON.stringify({ version: 1, waivers }, null, 2));
  return readWaivers([{ name: `${place} waivers`, bytes }], { now });
}

function missesOf({ decision, rules, only }: Expectation, verdict: Verdict, known: ReadonlySet<string>): Miss[] {
  const misses: Miss[] = [];
  const check = (what: string, expected: string, said: string): void => {
    if (expected !== said) misses.push({ what, expected, said });
  };
  if (decision !== undefined) check('decision', decision, verdict.decision);
  for (const [rule, expected] of rules) {
    const said = wordOf(verdict.reasons, rule);
    // That a rule is silent which there is not would be true for ever.
    check(rule, expected, said === 'silent' && !known.has(rule) ? strange(rule, known) : said);
  }
  if (only) {
    for (const rule of new Set(verdict.reasons.map((reason) => reason.rule)))
      if (!rules.has(rule)) check(rule, 'silent', wordOf(verdict.reasons, rule));
  }
  return misses;
}

/** The worst that a rule says. */
function wordOf(reasons: readonly Reason[], rule: string): RuleWord {
  const said = reasons.filter((reason) => reason.rule === rule).map(({ decision }) => decision);
  said.sort(compareDecision);
  return said[0] ?? 'silent';
}

/** Rules that sluice itself speaks by; they may be silent. */
const own: ReadonlySet<string> = new Set([
  'baseline/incomplete',
  'data/age',
  'data/missing',
  'data/starter',
  'data/update-failed',
  'distribution/end-of-life',
  'problems/reading',
  'vex/unread',
]);

function strange(rule: string, known: ReadonlySet<string>): string {
  if (own.has(rule)) return 'silent';
  const close = nearest(rule, [...known]);
  return `nothing: there is no such rule${close ? `; did you mean ${close}?` : ''}`;
}
