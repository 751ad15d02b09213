import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstStep } from '../../src/match/clearing-fix.ts';
import { severities } from '../../src/model/severity.ts';
import { FindingTable } from '../../src/policy/finding-table.ts';
import { finding } from './make.ts';

const findings = fc.array(
  fc
    .record({
      name: fc.constantFrom('zlib', 'lodash', 'left-pad'),
      severity: fc.constantFrom(...severities),
      fixed: fc.subarray(['1.0.1', '1.2.0', '2.0.0']),
      place: fc.constantFrom('/a', '/b'),
    })
    .map(({ place, ...given }) => finding({ ...given, paths: [place] })),
  { maxLength: 30 },
);

test('the update to begin with is the one that is worked out package by package', () => {
  fc.assert(
    fc.property(findings, fc.integer({ min: 1, max: 7 }), (all, step) => {
      const table = new FindingTable(all);
      const some = [...all.keys()].filter((index) => index % step === 0);
      for (const indexes of [[...all.keys()], some, some]) {
        const given = indexes.map((index) => all[index] as (typeof all)[number]);
        const first = firstStep(given);
        const expected = first && { name: first.name, from: first.from, version: first.version };
        expect(table.firstUpdate(indexes, false)).toEqual(expected);
      }
      const wholePlaces = new Set(some.map((index) => `${all[index]?.name} ${all[index]?.paths[0]}`));
      const whole = firstStep(all.filter(({ name, paths }) => wholePlaces.has(`${name} ${paths[0]}`)));
      expect(table.firstUpdate(some, true)?.version).toBe(whole?.version);
    }),
    { numRuns: 200 },
  );
});

test('counts are of the findings that are asked for alone, also when asked again', () => {
  const all = [finding(), finding({ severity: 'low' }), finding({ name: 'lodash', severity: 'critical' })];
  const table = new FindingTable(all);
  const expected = { bySeverity: [1, 1, 1, 0, 0, 0], packages: 2 };
  expect(table.countsOf([0, 2])).toEqual({ ...expected, bySeverity: [1, 1, 0, 0, 0, 0] });
  expect(table.countsOf([0, 1])).toEqual({ bySeverity: [0, 1, 0, 1, 0, 0], packages: 1 });
  expect(table.countsOf([])).toEqual({ bySeverity: [0, 0, 0, 0, 0, 0], packages: 0 });
});

test('the version that clears most of a package is that of all of its findings', () => {
  const all = [finding({ fixed: ['1.0.1'] }), finding({ fixed: ['2.0.0'] }), finding({ name: 'lodash' })];
  const table = new FindingTable(all);
  expect([0, 1, 2].map((index) => table.clearingVersion(index))).toEqual(['2.0.0', '2.0.0', '']);
});
