import type { VersionOrder } from './contract.ts';
import { compareDigits, isDigit } from './digits.ts';

/** Longest version that counts as one, in characters. */
const longest = 1_000;

/**
 * Nix's own order (Nix manual, `builtins.compareVersions`): components between dots and dashes and where digits meet
 * letters; numbers by their value, `pre` before everything, words before numbers.
 */
export const order: VersionOrder = {
  id: 'nix',
  valid: (version) => version.length > 0 && version.length <= longest && !/\s/.test(version),
  compare(a, b) {
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      const [x, nextI] = component(a, i);
      const [y, nextJ] = component(b, j);
      const compared = compareComponents(x, y);
      if (compared !== 0) return compared;
      i = nextI;
      j = nextJ;
    }
    return 0;
  },
};

/** The component from a place on, and where the next one begins; empty at the end. */
function component(text: string, from: number): [text: string, next: number] {
  let start = from;
  while (text[start] === '.' || text[start] === '-') start++;
  let end = start;
  const digits = isDigit(text.charCodeAt(start));
  while (end < text.length && text[end] !== '.' && text[end] !== '-' && isDigit(text.charCodeAt(end)) === digits) end++;
  return [text.slice(start, end), end];
}

function isNumber(text: string): boolean {
  return text !== '' && isDigit(text.charCodeAt(0));
}

function compareComponents(a: string, b: string): number {
  if (a === b) return 0;
  const [numberA, numberB] = [isNumber(a), isNumber(b)];
  if (numberA && numberB) return compareDigits(a, b);
  if (a === '' && numberB) return -1;
  if (b === '' && numberA) return 1;
  if (a === 'pre' || b === 'pre') return a === 'pre' ? -1 : 1;
  if (numberA !== numberB) return numberA ? 1 : -1;
  return a < b ? -1 : 1;
}
