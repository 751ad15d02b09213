import { describe, test } from 'vitest';
import { order } from '../../src/version/conan.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs, type Pair } from './laws.ts';

/** Pairs that ascend in the tables of Conan 2's own tests. */
const ascending: readonly (readonly [string, string])[] = [
  ...([
    ['1', '2'],
    ['1.0', '1.1'],
    ['1.0.2', '1.1.0'],
    ['1.3', '1.22'],
    ['1.1.3', '1.1.22'],
  ] as const),
  ...([
    ['1.1.1.3', '1.1.1.22'],
    ['1.1.1.1.3', '1.1.1.1.22'],
    ['1.0', '2'],
    ['1.2', '1.3.1'],
  ] as const),
  ...([
    ['1.0.2', '1.1'],
    ['1.2.3', '1.11'],
    ['1.2', '1.2.3'],
    ['1.2.2.2', '1.2.3'],
  ] as const),
  ...([
    ['1.2.3', '1.2.3.2'],
    ['4', '4.0.1'],
    ['4', '4.0.0.1'],
    ['1.1.a', '1.1.b'],
  ] as const),
  ...([
    ['1.1.1.abc', '1.1.1.abz'],
    ['a.b.c', 'b.c'],
    ['1.1', '1.a'],
    ['1.1', '1.1a'],
    ['1.1', '1.1.a'],
  ] as const),
  ...([
    ['1.1.a', '1.2'],
    ['1.1*', '1.20'],
    ['1.1.*', '1.20'],
    ['1.2.2', '1.3.*'],
    ['1.2.2', '1.2.3*'],
  ] as const),
  ...([
    ['1.1+b1', '1.1+b2'],
    ['1.1', '1.1+b2'],
    ['1.1+b1', '1.2'],
    ['1.1+b.3', '1.1+b.22'],
  ] as const),
  ...([
    ['1.1-pre1', '1.1-pre2'],
    ['1.1-alpha.3', '1.1-alpha.22'],
    ['1.1-alpha.3+b1', '1.1-alpha.3+b2'],
  ] as const),
  ...([
    ['1.1-alpha.1', '1.1'],
    ['1.1', '1.2-alpha1'],
    ['1.1-alpha.1', '1.1.0'],
    ['1.0.0-', '1.0.0-alpha1'],
  ] as const),
  ...([
    ['1.2-rc1', '1.2.0'],
    ['1.1.9', '1.2-rc1'],
    ['1.2.1-dev', '1.2.1'],
    ['1.2.1-dev', '1.2.2'],
  ] as const),
  ...([
    ['1.2.1-dev', '1.3'],
    ['1.2.1-dev', '1.3-alpha'],
    ['1.2.0', '1.2.1-dev'],
    ['1.2', '1.2.1-dev'],
  ] as const),
  ...([
    ['1.2-alpha', '1.2.1-dev'],
    ['0.0.1-3', '0.0.1'],
    ['0.0.1-3-1', '0.0.1'],
    ['0.0.1-3-1', '0.0.1-4'],
  ] as const),
  ...([
    ['0.0.1-3', '0.0.1-3-1'],
    ['1.1-pre.1', '1.1+b.1'],
    ['1.1-pre.1', '1.1-pre.1+b.1'],
  ] as const),
  ...([
    ['1.1-pre.1+b.1', '1.1-pre.1+b.2'],
    ['1.1+b.1', '1.2-pre.1+b.2'],
    ['1.0.0-+2', '1.0.0+2'],
  ] as const),
  ...([
    ['1.0.0-+2', '1.0.0+1'],
    ['cci.20230101', 'cci.20240101'],
    ['4.0.0+abc', '4.0.0+xyz'],
  ] as const),
];

/** Pairs that are equal in the same tests. */
const equal: readonly (readonly [string, string])[] = [
  ...([
    ['1', '1.0'],
    ['1', '1.0.0'],
    ['1.0', '1.0.0'],
    ['1.0', '1.0.0.0'],
    ['1-pre1', '1.0-pre1'],
  ] as const),
  ...([
    ['1-pre1', '1.0.0-pre1'],
    ['1.0-pre1', '1.0.0-pre1'],
    ['1.0-pre1.0', '1.0.0-pre1'],
  ] as const),
  ...([
    ['1-pre1+b1', '1.0-pre1+b1'],
    ['1-pre1+b1', '1.0.0-pre1+b1'],
    ['1.0-pre1+b1', '1.0.0-pre1+b1'],
  ] as const),
  ...([
    ['1+b1', '1.0+b1'],
    ['1+b1', '1.0+b1.0'],
    ['1+b1', '1.0.0+b1'],
    ['1.0+b1', '1.0.0+b1'],
  ] as const),
];

describe('Conan versions', () => {
  test("are as in the tables of Conan's own tests", () => {
    checkPairs(order, [
      ...ascending.map(([a, b]): Pair => [a, '<', b]),
      ...equal.map(([a, b]): Pair => [a, '=', b]),
      ['1.2.3', '=', '1.2.3'],
    ]);
  });

  test('ascend as releases did', () => {
    checkAscending(order, ['0.9.8zh', '1.0.2u', '1.1.1', '1.1.1a', '1.1.1k', '1.1.1w', '3.0.8', '3.0.10']);
    checkAscending(order, ['8d', '9', '9a', '9e', '10', '10a']);
    checkEqual(order, ['1.01', '1.1', '1.1.0', '1.001.00']);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['1', '1.2.3', 'cci.20200203', '1.1.1k', '1.0-rc.1+build', '_x', 'system', `1${'0'.repeat(100)}`],
      ['', '.1', '-1', '+1', '1.0 ', '[>=1.0]', '1.0/2', '1.0@user', '1.0#rev', 'é', `1${'0'.repeat(101)}`],
    );
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', '+', 'a', 'b', '1a', '10a', '9', '1.2.3', '-0', '_', '*', 'Z']);
});
