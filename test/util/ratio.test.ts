import { expect, test } from 'vitest';
import { isBomb } from '../../src/util/ratio.ts';

const gibibyte = 1024 * 1024 * 1024;

test.each([
  ['a GiB of zeros, which any input may become', 1, gibibyte, false],
  ['a byte more from next to nothing', 1000, gibibyte + 1, true],
  ['two hundred times the input', 10 * 1024 * 1024, 2000 * 1024 * 1024, false],
  ['a byte more than that', 10 * 1024 * 1024, 2000 * 1024 * 1024 + 1, true],
  ['a large layer of a usual ratio', 20 * gibibyte, 60 * gibibyte, false],
  ['256 GiB, however large the input', 200 * gibibyte, 256 * gibibyte, false],
  ['more than 256 GiB', 200 * gibibyte, 256 * gibibyte + 1, true],
])('%s', (_what, input, output, bomb) => {
  expect(isBomb(input, output)).toBe(bomb);
});
