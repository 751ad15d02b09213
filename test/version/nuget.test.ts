import { describe, test } from 'vitest';
import { order } from '../../src/version/nuget.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('NuGet versions', () => {
  test('are equal as in the tables of NuGet.Versioning', () => {
    checkPairs(order, [
      ['1.0.0', '=', '1.0.0'],
      ['1.0.0-BETA', '=', '1.0.0-beta'],
      ['1.0.0-BETA+AA', '=', '1.0.0-beta+aa'],
      ['1.0.0-BETA.X.y.5.77.0+AA', '=', '1.0.0-beta.x.y.5.77.0+aa'],
      ['1.0', '=', '1.0.0.0'],
      ['1.23.01', '=', '1.23.1'],
      ['1.45.6', '=', '1.45.6.0'],
      ['1.45.6-Alpha', '=', '1.45.6-Alpha'],
      ['1.6.2-BeTa', '=', '1.6.02-beta'],
      ['22.3.07     ', '=', '22.3.07'],
      ['1.022', '=', '1.22.0.0'],
      ['  1.022-Beta', '=', '1.22.0.0-beta'],
      ['1.0.0009.01-1.1+A', '=', '1.0.9.1-1.1'],
    ]);
  });

  test('are ordered as in the tables of NuGet.Versioning', () => {
    checkPairs(order, [
      ['0.0.0', '<', '1.0.0'],
      ['1.0.0', '<', '1.1.0'],
      ['1.0.0', '<', '1.0.1'],
      ['1.999.9999', '<', '2.1.1'],
      ['1.0.0-BETA', '<', '1.0.0-beta2'],
      ['1.0.0-beta+AA', '<', '1.0.0+aa'],
      ['1.0.0-BETA+AA', '=', '1.0.0-beta'],
      ['1.0.0-BETA', '<', '1.0.0-beta.1+AA'],
      ['1.0.0-BETA.X.y.5.77.0+AA', '<', '1.0.0-beta.x.y.5.79.0+aa'],
      ['1.0.0-BETA.X.y.5.79.0+AA', '<', '1.0.0-beta.x.y.5.790.0+abc'],
      ['1.0', '<', '1.0.1'],
      ['1.23', '<', '1.231'],
      ['1.4.5.6', '<', '1.45.6'],
      ['1.4.5.6', '<', '1.4.5.60'],
      ['1.01', '<', '1.10'],
      ['1.01-alpha', '<', '1.10-beta'],
      ['1.01.0-RC-1', '<', '1.10.0-rc-2'],
      ['1.01-RC-1', '<', '1.01'],
      ['1.01', '<', '1.2-preview'],
    ]);
  });

  test('ascend as the examples of SemVer, whatever the case', () => {
    checkAscending(order, [
      '1.0.0-0',
      '1.0.0-9',
      '1.0.0-10',
      '1.0.0-alpha',
      '1.0.0-ALPHA.1',
      '1.0.0-alpha.beta',
      '1.0.0-Alpha-1',
      '1.0.0-beta',
      '1.0.0-Beta.2',
      '1.0.0-beta.11',
      '1.0.0-RC.1',
      '1.0.0',
      '1.0.0.1-x',
      '1.0.0.1',
      '1.0.1',
    ]);
  });

  test('take labels for numbers as a 32-bit integer does', () => {
    checkEqual(order, ['1.0.0-01', '1.0.0-1', '1.0.0-1+x']);
    checkAscending(order, ['1.0.0--5', '1.0.0-0', '1.0.0-2147483647', '1.0.0-20240101123456', '1.0.0-2147483648']);
    checkAscending(order, ['3.1.23-servicing.22122.4', '3.1.23', '8.0.0-preview.1.23110.8', '8.0.0-rc.2', '8.0.0']);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      [
        ...['1', '1.0', '1.0.0', '0.0.1', '1.2.3-alpha', '1.2.3-X.y.3+Meta-2', '1.2.3-X+0', '1.2.3+0', '1.2.3-0'],
        ...['1.2.3-X.yZ.3.234.243.3242342+METADATA', '3.4.0.3-RC-3', '1.022', '1.3.42.10133', '01.42.0-alpha+metadata'],
        ...['1.3.2-CTP-2-Refresh-Alpha', '  1.3.42.200930-RC-2 ', '1.0.0-01', '2147483647.0'],
      ],
      [
        ...['', '1beta', '$version$', '1.2Av^c', '1.2..', '1.2.3.4.5', '1.2.3.Beta', 'So.is.this', '1.34.2Alpha'],
        ...['1.2.3.4This version is full of awesomeness!!', '1.34.2Release Candidate', '1.4.7-', '1.4.7-*', '1.4.7+*'],
        ...['1.4.7-AA.01^', '1.4.7-AA.0A^', '1.4.7-A^A', '1.4.7+AA.01^', '2147483648.0', 'v1.0', '1.0.0-a..b', '1.0+'],
      ],
    );
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', '+', 'a', 'A', 'B', 'rc.1', '1.2.3.4', '-0', '--1', 'v', ' ']);
});
