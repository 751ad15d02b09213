import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/util/nearest.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 9 });

describe('the nearest of several words', () => {
  test.each([
    ['--ofline', 'offline'],
    ['offlin', 'offline'],
    ['platfrom', 'platform'],
    ['scna', 'scan'],
    ['scann', 'scan'],
    ['x', undefined],
    ['', undefined],
    ['verify', undefined],
  ])('%j: %j', (text, best) => {
    expect(nearest(text.replace(/^--/, ''), ['offline', 'platform', 'scan', 'db', 'output'])).toBe(best);
  });

  test('is the first of those that are equally near, and the word itself when it is there', () => {
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
    expect(nearest('hat', ['bat', 'hat'])).toBe('hat');
    expect(nearest('cat', [])).toBeUndefined();
  });

  test('differs in at most a third, and takes no time over long texts', () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 5 }), (text, words) => {
        const best = nearest(text, words);
        if (best !== undefined) expect(distance(text, best)).toBeLessThanOrEqual(Math.floor(text.length / 3));
        else for (const word of words) expect(distance(text, word)).toBeGreaterThan(Math.floor(text.length / 3));
      }),
      { numRuns: 300 },
    );
    expect(nearest('x'.repeat(1_000_000), ['y'.repeat(1_000_000)])).toBeUndefined();
  });
});

/** Insertions, deletions, replacements and swaps of neighbours, straight from the definition. */
function distance(a: string, b: string): number {
  const known = new Map<string, number>();
  const between = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const same = a[i - 1] === b[j - 1] ? 0 : 1;
    const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    const swap = swapped ? between(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
    const value = Math.min(between(i - 1, j) + 1, between(i, j - 1) + 1, between(i - 1, j - 1) + same, swap);
    known.set(key, value);
    return value;
  };
  return between(a.length, b.length);
}
