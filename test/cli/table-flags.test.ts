import { expect, test } from 'vitest';
import { readFlags } from '../../src/cli/flags.ts';
import { tableFlags, tableOptionsOf } from '../../src/cli/table-flags.ts';

function options(args: readonly string[], env: Record<string, string> = {}) {
  return tableOptionsOf(readFlags(args, tableFlags, env));
}

test('the table as the flags say, or the environment where they do not', () => {
  expect(options([])).toEqual({});
  expect(options(['--group-by', 'fix', '--explain'])).toEqual({ groupBy: 'fix', explain: true });
  expect(options([], { SLUICE_GROUP_BY: 'layer', SLUICE_EXPLAIN: '1' })).toEqual({ groupBy: 'layer', explain: true });
  expect(options(['--group-by=package'], { SLUICE_GROUP_BY: 'layer' })).toEqual({ groupBy: 'package' });
});

test('what nothing can be put together by is refused, with what can', () => {
  expect(() => options(['--group-by', 'layers'])).toThrow(
    expect.objectContaining({ code: 'usage/flag-value', hint: 'did you mean layer?' }),
  );
  expect(() => options(['--group-by', 'x'])).toThrow(
    expect.objectContaining({ message: 'nothing can be put together by x', hint: 'there are package, layer, fix' }),
  );
});
