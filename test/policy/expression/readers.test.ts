import { expect, test } from 'vitest';
import { readerOf } from '../../../src/policy/expression/closures/readers.ts';
import { types } from '../../../src/policy/subject/fields/all.ts';

test('each field is read by its own name', () => {
  const names = Object.values(types).flatMap((fields) => Object.keys(fields));
  for (const name of [...names, 'a field of later']) {
    const view = Object.fromEntries(names.map((other) => [other, `other than ${name}`]));
    expect(readerOf(name)({ ...view, [name]: 'right' }), name).toBe('right');
  }
});
