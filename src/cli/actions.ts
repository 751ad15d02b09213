import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Command, Invocation, Outline } from './command.ts';
import { exampleHelp } from './examples.ts';
import { type Flag, type Flags, flagHelp, readFlags } from './flags.ts';

/** One thing that a command with several actions does, such as `sluice db update`. */
export interface Action extends Outline {
  readonly flags: readonly Flag[];
  /** Most operands that it takes. */
  readonly operands: number;
  /** What its help says besides its flags. */
  readonly more?: string;
  /** Runs it and returns the exit code; failures are thrown and exit 1. */
  run(given: Flags, invocation: Invocation): Promise<number>;
}

/** An action by what its command says of it; loaded only when it is called, for an update brings HTTP with it. */
export interface ListedAction {
  /** Its name and what follows it on the command line. */
  readonly usage: string;
  /** What it does, for the help: `shows what there is`. */
  readonly doc: string;
  load(): Promise<{ readonly action: Action }>;
}

/** The command `name`, which does one of several things; `note` is a line for its help. */
export function commandOf(name: string, actions: Readonly<Record<string, ListedAction>>, note: string): Command {
  return {
    actions,
    async run(invocation) {
      const [called, ...args] = invocation.args;
      const found = called !== undefined && Object.hasOwn(actions, called) ? actions[called] : undefined;
      if (!found) throw unknownAction(name, called, Object.keys(actions));
      const { action } = await found.load();
      const given = readFlags(args, action.flags, invocation.env);
      if (given.operands.length > action.operands) {
        const more = given.operands.slice(action.operands).join(' ');
        throw new SluiceError('usage/operands', `${name} ${called} takes no ${more}`, `see sluice ${name} --help`);
      }
      return action.run(given, invocation);
    },
    async help(args) {
      const called = args.find((arg) => Object.hasOwn(actions, arg));
      return called === undefined ? overview(name, actions, note) : helpOf(name, actions[called] as ListedAction);
    },
  };
}

function overview(name: string, actions: Readonly<Record<string, ListedAction>>, note: string): string {
  const listed = Object.values(actions);
  const width = Math.max(...listed.map(({ usage }) => usage.length));
  return `Usage: sluice ${name} <action> [flags]

${listed.map(({ usage, doc }) => `  ${usage.padEnd(width)}  ${doc}`).join('\n')}

${note}
sluice ${name} <action> --help shows an action's flags.
`;
}

async function helpOf(name: string, { usage, doc, load }: ListedAction): Promise<string> {
  const { action } = await load();
  return `Usage: sluice ${name} ${usage} [flags]

${exampleHelp(action.examples)}${doc.charAt(0).toUpperCase()}${doc.slice(1)}.

${flagHelp(action.flags)}
${action.more === undefined ? '' : `\n${action.more}\n`}
Exit codes: 0 done · 1 could not do the work
`;
}

function unknownAction(name: string, called: string | undefined, names: readonly string[]): SluiceError {
  const what = called === undefined ? `${name} needs to be told what to do` : `${name} knows no ${called}`;
  const close = called === undefined ? undefined : nearest(called, names);
  const hint = close
    ? `did you mean sluice ${name} ${close}?`
    : `there are ${names.map((one) => `sluice ${name} ${one}`).join(', ')}`;
  return new SluiceError(`usage/${name}`, what, hint);
}
