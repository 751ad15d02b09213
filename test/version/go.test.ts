import { describe, test } from 'vitest';
import { order } from '../../src/version/go.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws } from './laws.ts';

describe('Go versions', () => {
  test('of modules ascend, pseudo-versions among them', () => {
    checkAscending(order, [
      'v0.0.0-20180917221912-90fa682c2a6e',
      'v0.0.0-20190101000000-000000000000',
      'v0.0.1-0.20180101000000-abcdefabcdef',
      'v0.0.1',
      'v1.2.3-pre',
      'v1.2.3-pre.0.20200101000000-abcdefabcdef',
      'v1.2.3',
      'v1.2.4-0.20200101000000-abcdefabcdef',
      'v1.2.4',
      'v1.10.0',
      'v20.10.9+incompatible',
      '20.10.10+incompatible',
    ]);
    checkEqual(order, ['v2.0.0+incompatible', '2.0.0', '2.0.0+incompatible', 'v2']);
  });

  test('of the toolchain are read as the advisories write them', () => {
    checkEqual(order, ['go1.21rc2', '1.21rc2', '1.21.0-rc.2', 'v1.21.0-rc.2']);
    checkEqual(order, [
      'go1.20.12 X:strictfipsruntime',
      'go1.20.12',
      '1.20.12',
      'go1.20.12-acme',
      'go1.20.12-rc1-acme',
    ]);
    checkEqual(order, ['go1.21', '1.21', '1.21.0']);
    checkAscending(order, [
      '1.19.8',
      '1.21.0-0',
      'go1.21beta1',
      '1.21.0-beta.2',
      'go1.21rc2',
      '1.21.0-rc.3',
      'go1.21rc10',
      'go1.21',
      '1.21.1',
      'go1.22rc1',
    ]);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      [
        '0',
        'v1.2.3',
        '1.19.8',
        'go1.19.8',
        'go1.21rc2',
        '1.21rc2',
        'v2.0.0+incompatible',
        'v0.0.0-20180917221912-90fa682c2a6e',
      ],
      [
        '',
        '(devel)',
        'devel',
        'devel go1.22-2b1fdc1',
        'go',
        'master',
        'v1.2.3.4',
        '1.21foo2',
        '1.21rc',
        '01.2',
        'unknown',
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
    '+',
    'v',
    'go',
    'rc',
    'rc1',
    'beta2',
    ' ',
    '+incompatible',
    '1.21',
    'x',
  ]);
});
