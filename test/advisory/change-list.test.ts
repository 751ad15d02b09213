import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChangeList, compareStamps, isRecordId } from '../../src/advisory/change-list.ts';
import { SluiceError } from '../../src/util/error.ts';

/** Reads a list in pieces that end at the given places. */
function read(bytes: Buffer, cuts: readonly number[] = []): ChangeList {
  const list = new ChangeList();
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    list.push(bytes.subarray(from, cut));
    from = cut;
  }
  list.end();
  return list;
}

const stamp = fc
  .record({ ms: fc.integer({ min: 0, max: 4e12 }), digits: fc.integer({ min: 0, max: 9 }) })
  .map(({ ms, digits }) => {
    const seconds = new Date(ms).toISOString().slice(0, 19);
    return digits === 0 ? `${seconds}Z` : `${seconds}.${String(ms).padStart(9, '7').slice(0, digits)}Z`;
  });
const lines = fc.uniqueArray(fc.tuple(stamp, fc.stringMatching(/^[A-Z][A-Z0-9-]{0,20}$/)), {
  minLength: 1,
  maxLength: 30,
  selector: ([, id]) => id,
});

describe('a list of changes', () => {
  test('is read whatever pieces it comes in', () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (all, cuts, feed, last) => {
          const text = all.map((line) => line.join(',')).join(feed) + (last ? feed : '');
          const list = read(Buffer.from(text), cuts);
          expect([...list.stamps]).toEqual(all.map(([time, id]) => [id, time]));
          expect(list.bytes).toBe(text.length);
          expect(list.last).toBe(all.at(-1)![0]);
          const isSorted = all.every(([time], at) => at === 0 || compareStamps(time, all[at - 1]![0]) <= 0);
          expect(list.sorted).toBe(isSorted);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of hostile bytes is an error that names line and byte, or what it says', () => {
    const good = Buffer.from('2024-05-01T00:00:00Z,A-1\n2024-04-01T00:00:00.5Z,A-2\n');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(good.length), fc.boolean(), (junk, at, isWhole) => {
        const bytes = isWhole ? Buffer.from(junk) : Buffer.concat([good.subarray(0, at), junk, good.subarray(at)]);
        try {
          expect(read(bytes).stamps.size).toBeGreaterThan(0);
        } catch (thrown) {
          if (!(thrown instanceof SluiceError)) throw thrown;
          expect(thrown.code).toBe('advisory/list-malformed');
          expect(thrown.message).toMatch(/^the list of changes, line \d+, byte \d+: [\w ]+$/);
        }
      }),
      { numRuns: 400 },
    );
  });

  test.each<[string, string, string]>([
    ['<!doctype html>\n', 'line 1, byte 0', 'an HTML or XML page'],
    ['', 'line 1, byte 0', 'it is empty'],
    ['2024-05-01T00:00:00Z,A-1\nnonsense\n', 'line 2, byte 25', 'no time and id'],
    ['2024-05-01T00:00:00Z,A-1\r\n2024-99-01T00:00:00Z,A-2', 'line 2, byte 26', 'no time and id'],
    [`2024-05-01T00:00:00Z,A-1\n2024-05-01T00:00:00Z,${'A'.repeat(600)}\n`, 'line 2, byte 25', 'the line is too long'],
    [`2024-05-01T00:00:00Z,A-1\n${'A'.repeat(600)}`, 'line 2, byte 25', 'the line is too long'],
    ['modified,id\n', 'line 1, byte 0', 'no time and id'],
  ])('%j is refused', (text, where, why) => {
    expect(() => read(Buffer.from(text))).toThrow(`the list of changes, ${where}: ${why}`);
  });

  test('keeps the latest of several lines for one id, and ids of any form', () => {
    const list = read(Buffer.from('2024-05-01T00:00:00Z,../x\n2024-04-01T00:00:00Z,A\n2024-04-02T00:00:00Z,A\n'));
    expect([...list.stamps]).toEqual([
      ['../x', '2024-05-01T00:00:00Z'],
      ['A', '2024-04-02T00:00:00Z'],
    ]);
    expect(list.sorted).toBe(false);
  });
});

test('times are ordered as the moments that they name', () => {
  const order = [
    '2023-12-31T23:59:59.999999999Z',
    '2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00.000000001Z',
    '2024-01-01T00:00:00.0005Z',
    '2024-01-01T02:00:00.001+02:00',
    '2024-01-01T00:00:00.1Z',
    '2024-01-01T00:00:00.10000000001Z',
  ];
  for (const [i, a] of order.entries()) {
    for (const [j, b] of order.entries()) expect(Math.sign(compareStamps(a, b))).toBe(Math.sign(i - j));
  }
  expect(compareStamps('2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z')).toBe(0);
});

test('only a plain id may become part of a URL', () => {
  const good = ['GHSA-aaaa-bbbb-cccc', 'RLSA-2024:1234', 'openSUSE-SU-2024:1~2', 'a_b.c+d'];
  const bad = ['../x', 'a/b', 'a..b', '', '.hidden', 'a%2e', 'a b', 'a\\b', '\u00e9', 'A'.repeat(300)];
  expect(good.filter(isRecordId)).toEqual(good);
  expect(bad.filter(isRecordId)).toEqual([]);
});
