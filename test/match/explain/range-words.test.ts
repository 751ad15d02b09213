import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeWords } from '../../../src/match/explain/range-words.ts';
import { rangeHolds } from '../../../src/match/range.ts';
import { Sides } from '../../../src/match/sides.ts';
import { numbers, range } from '../make.ts';

function words(version: string, ...events: readonly string[]): string {
  const sides = new Sides(version, numbers);
  const one = range(...events);
  return rangeWords(one, sides, rangeHolds(one, sides));
}

describe('why a range holds, or not', () => {
  test.each([
    ['3', ['introduced 0', 'fixed 5'], '3 is in the range from 0 until fixed 5 (numbers order)'],
    [
      '3',
      ['introduced 2', 'last_affected 3'],
      '3 is in the range from 2 up to 3, the last affected one (numbers order)',
    ],
    ['3', ['introduced 2'], '3 is in the range from 2 on, without an end (numbers order)'],
    [
      '3',
      ['introduced 0', 'limit 4'],
      '3 is in the range from 0 on, without an end, below the limit 4 (numbers order)',
    ],
    ['3', ['introduced 0', 'limit *'], '3 is in the range from 0 on, without an end (numbers order)'],
    [
      '7',
      ['fixed 5', 'introduced 6', 'introduced 0', 'fixed 9'],
      '7 is in the range from 6 until fixed 9 (numbers order)',
    ],
    ['5', ['introduced 0', 'fixed 5'], '5 is the version that fixes it'],
    ['6', ['introduced 0', 'fixed 5'], 'fixed in 5, and 6 is not older (numbers order)'],
    [
      '6',
      ['introduced 0', 'fixed 5', 'introduced 8'],
      'fixed in 5, and 6 is not older; it comes back in 8 (numbers order)',
    ],
    ['6', ['introduced 0', 'last_affected 5'], 'the last affected version is 5, and 6 is newer (numbers order)'],
    ['1', ['introduced 2', 'fixed 5'], '1 is older than 2, which brought the flaw in (numbers order)'],
    ['6', ['introduced 0', 'limit 4'], '6 is not below the limit 4 of the range (numbers order)'],
    ['6', ['introduced 0', 'fixed 0'], 'never affected: the fix is in 0, before every version'],
    ['6', ['fixed 8'], 'the range names no version that brought the flaw in'],
  ])('%s in %j', (version, events, expected) => {
    expect(words(version, ...events)).toBe(expected);
  });

  test('is told as matching decides it, whatever the events', () => {
    const event = fc
      .tuple(fc.constantFrom('introduced', 'fixed', 'last_affected', 'limit'), fc.integer({ min: 0, max: 6 }))
      .map(([kind, version]) => `${kind} ${version}`);
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 0, max: 7 }),
        (events, version) => {
          const holds = rangeHolds(range(...events), new Sides(String(version), numbers));
          expect(words(String(version), ...events).includes(`${version} is in the range from `)).toBe(holds);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
