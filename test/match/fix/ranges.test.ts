import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitsGem as meetsGem } from '../../../src/match/fix/gem-requirement.ts';
import { admitsNpm as meetsNpm } from '../../../src/match/fix/npm-range.ts';
import { order as gems } from '../../../src/version/gem.ts';
import { order as npm } from '../../../src/version/semver.ts';

/** npm's own code. */
const semver = createRequire(import.meta.url)('semver') as {
  validRange(range: string): string | null;
  satisfies(version: string, range: string): boolean;
};

const admitsGem = (asked: string, one: string): boolean => meetsGem(asked, one, gems);
const admitsNpm = (asked: string, one: string): boolean => meetsNpm(asked, one, npm);

const part = fc.integer({ min: 0, max: 3 });
const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
const partial = fc
  .tuple(part, fc.option(fc.oneof(part, fc.constantFrom('x', '*'))), fc.option(part))
  .map(([major, minor, patch]) =>
    minor === null
      ? `${major}`
      : patch === null || typeof minor === 'string'
        ? `${major}.${minor}`
        : `${major}.${minor}.${patch}`,
  );
const operator = fc.constantFrom('', '^', '~', '>=', '<=', '>', '<', '=', '>= ', '~ ', 'v');
const bound = fc.oneof({ weight: 8, arbitrary: partial }, fc.constantFrom('*', 'x', '1.2.3-rc.1', '0.0', '0.0.x'));
const comparator = fc.tuple(operator, bound).map(([sign, text]) => sign + text);
const range = fc.oneof(
  comparator,
  fc.array(comparator, { minLength: 1, maxLength: 3 }).map((all) => all.join(' ')),
  fc.tuple(partial, partial).map(([a, b]) => `${a} - ${b}`),
  fc.array(comparator, { minLength: 2, maxLength: 3 }).map((all) => all.join(' || ')),
);

describe('ranges of npm', () => {
  test('admit no version that npm does not admit, and nearly all that it does', () => {
    let admitted = 0;
    let missed = 0;
    fc.assert(
      fc.property(range, version, (asked, one) => {
        const truth = semver.validRange(asked) !== null && semver.satisfies(one, asked);
        const said = admitsNpm(asked, one);
        if (said) expect({ asked, one, truth }).toEqual({ asked, one, truth: true });
        if (truth) admitted++;
        if (truth && !said) missed++;
      }),
      { numRuns: 3000 },
    );
    expect(admitted).toBeGreaterThan(300);
    expect(missed).toBe(0);
  });

  test('are those that are written most', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['^4.17.20', '4.17.21', true],
      ['^4.17.20', '5.0.0', false],
      ['~1.2.3', '1.3.0', false],
      ['^0.2.3', '0.2.9', true],
      ['^0.2.3', '0.3.0', false],
      ['^0.0.3', '0.0.4', false],
      ['>=1.2.3 <2', '1.9.0', true],
      ['1.x || >=2.5.0', '2.4.0', false],
      ['', '9.9.9', true],
      ['latest', '1.0.0', false],
      ['git+https://x/y', '1.0.0', false],
      ['file:../x', '1.0.0', false],
      ['^1.0.0', '1.1.0-rc.1', false],
      ['workspace:*', '1.0.0', false],
    ];
    expect(cases.map(([asked, one]) => admitsNpm(asked, one))).toEqual(cases.map(([, , said]) => said));
  });

  test('take any text, of any length', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => typeof admitsNpm(a, b) === 'boolean'));
    expect(admitsNpm('1 '.repeat(100_000), '1.0.0')).toBe(false);
    expect(admitsNpm('||'.repeat(100_000), '1.0.0')).toBe(false);
  });
});

describe('requirements of RubyGems', () => {
  test('are met as Gem::Requirement says', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['', '1', true],
      ['~> 2.0', '2.9.1', true],
      ['~> 2.0', '3.0', false],
      ['~> 2.0.1', '2.0.9', true],
      ['~> 2.0.1', '2.1', false],
      ['~> 2', '2.5', true],
      ['~> 2', '3', false],
      ['~> 2.0.a', '2.0.1', true],
      ['>= 1.0, < 3', '2.2.23', true],
      ['>= 1.0, < 3', '3', false],
      ['!= 2.0', '2.0', false],
      ['= 5.2.3', '5.2.4', false],
      ['5.2.3', '5.2.3', true],
      ['> 1', '1', false],
      ['<= 1', '1.0', true],
      ['~> ', '1', false],
      ['evil', '1', false],
    ];
    expect(cases.map(([asked, one]) => admitsGem(asked, one))).toEqual(cases.map(([, , said]) => said));
  });

  test('take any text', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => typeof admitsGem(a, b) === 'boolean'));
  });
});
