import type { Example } from './command.ts';

/** Examples as a part of help, which stands before what it explains; nothing where there are none. */
export function exampleHelp(examples: readonly Example[] | undefined): string {
  return examples === undefined || examples.length === 0 ? '' : `Examples:\n${exampleLines(examples)}\n\n`;
}

/** Examples one below the other: what may be typed, and behind it, as the shell's comment, what it is for. */
function exampleLines(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  return examples.map(({ line, doc }) => `  ${line.padEnd(width)}  # ${doc}`).join('\n');
}
