import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixAfter, rangeHolds } from '../../src/match/range.ts';
import { Sides } from '../../src/match/sides.ts';
import type { AffectedRange } from '../../src/model/advisory.ts';
import { numbers, range } from './make.ts';

const held = (of: AffectedRange) =>
  Array.from({ length: 10 }, (_, index) => index).filter((version) =>
    rangeHolds(of, new Sides(String(version), numbers)),
  );

describe('rangeHolds', () => {
  test.each([
    ['from the first version on', range('introduced 0'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['until the fix', range('introduced 2', 'fixed 5'), [2, 3, 4]],
    ['until the last affected version, itself included', range('introduced 2', 'last_affected 5'), [2, 3, 4, 5]],
    ['two stretches', range('introduced 0', 'fixed 2', 'introduced 4', 'fixed 6'), [0, 1, 4, 5]],
    ['two stretches, listed out of order', range('fixed 6', 'introduced 4', 'fixed 2', 'introduced 0'), [0, 1, 4, 5]],
    ['back in the version that fixed it', range('introduced 0', 'fixed 2', 'introduced 2', 'fixed 3'), [0, 1, 2]],
    ['below a limit', range('introduced 2', 'limit 5'), [2, 3, 4]],
    ['below the higher of two limits', range('introduced 2', 'limit 4', 'limit 6'), [2, 3, 4, 5]],
    ['no limit at all', range('introduced 7', 'limit *'), [7, 8, 9]],
    ['never affected: fixed in 0', range('introduced 0', 'fixed 0'), []],
    ['never affected, listed out of order', range('fixed 0', 'introduced 0'), []],
    ['nothing introduced', range('fixed 5'), []],
    ['no events', range(), []],
  ])('%s', (_, of, expected) => {
    expect(held(of)).toEqual(expected);
  });

  test('0 comes before every version of the order, even one that the order puts before 0', () => {
    const reversed = { ...numbers, compare: (a: string, b: string) => numbers.compare(b, a) };
    expect(rangeHolds(range('introduced 0'), new Sides('7', reversed))).toBe(true);
  });

  test('says what walking the sorted events says', () => {
    const kinds = fc.constantFrom('introduced', 'fixed', 'last_affected');
    const events = fc.uniqueArray(fc.tuple(kinds, fc.integer({ min: 1, max: 20 })), { selector: ([, at]) => at });
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 21 }), (listed, version) => {
        const of = range(...listed.map(([kind, at]) => `${kind} ${at}`));
        expect(rangeHolds(of, new Sides(String(version), numbers))).toBe(walk(listed, version));
      }),
    );
  });
});

function walk(events: readonly (readonly [string, number])[], version: number): boolean {
  let affected = false;
  for (const [kind, at] of [...events].sort((a, b) => a[1] - b[1])) {
    if (kind === 'introduced' && version >= at) affected = true;
    if (kind === 'fixed' && version >= at) affected = false;
    if (kind === 'last_affected' && version > at) affected = false;
  }
  return affected;
}

describe('fixAfter', () => {
  test.each([
    ['the next fix', range('introduced 0', 'fixed 5'), '3', '5'],
    ['the fix of its own stretch', range('introduced 4', 'fixed 6', 'introduced 0', 'fixed 2'), '1', '2'],
    ['none that is behind it', range('introduced 0', 'fixed 2'), '3', undefined],
    ['none where nothing is fixed', range('introduced 0'), '3', undefined],
    [
      'none where the stretch ends without one',
      range('introduced 0', 'last_affected 2', 'introduced 4', 'fixed 6'),
      '1',
      undefined,
    ],
    ['the fix behind the last affected version', range('introduced 0', 'last_affected 2', 'fixed 3'), '2', '3'],
  ])('%s', (_, of, version, expected) => {
    expect(fixAfter(of, new Sides(version, numbers))).toBe(expected);
  });
});
