import type { Look } from '../pipeline/options.ts';
import { scan } from '../pipeline/scan.ts';
import { licencesJson } from '../report/licences/json.ts';
import { licencesTable } from '../report/licences/table.ts';
import { identifyTarget } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import type { Command, Example } from './command.ts';
import { exampleHelp } from './examples.ts';
import { type Flag, flagHelp, readFlags } from './flags.ts';
import { lookFlags, lookOptions } from './looking.ts';
import { layout, writeWhole } from './outputs.ts';
import { plainOutput } from './plain-output.ts';
import { print } from './print.ts';
import { targetName } from './scan-caches.ts';
import { Progress } from './terminal.ts';

const flags: readonly Flag[] = [
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=PATH]',
    choices: ['table', 'json'],
    doc: 'table (default) or json; to a file with =PATH',
  },
  ...lookFlags,
];

/** What is looked for; the rules of it are sluice's own, so that its name alone stands for it. */
const look: Look = { kinds: ['packages', 'licences'], digest: 'licences alone' };

const examples: readonly Example[] = [
  { line: 'sluice licences my-app.tar', doc: 'what each package is under' },
  { line: 'sluice licences . -o json=licences.json', doc: 'a source folder, for machines' },
];

/** `sluice licences`: which licences the packages and files of a target are under. */
export const command: Command = {
  takes: 'TARGET',
  flags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, flags, invocation.env);
    const [text, ...more] = given.operands;
    if (text === undefined) {
      throw new SluiceError('usage/no-target', 'there is no target', 'usage: sluice licences TARGET [flags]');
    }
    if (more.length > 0) throw new SluiceError('usage/operands', `one target at a time, not also ${more.join(' ')}`);
    const { format, path } = plainOutput('licences', given.text('output'));
    const target = identifyTarget(text);
    const name = targetName(target, text);
    const progress = new Progress(invocation.env, given.on('quiet'));
    const options = { ...lookOptions(given, invocation, progress, name), look };
    const evidence = await scan(target, options).finally(() => progress.clear());
    const { colour, width } = layout(path, invocation.env);
    const written = format === 'json' ? licencesJson(evidence) : licencesTable(evidence, { name, colour, width });
    if (path === undefined) print(written);
    else writeWhole(path, written);
    return 0;
  },
  help() {
    return `Usage: sluice licences TARGET [flags]

${exampleHelp(examples)}Says under which licences the packages and files of a target are, as SPDX expressions: by what packages state, and by the
texts of licence files, which are told by their likeness to the SPDX list's. Licences are classed by what they ask of whoever
passes the software on: permitted, notice, reciprocal, restricted, forbidden, unknown. What may be shipped is said in
a policy (licences: in sluice.yaml, or the pack licences) and judged by sluice scan.

${flagHelp(flags)}
`;
  },
};
