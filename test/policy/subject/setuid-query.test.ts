import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { setuidQuery } from '../../../src/policy/subject/setuid-query.ts';

test('the id that is written down is the digest of the query', () => {
  const { id, ...asked } = setuidQuery;
  expect(id).toBe(`sha256:${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}`);
});
