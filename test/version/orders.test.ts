import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VersionOrder } from '../../src/version/contract.ts';
import { sign } from './laws.ts';

const folder = join(import.meta.dirname, '..', '..', 'src', 'version');
const names = readdirSync(folder)
  .filter((file) => readFileSync(join(folder, file), 'utf8').includes('export const order'))
  .map((file) => file.replace(/\.ts$/, ''));

/** A release that only one of two has is not compared: equality is not transitive there. */
const looseEquality = new Set(['alpm', 'rpm']);

const pieces = [
  ...['0', '1', '10', '02', '99999999999999999999', '.', '-', '_', '+', '~', '^', ':', '!', '=', 'v', 'V', ' '],
  ...['a', 'b', 'Z', 'rc', 'RC1', 'alpha', 'beta', 'pre', 'dev', 'post', 'final', 'sp', 'p1', '.x', '-r1', '_p1', '-1'],
  ...['1.0.0', '2024.1', 'é', '\ud835\udfe4', '\0'],
];
const version = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')) },
  fc.string({ maxLength: 10, unit: 'binary' }),
);

describe.each(names)('%s', async (name) => {
  const { order } = (await import(`../../src/version/${name}.ts`)) as { order: VersionOrder };

  test('is called as its file', () => {
    expect(order.id).toBe(name);
  });

  test('is reflexive, antisymmetric and transitive for any texts', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        if (sign(order, a, a) !== 0 || sign(order, a, b) + sign(order, b, a) !== 0) return false;
        const [first, second, third] = [sign(order, a, b), sign(order, b, c), sign(order, a, c)];
        if (first !== 0 && first === second) return third === first;
        if (first + second === 0 && first !== 0) return true;
        return looseEquality.has(name) || third === first + second;
      }),
      { numRuns: 800 },
    );
  });

  test('sorts a list the same from every start', () => {
    fc.assert(
      fc.property(fc.array(version, { maxLength: 8 }), (versions) => {
        const valid = versions.filter((text) => order.valid(text) && !looseEquality.has(name));
        const sorted = [...valid].sort(order.compare);
        const again = [...valid].reverse().sort(order.compare);
        return sorted.every((text, at) => sign(order, text, again[at] ?? '') === 0);
      }),
      { numRuns: 150 },
    );
  });
});
