import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../src/pipeline/fleet-order.ts';

/** A turn of the event loop for each unit. */
async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await new Promise((done) => setImmediate(done));
}

test('takes results in the order of the items, with no more at work and none further ahead than allowed', async () => {
  const durations = fc.array(fc.nat(4), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      durations,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      async (items, atOnce, ahead) => {
        const numbered = items.map((time, number) => ({ time, number }));
        const took: number[] = [];
        let running = 0;
        let most = 0;
        let furthest = 0;
        await inOrder(
          numbered,
          { atOnce, ahead },
          async ({ time, number }) => {
            most = Math.max(most, ++running);
            furthest = Math.max(furthest, number + 1 - took.length);
            await turns(time);
            running--;
            return number;
          },
          (number) => took.push(number),
        );
        expect(took).toEqual(numbered.map(({ number }) => number));
        expect(most).toBeLessThanOrEqual(atOnce);
        expect(furthest).toBeLessThanOrEqual(ahead);
        expect(most).toBe(Math.min(atOnce, ahead, items.length));
      },
    ),
    { numRuns: 50 },
  );
});

test('begins nothing more after a failure, and waits for what is under way', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const run = inOrder(
    [0, 1, 2, 3, 4, 5, 6, 7],
    { atOnce: 3, ahead: 4 },
    async (number) => {
      begun.push(number);
      await turns(number === 1 ? 1 : 5);
      if (number === 1) throw new Error('one');
      ended.push(number);
      return number;
    },
    () => {},
  );
  await expect(run).rejects.toThrow('one');
  expect([begun, ended]).toEqual([
    [0, 1, 2],
    [0, 2],
  ]);
});

test('a failure to take a result ends it as well, for lanes that wait too', async () => {
  const begun: number[] = [];
  const run = inOrder(
    [0, 1, 2, 3],
    { atOnce: 2, ahead: 1 },
    async (number) => begun.push(number),
    () => {
      throw new Error('full');
    },
  );
  await expect(run).rejects.toThrow('full');
  expect(begun).toEqual([0]);
});
