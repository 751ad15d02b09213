import type { FixState } from '../model/advisory.ts';
import type { Finding } from '../model/finding.ts';

/** What to do about a finding, in one sentence. */
export function fixSentence({
  name,
  version,
  fixed,
  fixState,
}: Pick<Finding, 'name' | 'version' | 'fixed' | 'fixState'>): string {
  if (fixed.length > 0) return `Update ${name} ${version} to ${listed(fixed, 'or')}.`;
  const state = fixState === undefined ? '' : `: ${fixStateSentences[fixState]}`;
  return `No fix is known for ${name} ${version}${state}.`;
}

const fixStateSentences: Record<FixState, string> = {
  'wont-fix': 'the distribution says that it will not fix it',
  deferred: 'the distribution has put the fix off',
  'end-of-life': 'the distribution no longer fixes it',
  investigating: 'the distribution is looking into it',
};

const fixStateWords: Record<FixState, string> = {
  'wont-fix': "won't fix",
  deferred: 'fix deferred',
  'end-of-life': 'end of life',
  investigating: 'investigating',
};

/** What is said of a fix where there is none, in two or three words. */
export function noFixText(fixState: FixState | undefined): string {
  return fixState === undefined ? 'no fix known' : fixStateWords[fixState];
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
