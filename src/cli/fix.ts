import { dirname } from 'node:path';
import type { FixPlan } from '../match/fix/contract.ts';
import type { Evidence } from '../model/evidence.ts';
import { fixTarget } from '../pipeline/fix/fix-target.ts';
import type { Candidate } from '../pipeline/fix/grounds.ts';
import { RunGate } from '../pipeline/run-gate.ts';
import { judge } from '../policy/judge.ts';
import { fixJson } from '../report/fix/json.ts';
import { fixTable } from '../report/fix/table.ts';
import { identifyTarget, isImageTarget, type Target } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { baselineFlags, baselineFor, givenBaseline } from './baseline-flags.ts';
import { cacheDirOf } from './cache-dir.ts';
import type { Command, Example } from './command.ts';
import { chooseData, snapshotFlag } from './data-flags.ts';
import { exampleHelp } from './examples.ts';
import { type FixOutput, fixOutputs } from './fix/outputs.ts';
import { type Flag, type Flags, flagHelp, readFlags } from './flags.ts';
import { lookFlags, lookOptions } from './looking.ts';
import { layout, writeWhole } from './outputs.ts';
import { policyFlags, policySetOf } from './policy-flags.ts';
import { print } from './print.ts';
import { targetName } from './scan-caches.ts';
import { baseOf, nameFlag, namesOf } from './target-flags.ts';
import { Progress } from './terminal.ts';
import { vexFlag, vexOf } from './vex-flags.ts';

const flags: readonly Flag[] = [
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=PATH]',
    multiple: true,
    choices: ['table', 'json', 'patch'],
    doc: 'table (default), json or patch; to a file with =PATH; may be repeated',
  },
  {
    name: 'base-candidate',
    value: 'TARGET',
    multiple: true,
    doc: 'an image that may take the place of the base: a reference, archive or layout; may be repeated',
  },
  { name: 'base', value: 'TARGET', doc: 'the image that this one was built on, where it does not say so itself' },
  {
    name: 'source',
    value: 'DIR',
    doc: 'the sources, whose lock files are patched; by default TARGET, where it is a folder of them',
  },
  { name: 'dockerfile', value: 'FILE', doc: 'the Dockerfile that builds it; by default the one in the sources' },
  { name: 'write', doc: 'apply the patch to the files' },
  ...policyFlags,
  ...baselineFlags,
  nameFlag,
  snapshotFlag,
  vexFlag,
  ...lookFlags,
];

const exitCodes: Record<FixPlan['outcome'], number> = { green: 0, stop: 2, undecided: 3 };

const examples: readonly Example[] = [
  { line: 'sluice fix my-app.tar', doc: 'what to change so that it passes' },
  { line: 'sluice fix my-app.tar --source .', doc: 'with a patch of the lock files and the Dockerfile' },
  { line: 'sluice fix my-app.tar --source . --write', doc: 'and the files changed' },
  { line: 'sluice fix my-app.tar --base-candidate debian:12.6', doc: 'would another base do?' },
];

/** `sluice fix`: the smallest set of changes that turns the gate green. */
export const command: Command = {
  takes: 'TARGET',
  flags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, flags, invocation.env);
    const text = operandOf(given);
    const outputs = fixOutputs(given.list('output'), given.on('quiet'));
    const target = identifyTarget(text);
    refuseDockerfile(target.kind, text);
    const name = targetName(target, text);
    const names = namesOf(given, target);
    const candidates = candidatesOf(given, isImageTarget(target));
    const base = baseOf(given, target);
    const earlier = givenBaseline(given);
    const cacheDir = cacheDirOf(given, invocation.env);
    const policies = await policySetOf(given, { cacheDir, build: invocation.build });
    const { data, now } = await chooseData(given, cacheDir, invocation.env);
    const gate = new RunGate(policies, now, invocation.build);
    const progress = new Progress(invocation.env, given.on('quiet'));
    const wanted = (found: Evidence) => gate.wanted(found, names);
    const looking = { ...lookOptions(given, invocation, progress, name), ...(await vexOf(given)), data, wanted };
    const { plan, write } = await fixTarget(target, {
      scan: { ...looking, base },
      gate: async (found) => {
        const baseline = await baselineFor(earlier, looking, gate.now);
        const { policy, judging } = (await gate.judge(found, names, baseline)).judgedBy;
        return (evidence) => judge(evidence, policy, judging);
      },
      candidates,
      ...sourceOf(given),
    }).finally(() => progress.clear());
    if (given.on('write')) write();
    for (const output of outputs) writeOutput(output, plan, name, given.on('write'), invocation.env);
    return exitCodes[plan.outcome];
  },
  help() {
    return `Usage: sluice fix TARGET [flags]

${exampleHelp(examples)}Finds the smallest set of changes after which the gate would be green: updates of packages, and a candidate in the place
of the base image. It is about packages: secrets, settings and licences are left to sluice scan. Each set is matched anew, for a new version may have flaws of its own. Says what each change ends,
what remains and why; and where the sources are at hand, prints the patch for lock files and Dockerfile, or the command
that makes the change where only its own tool can.

${flagHelp(flags)}

Exit codes: 0 green after the changes · 1 could not do the work · 2 the gate would still stop · 3 undecided
`;
  },
};

/** @throws SluiceError `usage/...` */
function operandOf(given: Flags): string {
  const [text, ...more] = given.operands;
  if (text === undefined) {
    throw new SluiceError('usage/no-target', 'there is no target', 'usage: sluice fix TARGET [flags]');
  }
  if (more.length > 0) throw new SluiceError('usage/operands', `one target at a time, not also ${more.join(' ')}`);
  return text;
}

/** A Dockerfile alone has no packages. @throws SluiceError `usage/fix-target` */
function refuseDockerfile(kind: Target['kind'], text: string): void {
  if (kind !== 'dockerfile') return;
  throw new SluiceError(
    'usage/fix-target',
    `${text} is a Dockerfile: it names no packages whose updates could be found`,
    'sluice scan FILE says for each finding how to end it; sluice fix IMAGE --dockerfile FILE patches its FROM line',
  );
}

/** @throws SluiceError `usage/base` when one is no image, or the target is none */
function candidatesOf(given: Flags, isImage: boolean): Candidate[] {
  return given.list('base-candidate').map((text) => {
    const target = identifyTarget(text);
    if (isImage && isImageTarget(target)) return { target, name: targetName(target, text) };
    throw new SluiceError('usage/base', '--base-candidate takes an image, and only an image has a base');
  });
}

/** A Dockerfile alone stands for the folder that it is in. */
function sourceOf(given: Flags): { source?: string; dockerfile?: string } {
  const dockerfile = given.text('dockerfile');
  const source = given.text('source') ?? (dockerfile === undefined ? undefined : dirname(dockerfile));
  return { ...(source === undefined ? {} : { source }), ...(dockerfile === undefined ? {} : { dockerfile }) };
}

function writeOutput(
  { format, path }: FixOutput,
  plan: FixPlan,
  name: string,
  written: boolean,
  env: NodeJS.ProcessEnv,
): void {
  const text =
    format === 'json'
      ? fixJson(plan)
      : format === 'patch'
        ? plan.patches.map(({ diff }) => diff).join('')
        : fixTable(plan, { name, written, ...layout(path, env) });
  if (path === undefined) print(text);
  else writeWhole(path, text);
}
