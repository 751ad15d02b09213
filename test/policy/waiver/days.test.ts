import { expect, test } from 'vitest';
import { dayAfter, daysBetween, latestExpiry } from '../../../src/policy/waiver/days.ts';

test('Two years from a day is the same day, or the last of its month', () => {
  expect(['2026-01-01', '2026-06-15', '2028-02-29', '2026-12-31'].map(latestExpiry)).toEqual([
    '2028-01-01',
    '2028-06-15',
    '2030-02-28',
    '2028-12-31',
  ]);
});

test('Days are counted over the ends of months and years', () => {
  expect([dayAfter('2026-12-31', 1), dayAfter('2028-02-28', 1), dayAfter('2027-01-01', -1)]).toEqual([
    '2027-01-01',
    '2028-02-29',
    '2026-12-31',
  ]);
  expect([daysBetween('2026-12-31', '2027-01-01'), daysBetween('2026-06-15', '2026-06-15')]).toEqual([1, 0]);
});
