import type { Evidence } from '../model/evidence.ts';
import { compareDecision, type Decision, type Reason, type Verdict } from '../model/verdict.ts';
import { compareText } from '../util/compare-text.ts';
import { type ErrorCode, SluiceError } from '../util/error.ts';

/** What a rule says of an image at worst. */
export type RuleSays = Exclude<Decision, 'pass'> | 'track' | 'silent';

/** A rule that says something else by the new policy. */
export interface RuleChange {
  readonly rule: string;
  readonly before: RuleSays;
  readonly after: RuleSays;
  /** Its message by the new policy; by the old one where it is silent by the new. */
  readonly message: string;
}

/** What becomes of an image: `stops` and `passes` newly, is newly `undecided`, says something `else`, or the `same`. */
export type Becomes = 'stops' | 'undecided' | 'passes' | 'else' | 'same';

/** One kept report by two policies. */
export interface ReportChange {
  readonly report: string;
  readonly becomes: Becomes;
  readonly before: Decision;
  readonly after: Decision;
  /** By the worse of what they say, then by name. */
  readonly rules: readonly RuleChange[];
}

/** What a new policy would have done. */
export interface PolicyDiff {
  /** In the order of the reports. */
  readonly reports: readonly ReportChange[];
  /** Files that are no reports. */
  readonly others: number;
  readonly failures: readonly { readonly report: string; readonly code: ErrorCode; readonly message: string }[];
}

/** What judges a report by one policy, as of a moment. */
export type JudgeReport = (evidence: Evidence, now: Date) => Promise<Verdict>;

/**
 * Judges kept reports by two policies, one after another: none is held any longer. Each is judged as of the time when its
 * data was last known current, unless `at` says otherwise: what grew old since is not the policy's doing. `now` is for those without data.
 */
export async function policyDiff(
  paths: readonly string[],
  read: (path: string) => Evidence,
  [before, after]: readonly [JudgeReport, JudgeReport],
  { at, now }: { readonly at?: Date; readonly now: Date },
): Promise<PolicyDiff> {
  const reports: ReportChange[] = [];
  const failures: PolicyDiff['failures'][number][] = [];
  let others = 0;
  for (const path of paths) {
    try {
      const evidence = read(path);
      const moment = at ?? lastCurrent(evidence) ?? now;
      reports.push(changeOf(path, await before(evidence, moment), await after(evidence, moment)));
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      if (thrown.code === 'report/schema') others++;
      else failures.push({ report: path, code: thrown.code, message: thrown.message });
    }
  }
  return { reports, others, failures };
}

/** When the data of a report was last known current; undefined for one without data. */
function lastCurrent({ sources }: Evidence): Date | undefined {
  const times = sources.map(({ checkedAt }) => Date.parse(checkedAt)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** How two verdicts on one image differ. */
function changeOf(report: string, before: Verdict, after: Verdict): ReportChange {
  const [old, now] = [wordsOf(before.reasons), wordsOf(after.reasons)];
  const rules = [...new Set([...old.keys(), ...now.keys()])].flatMap((rule): RuleChange[] => {
    const [a, b] = [old.get(rule), now.get(rule)];
    if (a?.decision === b?.decision) return [];
    const message = (b ?? a)?.message ?? '';
    return [{ rule, before: a?.decision ?? 'silent', after: b?.decision ?? 'silent', message }];
  });
  rules.sort((a, b) => compareSays(worse(a), worse(b)) || compareText(a.rule, b.rule));
  const becomes = becomesOf(before.decision, after.decision, rules.length > 0);
  return { report, becomes, before: before.decision, after: after.decision, rules };
}

function becomesOf(before: Decision, after: Decision, differs: boolean): Becomes {
  if (before === after) return differs ? 'else' : 'same';
  if (after === 'stop') return 'stops';
  if (after === 'undecided') return 'undecided';
  return before === 'stop' || before === 'undecided' ? 'passes' : 'else';
}

/** The worst reason of each rule. */
function wordsOf(reasons: readonly Reason[]): Map<string, Reason> {
  const words = new Map<string, Reason>();
  for (const reason of reasons) {
    const known = words.get(reason.rule);
    if (!known || compareDecision(reason.decision, known.decision) < 0) words.set(reason.rule, reason);
  }
  return words;
}

function worse({ before, after }: RuleChange): RuleSays {
  return compareSays(before, after) < 0 ? before : after;
}

function compareSays(a: RuleSays, b: RuleSays): number {
  const plain = (says: RuleSays): Decision | 'track' => (says === 'silent' ? 'pass' : says);
  return compareDecision(plain(a), plain(b));
}
