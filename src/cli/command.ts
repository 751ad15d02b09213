import type { Flag } from './flags.ts';
import type { CommandTrace } from './telemetry/command-trace.ts';

/** The world as the command line hands it to a command: nothing else reads argv or the environment. */
export interface Invocation {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** sluice's own version. */
  readonly version: string;
  /** Stands for the sources that this program was built from. */
  readonly build: string;
  /** All commands, for those that tell of them; a command that is run by another one gets none. */
  readonly commands?: Readonly<Record<string, ListedCommand>>;
  /** What is told of the command; absent where nobody asked. */
  readonly trace?: CommandTrace;
}

/** A command line, and what it is for: help begins with such. */
export interface Example {
  readonly line: string;
  readonly doc: string;
}

/** What a command or an action takes: help, the completion of shells and the manual are made of it. */
export interface Outline {
  /** What follows its name, as in `TARGET` or `[FILE|FOLDER …]`; of an action its list says that. */
  readonly takes?: string;
  readonly flags?: readonly Flag[];
  readonly examples?: readonly Example[];
}

/** An action of a command by its outline, such as `update` of `db`. */
export interface OutlinedAction {
  /** Its name and what follows it on the command line. */
  readonly usage: string;
  readonly doc: string;
  load(): Promise<{ readonly action: Outline }>;
}

/** A command that is loaded when it is called. */
export interface ListedCommand {
  /** What it does, for the help. */
  readonly doc: string;
  load(): Promise<{ readonly command: Command }>;
}

/** A command: what runs it, and what it ends with. */
export interface Command extends Outline {
  /** What it can be told to do, by name; absent: one thing alone. */
  readonly actions?: Readonly<Record<string, OutlinedAction>>;
  /** Runs the command and returns the exit code: 0 pass or warn, 2 stop, 3 undecided; failures are thrown and exit 1. */
  run(invocation: Invocation): Promise<number>;
  /** The text of `--help`, asked for with these arguments. */
  help(args: readonly string[]): string | Promise<string>;
}
