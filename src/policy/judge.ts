import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { BaselineUse, BlameQuadrant, PolicyUse, Reason, Verdict } from '../model/verdict.ts';
import { BlameGate, quadrants } from './blame.ts';
import { type Evaluation, evaluateRules } from './evaluate.ts';
import { FindingTable } from './finding-table.ts';
import type { Baseline, Judging } from './judging.ts';
import { verdictOf, withOwnReasons } from './own-reasons.ts';
import { defaultPack } from './packs.gen.ts';
import { type CustomPolicy, defaultBlame, type Policy } from './policy.ts';
import { ruleReasons } from './reasons.ts';
import type { Rule } from './rule.ts';
import type { Scene } from './subject/scene.ts';
import { Subjects } from './subject/subjects.ts';
import type { AppliedWaivers } from './waiver/applied.ts';
import { applyWaivers } from './waiver/apply.ts';

/** Within how many days of its end a waiver ends soon, unless the policy says otherwise. */
const defaultSoonDays = 14;

/** A verdict, and the evidence with what waivers answer of it. */
export interface Judged {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

/**
 * Judges evidence by a policy: the one place where a severity, an age or a waiver becomes a verdict. Where the policy has
 * regular expressions, `readyFor` (expression/regular.ts) is to be awaited before; what can't be evaluated leaves the
 * verdict undecided.
 */
export function judge(evidence: Evidence, policy: Policy, judging: Judging): Judged {
  const { waivers, baseline } = judging;
  const { custom } = policy;
  const applied = waivers && applyWaivers(evidence, waivers, applyingOf(custom, judging));
  const answered = applied?.evidence ?? evidence;
  const gate = baseline && new BlameGate(baseline);
  const subjects = subjectsOf(answered, policy, judging, gate);
  const reasons = withOwnReasons(reasonsByRules(policy, subjects, gate, applied), answered, policy, judging);
  const uses = applied?.uses() ?? [];
  const verdict: Verdict = {
    ...verdictOf(reasons),
    ...(custom === undefined ? {} : { policy: policyUse(custom) }),
    ...(uses.length === 0 ? {} : { waivers: uses }),
    ...(baseline && gate ? { baseline: baselineUse(baseline, subjects.scene, gate) } : {}),
  };
  return { evidence: answered, verdict };
}

/** The rules that a policy has; those of the default pack where there is no policy file. */
export function rulesOf({ custom }: Policy): readonly Rule[] {
  return custom?.rules ?? defaultPack.document.layer.rules;
}

function applyingOf(custom: CustomPolicy | undefined, { now, names }: Judging) {
  return { now, ...(names ? { names } : {}), soonDays: custom?.soonDays ?? defaultSoonDays };
}

function subjectsOf(
  evidence: Evidence,
  { custom }: Policy,
  { now, dataNow, names, baseline }: Judging,
  gate: BlameGate | undefined,
): Subjects {
  const inputs = {
    evidence,
    now,
    ...(dataNow ? { dataNow } : {}),
    environment: custom?.environment ?? '',
    ...(names ? { names } : {}),
    ...(baseline ? { baseline: baseline.evidence } : {}),
  };
  return new Subjects(inputs, gate);
}

function reasonsByRules(
  policy: Policy,
  subjects: Subjects,
  gate: BlameGate | undefined,
  applied: AppliedWaivers | undefined,
): Reason[] {
  const { custom, failOn } = policy;
  const quadrantOf = gate && ((finding: Finding): BlameQuadrant => gate.quadrantOf(finding));
  const evaluation: Evaluation = {
    subjects,
    lists: custom?.lists ?? new Map(),
    failOn,
    blame: custom?.blame ?? defaultBlame,
    ...(quadrantOf ? { quadrantOf } : {}),
    ...(applied ? { waives: (rule, subject) => applied.waives(rule, subject) } : {}),
  };
  const { findings } = subjects.scene;
  return ruleReasons(evaluateRules(rulesOf(policy), evaluation), {
    findings,
    table: new FindingTable(findings),
    base: subjects.scene.evidence.target.base,
    failOn,
    ...(quadrantOf ? { quadrantOf } : {}),
    rosterOf: ({ on, files }) => subjects.roster(on as Exclude<Rule['on'], 'finding'>, files?.id),
  });
}

function policyUse({ name, digest, mapping, rules }: CustomPolicy): PolicyUse {
  const evaluated = rules.filter(({ outcome }) => outcome !== 'off').length;
  return { name, digest, ...(mapping === undefined ? {} : { mapping }), rules: evaluated };
}

function baselineUse({ evidence, since }: Baseline, { findings, placed }: Scene, gate: BlameGate): BaselineUse {
  const counted = Object.fromEntries(quadrants.map((quadrant) => [quadrant, 0])) as Record<BlameQuadrant, number>;
  for (const finding of findings) counted[gate.quadrantOf(finding)]++;
  for (const finding of placed) counted[gate.quadrantOfPlaced(finding)]++;
  const digest = evidence.target.digest ?? evidence.target.id;
  return { ...(digest === undefined ? {} : { digest }), since, findings: counted };
}
