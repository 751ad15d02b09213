import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOsvRecord } from '../../src/advisory/osv-record.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { matchPackages } from '../../src/match/match.ts';
import { rangeHolds, unknownBound } from '../../src/match/range.ts';
import { Sides } from '../../src/match/sides.ts';
import type { AffectedRange } from '../../src/model/advisory.ts';
import type { VersionOrder } from '../../src/version/contract.ts';
import { advisory, database, ecosystem, found, numbers, range } from './make.ts';

const unknownIn = (of: AffectedRange, version: string) => unknownBound(of, new Sides(version, numbers));

describe('a bound that can’t be ordered', () => {
  test.each<[string, AffectedRange, string, string | undefined]>([
    ['as the fix', range('introduced 0', 'fixed x'), '3', 'x'],
    ['as the last affected one', range('introduced 0', 'last_affected x'), '3', 'x'],
    ['as the start, before a fix', range('introduced x', 'fixed 5'), '3', 'x'],
    ['as the start, behind a fix that may not be one for it', range('introduced x', 'fixed 2'), '3', 'x'],
    ['as the limit', range('introduced 0', 'limit x'), '3', 'x'],
    ['as the fix of a range that starts later', range('introduced 4', 'fixed x'), '3', undefined],
    ['as a second fix behind one that holds', range('introduced 0', 'fixed 2', 'fixed x'), '3', undefined],
    ['none', range('introduced 0', 'fixed 2', 'limit *'), '3', undefined],
  ])('%s', (_what, of, version, expected) => {
    expect(unknownIn(of, version)).toBe(expected);
  });

  test('is named exactly where some place for it makes the range hold', () => {
    const bound = fc.constantFrom('0', '2', '4', 'x');
    const event = fc.tuple(fc.constantFrom('introduced', 'fixed', 'last_affected'), bound);
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('1', '3', '5'),
        (events, version) => {
          const of = range(...events.map(([kind, at]) => `${kind} ${at}`));
          const places = ['0', '1', '2', '3', '4', '5', '6', '7'];
          const unknown = events.flatMap(([, at], index) => (at === 'x' ? [index] : []));
          let some = false;
          // Each unknown bound may stand anywhere, whatever it is called.
          const tryAll = (left: readonly number[], put: readonly string[]): void => {
            const [first, ...rest] = left;
            if (first === undefined) some ||= rangeHolds(range(...put), new Sides(version, numbers));
            else for (const place of places) tryAll(rest, put.with(first, `${events[first]![0]} ${place}`));
          };
          tryAll(
            unknown,
            events.map(([kind, at]) => `${kind} ${at}`),
          );
          expect(unknownIn(of, version) !== undefined).toBe(unknown.length > 0 && some);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('matching', () => {
  const matched = (versions: readonly string[], presence: 'installed' | 'declared' | 'application') =>
    matchPackages([found('a', '3', { presence })], {
      ecosystemOf: () => ecosystem(),
      distribution: undefined,
      db: database({ a: [advisory('A', { ranges: [range('introduced 4', 'introduced x', 'fixed 2')], versions })] }),
    });
  const message = 'A has the bound "x", which can\'t be ordered, so whether it holds for "a" can\'t be judged';
  const told = { code: 'match/range-unorderable', message, path: '/lib/a', layer: 0 };

  test('says that a record can’t be judged, and whose fault it is', () => {
    expect(matched([], 'installed')).toEqual({ findings: [], problems: [{ ...told, blinding: true }], unanswered: [] });
    expect(matched([], 'declared').problems).toEqual([{ ...told, blinding: false }]);
    expect(matched([], 'application').problems).toEqual([]);
  });

  test('goes by the list of versions where the record has one', () => {
    expect(matched(['7'], 'installed')).toEqual({ findings: [], problems: [], unanswered: [] });
    expect(matched(['3'], 'installed').findings.map(({ id }) => id)).toEqual(['A']);
  });
});

const orders = new Map<string, VersionOrder>(ecosystems.map(({ order }) => [order.id, order]));
/** Not a version of any order that refuses anything. */
const hostile = ['', '\n', '\u0000', ' ', 'ÿ/\\'];

test.each([...orders])('a version that %s can’t order is said and never passed over', (_id, order) => {
  const refused = hostile.filter((version) => !order.valid(version));
  const kind = ecosystem({ order });
  for (const version of refused) {
    const db = database({ a: [advisory('A', { ranges: [range('introduced 0', 'fixed 1')] })] });
    const { findings, problems } = matchPackages([found('a', version)], {
      ecosystemOf: () => kind,
      distribution: undefined,
      db,
    });
    expect([findings.length, problems.map(({ code, blinding }) => [code, blinding])]).toEqual([
      0,
      [['match/version-unparsable', true]],
    ]);
  }
  expect(refused.length).toBeGreaterThan(0);
});

describe('ranges of commits', () => {
  const git = { type: 'GIT', repo: 'https://example.com/r', events: [{ introduced: '0' }, { fixed: 'abcdef0' }] };
  const ecosystemRange = { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] };
  const read = (...ranges: object[]) =>
    checkOsvRecord({
      id: 'X-1',
      modified: '2024-01-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'Test:1', name: 'a' }, ranges }],
    }).packages.map((one) => one.ranges);

  test('never reach a version: they are left out, and a package with nothing else is', () => {
    expect(read(git)).toEqual([]);
    expect(read(git, ecosystemRange, git)).toEqual([[range('introduced 0', 'fixed 2')]]);
  });
});
