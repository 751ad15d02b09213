import { describe, test } from 'vitest';
import { order } from '../../src/version/generic.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('versions of programs at large', () => {
  test('ascend as their makers released them', () => {
    // OpenSSL, which counted its patches in letters until 1.1.1.
    checkAscending(order, [
      '0.9.8',
      '0.9.8z',
      '0.9.8za',
      '1.0.2',
      '1.0.2k',
      '1.0.2l',
      '1.0.2zg',
      '1.1.1',
      '1.1.1w',
      '3.0.0',
    ]);
    checkAscending(order, ['3.0.0-alpha1', '3.0.0-alpha2', '3.0.0-beta1', '3.0.0', '3.0.2', '3.0.10']);
    // OpenSSH and sudo.
    checkAscending(order, ['8.9p1', '9.2p1', '9.2p2', '9.10p1']);
    checkAscending(order, ['1.8.31', '1.8.31p2', '1.9.0', '1.9.13p3', '1.9.13p10']);
    // Python, Ruby, PHP, Go.
    checkAscending(order, ['3.13.0a1', '3.13.0a6', '3.13.0b1', '3.13.0rc1', '3.13.0rc2', '3.13.0', '3.13.1']);
    checkAscending(order, ['1.9.3p0', '1.9.3p551', '2.0.0', '3.4.0dev', '3.4.0preview1', '3.4.0rc1', '3.4.0']);
    checkAscending(order, ['8.3.0alpha1', '8.3.0beta1', '8.3.0RC1', '8.3.0RC6', '8.3.0', '8.3.1']);
    checkAscending(order, ['1.21rc2', '1.21.0', '1.21.1', '1.22']);
    // Java, HAProxy, PostgreSQL, Rust.
    checkAscending(order, ['1.8.0_202', '1.8.0_392', '11.0.2', '17-ea', '17', '17.0.9', '17.0.9.1', '21.0.1']);
    checkAscending(order, ['2.9-dev0', '2.9-dev12', '2.9.0', '2.9.1', '9.6.24', '15beta4', '15rc1', '15', '15.1']);
    checkAscending(order, ['1.97.0-nightly', '1.97.0-beta', '1.97.0']);
  });

  test('hold pairs of other kinds', () => {
    checkPairs(order, [
      ['2022.83', '>', '2020.81'],
      ['1.0.2k', '<', '1.0.2.1'],
      ['1.10', '>', '1.9'],
      ['1.2.3+5', '<', '1.2.3+11'],
      ['1.2rc', '<', '1.2rc1'],
      ['1.2A', '<', '1.2b'],
    ]);
  });

  test('are equal when nothing but zeros, case or punctuation is between them', () => {
    checkEqual(order, ['1.2', '1.2.0', 'v1.2', '1.02', '1.2.00']);
    checkEqual(order, ['1.2rc1', '1.2-rc1', '1.2.0-RC1', '1.2.0_rc.1', '1.2c1']);
    checkEqual(order, ['9.2p1', '9.2-p1', '9.2.0p1']);
  });

  test('begin with a digit and hold neither blanks nor more than 256 characters', () => {
    const good = ['1', 'v1', '9.2p1', '1.8.0_392', '21.0.1+12-LTS', '1:2~3', '1'.repeat(256)];
    checkGrammar(order, good, ['', 'v', 'vv1', 'x1', '1 2', '1/2', '1\n', '1ä', '(devel)', '1'.repeat(257)]);
  });

  checkLaws(order, ['0', '1', '2', '10', '.', '-', '_', '+', 'a', 'b', 'k', 'p', 'rc', 'dev', 'beta', 'v', 'RC', '00']);
});
