import { compareTargets } from '../pipeline/compare/compare-targets.ts';
import { diffJson } from '../report/diff/json.ts';
import { diffTable } from '../report/diff/table.ts';
import { identifyTarget } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { cacheDirOf } from './cache-dir.ts';
import type { Command, Example } from './command.ts';
import { chooseData, snapshotFlag } from './data-flags.ts';
import { exampleHelp } from './examples.ts';
import { type Flag, flagHelp, readFlags } from './flags.ts';
import { lookFlags, lookOptions } from './looking.ts';
import { layout, writeWhole } from './outputs.ts';
import { plainOutput } from './plain-output.ts';
import { print } from './print.ts';
import { targetName } from './scan-caches.ts';
import { Progress } from './terminal.ts';
import { vexFlag, vexOf } from './vex-flags.ts';

const flags: readonly Flag[] = [
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=PATH]',
    choices: ['table', 'json'],
    doc: 'table (default) or json; to a file with =PATH',
  },
  snapshotFlag,
  vexFlag,
  ...lookFlags,
];

const examples: readonly Example[] = [
  { line: 'sluice diff my-app-1.0.tar my-app-1.1.tar', doc: 'what an update brings' },
  { line: 'sluice diff debian:12.5 debian:12.6 -o json', doc: 'two images of a registry, for machines' },
];

/** `sluice diff`: what came, what went and what changed between two images. */
export const command: Command = {
  takes: 'BEFORE AFTER',
  flags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, flags, invocation.env);
    const [before, after, ...more] = given.operands;
    if (before === undefined || after === undefined || more.length > 0) {
      throw new SluiceError('usage/operands', 'diff compares two targets', 'usage: sluice diff BEFORE AFTER [flags]');
    }
    const { format, path } = plainOutput('diff', given.text('output'));
    const targets = [identifyTarget(before), identifyTarget(after)] as const;
    const names = { before: targetName(targets[0], before), after: targetName(targets[1], after) };
    const progress = new Progress(invocation.env, given.on('quiet'));
    const looking = lookOptions(given, invocation, progress, 'diff');
    const { data } = await chooseData(given, cacheDirOf(given, invocation.env), invocation.env);
    const options = { ...looking, data, ...(await vexOf(given)) };
    const comparison = await compareTargets(...targets, options).finally(() => progress.clear());
    const layOut = layout(path, invocation.env);
    const text = format === 'json' ? diffJson(comparison) : diffTable(comparison, { ...names, ...layOut });
    if (path === undefined) print(text);
    else writeWhole(path, text);
    return 0;
  },
  help() {
    return `Usage: sluice diff BEFORE AFTER [flags]

${exampleHelp(examples)}Compares two images, root filesystems or source folders by the same vulnerability data: findings, packages, the
configuration that containers are run with, users, trusted certificates, and files. It judges nothing: it exits 0.

${flagHelp(flags)}
`;
  },
};
