import { SluiceError } from '../util/error.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { baselineFlags } from './baseline-flags.ts';
import { cacheDirFlag } from './cache-dir.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { type Flag, flagHelp, readFlags } from './flags.ts';
import { openGate } from './open-gate.ts';
import { formatHelp, layout, outputFlag, parseOutputs, writeReports } from './outputs.ts';
import { policyFlags } from './policy-flags.ts';
import { print } from './print.ts';
import { nameFlag } from './target-flags.ts';

const flags: readonly Flag[] = [
  outputFlag,
  ...policyFlags,
  nameFlag,
  ...baselineFlags,
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no warnings, no table' },
];

/** `sluice gate`: judges kept JSON reports by the policy of now. Nothing is opened but the reports. */
export const command: Command = {
  async run(invocation) {
    tuneForShortRun();
    const given = readFlags(invocation.args, flags, invocation.env);
    const [path, ...more] = given.operands;
    if (path === undefined)
      throw new SluiceError('usage/no-target', 'there is no report', 'usage: sluice gate REPORT… [flags]');
    if (more.length > 0) {
      const { gateSeveral } = await import('./gate-several.ts');
      return gateSeveral(given, invocation);
    }
    const outputs = parseOutputs(given.list('output'), true);
    const gate = await openGate(given, invocation);
    const { evidence, verdict, judgedBy } = await gate(path);
    const { version, env } = invocation;
    if (!given.on('quiet') && outputs.every((output) => output.path !== undefined)) {
      const { verdictText } = await import('../report/verdict-text.ts');
      print(verdictText(evidence, verdict, { name: path, judgedBy, ...layout(undefined, env) }));
    }
    await writeReports(outputs, evidence, verdict, { name: path, version, env, judgedBy });
    return exitCodes[verdict.decision];
  },
  help() {
    return `Usage: sluice gate REPORT… [flags]

Judges JSON reports that were kept (sluice scan TARGET -o json=REPORT) by the policy of now: neither the image nor any
data is needed. What a report tells is believed, as it is no longer held against the image: keep reports where nobody
can edit them. What a rule asks for and a report does not hold, such as files, leaves the verdict undecided: it needs the
report of a scan with such a policy. The verdict is shown, and why; -o table shows the findings too. Of several reports each
has a line, and the worst decides. --baseline takes a kept report.

${flagHelp(flags)}

${formatHelp}

Every flag can be set as SLUICE_<FLAG>, such as SLUICE_POLICY.
Exit codes: 0 pass or warn · 1 could not do the work · 2 the gate says stop · 3 undecided
Of several: 2 one stops · else 1 one could not be read · else 3 one is undecided · else 0
`;
  },
};
