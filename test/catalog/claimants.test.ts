import { expect, test } from 'vitest';
import { Claimants } from '../../src/catalog/claimants.ts';
import { lines } from './support.ts';

const head = { size: 1, mode: 0o644 };
const ending = (id: string, end: string, lastLetters?: string) => ({
  ...lines,
  id,
  claims: (path: string) => path.endsWith(end),
  ...(lastLetters === undefined ? {} : { lastLetters }),
});

test('plugins are asked in their order, and only about paths that end as theirs do', () => {
  const asked: string[] = [];
  const noting = { ...lines, id: 'c', lastLetters: 'k', claims: (path: string) => asked.push(path) > 0 };
  const claimants = new Claimants([ending('a', 'lock'), ending('b', 'lock', 'kt'), noting]);
  expect(claimants.of('x.lock', head).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(claimants.of('x.txt', head)).toEqual([]);
  expect(claimants.of('', head)).toEqual([]);
  expect(asked).toEqual(['x.lock']);
});

test('a path that ends in no ASCII character goes to those that name no letters', () => {
  const claimants = new Claimants([ending('a', 'é'), ending('b', 'é', 'e')]);
  expect(claimants.of('café', head).map(({ id }) => id)).toEqual(['a']);
});
