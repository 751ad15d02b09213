import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { order } from '../../src/version/dpkg.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs, sign } from './laws.ts';

describe('dpkg versions', () => {
  test('ascend as deb-version(7) says', () => {
    checkAscending(order, ['~~', '~~a', '~', '', 'a']);
    checkAscending(order, [
      '1.0~~',
      '1.0~~a',
      '1.0~rc1-1',
      '1.0~rc1-2',
      '1.0-1~deb12u1~',
      '1.0-1~deb12u1',
      '1.0-1',
      '1.0-1+b1',
      '1.0-1+deb12u1',
      '1.0-1.1',
      '1.0-2',
      '1.0a-1',
      '1.0+dfsg-1',
      '1.0.1-1',
      '1.2',
      '1.10',
      '2',
      '1:0.1',
      '2:0.0',
      '10:0',
    ]);
  });

  test('hold the published oddities', () => {
    checkPairs(order, [
      ['1.2.3', '=', '1.2.3'],
      ['4.4.3-2', '=', '4.4.3-2'],
      ['1:2ab:5', '=', '1:2ab:5'],
      ['7:1-a:b-5', '=', '7:1-a:b-5'],
      ['57:1.2.3abYZ+~-4-5', '=', '57:1.2.3abYZ+~-4-5'],
      ['0:0-0-0', '>', '0-0'],
      ['1.2.3-0', '=', '1.2.3'],
      ['0:1.2', '=', '1.2'],
      ['7.6p2-4', '>', '7.6-0'],
      ['1.0.3-3', '>', '1.0-1'],
      ['1.3', '>', '1.2.2-2'],
      ['1.3', '>', '1.2.2'],
      ['2.7.4+reloaded2-13', '<', '2.7.4+reloaded2-13.1'],
      ['2.2.1', '=', '2.2.01'],
      ['1.18.36:5.4', '<', '1.18.36:5.5'],
      ['0.7.0-1+b1', '<', '0.7.0-2'],
      ['3.0.2-0ubuntu1.9', '<', '3.0.2-0ubuntu1.10'],
    ]);
    checkEqual(order, ['1', '1-0', '0:1', '00:01-00']);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['0', '1.0', '1:2.3-4', '12.4+deb12u15', '2.0~rc1-1~bpo12+1', '1:1:2-3', '1-2-3', '7.6p2'],
      ['', 'a1', ':1', 'x:1', '1:', '1-', '1.0_1', '1.0 1', '1:-1', '-1', '1.0-1:2', 'latest'],
    );
  });

  const found = spawnSync('dpkg', ['--version']).status === 0;
  test.skipIf(!found)('agree with dpkg itself', () => {
    const versions = ['1.0', '1.0~rc1-1', '1.0-1+b1', '1:0.9', '1.0a', '1.0+a', '1.0.1'];
    for (const a of versions) {
      for (const b of versions) {
        const older = spawnSync('dpkg', ['--compare-versions', a, 'lt', b]).status === 0;
        expect([a, b, sign(order, a, b) < 0]).toEqual([a, b, older]);
      }
    }
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', '~', '+', ':', 'a', 'rc', '1:', '-1', '~rc1', '+b1', 'ubuntu']);
});
