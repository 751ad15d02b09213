import { SluiceError } from '../util/error.ts';
import { tuneForShortRun } from '../util/short-run.ts';
import { baselineFlags } from './baseline-flags.ts';
import { cacheDirFlag } from './cache-dir.ts';
import type { Command, Example } from './command.ts';
import { exampleHelp } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { type Flag, flagHelp, readFlags } from './flags.ts';
import { openGate } from './open-gate.ts';
import { eventFlag, formatHelp, layout, outputFlag, parseOutputs, writeReports } from './outputs.ts';
import { policyFlags } from './policy-flags.ts';
import { print } from './print.ts';
import { tableFlags, tableOptionsOf } from './table-flags.ts';
import { nameFlag } from './target-flags.ts';

const flags: readonly Flag[] = [
  outputFlag,
  eventFlag,
  ...tableFlags,
  ...policyFlags,
  nameFlag,
  ...baselineFlags,
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no warnings, no table' },
];

const examples: readonly Example[] = [
  { line: 'sluice gate app.json', doc: 'by the policy of now: no image is needed' },
  { line: 'sluice gate app.json --policy strict.yaml', doc: 'by another policy' },
  { line: 'sluice gate reports/*.json', doc: 'a line each; the worst decides' },
  { line: 'sluice gate app.json --at 2026-12-31', doc: 'what will be in force then' },
];

/** `sluice gate`: judges kept JSON reports by the policy of now. Nothing is opened but the reports. */
export const command: Command = {
  takes: 'REPORT…',
  flags,
  examples,
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
    const table = tableOptionsOf(given);
    // Who asks how findings are to stand wants to see them.
    const wanted = invocation.args.some((arg) => arg.startsWith('--group-by'));
    const outputs = parseOutputs(given.list('output'), given.on('quiet') || !wanted);
    const gate = await openGate(given, invocation);
    const { evidence, verdict, judgedBy } = await gate(path);
    const { version, env } = invocation;
    if (!given.on('quiet') && outputs.every((output) => output.path !== undefined)) {
      const { verdictText } = await import('../report/verdict-text.ts');
      const shown = { name: path, judgedBy, ...layout(undefined, env) };
      const stories = table.explain ? await import('../report/table/stop-stories.ts') : undefined;
      print(verdictText(evidence, verdict, shown, stories?.stopStoriesIn(evidence, verdict, shown)));
    }
    await writeReports(outputs, evidence, verdict, { name: path, version, env, judgedBy, table });
    const to = given.text('event');
    if (to !== undefined) {
      const { tellVerdict } = await import('./event.ts');
      tellVerdict({ evidence, verdict, judgedBy }, { to, command: 'gate', name: path, version, env });
    }
    return exitCodes[verdict.decision];
  },
  help() {
    return `Usage: sluice gate REPORT… [flags]

${exampleHelp(examples)}Judges JSON reports that were kept (sluice scan TARGET -o json=REPORT) by the policy of now: neither the image nor any
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
