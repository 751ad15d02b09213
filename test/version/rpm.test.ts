import { describe, test } from 'vitest';
import { order } from '../../src/version/rpm.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('rpm versions', () => {
  test('compare segment by segment, as rpmvercmp', () => {
    checkPairs(order, [
      ['2.0', '<', '2.0.1'],
      ['2.0.1', '<', '2.0.1a'],
      ['5.5p1', '<', '5.5p10'],
      ['10xyz', '<', '10.1xyz'],
      ['xyz10', '<', 'xyz10.1'],
      ['xyz.4', '<', '8'],
      ['6.0.rc1', '>', '6.0'],
      ['10b2', '>', '10a1'],
      ['1.0a', '<', '1.0aa'],
      ['10.0001', '=', '10.1'],
      ['10.0001', '<', '10.0039'],
      ['4.999.9', '<', '5.0'],
      ['20101121', '<', '20101122'],
      ['2_0', '=', '2.0'],
      ['a+', '=', 'a_'],
      ['+a', '=', '_a'],
      ['+', '=', '_'],
      ['1b.fc17', '<', '1.fc17'],
      ['1g.fc17', '>', '1.fc17'],
      ['1.1.α', '=', '1.1.ββ'],
      ['1.0.', '=', '1.0'],
      ['1.0A', '<', '1.0a'],
    ]);
  });

  test('put a tilde before the end and a caret behind it', () => {
    checkAscending(order, [
      '1.0~rc1~git123',
      '1.0~rc1',
      '1.0~rc1^git1',
      '1.0~rc2',
      '1.0',
      '1.0^',
      '1.0^git1~pre',
      '1.0^git1',
      '1.0^git2',
      '1.0a',
      '1.0.1',
      '1.01',
    ]);
    checkAscending(order, [
      '1.0~rc1^2025',
      '1.0~rc2',
      '1.0^20240101~x',
      '1.0^20240101',
      '1.0^20250101',
      '1.0.1^20160101',
    ]);
  });

  test('compare epoch, version and release in turn', () => {
    checkAscending(order, [
      '1.0-1',
      '1.0-1.el8',
      '1.0-1.el8_4',
      '1.0-1.el8_10.1',
      '1.0-2.el8',
      '1.0-10.el8',
      '1.1-1.el8',
      '1:0.1-1',
      '2:0.0-0',
    ]);
    checkEqual(order, ['1.0-1', '0:1.0-1', '00:1.0-01', ':1.0-1']);
    checkPairs(order, [
      ['4.18.0-553.16.1.el8_10', '>', '4.18.0-553.el8_10'],
      ['1:1.1.1k-12.el8_9', '<', '1:1.1.1k-14.el8_6'],
      ['3.6.8-15.1.module_el8.6.0+2904+fc7b6e11', '<', '3.6.8-15.1.module_el8.10.0+3769+3838165b'],
    ]);
  });

  test('do not compare a release that only one of them has', () => {
    checkPairs(order, [
      ['1.0', '=', '1.0-1'],
      ['1.0', '=', '1.0-2'],
      ['1.0-1', '<', '1.0-2'],
      ['1.1', '>', '1.0-2'],
      ['1:1.0', '>', '1.0-2'],
    ]);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['0', '1.0-1', '1:1.0-1.el8', '2.06~rc1^git1-3.fc40', 'r1.2_3+x-1', '0:1-1'],
      ['', '-', '1-', '-1', '1:', '1.0-1-1', 'x:1.0-1', '1.0 -1', '1.0-1/2', '~-1', '(none)'],
    );
  });

  const pieces = ['0', '1', '10', '02', '.', '_', '-', '~', '^', '+', ':', 'a', 'rc', 'Z', '1:', '-1', '~rc1', 'é'];
  checkLaws(order, pieces, false);

  describe('with a release', () => {
    const withRelease = {
      ...order,
      compare: (a: string, b: string) => order.compare(`${a.replaceAll('-', '')}-1`, `${b.replaceAll('-', '')}-1`),
    };
    checkLaws(withRelease, pieces);
  });
});
