import { RE2JS } from 're2js';

/** Most expressions of one query, and their longest text in characters. */
const mostExpressions = 100;
const longestExpression = 2_000;

/** A regular expression that is looked for. */
export interface NamedExpression {
  readonly name: string;
  readonly found: (text: string) => boolean;
  /** Steps of its program: at worst each is taken for each character of a text. */
  readonly steps: number;
}

/** Regular expressions by name, sorted. */
export type Expressions = readonly NamedExpression[];

/** Compiles regular expressions (RE2 syntax), whose time is linear in the text. @throws Error one that says what is wrong */
export function compileExpressions(byName: Readonly<Record<string, string>>): Expressions {
  const names = Object.keys(byName).sort();
  if (names.length > mostExpressions) throw new Error(`there are more than ${mostExpressions} expressions`);
  return names.map((name) => {
    const text = byName[name] ?? '';
    if (text.length > longestExpression)
      throw new Error(`an expression is longer than ${longestExpression} characters`);
    const compiled = RE2JS.compile(text);
    return { name, found: (content) => compiled.test(content), steps: compiled.programSize() };
  });
}
