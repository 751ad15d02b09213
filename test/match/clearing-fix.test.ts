import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clearingFix, firstStep } from '../../src/match/clearing-fix.ts';
import { order } from '../../src/version/semver.ts';
import { finding, pack } from '../report/samples.ts';

describe('the fix that clears most', () => {
  const one = pack({ name: 'one', version: '1.0.0' });
  const fixes = (...lists: string[][]) =>
    lists.map((fixed, i) => finding(one, { id: `CVE-2024-${i}`, severity: 'high', fixed }));

  test.each([
    ['none', [[], []], undefined],
    ['one', [['1.0.1']], { version: '1.0.1', clears: 1 }],
    ['the newest of one branch', [['1.0.9'], ['1.0.10'], ['1.0.2'], []], { version: '1.0.10', clears: 3 }],
    [
      'the older branch when it clears as much',
      [
        ['1.0.2', '2.0.1'],
        ['1.0.3', '2.0.2'],
      ],
      { version: '2.0.2', clears: 2 },
    ],
    ['a version between two fixes clears nothing', [['1.5.0', '2.0.0'], ['1.7.0']], { version: '2.0.0', clears: 2 }],
    ['the same version twice is one', [['1.0.1', '1.0.1']], { version: '1.0.1', clears: 1 }],
  ] as const)('%s', (_, lists, expected) => {
    expect(clearingFix(fixes(...lists.map((list) => [...list])), order.compare)).toEqual(expected);
  });

  test('without an order of versions only a fix that is named clears', () => {
    expect(clearingFix(fixes(['1.1'], ['1.2'], ['1.2']), undefined)).toEqual({ version: '1.2', clears: 2 });
  });

  test('it never clears more than there are, and is what a look at each pair says', () => {
    const version = fc.integer({ min: 0, max: 8 }).map((n) => `1.0.${n}`);
    const list = fc.uniqueArray(version, { maxLength: 3 }).map((versions) => versions.sort(order.compare));
    fc.assert(
      fc.property(fc.array(list, { maxLength: 12 }), (lists) => {
        const clears = (x: string) =>
          lists.filter((fixed) => fixed.length > 0 && (fixed.includes(x) || order.compare(x, fixed.at(-1) ?? '') >= 0))
            .length;
        const candidates = [...new Set(lists.flat())].sort(order.compare);
        const best = Math.max(0, ...candidates.map(clears));
        const expected = candidates.find((x) => clears(x) === best);
        expect(clearingFix(fixes(...lists), order.compare)).toEqual(
          expected === undefined ? undefined : { version: expected, clears: best },
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('the first step', () => {
  const a = pack({ name: 'a', version: '1.0.0' });
  const b = pack({ name: 'b', version: '2.0.0' });

  test('is of the package with the worst findings that have a fix', () => {
    const findings = [
      finding(a, { id: 'CVE-2024-1', severity: 'high', fixed: ['1.0.1'] }),
      finding(a, { id: 'CVE-2024-2', severity: 'high', fixed: ['1.0.4'] }),
      finding(b, { id: 'CVE-2024-3', severity: 'critical', fixed: [] }),
    ];
    expect(firstStep(findings)).toEqual({ name: 'a', from: '1.0.0', version: '1.0.4', clears: 2 });
    const fixed = finding(b, { id: 'CVE-2024-4', severity: 'low', fixed: ['2.0.1'] });
    expect(firstStep([...findings, fixed])).toEqual({ name: 'b', from: '2.0.0', version: '2.0.1', clears: 1 });
  });

  test('there is none without a fix', () => {
    expect(firstStep([])).toBeUndefined();
    expect(firstStep([finding(b, { id: 'CVE-2024-3', severity: 'critical', fixed: [] })])).toBeUndefined();
  });
});
