import { describe, test } from 'vitest';
import { order } from '../../src/version/pep440.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('Python versions', () => {
  test('ascend as the summary of PEP 440', () => {
    checkAscending(order, [
      '1.dev0',
      '1.0.dev456',
      '1.0a1',
      '1.0a2.dev456',
      '1.0a12.dev456',
      '1.0a12',
      '1.0b1.dev456',
      '1.0b2',
      '1.0b2.post345.dev456',
      '1.0b2.post345',
      '1.0rc1.dev456',
      '1.0rc1',
      '1.0',
      '1.0+abc.5',
      '1.0+abc.7',
      '1.0+5',
      '1.0.post456.dev34',
      '1.0.post456',
      '1.0.15',
      '1.1.dev1',
      '2012.4',
      '1!0.1',
      '1!1.0',
      '10!0',
    ]);
    checkAscending(order, ['0.9', '0.9.1', '0.9.10', '0.9.11', '1.0', '1.0.1', '1.1', '2.0', '2.0.1']);
    checkAscending(order, ['1.0', '1.0+a', '1.0+a.b', '1.0+b', '1.0+1', '1.0+1.a', '1.0+1.1', '1.0+2', '1.0+10']);
  });

  test('are the same in every spelling', () => {
    checkEqual(order, ['1', '1.0', '1.0.0', 'v1', 'V1.0', ' 1.0\n', '0!1', '01.00']);
    checkEqual(order, ['1.1a1', '1.1alpha1', '1.1ALPHA1', '1.1.a1', '1.1-a1', '1.1_a_1', '1.1a.1', '1.1-alpha-01']);
    checkEqual(order, ['1.1rc0', '1.1c', '1.1rc', '1.1-pre', '1.1.preview0', '1.1PREVIEW']);
    checkEqual(order, ['1.0.post1', '1.0-1', '1.0post1', '1.0-r1', '1.0.rev1', '1.0_post-1', '1.0-r.1']);
    checkEqual(order, ['1.0.dev0', '1.0dev', '1.0-dev', '1.0_dev0', '1.0.DEV.0']);
    checkEqual(order, ['1.0+ubuntu-1', '1.0+ubuntu.1', '1.0+ubuntu_1', '1.0+UBUNTU.01']);
    checkEqual(order, ['1.0a1-2', '1.0a1.post2']);
  });

  test('that are none come before all that are', () => {
    checkAscending(order, ['', '0.1-bulbasaur', '2013-01-21T20:33:09+0100', 'trunk', '0.dev0', '0', '1']);
    checkPairs(order, [
      ['9999-nonsense', '<', '0.0.1.dev1'],
      ['trunk', '=', 'trunk'],
    ]);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      [
        '0',
        '1.0',
        '1!2.3',
        '1.0.post1.dev2',
        '1.0a1.post2.dev3+local.1',
        '2023.10.7',
        'v1.0',
        '1.0-1',
        '1.0a-',
        '1.0.dev',
      ],
      [
        ...[
          '',
          'a3',
          '1.0-',
          '1.0+',
          '1.0+a..b',
          '1.0+a+b',
          '1.0+_a',
          '1.0.x',
          '1.0p1',
          '1.0-final',
          '1.0-1-1',
          '1.0b3-',
        ],
        ...['vv1', '!1', '1!', '1.0..1', '1.0 1', '1.0dev1a1', '1.0.post1a1', '-1', '1,0', '1.0é', '*'],
      ],
    );
  });

  checkLaws(order, [
    '0',
    '1',
    '10',
    '02',
    '.',
    '-',
    '_',
    '+',
    '!',
    'v',
    'a',
    'rc1',
    'b2',
    '.post1',
    '.dev2',
    '+x.1',
    '1!',
  ]);
});
