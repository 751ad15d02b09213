import { describe, expect, test } from 'vitest';
import { boundByMemory, wantsHelp } from '../../src/catalog/survey-plan.ts';

const MB = 1024 * 1024;

/** Whether a layer of so many megabytes is helped, while others of so many wait. */
function helped(size: number, waiting: readonly number[], free: number, ready = true): boolean {
  return wantsHelp({ size: size * MB, waiting: waiting.map((mebibytes) => mebibytes * MB), free, ready });
}

describe('a free thread', () => {
  test.each([
    ['helps the only layer', helped(100, [], 1), true],
    ['helps a layer that is larger than all others together', helped(100, [10, 5], 1), true],
    ['has a layer of its own where there is one as large', helped(100, [100], 1), false],
    ['has a layer of its own where the others are as much', helped(100, [50, 40, 30], 1), false],
    ['that is one of several helps a layer on which all others would wait', helped(100, [50, 40], 3), true],
    ['is not there when all are busy', helped(100, [], 0), false],
    ['does not help what is done at once', helped(1, [], 1), false],
    ['is not started to help a small layer', helped(10, [], 1, false), false],
    ['is started to help a large layer', helped(40, [], 1, false), true],
  ])('%s', (_what, found, expected) => {
    expect(found).toBe(expected);
  });
});

test('threads are no more than memory bears, and never none', () => {
  const GB = 1024 * MB;
  expect([8 * GB, GB, 300 * MB, 0, -5].map((memory) => boundByMemory(8, memory))).toEqual([8, 5, 1, 1, 1]);
  expect(boundByMemory(1, 100 * GB)).toBe(1);
  expect(boundByMemory(2)).toBeGreaterThanOrEqual(1);
});
