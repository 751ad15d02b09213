import { isRandom } from './random.ts';

/** Whether a text is the name of a variable with its sign: `$PASSWORD`, `%PASSWORD%`, `@PASSWORD@`. A drawn text is no name. */
export function isVariable(text: string): boolean {
  const name = /^[$%@]([A-Za-z_]\w{0,127})[%@]?$/.exec(text)?.[1];
  return name !== undefined && !isRandom(name);
}
