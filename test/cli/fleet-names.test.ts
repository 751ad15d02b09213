import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNames } from '../../src/cli/fleet-names.ts';

test.each([
  ['alpine:3.18', 'alpine%3A3.18'],
  ['example.org/team/my-app_1:2.0', 'example.org%2Fteam%2Fmy-app_1%3A2.0'],
  ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
  ['.', '%2E'],
  ['..', '%2E.'],
  ['/var/lib/a b', '%2Fvar%2Flib%2Fa%20b'],
  ['größe~2', 'gr%C3%B6%C3%9Fe%7E2'],
])('the file of %s is %s', (target, name) => {
  expect(fileNames([target])).toEqual([name]);
  expect(decodeURIComponent(name)).toBe(target);
});

test('targets that differ in case alone get numbers, in their order', () => {
  expect(fileNames(['App:V1', 'app:v1', 'b', 'APP:V1', 'B'])).toEqual([
    'App%3AV1',
    'app%3Av1~2',
    'b',
    'APP%3AV1~3',
    'B~2',
  ]);
});

test('a long target is cut, and ends in a hash of all of it', () => {
  const [one = '', two = ''] = fileNames([`${'a'.repeat(500)}1`, `${'a'.repeat(500)}2`]);
  expect([one, two].map((name) => name.length)).toEqual([180, 180]);
  expect(one).toMatch(/^a{147}~[0-9a-f]{32}$/);
  expect(one).not.toBe(two);
});

test('no target names a file outside of the folder, or that of another', () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('.', '/', '~', '%', 'a', 'A', '2', '\\', '\0', '-', ':') }),
    fc.string({ unit: fc.constantFrom('a', '/', '~', 'é'), minLength: 150, maxLength: 300 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(hostile.filter((text) => text !== '' && text.isWellFormed())), (targets) => {
      const names = fileNames(targets);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(targets.length);
      for (const name of names) {
        expect(name).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%~-]{0,190}$/);
        const folder = resolve('/reports');
        expect(join(folder, `${name}.json`)).toBe(`${folder}/${name}.json`);
      }
    }),
  );
});
