import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import { hasSameData, heldAgainst } from '../pipeline/kept-baseline.ts';
import { readKept } from '../pipeline/kept-report.ts';
import { RunGate, type RunVerdict } from '../pipeline/run-gate.ts';
import type { Baseline } from '../policy/judging.ts';
import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { givenBaseline } from './baseline-flags.ts';
import { cacheDirOf } from './cache-dir.ts';
import type { Invocation } from './command.ts';
import type { Flags } from './flags.ts';
import { policySetOf } from './policy-flags.ts';
import { writeText } from './standard-streams.ts';
import { namesOf } from './target-flags.ts';

/** What judges reports by the flags, which are read once. @throws SluiceError `usage/...`, `policy/...`, `report/...` */
export async function openGate(
  given: Flags,
  { env, build }: Invocation,
): Promise<(path: string) => Promise<RunVerdict>> {
  const warn = warner(given);
  const policies = await policySetOf(given, { cacheDir: cacheDirOf(given, env), build });
  const gate = new RunGate(policies, new Date(), build);
  const names = namesOf(given);
  // Without a name a mapping by names fits nothing, and the policy may be another one than that of the scan.
  if (policies.mapped && names.length === 0)
    warn('reports do not say what an image is called, which mappings of the policy may ask: use --name REFERENCE');
  const baseline = await baselineOf(given, gate.now);
  return async (path) => {
    const { evidence, ...kept } = readKept(path);
    const judged = await gate.judge(evidence, names, baseline && against(baseline, evidence, warn));
    return { evidence: judged.evidence, verdict: ofKept(judged.verdict), judgedBy: { ...judged.judgedBy, kept } };
  };
}

/** New data changes nothing of a report that was kept: the image has to be matched again. */
function ofKept(verdict: Verdict): Verdict {
  const action = 'scan the image again with current data: sluice scan TARGET -o json=REPORT';
  const reasons = verdict.reasons.map((reason) => (reason.rule.startsWith('data/') ? { ...reason, action } : reason));
  return { ...verdict, reasons };
}

function against(baseline: Baseline, evidence: Evidence, warn: (text: string) => void): Baseline {
  if (!hasSameData(evidence, baseline.evidence)) {
    warn(
      'report and baseline are by different data: what is newly known of packages that changed counts as introduced',
    );
  }
  return heldAgainst(evidence, baseline);
}

/** @throws SluiceError `usage/baseline` */
async function baselineOf(given: Flags, now: Date): Promise<Baseline | undefined> {
  const baseline = givenBaseline(given);
  if (!baseline) return undefined;
  const { target } = baseline;
  if (target.kind === 'report') {
    // Most reports are judged by themselves, within milliseconds: they load nothing of it.
    const { keptBaseline } = await import('../pipeline/baseline.ts');
    return keptBaseline(readKept(target.path), baseline, now);
  }
  const hint = 'scan takes an image: sluice scan TARGET --baseline TARGET';
  throw new SluiceError('usage/baseline', '--baseline of gate is a kept JSON report', hint);
}

/** Says each thing once, however many reports there are. */
function warner(given: Flags): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text) || given.on('quiet')) return;
    said.add(text);
    writeText(2, `sluice: warning: ${harmless(text)}\n`);
  };
}
