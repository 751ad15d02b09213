import { describe, test } from 'vitest';
import { order } from '../../src/version/composer.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('Composer versions', () => {
  test('ascend through stabilities', () => {
    checkAscending(order, [
      '1.0.0-dev',
      '1.0.0-alpha-dev',
      '1.0.0-alpha',
      '1.0.0-alpha1',
      '1.0.0-alpha1.1',
      '1.0.0-alpha2',
      '1.0.0-alpha10',
      '1.0.0-beta',
      '1.0.0-b2',
      '1.0.0-RC1',
      '1.0.0-rc2-dev',
      '1.0.0-rc2',
      '1.0.0',
      '1.0.0-p1',
      '1.0.0-pl2',
      '1.0.0-patch10',
      '1.0.0.1',
      '1.0.1',
      '1.0.x-dev',
      '1.1',
      '1.x-dev',
      '2.0.0-beta1',
      '10',
    ]);
    checkAscending(order, ['2.4.4', '2.4.4-p1', '2.4.4-p9', '2.4.4-p10', '2.4.5', '2.4.5-p1', '2.4.6']);
    checkAscending(order, ['v3.4.0rc1', 'v3.4.0rc2', 'v3.4.0', 'v3.4.1', 'v3.14.0RC1', 'v3.14.0RC2', 'v3.14.0']);
    checkAscending(order, ['20100102', '20100102.1', '20100102-203040', '20100103', '20110101.0']);
  });

  test('are the same in every spelling', () => {
    checkEqual(order, [
      '1',
      '1.0',
      '1.0.0.0',
      'v1.0',
      'V1',
      '1.0.0+build.5',
      '1.0-stable',
      ' 1.0 ',
      '1.0@stable',
      '01.00',
    ]);
    checkEqual(order, [
      '1.0.0-beta1',
      '1.0.0beta1',
      '1.0.0.b.1',
      '1.0.0_B1',
      '1.0-beta-1',
      '1.0.0-BETA.1',
      '1.0b1+x@dev',
    ]);
    checkEqual(order, ['1.0-p2', '1.0.0.pl2', '1.0-patch2', '1.0-PL.2']);
    checkEqual(order, ['2.1.x-dev', 'v2.1.x-dev', '2.1.*-dev', '2.1.9999999.9999999-dev', '2.1.X-DEV']);
    checkEqual(order, ['master', 'dev-master', 'DEV-master', 'dev-master as 1.0.x-dev']);
  });

  test('put branches without a number before all numbers', () => {
    checkPairs(order, [
      ['dev-main', '<', '0.0.0'],
      ['dev-main', '<', '0.0.1-dev'],
      ['dev-a', '<', 'dev-b'],
      ['1.0.0-meh', '<', '1.0.0'],
    ]);
  });

  test('lose no precision on huge numbers', () => {
    checkAscending(order, ['1.9007199254740992', '1.9007199254740993', '1.99999999999999999999']);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['0', '1.0', 'v1.2.3.4', '1.0.0-beta.5+foo', '1.0-RC1-dev', '2010-01-02', '1.x-dev', '1.2.3.x-dev', '99999.0'],
      [
        ...['', 'v', 'a', '1.0.0-meh', '1.0.0.0.0', '1.0.0-SNAPSHOT', '100000.0.0.0', '1.0+', '1.0 0', '1,0', '1.0é'],
        ...['dev-main', 'master', 'dev-', '1.0.0-alpha1-beta', '1.x', 'x-dev', '.1', '1..0', '^1.0', '1.2.3.4.x-dev'],
      ],
    );
  });

  checkLaws(order, [
    ...['0', '1', '10', '02', '.', '-', '_', '+', 'v', 'a', 'b2', 'RC1', 'p', 'stable', 'dev', 'dev-', '.x', '-dev'],
    ...['alpha', 'patch', '2010', '01', ':', '@beta', ' as ', '1.0.0'],
  ]);
});
