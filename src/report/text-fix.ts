import type { Finding } from '../model/finding.ts';

/** What to do about a finding, in one sentence. */
export function fixSentence({ name, version, fixed }: Pick<Finding, 'name' | 'version' | 'fixed'>): string {
  if (fixed.length === 0) return `No fix is known for ${name} ${version}.`;
  return `Update ${name} ${version} to ${listed(fixed, 'or')}.`;
}

/** Words as a list: `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[], conjunction: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** `1 package`, `2 packages`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(n)} ${n === 1 ? noun : plural}`;
}

/** A whole number with a comma between thousands. */
function thousands(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
