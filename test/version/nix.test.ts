import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { order } from '../../src/version/nix.ts';

/** The published examples of Nix's manual and its own tests: the first is older, the same, or newer. */
const table: readonly (readonly [string, '<' | '=' | '>', string])[] = [
  ['1.0', '<', '2.3'],
  ['2.1', '<', '2.3'],
  ['2.3', '=', '2.3'],
  ['2.5', '>', '2.3'],
  ['3.1', '>', '2.3'],
  ['2.3.1', '>', '2.3'],
  ['2.3.1', '>', '2.3a'],
  ['2.3pre1', '<', '2.3'],
  ['2.3pre3', '<', '2.3pre12'],
  ['2.3a', '<', '2.3c'],
  ['2.3pre1', '<', '2.3c'],
  ['2.3pre1', '<', '2.3q'],
  ['1.0', '=', '1.00'],
  ['10', '>', '9'],
  ['2.3.', '=', '2.3'],
];
const signs = { '<': -1, '=': 0, '>': 1 };

test.each(table)('%s %s %s', (a, sign, b) => {
  expect(Math.sign(order.compare(a, b))).toBe(signs[sign]);
  expect(Math.sign(order.compare(b, a))).toBe(-signs[sign] + 0);
});

describe('the order', () => {
  const version = fc.array(fc.constantFrom('0', '1', '12', '.', '-', 'a', 'pre', 'rc', 'b2', '007'), { maxLength: 7 });
  const text = version.map((parts) => parts.join(''));

  test('is antisymmetric and reflexive', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(order.compare(a, b)) + Math.sign(order.compare(b, a))).toBe(0);
        expect(order.compare(a, a)).toBe(0);
      }),
    );
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect([-1, 0, 1]).toContain(Math.sign(order.compare(a, b)));
      }),
    );
    expect([order.valid(''), order.valid('a b'), order.valid('1.0')]).toEqual([false, false, true]);
  });
});
