import type { ShellCommand } from './contract.ts';
import { valuedOptions } from './valued-options.ts';

/** The words of a command that begin with a dash: short ones also each for itself (`-qy`: `-q`, `-y`), long ones without value. */
export function optionsOf({ words }: Pick<ShellCommand, 'words'>): readonly string[] {
  const options = new Set<string>();
  for (const word of words) {
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') continue;
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    options.add(name);
    if (/^-[A-Za-z]{2,12}$/.test(name)) for (const letter of name.slice(1)) options.add(`-${letter}`);
  }
  return [...options];
}

/** The words of a command that are neither options nor values of options that are known. */
export function operandsOf({ program, words }: Pick<ShellCommand, 'program' | 'words'>): readonly string[] {
  const values = valuedOptions.get(canonical(program)) ?? [];
  const operands: string[] = [];
  let isOpen = true;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (isOpen && word === '--') isOpen = false;
    else if (!isOpen || !word.startsWith('-') || word === '-') operands.push(word);
    else if (values.includes(word)) at++;
  }
  return operands;
}

/** The values of an option, in `--name value` as in `--name=value`. */
export function valuesOf({ words }: Pick<ShellCommand, 'words'>, ...names: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (names.includes(word)) return words[at + 1] ?? [];
    const name = names.find((one) => word.startsWith(`${one}=`));
    return name === undefined ? [] : word.slice(name.length + 1);
  });
}

/** `pip3.11` is `pip`. */
export function canonical(program: string): string {
  return /^pip[\d.]{0,6}$/.test(program) ? 'pip' : program;
}
