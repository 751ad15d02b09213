import { compareText } from '../util/compare-text.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits, isNumber } from './digits.ts';

/**
 * The order of Haskell packages (pvp.haskell.org, Data.Version): lists of numbers, compared number by number; of two
 * that agree, the longer is newer: `1.0` comes before `1.0.0`.
 */
export const order: VersionOrder = {
  id: 'hackage',
  /** Numbers with dots between them and no zeros in front, as Cabal reads them. */
  valid(version) {
    return version.split('.').every((number) => isNumber(number) && (number === '0' || !number.startsWith('0')));
  },
  compare(a, b) {
    const left = a.split('.');
    const right = b.split('.');
    const shared = Math.min(left.length, right.length);
    for (let at = 0; at < shared; at++) {
      const difference = compareParts(left[at] ?? '', right[at] ?? '');
      if (difference !== 0) return difference;
    }
    return left.length - right.length;
  },
};

/** What is no number comes before the numbers, so that any text has its place. */
function compareParts(a: string, b: string): number {
  const left = isNumber(a);
  const right = isNumber(b);
  if (left && right) return compareDigits(a, b);
  return left === right ? compareText(a, b) : Number(left) - Number(right);
}
