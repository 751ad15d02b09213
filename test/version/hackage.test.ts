import { describe, test } from 'vitest';
import { order } from '../../src/version/hackage.ts';
import { checkAscending, checkGrammar, checkLaws, checkPairs } from './laws.ts';

describe('versions of Haskell packages', () => {
  test('ascend number by number', () => {
    checkAscending(order, [
      '0',
      '0.1',
      '0.1.0',
      '0.1.0.0',
      '0.1.2',
      '0.2',
      '0.9',
      '0.10',
      '1',
      '1.0',
      '1.0.0.1',
      '1.1',
      '3000.2.2.1',
    ]);
  });

  test('are newer when they go on, as Data.Version compares lists', () => {
    checkPairs(order, [
      ['1.0', '<', '1.0.0'],
      ['1.2', '<', '1.2.0'],
      ['1.2.0', '<', '1.2.1'],
      ['1.10', '>', '1.9.9.9'],
      ['0.10.12.1', '>', '0.10.12'],
      ['4.15.1.0', '=', '4.15.1.0'],
      ['1.9007199254740993', '>', '1.9007199254740992'],
    ]);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['0', '1', '1.0', '0.10.12.1', '3000.2.2.1', '1.2.3.4.5.6', '20230101'],
      ['', '.', '1.', '.1', '1..2', '01', '1.02', '1.0-rc1', '1.0a', 'v1', '1 .0', '1.*', '-1'],
    );
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', 'a', '1.2.3', '.x', '..', '00']);
});
