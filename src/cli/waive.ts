import type { Command } from './command.ts';
import { add } from './waive/add.ts';

/** `sluice waive`: writes a waiver, or takes over those of other tools. */
export const command: Command = {
  ...add,
  actions: {
    import: {
      usage: 'import FILE... --owner NAME',
      doc: 'takes over what other tools ignore: .trivyignore, .grype.yaml, osv-scanner.toml and others',
      load: async () => ({ action: (await import('./waive/import.ts')).importing }),
    },
  },
  async run(invocation) {
    const { args } = invocation;
    return (await actionOf(args)).run(args[0] === 'import' ? { ...invocation, args: args.slice(1) } : invocation);
  },
  help: async (args) => (await actionOf(args)).help(args),
};

async function actionOf([first]: readonly string[]): Promise<Command> {
  return first === 'import' ? (await import('./waive/import.ts')).importing : add;
}
