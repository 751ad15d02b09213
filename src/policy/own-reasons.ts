import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { LookKind, PlacedKind } from '../model/placed-finding.ts';
import type { Problem } from '../model/problem.ts';
import { compareDecision, type Reason, type Verdict } from '../model/verdict.ts';
import { dayText } from '../util/day.ts';
import { dataReasons } from './data-reasons.ts';
import type { Judging } from './judging.ts';
import { partlyLookedFor } from './looked.ts';
import type { Policy } from './policy.ts';

/** The reasons of rules with what sluice itself has to say, which no policy takes away: the worst first. */
export function withOwnReasons(
  byRules: readonly Reason[],
  evidence: Evidence,
  policy: Policy,
  { now, dataNow, baseline }: Judging,
): Reason[] {
  const reasons = [
    ...byRules,
    ...problemReasons(evidence.problems),
    ...dataReasons(evidence, policy, dataNow && now > dataNow ? dataNow : now, dataNow),
    ...releaseReasons(evidence.target, now),
    ...(baseline ? baselineReasons(baseline.evidence, evidence) : []),
  ];
  return reasons.sort((a, b) => compareDecision(a.decision, b.decision));
}

/** The verdict that reasons come to, the worst of which is the first. */
export function verdictOf(reasons: readonly Reason[]): Pick<Verdict, 'decision' | 'reasons'> {
  const [first] = reasons;
  return { decision: first && first.decision !== 'track' ? first.decision : 'pass', reasons };
}

/** What could not be read or decided. */
function problemReasons(problems: readonly Problem[]): Reason[] {
  const blinding = problems.filter((problem) => problem.blinding);
  const told = problems.filter(({ blinding: blinds, code }) => !blinds && /^(?:data|sbom)\//.test(code));
  const unread = problems.filter(({ blinding: blinds, code }) => !blinds && code.startsWith('vex/'));
  const others = problems.length - blinding.length - told.length - unread.length;
  const reasonOf = (problem: Problem, decision: Reason['decision']): Reason => {
    const message = problem.path ? `${problem.path}: ${problem.message}` : problem.message;
    return { rule: problem.code, decision, message };
  };
  const reasons = [
    ...blinding.map((problem) => reasonOf(problem, 'undecided')),
    ...told.map((problem) => reasonOf(problem, 'warn')),
  ];
  const [first] = unread;
  if (first) {
    const message = `VEX documents could not be read in full: ${first.message}`;
    const more = unread.length > 1 ? ` (and ${unread.length - 1} more)` : '';
    reasons.push({ rule: 'vex/unread', decision: 'warn', message: message + more });
  }
  if (others > 0) {
    const message = others === 1 ? '1 file could not be read in full' : `${others} files could not be read in full`;
    reasons.push({ rule: 'problems/reading', decision: 'warn', message });
  }
  return reasons;
}

/** A release that gets no more fixes: what is found in it from now on will stay there. */
function releaseReasons({ distribution, release }: EvidenceTarget, now: Date): Reason[] {
  if (!distribution || !release || release.endOfLife >= dayText(now)) return [];
  const { endOfLife, extended } = release;
  const longer = extended ? ` (${extended.name} until ${extended.until})` : '';
  const message = `${distribution.name || distribution.id} has had no security updates for everybody since ${endOfLife}${longer}`;
  return [{ rule: 'distribution/end-of-life', decision: 'warn', message, action: 'move to a newer release' }];
}

/** What must have been looked for in the baseline, by what is found in the image. */
const looksFor: ReadonlyMap<PlacedKind, LookKind> = new Map([
  ['secret', 'secrets'],
  ['misconfiguration', 'configuration'],
]);

/**
 * What is hidden in the baseline can't be told from what the change brought: it stops as that does, and whoever is
 * stopped by it must know.
 */
function baselineReasons(before: Evidence, { placed = [] }: Evidence): Reason[] {
  const { problems, sources, looked } = before;
  const [first, ...more] = problems.filter(({ blinding }) => blinding).map(({ message }) => message);
  const missing = sources.filter(({ origin }) => origin === 'none' || origin === 'starter');
  const partly = partlyLookedFor(before);
  const notLooked = [...looksFor].filter(
    ([kind, look]) =>
      (!looked?.includes(look) || partly.includes(look)) &&
      placed.some((one) => one.kind === kind && one.answered === undefined),
  );
  const parts = [
    ...notLooked.map(([, look]) =>
      look === 'configuration'
        ? 'its settings were not judged'
        : `${look} were not looked for${partly.includes(look) ? ' in all of its layers' : ''}`,
    ),
    ...(first === undefined
      ? []
      : [`it could not be read in full: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`]),
    ...(missing.length === 0
      ? []
      : [`it was matched without data for ${missing.map((one) => one.ecosystem).join(', ')}`]),
  ];
  if (parts.length === 0) return [];
  const message = `the baseline does not tell all that was there, and what it hides counts as introduced: ${parts.join('; ')}`;
  return [
    {
      rule: 'baseline/incomplete',
      decision: 'warn',
      message,
      action: 'scan the baseline by itself and end what hides',
    },
  ];
}
