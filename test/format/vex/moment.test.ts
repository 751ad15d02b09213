import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareMoments, momentOf, newestOf } from '../../../src/format/vex/moment.ts';

describe('times', () => {
  test.each([
    ['2023-01-08T18:02:03.647787998-06:00', '2023-01-09T00:02:03.647787998Z'],
    ['2023-01-08t18:02:03z', '2023-01-08T18:02:03Z'],
    ['2023-01-08 18:02:03.500Z', '2023-01-08T18:02:03.5Z'],
    ['2023-01-08T18:02:03.000+00:00', '2023-01-08T18:02:03Z'],
    ['2023-01-08T18:02:03', undefined],
    ['2023-01-08', undefined],
    ['2023-13-08T18:02:03Z', undefined],
    ['0000-01-01T00:00:00+23:00', undefined],
    ['9999-12-31T23:59:59-23:00', undefined],
    [20230108, undefined],
  ])('%s is %s', (text, moment) => {
    expect(momentOf(text)).toBe(moment);
  });

  test('are ordered newest first, by all of their digits', () => {
    const order = [
      '2024-01-01T00:00:01Z',
      '2024-01-01T00:00:00.12Z',
      '2024-01-01T00:00:00.1Z',
      '2024-01-01T00:00:00Z',
      '',
    ];
    expect([...order].reverse().sort(compareMoments)).toEqual(order);
    expect(newestOf('x', order[2], order[0], undefined)).toBe(order[0]);
    expect(newestOf()).toBe(undefined);
  });

  test('are ordered as their instants are', () => {
    const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        const [x, y] = [momentOf(a.toISOString()) ?? '', momentOf(b.toISOString()) ?? ''];
        expect(Math.sign(compareMoments(x, y))).toBe(Math.sign(b.getTime() - a.getTime()));
      }),
    );
  });
});
