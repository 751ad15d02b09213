import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Package } from '../../src/model/package.ts';
import { createdAt } from '../../src/report/sbom/created.ts';
import { dependenciesOf } from '../../src/report/sbom/dependencies.ts';
import { digestsOf } from '../../src/report/sbom/hashes.ts';
import { readLicence } from '../../src/report/sbom/licence.ts';
import { nearnessOf } from '../../src/report/sbom/nearness.ts';
import { uuidOf } from '../../src/report/sbom/uuid.ts';
import { hostile, pack } from './samples.ts';

/** What each package is found to need, as `name@version <- name@version in the first of its paths`. */
function relations(packages: readonly Package[]): string[] {
  const { of, complete } = dependenciesOf(packages);
  expect(complete).toBe(true);
  const text = (place: number) => {
    const { name, version, paths } = packages[place] as Package;
    return `${name}@${version} in ${paths[0]}`;
  };
  return of.flatMap((needed, place) => needed.map((other) => `${text(place)} needs ${text(other)}`));
}

describe('what npm packages need', () => {
  const at = (path: string, given: Partial<Package> & { name: string; version: string }) =>
    pack({ ...given, paths: [path] });

  test('is found as Node finds it: the nearest node_modules upwards', () => {
    const packages = [
      at('/app/package.json', { name: 'shop', version: '0', presence: 'application', needs: ['a', 'c'] }),
      at('/app/node_modules/a/package.json', { name: 'a', version: '1', needs: ['@s/c', 'b', 'c'] }),
      at('/app/node_modules/a/node_modules/c/package.json', { name: 'c', version: '2', needs: ['b', 'c'] }),
      at('/app/node_modules/c/package.json', { name: 'c', version: '1', needs: ['d'] }),
      at('/node_modules/b/package.json', { name: 'b', version: '3' }),
      at('/app/node_modules/@s/c/package.json', { name: '@s/c', version: '4', needs: ['a'] }),
      // In another tree: nobody above finds it.
      at('/srv/node_modules/d/package.json', { name: 'd', version: '1', needs: ['a'] }),
    ];
    expect(relations(packages)).toEqual([
      'shop@0 in /app/package.json needs a@1 in /app/node_modules/a/package.json',
      'shop@0 in /app/package.json needs c@1 in /app/node_modules/c/package.json',
      'a@1 in /app/node_modules/a/package.json needs c@2 in /app/node_modules/a/node_modules/c/package.json',
      'a@1 in /app/node_modules/a/package.json needs b@3 in /node_modules/b/package.json',
      'a@1 in /app/node_modules/a/package.json needs @s/c@4 in /app/node_modules/@s/c/package.json',
      'c@2 in /app/node_modules/a/node_modules/c/package.json needs b@3 in /node_modules/b/package.json',
      '@s/c@4 in /app/node_modules/@s/c/package.json needs a@1 in /app/node_modules/a/package.json',
    ]);
  });

  test('is what each of several copies finds', () => {
    const copies = { ...pack({ name: 'a', version: '1', needs: ['b'] }) };
    const packages = [
      { ...copies, paths: ['/x/node_modules/a/package.json', '/y/node_modules/a/package.json'] },
      at('/x/node_modules/b/package.json', { name: 'b', version: '1' }),
      at('/y/node_modules/b/package.json', { name: 'b', version: '2' }),
      at('/z/node_modules/b/package.json', { name: 'b', version: '3' }),
    ];
    expect(dependenciesOf(packages).of).toEqual([[1, 2], [], [], []]);
  });

  test('goes by the name of the folder, which an alias changes', () => {
    const packages = [
      at('/x/node_modules/a/package.json', { name: 'a', version: '1', needs: ['nick'] }),
      at('/x/node_modules/nick/package.json', { name: 'b', version: '1', needs: ['a'] }),
    ];
    expect(dependenciesOf(packages).of).toEqual([[1], [0]]);
  });

  test('is what has the name, where packages are linked or packed', () => {
    const pnpm = '/app/node_modules/.pnpm';
    const packages = [
      at(`${pnpm}/a@1/node_modules/a/package.json`, { name: 'a', version: '1', needs: ['b'] }),
      at(`${pnpm}/b@1/node_modules/b/package.json`, { name: 'b', version: '1' }),
      at('/else/node_modules/b/package.json', { name: 'b', version: '2' }),
      at('/pnp/.yarn/cache/a.zip', { name: 'a', version: '2', needs: ['b'] }),
      at('/pnp/.yarn/cache/b.zip', { name: 'b', version: '4' }),
    ];
    expect(dependenciesOf(packages).of).toEqual([[1], [], [], [4], []]);
  });

  test('a deep path costs no more than its folders', () => {
    const deep = `${'/node_modules/a'.repeat(5000)}/package.json`;
    const packages = [at(deep, { name: 'a', version: '1', needs: Array.from({ length: 2000 }, (_, i) => `n${i}`) })];
    expect(dependenciesOf(packages)).toEqual({ of: [[]], complete: true });
  });
});

