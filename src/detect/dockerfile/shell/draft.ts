import { type ShellCommand, shells } from './contract.ts';

/** Most words of a command that are kept. */
const mostWords = 5_000;

/** What runs the program that its words name, and those of its options that have a value behind them. */
const wrappers: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['sudo', ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-U']],
  ['doas', ['-u', '-C']],
  ['env', ['-u', '-C', '-S']],
  ['exec', ['-a']],
  ['nice', ['-n']],
  ['timeout', ['-k', '-s']],
  ...['nohup', 'time', 'command', 'builtin', 'busybox', 'setarch', 'linux32'].map((name) => [name, []] as const),
]);

/** A command while its words come. */
export class Draft {
  /** Commands that stand in its words. */
  readonly nested: ShellCommand[] = [];
  readonly #words: string[] = [];

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  get isCase(): boolean {
    return this.#words[0] === 'case';
  }

  /** Whether it is a shell, which runs what it reads. */
  get isShell(): boolean {
    return shells.includes(unwrapped(this.#words).program);
  }

  add(word: string): void {
    if (this.#words.length < mostWords) this.#words.push(word);
  }

  /** The command, and those that stand in its words. `inside`: reads a script that one of its words is. */
  finish(inside: (script: string) => ShellCommand[]): { own?: ShellCommand; others: ShellCommand[] } {
    const { program, words, sudo } = unwrapped(this.#words);
    const nested =
      program === ''
        ? this.nested
        : this.nested.map((one) => ({ ...one, feeds: [...one.feeds, program].slice(0, 20) }));
    if (program === '') return { others: nested };
    // What is only looped over, or ends what was begun, is no command.
    if (endings.has(program)) return { others: nested };
    const script = scriptIn(program, words);
    return {
      own: { program, words, sudo, feeds: [] },
      others: script === undefined ? nested : [...nested, ...inside(script)],
    };
  }
}

const endings = new Set(['fi', 'done', 'esac', '}', 'for', 'select', 'case', 'function']);

/** The program that runs in the end, with its words. */
function unwrapped(all: readonly string[]): { program: string; words: readonly string[]; sudo: boolean } {
  let at = 0;
  let sudo = false;
  for (;;) {
    while (at < all.length && isAssignment(all[at]!)) at++;
    const program = lastPart(all[at] ?? '');
    const valued = wrappers.get(program);
    if (!valued) return { program, words: all.slice(at + 1), sudo };
    sudo ||= program === 'sudo' || program === 'doas';
    at++;
    while (at < all.length && all[at]!.startsWith('-')) at += valued.includes(all[at]!) ? 2 : 1;
    // How long it may take stands in front of what is run.
    if (program === 'timeout' || program === 'setarch') at++;
  }
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w{0,200}\+?=/.test(word);
}

/** The program in a path; empty where only running the script tells it. */
function lastPart(path: string): string {
  if (/[`]|\$\(/.test(path)) return '';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The script that `sh -c`, `su -c` and `eval` run. */
function scriptIn(program: string, words: readonly string[]): string | undefined {
  if (program === 'eval') return words.join(' ');
  if (!shells.includes(program) && program !== 'su' && program !== 'runuser') return undefined;
  const option = words.findIndex((word) => word === '--command' || /^-[a-z]{0,8}c$/.test(word));
  return option < 0 ? undefined : words[option + 1];
}
