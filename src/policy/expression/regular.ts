import type { RE2JS } from 're2js';
import { EvaluationFailure } from './contract.ts';
import type { Expression } from './node.ts';
import { allParts } from './parts.ts';

/** Longest regular expression (characters). */
const longestRegular = 1000;
/** Compiled ones that are kept. */
const mostKept = 500;

let engine: typeof RE2JS | undefined;
const kept = new Map<string, RE2JS>();

/**
 * Makes regular expressions ready for those expressions that have one: to be awaited once before {@link compile}.
 * Where none has, nothing is loaded.
 */
export async function readyFor(expressions: Iterable<Expression>): Promise<void> {
  if (engine !== undefined) return;
  for (const { node } of expressions) {
    for (const part of allParts(node)) {
      if (part.op !== 'call' || part.fn !== 'matches') continue;
      engine = (await import('./engine.ts')).RE2JS;
      return;
    }
  }
}

/** Takes the engine from who has loaded it. */
export function setRegular(loaded: typeof RE2JS): void {
  engine = loaded;
}

/** What is wrong with a regular expression (RE2 syntax), and the part that is; undefined when it is right. */
export function faultOfRegular(text: string): { readonly message: string; readonly part: string } | undefined {
  if (text.length > longestRegular)
    return { message: `a regular expression has at most ${longestRegular} characters`, part: text };
  try {
    regularOf(text);
    return undefined;
  } catch (fault) {
    if (fault instanceof EvaluationFailure) return { message: fault.message, part: text };
    const { error, input } = fault as { readonly error?: unknown; readonly input?: unknown };
    const part = typeof input === 'string' ? input : text;
    return { message: describe(String(error ?? 'not understood'), part), part };
  }
}

/** Whether the regular expression is found in a text: linear in the text. @throws EvaluationFailure */
export function regularMatcher(text: string): (subject: string) => boolean {
  const fault = faultOfRegular(text);
  if (fault !== undefined) throw new EvaluationFailure(fault.message);
  const regular = regularOf(text);
  return (subject) => regular.test(subject);
}

function regularOf(text: string): RE2JS {
  if (engine === undefined) throw new EvaluationFailure('regular expressions are not loaded');
  const known = kept.get(text);
  if (known !== undefined) return known;
  const made = engine.compile(text);
  if (kept.size >= mostKept) kept.clear();
  kept.set(text, made);
  return made;
}

function describe(error: string, part: string): string {
  if (/^\(\?<?[=!]/.test(part)) return `RE2 has no look-around: ${part}`;
  if (/^\\[1-9k]/.test(part)) return `RE2 has no back-references: ${part}`;
  return `${error}: ${part}`;
}
