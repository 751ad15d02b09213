import { parseArgs } from 'node:util';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';

/** One flag of a command. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What its value is called in the help; a flag without one is a switch. */
  readonly value?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
  readonly doc: string;
  /** What the value can be, where that is known: shells complete it. Of a `LIST`, what stands between its commas. */
  readonly choices?: readonly string[];
}

/** A command's flags as they were given: by name, switches as `true`. */
export interface Flags {
  readonly operands: readonly string[];
  text(name: string): string | undefined;
  list(name: string): readonly string[];
  on(name: string): boolean;
}

/**
 * Reads a command's flags; `SLUICE_CACHE_DIR` stands for `--cache-dir` and so on, where the flag is not given.
 * @throws SluiceError `usage/...`
 */
export function readFlags(args: readonly string[], flags: readonly Flag[], env: NodeJS.ProcessEnv): Flags {
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: flag.multiple ?? false,
        ...(flag.short ? { short: flag.short } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    else if (token.kind === 'option') take(token, flags, values);
  }
  for (const flag of flags) {
    const fromEnv = env[`SLUICE_${flag.name.replaceAll('-', '_').toUpperCase()}`];
    if (values.has(flag.name) || fromEnv === undefined || fromEnv === '') continue;
    if (flag.value !== undefined) values.set(flag.name, [fromEnv]);
    else if (fromEnv !== '0' && fromEnv !== 'false') values.set(flag.name, ['true']);
  }
  return {
    operands,
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
    on: (name) => values.has(name),
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function take(token: OptionToken, flags: readonly Flag[], values: Map<string, string[]>): void {
  const flag = flags.find((candidate) => candidate.name === token.name);
  if (!flag) throw unknownFlag(token.rawName, flags);
  if (flag.value === undefined && token.inlineValue) {
    throw new SluiceError('usage/flag-value', `${token.rawName} takes no value`);
  }
  if (flag.value !== undefined && (token.value === undefined || token.value === '')) {
    throw new SluiceError('usage/flag-value', `${token.rawName} needs a value: ${token.rawName} ${flag.value}`);
  }
  const value = flag.value === undefined ? 'true' : (token.value ?? '');
  const given = values.get(flag.name);
  if (given && flag.multiple) given.push(value);
  else values.set(flag.name, [value]);
}

function unknownFlag(raw: string, flags: readonly Flag[]): SluiceError {
  const names = flags.map((flag) => `--${flag.name}`);
  const close = nearest(raw, names);
  const hint = close ? `did you mean ${close}?` : 'see --help';
  return new SluiceError('usage/unknown-flag', `there is no flag ${raw}`, hint);
}

/** The flags as lines of help. */
export function flagHelp(flags: readonly Flag[]): string {
  const left = flags.map((flag) => {
    const short = flag.short ? `-${flag.short}, ` : '    ';
    return `  ${short}--${flag.name}${flag.value ? ` ${flag.value}` : ''}`;
  });
  const width = Math.max(...left.map((text) => text.length)) + 2;
  return flags.map((flag, i) => `${(left[i] ?? '').padEnd(width)}${flag.doc}`).join('\n');
}
