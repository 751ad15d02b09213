import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VersionOrder } from '../../src/version/contract.ts';

/** One line of a table: two versions and how the first stands to the second. */
export type Pair = readonly [string, '<' | '=' | '>', string];

const signs = { '<': -1, '=': 0, '>': 1 } as const;

/** The sign of a comparison, without the negative zero. */
export function sign(order: VersionOrder, a: string, b: string): number {
  const result = order.compare(a, b);
  if (Number.isNaN(result)) throw new Error(`no order between ${a} and ${b}`);
  return result === 0 ? 0 : Math.sign(result);
}

/** Checks every pair of a table in both directions; a failure names all pairs that are wrong. */
export function checkPairs(order: VersionOrder, pairs: readonly Pair[]): void {
  const wrong = pairs.filter(
    ([a, is, b]) => sign(order, a, b) !== signs[is] || sign(order, b, a) !== (0 - signs[is] || 0),
  );
  expect(wrong).toEqual([]);
}

/** Checks that every version of a list is older than all that follow it. */
export function checkAscending(order: VersionOrder, versions: readonly string[]): void {
  const pairs: Pair[] = versions.flatMap((a, at) => versions.slice(at + 1).map((b): Pair => [a, '<', b]));
  checkPairs(order, pairs);
}

/** Checks that the versions are equal to each other, each by the order's own grammar. */
export function checkEqual(order: VersionOrder, versions: readonly string[]): void {
  checkPairs(
    order,
    versions.flatMap((a) => versions.map((b): Pair => [a, '=', b])),
  );
}

/** Checks which texts are versions by the order's grammar. */
export function checkGrammar(order: VersionOrder, good: readonly string[], bad: readonly string[]): void {
  expect(good.filter((text) => !order.valid(text))).toEqual([]);
  expect(bad.filter((text) => order.valid(text))).toEqual([]);
}

/**
 * The laws of a total order, over texts made of `pieces` and over random texts, and the time that texts of 100 kB take.
 * Equality is left out of transitivity for an order that says so.
 */
export function checkLaws(order: VersionOrder, pieces: readonly string[], equalityIsTransitive = true): void {
  const likely = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
  const text = fc.oneof({ weight: 4, arbitrary: likely }, fc.string({ maxLength: 12, unit: 'binary' }));

  test('is reflexive and antisymmetric', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const reflexive = sign(order, a, a) === 0;
        return reflexive && sign(order, a, b) + sign(order, b, a) === 0 && typeof order.valid(a) === 'boolean';
      }),
      { numRuns: 800 },
    );
  });

  test('is transitive', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const [first, second, third] = [sign(order, a, b), sign(order, b, c), sign(order, a, c)];
        if (first === second && first !== 0) return third === first;
        const turnsBack = first !== 0 && first + second === 0;
        return turnsBack || !equalityIsTransitive || third === first + second;
      }),
      { numRuns: 3000 },
    );
  });

  test('takes texts of 100 kB in linear time', () => {
    const length = 100_000;
    const nine = '9'.repeat(length);
    const eight = `${'9'.repeat(length - 1)}8`;
    expect(sign(order, eight, nine)).toBe(-1);
    expect(sign(order, `1.${nine}`, `1.${eight}`)).toBe(1);
    const started = performance.now();
    for (const unit of ['1', 'a', '.', '1a', '1.', 'a.', '-', '1-', '~', '_p1', '+', '\u0000']) {
      const long = unit.repeat(length / unit.length);
      const other = `${long}1-x`;
      expect(sign(order, long, other) + sign(order, other, long)).toBe(0);
      order.valid(other);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
}
