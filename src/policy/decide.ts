import { firstStep } from '../match/clearing-fix.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import { counts, type Finding } from '../model/finding.ts';
import type { Problem } from '../model/problem.ts';
import { reaches, type Severity, severities } from '../model/severity.ts';
import { compareDecision, type Reason, type Verdict } from '../model/verdict.ts';
import { dataReasons } from './data-reasons.ts';
import type { Policy } from './policy.ts';

/** Decides by policy over evidence: the one place where a severity or an age becomes a verdict. `now` is for ages alone: of data, and of the distribution. */
export function decide(evidence: Evidence, policy: Policy, now: Date): Verdict {
  const reasons = [
    ...findingReasons(evidence, policy),
    ...problemReasons(evidence.problems),
    ...dataReasons(evidence, policy, now),
    ...releaseReasons(evidence.target, now),
  ];
  reasons.sort((a, b) => compareDecision(a.decision, b.decision));
  const [first] = reasons;
  return { decision: first && first.decision !== 'track' ? first.decision : 'pass', reasons };
}

function findingReasons(evidence: Evidence, policy: Policy): Reason[] {
  const judged = evidence.findings.filter((finding) => counts(finding, evidence.judged));
  const { failOn } = policy;
  const isStop = ({ severity }: Finding): boolean => failOn !== 'never' && stopsAt(severity, failOn);
  const stops = judged.filter(isStop);
  const others = judged.filter((finding) => !isStop(finding));
  const reasons: Reason[] = [];
  if (stops.length > 0) {
    const message = `${describe(stops)}; the policy stops at ${failOn}`;
    reasons.push({ rule: 'vulnerability/severity', decision: 'stop', message, ...fixAction(judged) });
  }
  if (others.length > 0) {
    const message = failOn === 'never' ? describe(others) : `${describe(others)}, none at ${failOn} or worse`;
    reasons.push({ rule: 'vulnerability/below', decision: 'warn', message, ...fixAction(others) });
  }
  return reasons;
}

/** A flaw whose severity nobody has said reaches no threshold but the lowest. */
function stopsAt(severity: Severity, threshold: Severity): boolean {
  if (severity === 'unknown') return threshold === 'unknown' || threshold === 'negligible';
  return reaches(severity, threshold);
}

/** `2 critical and 5 high vulnerabilities in 3 packages`. */
function describe(findings: readonly Finding[]): string {
  const parts = severities
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => (severity === 'unknown' ? `${count} unrated` : `${count} ${severity}`));
  const packages = new Set(findings.map((finding) => finding.package)).size;
  const listed = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');
  const noun = findings.length === 1 ? 'vulnerability' : 'vulnerabilities';
  return `${listed} ${noun} in ${packages} ${packages === 1 ? 'package' : 'packages'}`;
}

/** The one line that does most. */
function fixAction(findings: readonly Finding[]): { action?: string } {
  const step = firstStep(findings);
  return step ? { action: `begin with ${step.name} ${step.from}: update to ${step.version}` } : {};
}

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
  if (!distribution || !release || release.endOfLife >= now.toISOString().slice(0, 10)) return [];
  const { endOfLife, extended } = release;
  const longer = extended ? ` (${extended.name} until ${extended.until})` : '';
  const message = `${distribution.name || distribution.id} has had no security updates for everybody since ${endOfLife}${longer}`;
  return [{ rule: 'distribution/end-of-life', decision: 'warn', message, action: 'move to a newer release' }];
}
