/** The world as the command line hands it to a command: nothing else reads argv or the environment. */
export interface Invocation {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** sluice's own version. */
  readonly version: string;
  /** Stands for the sources that this program was built from. */
  readonly build: string;
}

/** A command: what runs it, and what it ends with. */
export interface Command {
  /** Runs the command and returns the exit code: 0 pass or warn, 2 stop, 3 undecided; failures are thrown and exit 1. */
  run(invocation: Invocation): Promise<number>;
  /** The text of `--help`, asked for with these arguments. */
  help(args: readonly string[]): string | Promise<string>;
}