describe('what other packages need', () => {
  const deb = (name: string, given: Partial<Package> = {}) =>
    pack({ ecosystem: 'deb', name, version: '1', paths: ['/var/lib/dpkg/status'], arch: 'amd64', ...given });
  const pypi = (name: string, path: string, given: Partial<Package> = {}) =>
    pack({ ecosystem: 'pypi', name, version: '1', paths: [path], ...given });

  test('is of the same kind and architecture, where there is one', () => {
    const packages = [
      deb('app', { needs: ['app', 'libc6', 'missing', 'tzdata'] }),
      deb('libc6'),
      deb('libc6', { arch: 'i386', purl: 'pkg:deb/debian/libc6@1?arch=i386' }),
      deb('tzdata', { arch: 'all' }),
      pack({ ecosystem: 'rpm', name: 'tzdata', version: '1', arch: 'amd64' }),
    ];
    expect(dependenciesOf(packages).of).toEqual([[1, 3], [], [], [], []]);
  });

  test('is the nearest by path, under any spelling of the name, and all that are as near', () => {
    const packages = [
      pypi('App', '/v1/site-packages/app.dist-info/METADATA', { needs: ['foo-bar'] }),
      pypi('Foo_Bar', '/v1/site-packages/Foo_Bar.dist-info/METADATA'),
      pypi('foo.bar', '/v2/site-packages/foo.bar.dist-info/METADATA'),
      pypi('both', '/v3/site-packages/both.dist-info/METADATA', { needs: ['foo-bar'] }),
    ];
    expect(dependenciesOf(packages).of).toEqual([[1], [], [], [1, 2]]);
  });

  test('is declared where a lock file says it, in the same file first, and installed where it is installed', () => {
    const packages = [
      pypi('a', '/x/poetry.lock', { presence: 'declared', needs: ['b', 'c'] }),
      pypi('b', '/x/poetry.lock', { presence: 'declared' }),
      pypi('b', '/y/poetry.lock', { presence: 'declared', version: '2' }),
      pypi('c', '/x/lib/c.dist-info/METADATA', { needs: ['b'] }),
      pypi('main', '/x/bin/main', { presence: 'application', needs: ['c'] }),
    ];
    expect(dependenciesOf(packages).of).toEqual([[1], [], [], [], [3]]);
  });

  test('is bounded: relations that were made to fill the memory are left out, and that is said', () => {
    const names = Array.from({ length: 1500 }, (_, i) => `p${i}`);
    const { of, complete } = dependenciesOf(names.map((name) => deb(name, { needs: names })));
    const made = of.reduce((sum, needed) => sum + needed.length, 0);
    expect([complete, made >= 1_000_000, made < 1_002_000]).toEqual([false, true, true]);
    const same = Array.from({ length: 5000 }, () => deb('p', { needs: ['p'] }));
    expect(dependenciesOf(same).complete).toBe(false);
  });

  test('of anything is in the list, in order, once, and never itself', () => {
    const name = fc.constantFrom('a', 'b', 'A', '@s/c', '__proto__', '');
    const path = fc
      .array(fc.constantFrom('/node_modules', '/a', '/@s/c', '/package.json', '/.pnpm', '/'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    const found = fc.record({
      name,
      ecosystem: fc.constantFrom('npm', 'deb'),
      presence: fc.constantFrom<Package['presence']>('installed', 'declared', 'application'),
      paths: fc.array(path, { maxLength: 3 }),
      needs: fc.array(name, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(found, { maxLength: 12 }), (list) => {
        const packages = list.map((given) => pack({ version: '1', ...given }));
        dependenciesOf(packages).of.forEach((needed, place) => {
          expect(needed).toEqual([...new Set(needed)].filter((other) => other !== place).sort((a, b) => a - b));
          for (const other of needed) expect(packages[other]?.ecosystem).toBe(packages[place]?.ecosystem);
        });
      }),
    );
  });
});

test.each([
  [['/a/b/c'], ['/a/b/c'], 7],
  [['/a/b/c'], ['/a/b/d'], 5],
  [['/a/bc'], ['/a/bd'], 3],
  [['/x', '/a/b/c'], ['/a/x'], 3],
  [[], ['/a'], 0],
])('%j and %j are as near as %d', (one, other, nearness) => {
  expect(nearnessOf(one, other)).toBe(nearness);
});

test.each([
  [undefined, undefined],
  ['0', '1970-01-01T00:00:00Z'],
  ['1735689600', '2025-01-01T00:00:00Z'],
  ['253402300799', '9999-12-31T23:59:59Z'],
])('SOURCE_DATE_EPOCH %s is %s', (text, created) => {
  expect(createdAt(text)).toBe(created);
});

test.each(['', ' 1', '-1', '1.5', '1e3', '253402300800', '99999999999999999999', 'now', hostile])(
  'SOURCE_DATE_EPOCH %j is refused, as its specification asks',
  (text) => {
    expect(() => createdAt(text)).toThrow(
      expect.objectContaining({ code: 'usage/source-date-epoch', message: 'SOURCE_DATE_EPOCH is no time' }),
    );
  },
);

test('digests are those of known algorithms and the right length, sorted, each once', () => {
  const sha256 = `sha256:${'0a'.repeat(32)}`;
  expect(
    digestsOf([sha256, `md5:${'f'.repeat(32)}`, sha256, 'sha256:0a', `SHA1:${'0'.repeat(40)}`, `toString:x`, 'x', '']),
  ).toEqual([
    { algorithm: 'md5', hex: 'f'.repeat(32) },
    { algorithm: 'sha256', hex: '0a'.repeat(32) },
  ]);
  expect(digestsOf([`sha1:${'A'.repeat(40)}`, `sha1:${'g'.repeat(40)}`])).toEqual([]);
  expect(digestsOf(undefined)).toEqual([]);
});

test('a licence of names that SPDX does not know tells them', () => {
  expect(readLicence(' LicenseRef-b AND (LicenseRef-a OR MIT) AND LicenseRef-b ')).toEqual({
    kind: 'expression',
    text: 'LicenseRef-b AND (LicenseRef-a OR MIT) AND LicenseRef-b',
    own: ['LicenseRef-b', 'LicenseRef-a'],
  });
  expect(readLicence(`${'MIT AND '.repeat(200)}MIT`)?.kind).toBe('words');
});

test('a name-based UUID is that of RFC 9562: the same for the same text', () => {
  expect(uuidOf('')).toBe(uuidOf(''));
  expect(uuidOf('a')).not.toBe(uuidOf('b'));
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(uuidOf(text)).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});
