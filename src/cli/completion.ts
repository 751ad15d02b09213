import { SluiceError } from '../util/error.ts';
import type { Command, Example } from './command.ts';
import type { Line } from './completion/table.ts';
import { linesOf } from './completion/table.ts';
import { exampleHelp } from './examples.ts';
import { readFlags } from './flags.ts';
import { print } from './print.ts';

const shells: Readonly<Record<string, () => Promise<(lines: readonly Line[]) => string>>> = {
  bash: async () => (await import('./completion/bash.ts')).bashCompletion,
  zsh: async () => (await import('./completion/zsh.ts')).zshCompletion,
  fish: async () => (await import('./completion/fish.ts')).fishCompletion,
};

const examples: readonly Example[] = [
  { line: 'source <(sluice completion bash)', doc: 'this bash; in ~/.bashrc every one' },
  { line: 'source <(sluice completion zsh)', doc: 'this zsh; in ~/.zshrc, behind compinit, every one' },
  { line: 'sluice completion fish > ~/.config/fish/completions/sluice.fish', doc: 'every fish' },
];

/** `sluice completion`: prints what lets a shell complete sluice, made of the tables that help is made of. */
export const command: Command = {
  takes: 'bash|zsh|fish',
  flags: [],
  examples,
  async run({ args, env, commands = {} }) {
    const { operands } = readFlags(args, [], env);
    const [shell = ''] = operands;
    const load = Object.hasOwn(shells, shell) && operands.length === 1 ? shells[shell] : undefined;
    if (load === undefined) {
      const what = operands.length === 0 ? 'for which shell?' : `there is no completion for ${operands.join(' ')}`;
      throw new SluiceError('usage/operands', what, `such as sluice completion ${Object.keys(shells).join('|')}`);
    }
    print((await load())(await linesOf(commands)));
    return 0;
  },
  help: () => `Usage: sluice completion bash|zsh|fish

${exampleHelp(examples)}Prints what lets a shell complete commands, flags, and values: formats, severities, packs, files. It is made once and runs
nothing of sluice while you type: print it anew after an update.
`,
};
