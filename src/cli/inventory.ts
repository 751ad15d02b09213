import { takeAccount } from '../pipeline/take-account.ts';
import { inventoryJson } from '../report/inventory/json.ts';
import { inventoryTable } from '../report/inventory/table.ts';
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

const examples: readonly Example[] = [
  { line: 'sluice inventory my-app.tar', doc: 'what nobody brought, and what was changed' },
  { line: 'sluice inventory my-app.tar -o json=account.json', doc: 'every byte by its owner, for machines' },
];

/** `sluice inventory`: says of every byte of an image where it comes from. */
export const command: Command = {
  takes: 'TARGET',
  flags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, flags, invocation.env);
    const [text, ...more] = given.operands;
    if (text === undefined) {
      throw new SluiceError('usage/no-target', 'there is no target', 'usage: sluice inventory TARGET [flags]');
    }
    if (more.length > 0) throw new SluiceError('usage/operands', `one target at a time, not also ${more.join(' ')}`);
    const { format, path } = plainOutput('inventory', given.text('output'));
    const target = identifyTarget(text);
    const name = targetName(target, text);
    const progress = new Progress(invocation.env, given.on('quiet'));
    const account = await takeAccount(target, lookOptions(given, invocation, progress, name)).finally(() =>
      progress.clear(),
    );
    const { colour, width } = layout(path, invocation.env);
    const written = format === 'json' ? inventoryJson(account) : inventoryTable(account, { name, colour, width });
    if (path === undefined) print(written);
    else writeWhole(path, written);
    return 0;
  },
  help() {
    return `Usage: sluice inventory TARGET [flags]

${exampleHelp(examples)}Accounts for every byte of an image or root filesystem: which package owns it, what is a package manager's record, what
is derived (caches, bytecode), which files are the application's, and which programs nobody brought. A file that is
not as its package brought it, one that is gone, and a package that was taken out of its database are named.

${flagHelp(flags)}
`;
  },
};
