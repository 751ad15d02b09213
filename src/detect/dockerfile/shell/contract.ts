/** One simple command of a shell script (POSIX.1-2017, "Shell Command Language"), quotes taken away. */
export interface ShellCommand {
  /** The last part of the program's path, behind `sudo`, `env` and their like; empty where the line only assigns. */
  readonly program: string;
  /** What stands behind the program. */
  readonly words: readonly string[];
  /** Whether it is run by sudo or doas. */
  readonly sudo: boolean;
  /** Programs that read what it writes: those behind it in its pipeline, and the one in whose words it stands. */
  readonly feeds: readonly string[];
}

/** Programs that run what they are given to read. */
export const shells: readonly string[] = ['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'fish'];
