import { compareText } from '../util/compare-text.ts';
import { bareVersion, looseParts, normalizedParts, type Part, ranks } from './composer-grammar.ts';
import type { VersionOrder } from './contract.ts';
import { compareDigits } from './digits.ts';

const end: Part = { rank: ranks.end, text: '' };

/**
 * The order of Composer package versions: what composer/semver normalizes, held against each other as PHP's
 * version_compare() does. A branch without a number (`dev-main`) has no place among versions and is not valid; it comes
 * before all numbers.
 */
export const order: VersionOrder = {
  id: 'composer',
  valid(version) {
    return normalizedParts(bareVersion(version)) !== undefined;
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = partsOf(a);
    const right = partsOf(b);
    const length = Math.max(left.length, right.length);
    for (let at = 0; at < length; at++) {
      const difference = compareParts(left[at] ?? end, right[at] ?? end);
      if (difference !== 0) return difference;
    }
    return 0;
  },
};

function partsOf(version: string): readonly Part[] {
  const bare = bareVersion(version);
  return normalizedParts(bare) ?? looseParts(bare);
}

function compareParts(a: Part, b: Part): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.rank === ranks.number ? compareDigits(a.text, b.text) : compareText(a.text, b.text);
}
