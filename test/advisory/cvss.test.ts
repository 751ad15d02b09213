import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bestRating, rateVector } from '../../src/advisory/cvss.ts';

const v2 = 'AV:N/AC:L/Au:N/C:C/I:C/A:C';
const v30 = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C';
const v31 = 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N';
const v4 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P';

const printers = ['log', 'warn', 'error', 'info', 'debug'] as const;

beforeEach(() => {
  for (const name of printers) vi.spyOn(console, name).mockImplementation(() => {});
});

afterEach(() => {
  for (const name of printers) expect(console[name]).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test.each([
  [v2, { version: 'cvss-v2', score: 10, severity: 'high', vector: v2 }],
  [v30, { version: 'cvss-v3', score: 9.8, severity: 'critical', vector: v30 }],
  [v31, { version: 'cvss-v3', score: 1.8, severity: 'low', vector: v31 }],
  [v4, { version: 'cvss-v4', score: 8.9, severity: 'high', vector: v4 }],
])('%s is scored by the standard', (vector, rating) => {
  expect(rateVector(vector)).toEqual(rating);
  expect(rateVector(vector)).toEqual(rating);
});

test('nothing lost is negligible', () => {
  expect(rateVector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N')).toMatchObject({
    score: 0,
    severity: 'negligible',
  });
});

test.each([
  '',
  '7.5',
  'CVSS:3.1/AV:N/AC:L',
  'CVSS:4.0/AV:N',
  'CVSS:3.1/AV:Q/AC:L',
  'CVSS:9.0/AV:N',
  `${v31}${'/E:X'.repeat(99)}`,
])('%j says nothing', (vector) => {
  expect(rateVector(vector)).toBeUndefined();
});

test('the highest version counts, then the highest score', () => {
  expect(bestRating([v2, v31, v4, v30])?.vector).toBe(v4);
  expect(bestRating([v30, v2, v31])?.vector).toBe(v31);
  const higher = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
  expect(bestRating([v31, higher])?.vector).toBe(higher);
  expect(bestRating(['nonsense'])).toBeUndefined();
});

test('no text makes it throw or print', () => {
  const prefix = fc.constantFrom('', 'AV:', 'CVSS:3.0/', 'CVSS:3.1/', 'CVSS:4.0/');
  const metric = fc.constantFrom(
    'AV:N',
    'AC:L',
    'PR:N',
    'UI:N',
    'S:C',
    'C:H',
    'I:H',
    'A:H',
    '__proto__:N',
    'x',
    ':',
    'MAV:X',
  );
  fc.assert(
    fc.property(prefix, fc.array(metric, { maxLength: 12 }), (start, metrics) => {
      const rating = rateVector(start + metrics.join('/'));
      if (rating) expect(rating.score).toBeLessThanOrEqual(10);
    }),
    { numRuns: 300 },
  );
});
