import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvaluationFailure } from '../../../../src/policy/expression/contract.ts';
import { isInRange, readRange } from '../../../../src/policy/expression/functions/version-range.ts';

describe('ranges of versions', () => {
  test.each([
    ['npm', '1.2.3', '>= 1.2, < 2', true],
    ['npm', '1.10.0', '<1.9.0', false],
    ['npm', '1.0.0-rc.1', '< 1.0.0', true],
    ['npm', '2.0.0', '>= 1, < 2 || 2.*', true],
    ['npm', '20.0.0', '2.*', false],
    ['npm', '2', '2.*', true],
    ['deb', '1:2.0-1', '> 3.0', true],
    ['deb', '2.0~rc1-1', '< 2.0', true],
    ['rpm', '1.0^git1-1', '> 1.0-1', true],
    ['golang', 'v1.2.3', '1.2.3', true],
    ['pypi', '1.0.post1', '>= 1.0', true],
    ['npm', '0.0.1', '*', true],
    ['a kind that nobody knows', '1.2', '>= 1.1', true],
    ['npm', '1.2.3', '!= 1.2.3', false],
    ['npm', '1.2.3', '<= 1.2.3, == 1.2.3, =1.2.3', true],
  ])('%s %s in %s: %j', (ecosystem, version, range, expected) => {
    expect(isInRange(version, ecosystem, readRange(range))).toBe(expected);
  });

  test.each([
    '',
    '>=',
    '^1.2',
    '~1.2',
    '1.2 - 1.3',
    '>= 1 < 2',
    '1.*.2',
    '> 1.*',
    '||',
    '1,,2',
    `1.${'0'.repeat(1000)}`,
  ])('%j is none', (text) => {
    expect(() => readRange(text)).toThrow(EvaluationFailure);
  });

  test('what is no version by the order of its kind is a failure, never an answer', () => {
    expect(() => isInRange('not a version', 'npm', readRange('< 2'))).toThrow(
      '"not a version" is no version by the order of npm',
    );
    expect(() => isInRange('1.0.0', 'npm', readRange('< latest'))).toThrow(
      '"latest" is no version by the order of npm',
    );
  });

  test('hostile texts throw nothing else', () => {
    const text = fc.string({ unit: fc.constantFrom(...'<>=!|,*.1a ~^-'), maxLength: 30 });
    fc.assert(
      fc.property(text, text, fc.constantFrom('npm', 'deb', 'rpm', 'maven', 'pypi'), (range, version, ecosystem) => {
        try {
          isInRange(version, ecosystem, readRange(range));
        } catch (error) {
          expect(error).toBeInstanceOf(EvaluationFailure);
        }
      }),
      { numRuns: 500 },
    );
  });
});
