import { statSync } from 'node:fs';
import { filesIn } from '../../pipeline/files-in.ts';
import { readKept } from '../../pipeline/kept-report.ts';
import { type JudgeReport, policyDiff } from '../../pipeline/policy-diff.ts';
import { RunGate } from '../../pipeline/run-gate.ts';
import { policyDiffJson } from '../../report/policy-diff/json.ts';
import { policyDiffTable } from '../../report/policy-diff/table.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import { cacheDirFlag, cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { layout, writeWhole } from '../outputs.ts';
import { plainOutput } from '../plain-output.ts';
import { type PolicySet, policyFlags, policySetOf } from '../policy-flags.ts';
import { print } from '../print.ts';
import { writeText } from '../standard-streams.ts';
import { flagsWith } from './flags-with.ts';

const usage = 'usage: sluice policy diff OLD NEW --over REPORT|FOLDER [flags]';

/** `sluice policy diff`: what another policy would have made of images whose JSON reports were kept. */
export const action: Action = {
  examples: [
    { line: 'sluice policy diff old.yaml new.yaml --over reports/', doc: 'what would newly stop, before it does' },
  ],
  flags: [
    {
      name: 'over',
      value: 'REPORT|FOLDER',
      multiple: true,
      doc: 'kept JSON reports: a file, or all files called *.json in a folder; may be repeated',
    },
    { name: 'output', short: 'o', value: 'FORMAT[=PATH]', doc: 'table (default) or json; to a file with =PATH' },
    ...policyFlags.filter(({ name }) => name !== 'policy'),
    cacheDirFlag,
    { name: 'quiet', short: 'q', doc: 'no warnings' },
  ],
  operands: 2,
  more: `OLD and NEW are policy files or packs; flags hold for both, and without --waivers each has its own waivers. Each
report is judged as of the day when its data was current, or as of --at.
Ends 0 whatever differs, 1 when a report could not be read.`,
  async run(given, invocation) {
    const [before, after] = given.operands;
    if (before === undefined || after === undefined)
      throw new SluiceError('usage/operands', 'policy diff compares two policies', usage);
    const over = given.list('over');
    if (over.length === 0) throw new SluiceError('usage/over', 'policy diff needs reports to judge', usage);
    const { format, path } = plainOutput('policy diff', given.text('output'));
    const reports = [...new Set(over.flatMap(reportsAt))];
    const sets = [await setFor(before, given, invocation), await setFor(after, given, invocation)] as const;
    if (sets.some(({ mapped }) => mapped) && !given.on('quiet')) warnMapped();
    const gates = [judgeBy(sets[0], invocation.build), judgeBy(sets[1], invocation.build)] as const;
    const diff = await policyDiff(reports, (path) => readKept(path).evidence, gates, moments(sets[0].at));
    const text = format === 'json' ? policyDiffJson(diff) : policyDiffTable(diff, layout(path, invocation.env).width);
    if (path === undefined) print(text);
    else writeWhole(path, text);
    return diff.failures.length > 0 ? 1 : 0;
  },
};

/** A report, or those of a folder. @throws SluiceError `usage/over`, `folder/...` */
function reportsAt(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return [path];
  const reports = filesIn(path, (name) => name.endsWith('.json'));
  if (reports.length === 0) throw new SluiceError('usage/over', `${path} holds no JSON reports`);
  return reports;
}

function moments(at: Date | undefined): { readonly at?: Date; readonly now: Date } {
  return { now: new Date(), ...(at ? { at } : {}) };
}

function setFor(policy: string, given: Flags, { env, build }: Invocation): Promise<PolicySet> {
  return policySetOf(flagsWith(given, { policy: [policy] }), { cacheDir: cacheDirOf(given, env), build });
}

function judgeBy(set: PolicySet, build: string): JudgeReport {
  return async (evidence, now) => (await new RunGate(set, now, build).judge(evidence, [])).verdict;
}

function warnMapped(): void {
  const text = 'reports do not say what an image is called: mappings by registry, repository or tag fit nothing';
  writeText(2, `sluice: warning: ${harmless(text)}\n`);
}
