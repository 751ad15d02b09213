import { describe, test } from 'vitest';
import { order } from '../../src/version/pub.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe("versions of Dart's packages", () => {
  test('ascend as in the tests of pub_semver', () => {
    checkAscending(order, [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0-rc.1+build.1',
      '1.0.0',
      '1.0.0+0.3.7',
      '1.3.7+build',
      '1.3.7+build.2.b8f12d7',
      '1.3.7+build.11.e0f985a',
      '2.0.0',
      '2.1.0',
      '2.2.0',
      '2.11.0',
      '2.11.1',
    ]);
  });

  test('are equal whatever zeros lead a number, as in the tests of pub_semver', () => {
    checkEqual(order, ['01.2.3', '1.2.3', '1.02.3', '1.2.03']);
    checkEqual(order, ['1.2.3-01', '1.2.3-1']);
    checkEqual(order, ['1.2.3+01', '1.2.3+1']);
  });

  test('order builds by their parts, numbers before words', () => {
    checkAscending(order, [
      '2.0.10',
      '2.0.10+1',
      '2.0.10+2',
      '2.0.10+10',
      '2.0.10+10.0',
      '2.0.10+a',
      '2.0.10+b',
      '2.0.11',
    ]);
    checkPairs(order, [
      ['1.0.0-a+9', '<', '1.0.0'],
      ['1.0+1', '>', '1.0.0'],
    ]);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['0', '1.2', '1.2.3', '01.2.3', '1.2.3-dev.1', '1.2.3-01', '1.2.3+4', '2.0.10+1', '1.2.3-a-b+c-d.e', '1.2.3+1-2'],
      [
        '',
        '1.2.3.4',
        'v1.2.3',
        '1.2.',
        '1.2.3-',
        '1.2.3+',
        '1.2.3-a..b',
        '1.2.3-a+',
        '1.2.3+a_b',
        '1.x',
        '1.2.3+a+b',
        '^1.2.3',
      ],
    );
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', '+', 'a', 'rc.1', '1.2.3', '-0', '+1', '.x', 'Z']);
});
