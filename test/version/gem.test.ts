import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { order } from '../../src/version/gem.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs, sign } from './laws.ts';

describe('Ruby gem versions', () => {
  test('ascend through prereleases and numbers', () => {
    checkAscending(order, [
      '1.0.0.a',
      '1.0.0.a.1',
      '1.0.0.b',
      '1.0.0.pre',
      '1.0.0.rc1',
      '1.0.0.rc2',
      '1.0.0.rc10',
      '1',
    ]);
    checkAscending(order, ['0', '0.0.1', '0.1', '1.0.1.pre', '1.0.1', '1.0.1.1', '1.2', '1.10', '2', '20240101']);
    checkAscending(order, ['7.0.0.alpha1', '7.0.0.beta2', '7.0.0.rc1', '7.0.0', '7.0.1.1', '7.0.4.3', '7.1']);
  });

  test('mean the same with zeros at the end of the numbers', () => {
    checkEqual(order, ['1', '1.0', '1.0.0', '01', '1.000', ' 1 ']);
    checkEqual(order, ['1.a', '1.0.a', '1.0.0.a', '1.0.0.a.0', '1.0.0a']);
    checkEqual(order, ['1.0.0-1', '1.pre.1', '1.0.pre.1']);
    checkEqual(order, ['3.0.0-rc.1', '3.0.0.pre.rc.1']);
    checkPairs(order, [
      ['1.0.1', '<', '1.1.a'],
      ['1.A', '<', '1.a'],
      ['1.b', '>', '1.a9'],
      ['2.0.0.rc1', '<', '2.0.0.rc.1.1'],
    ]);
  });

  test('lose no precision on huge numbers', () => {
    checkAscending(order, ['1.9007199254740992', '1.9007199254740993', '1.99999999999999999999']);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      ['0', '1.0', '1.0.0.rc1', '1.a.2', '1.0-beta-2', '1.0-x.y', ' 1.0\n', '2.1.0.pre1'],
      ['', ' ', 'v1.0', '.1', '1.', '1..2', '1.0-', '1.0-.a', '1.0-a.', '1.0_1', '1.0+b', '1 0', '1.é', 'rc1', '-1'],
    );
  });

  const ruby = 'ruby';
  const found = spawnSync(ruby, ['--version']).status === 0;
  test.skipIf(!found)('agree with RubyGems itself', () => {
    const versions = ['1', '1.0', '1.0.0.a', '1.a', '1.0-1', '1.0.1.rc2', '1.0.1.rc10', '1.0.b1', '2', '1.0.0.A'];
    const script = 'a = ARGV.map { |v| Gem::Version.new(v) }; puts a.flat_map { |x| a.map { |y| x <=> y } }.join(" ")';
    const told = spawnSync(ruby, ['-e', script, ...versions])
      .stdout.toString()
      .trim();
    expect(versions.flatMap((a) => versions.map((b) => sign(order, a, b))).join(' ')).toBe(told);
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', 'a', 'rc', 'pre', 'Z', '.0', '.a', '1.2.3', '-1', '_', '+', ' ']);
});
