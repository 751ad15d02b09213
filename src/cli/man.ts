import { reports } from '../report/list.gen.ts';
import type { Command, Example, ListedCommand } from './command.ts';
import { exampleHelp } from './examples.ts';
import { readFlags } from './flags.ts';
import type { ManualLine } from './man/page.ts';
import { print } from './print.ts';

const examples: readonly Example[] = [
  { line: 'sluice man | man -l -', doc: 'read it' },
  { line: 'sluice man > /usr/local/share/man/man1/sluice.1', doc: 'install it: man sluice' },
];

/** `sluice man`: prints the manual page, made of the tables that help is made of. */
export const command: Command = {
  flags: [],
  examples,
  async run({ args, env, version, commands = {} }) {
    readFlags(args, [], env);
    const { manualPage } = await import('./man/page.ts');
    print(manualPage({ version, lines: await manualLines(commands), formats: reports }));
    return 0;
  },
  help: () => `Usage: sluice man

${exampleHelp(examples)}Prints the manual page (mdoc): every command with its flags and examples.
`,
};

/** All commands and their actions, in the order of help. */
async function manualLines(commands: Readonly<Record<string, ListedCommand>>): Promise<ManualLine[]> {
  const lines: ManualLine[] = [];
  for (const [name, { doc, load }] of Object.entries(commands)) {
    const { takes = '', flags = [], examples: shown = [], actions = {} } = (await load()).command;
    lines.push({
      name,
      doc,
      takes: takes === '' && Object.keys(actions).length > 0 ? 'ACTION' : takes,
      flags,
      examples: shown,
    });
    for (const [action, { usage, doc: does, load: loadAction }] of Object.entries(actions)) {
      const { action: outline } = await loadAction();
      const named = { name: `${name} ${action}`, takes: usage.slice(action.length).trim() };
      lines.push({ ...named, doc: does, flags: outline.flags ?? [], examples: outline.examples ?? [] });
    }
  }
  return lines;
}
