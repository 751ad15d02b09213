import { smallest } from '../report/browse/frame.ts';
import { browseTabs } from '../report/browse/tabs.ts';
import { SluiceError } from '../util/error.ts';
import { baselineFlags } from './baseline-flags.ts';
import { cacheDirFlag } from './cache-dir.ts';
import type { Command, Example } from './command.ts';
import { exampleHelp } from './examples.ts';
import { type Flag, flagHelp, readFlags } from './flags.ts';
import { openGate } from './open-gate.ts';
import { policyFlags } from './policy-flags.ts';
import { isTerminal } from './standard-streams.ts';
import { nameFlag } from './target-flags.ts';

const flags: readonly Flag[] = [
  ...policyFlags,
  nameFlag,
  ...baselineFlags,
  cacheDirFlag,
  { name: 'quiet', short: 'q', doc: 'no warnings' },
];

const examples: readonly Example[] = [
  { line: 'sluice tui app.json', doc: 'go through what sluice scan … -o json=app.json wrote' },
  { line: 'sluice tui app.json --policy strict.yaml', doc: 'as judged by another policy' },
];

/** `sluice tui`: a kept report on the terminal, to go through by keys. */
export const command: Command = {
  takes: 'REPORT',
  flags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, flags, invocation.env);
    const [path, ...more] = given.operands;
    if (path === undefined)
      throw new SluiceError(
        'usage/no-target',
        'there is no report',
        'write one: sluice scan TARGET -o json=report.json',
      );
    if (more.length > 0) throw new SluiceError('usage/operands', `one report at a time, not also ${more.join(' ')}`);
    if (!isTerminal(1) || process.stdin.isTTY !== true || invocation.env.TERM === 'dumb') {
      throw new SluiceError(
        'usage/no-terminal',
        'sluice tui needs a terminal to show the report on and to take keys from',
        `without one: sluice gate ${path} -o table`,
      );
    }
    const gate = await openGate(given, invocation);
    const { evidence, verdict } = await gate(path);
    const { browse } = await import('./tui/browse.ts');
    await browse(browseTabs(evidence, verdict), { evidence, verdict, name: path, env: invocation.env });
    return 0;
  },
  help() {
    return `Usage: sluice tui REPORT [flags]

${exampleHelp(examples)}Shows a JSON report that was kept (sluice scan TARGET -o json=REPORT) on the terminal: its findings, packages, layers, and
the reasons of the verdict, judged by the policy of now. Search, filter, sort and group by keys, copy an id or a fix, open
the page on a flaw; ? shows the keys, q quits. It takes a terminal of ${smallest.columns}x${smallest.rows} at least. It judges nothing: it exits 0.

${flagHelp(flags)}
`;
  },
};
