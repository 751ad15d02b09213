import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { order } from '../../src/version/semver.ts';
import { checkAscending, checkEqual, checkGrammar, checkLaws, checkPairs, sign } from './laws.ts';

/** The oracle; it comes without types. */
const semver = createRequire(import.meta.url)('semver') as {
  valid(version: string): string | null;
  compare(a: string, b: string): number;
};

describe('semantic versions', () => {
  test('ascend as the examples of the specification', () => {
    checkAscending(order, ['1.0.0', '2.0.0', '2.1.0', '2.1.1']);
    checkAscending(order, [
      '1.0.0-0',
      '1.0.0-9',
      '1.0.0-10',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-alpha-1',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ]);
  });

  test('ignore build metadata and prefixes and pad what is missing', () => {
    checkEqual(order, ['1.2.0', 'v1.2.0', '=1.2.0', '= v1.2.0', '1.2', '1.2.0+build.5', '1.2+x-y', ' 1.2.0 ']);
    checkEqual(order, ['0', '0.0', '0.0.0', 'v0']);
    checkPairs(order, [
      ['1.2', '<', '1.2.1'],
      ['1.2-rc.1', '<', '1.2.0'],
      ['1.0.0beta1', '<', '1.0.0'],
      ['1.2.3.4', '>', '1.2.3'],
      ['latest', '<', '0.0.1'],
    ]);
  });

  test('lose no precision on huge numbers', () => {
    checkAscending(order, [
      '1.0.9007199254740992',
      '1.0.9007199254740993',
      '1.0.99999999999999999999-1',
      '1.0.99999999999999999999-99999999999999999998',
      '1.0.99999999999999999999-99999999999999999999',
      '1.0.99999999999999999999',
    ]);
  });

  test('know their grammar', () => {
    checkGrammar(
      order,
      [
        '0',
        '1.2',
        '1.2.3',
        'v1.2.3',
        '=1.2.3',
        '1.2.3-rc.1',
        '1.2.3--',
        '1.2.3-0a',
        '1.2.3+001',
        '1.2.3-x+y.z',
        '0.0.0-0',
      ],
      [
        ...[
          '',
          'v',
          'latest',
          '1.',
          '.1',
          '1.2.3.4',
          '01.2.3',
          '1.2.3-',
          '1.2.3-01',
          '1.2.3-a..b',
          '1.2.3+',
          '1.2.3+a_b',
        ],
        ...['1.x', '1.2.3 4', 'vv1.2.3', '1.2.3-é', '-1', '1.2.3beta'],
      ],
    );
  });

  test('agree with node-semver', () => {
    const number = fc.constantFrom('0', '1', '2', '10', '99');
    const identifier = fc.constantFrom('0', '1', '11', '2', 'a', 'rc', 'beta', 'x-1', '-', '1a', 'A');
    const version = fc
      .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }), fc.array(identifier, { maxLength: 2 }))
      .map(([x, y, z, pre, build]) => {
        const suffix = (pre.length > 0 ? `-${pre.join('.')}` : '') + (build.length > 0 ? `+${build.join('.')}` : '');
        return `${x}.${y}.${z}${suffix}`;
      });
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect([order.valid(a), sign(order, a, b)]).toEqual([semver.valid(a) !== null, semver.compare(a, b)]);
      }),
      { numRuns: 2000 },
    );
  });

  checkLaws(order, ['0', '1', '10', '02', '.', '-', '+', 'v', '=', 'a', 'rc.1', '1.2.3', '-0', '.x', 'Z']);
});
