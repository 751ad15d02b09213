import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, isNumber } from './digits.ts';

/**
 * The order of R packages (R's help page "numeric_version", compareVersion): numbers with dots or hyphens between them,
 * which mean the same, compared number by number; of two that agree, the longer is newer: `1.0` comes before `1.0-0`.
 */
export const order: VersionOrder = {
  id: 'cran',
  valid: (version) => numbersOf(version).every(isNumber),
  compare(a, b) {
    const left = numbersOf(a);
    const right = numbersOf(b);
    const shared = Math.min(left.length, right.length);
    for (let at = 0; at < shared; at++) {
      const difference = compareParts(left[at] ?? '', right[at] ?? '');
      if (difference !== 0) return difference;
    }
    return left.length - right.length;
  },
};

function numbersOf(version: string): string[] {
  return version.replaceAll('-', '.').split('.');
}

/** What is no number comes before the numbers, so that any text has its place. */
function compareParts(a: string, b: string): number {
  const left = isNumber(a);
  const right = isNumber(b);
  if (left && right) return compareDigits(a, b);
  return left === right ? compareText(a, b) : Number(left) - Number(right);
}
