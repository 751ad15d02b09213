import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/composer/index.ts';

const head = { size: 10, mode: 0o644 };
const installedPath = 'app/vendor/composer/installed.json';
const lockPath = 'app/composer.lock';
const parse = (path: string, content: unknown) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const unreadable = (path: string, message: string) => ({
  packages: [],
  problems: [{ code: 'composer/unreadable', message, path, blinding: false }],
});

describe('claims', () => {
  test.each([
    'composer/installed.json',
    installedPath,
    'app/lib/composer/installed.json',
    'app/vendor/acme/x/vendor/composer/installed.json',
    'root/.config/composer/vendor/composer/installed.json',
    'composer.lock',
    lockPath,
    'srv/vendor/composer.lock',
    'srv/my-vendor/a/b/composer.lock',
    'app/composer.json',
    'srv/test/vendor/composer/installed.json',
  ])('%s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(true);
  });

  test.each([
    '',
    'installed.json',
    'app/vendor/installed.json',
    'app/vendor/mycomposer/installed.json',
    'app/vendor/acme/x/tests/vendor/composer/installed.json',
    'app/vendor/acme/x/src/Fixtures/vendor/composer/installed.json',
    'app/vendor/acme/x/composer.lock',
    'app/vendor/acme/x/composer.json',
    'app/vendor/acme/x/sub/composer.json',
    'app/node_modules/x/composer.json',
    'app/node_modules/x/composer.lock',
    'usr/lib/python3/dist-packages/x/composer.lock',
    'app/my-composer.lock',
    'app/composer.json.dist',
  ])('not %s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(false);
  });
});

describe('installed.json', () => {
  const entry = {
    name: 'Acme/Heron',
    version: 'v1.2.3',
    license: ['MIT', ' GPL-3.0-only '],
    require: {
      php: '>=7',
      'ext-json': '*',
      'lib-icu': '*',
      'composer-plugin-api': '^2',
      'Acme/Stork': '^2',
      'a/b': '*',
    },
    dist: { shasum: 'A'.repeat(40) },
  };
  const record = {
    name: 'acme/heron',
    version: 'v1.2.3',
    presence: 'installed',
    license: '(MIT OR GPL-3.0-only)',
    hashes: [`sha1:${'a'.repeat(40)}`],
    needs: ['a/b', 'acme/stork'],
  };

  test('of Composer 1 and 2', () => {
    expect(parse(installedPath, [entry])).toEqual({ packages: [record], problems: [] });
    const other = { name: 'acme/testkit', version: 'dev-main', license: 'MIT', dist: { shasum: '' } };
    const both = { packages: [entry, other], dev: true, 'dev-package-names': ['Acme/TestKit', 1] };
    expect(parse(installedPath, both).packages).toEqual([
      record,
      { name: 'acme/testkit', version: 'dev-main', presence: 'installed', license: 'MIT', dev: true },
    ]);
  });

  test('names each version once', () => {
    const again = { packages: [entry, { ...entry, name: 'acme/heron' }, { ...entry, version: 'v1.2.4' }] };
    expect(parse(installedPath, again).packages).toEqual([record, { ...record, version: 'v1.2.4' }]);
  });

  test('with values of every wrong type', () => {
    const odd = { name: 'a/b', version: '1.0', license: [1, null, ''], require: ['c/d'], dist: { shasum: 'zz' } };
    expect(parse(installedPath, [odd])).toEqual({
      packages: [{ name: 'a/b', version: '1.0', presence: 'installed' }],
      problems: [],
    });
    const bad = [null, 1, 'a/b', [], {}, { name: 'a/b' }, { name: 'b', version: '1' }, { name: 'a/b/c', version: '1' }];
    const worse = [
      { name: 'a/b', version: '' },
      { name: 'a /b', version: '1' },
      { name: 'a/b', version: '1\n2' },
    ];
    const message = 'the file has 11 packages without a usable name and version';
    expect(parse(installedPath, [...bad, ...worse])).toEqual(unreadable(installedPath, message));
    expect(parse(installedPath, [null])).toEqual(
      unreadable(installedPath, 'the file has 1 package without a usable name and version'),
    );
  });

  test('that is none', () => {
    const none = unreadable(installedPath, 'installed.json holds no list of packages');
    for (const content of [{}, { packages: {} }, null, 1, 'x']) expect(parse(installedPath, content)).toEqual(none);
    expect(parse(installedPath, Buffer.from('[1,')).problems[0]?.message).toMatch(/^not JSON: /);
    expect(parse(installedPath, Buffer.from('['.repeat(300))).problems[0]?.message).toMatch(/^JSON nested deeper/);
  });

  test('of names that mean something to JavaScript', () => {
    const text = '{"packages":[{"name":"__proto__/constructor","version":"1.0","require":{"__proto__":{},"a/b":"*"}}]}';
    expect(parse(installedPath, Buffer.from(text)).packages).toEqual([
      { name: '__proto__/constructor', version: '1.0', presence: 'installed', needs: ['a/b'] },
    ]);
  });
});

describe('composer.lock', () => {
  test('tells what only development needs', () => {
    const a = { name: 'a/a', version: '1.0.0' };
    const b = { name: 'a/b', version: '2.0.0' };
    const lock = { packages: [a], 'packages-dev': [a, b] };
    expect(parse(lockPath, lock)).toEqual({
      packages: [
        { ...a, presence: 'declared' },
        { ...b, presence: 'declared', dev: true },
      ],
      problems: [],
    });
  });

  test('of too many packages', () => {
    const packages = Array.from({ length: 100_002 }, (_, at) => ({ name: `a/x${at}`, version: '1' }));
    const said = parse(lockPath, { packages });
    expect(said.packages).toHaveLength(100_000);
    const message = 'the file names more than 100000 packages; the rest is left out';
    expect(said.problems).toEqual([{ code: 'composer/too-many-packages', message, path: lockPath, blinding: false }]);
  });

  test('that is none', () => {
    const none = unreadable(lockPath, 'composer.lock holds no list of packages');
    for (const content of [[], {}, { packages: null }, 'x']) expect(parse(lockPath, content)).toEqual(none);
  });
});

test('composer.json is the application where it says its version', () => {
  const said = (content: unknown) => parse('app/composer.json', content);
  expect(said({ name: 'acme/site', version: '4.5.6', license: 'proprietary', require: { 'a/b': '*' } })).toEqual({
    packages: [
      { name: 'acme/site', version: '4.5.6', presence: 'application', license: 'proprietary', needs: ['a/b'] },
    ],
    problems: [],
  });
  for (const other of [{ name: 'acme/site' }, { version: '1' }, {}, [], null, Buffer.from('{'), Buffer.from('')]) {
    expect(said(other)).toEqual({ packages: [], problems: [] });
  }
});

test('hostile bytes never throw', () => {
  const good = Buffer.from(
    JSON.stringify({ packages: [{ name: 'a/b', version: '1', require: { 'c/d': '*' }, dist: { shasum: '' } }] }),
  );
  const path = fc.constantFrom(installedPath, lockPath, 'app/composer.json', 'other');
  const json = fc.json().map((text) => Buffer.from(text));
  const bytes = fc.oneof(
    json,
    fc.uint8Array().map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(path, bytes, (place, content) => {
      const { packages, problems } = parse(place, content);
      return packages.length <= 1 && problems.length <= 2;
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(path, fc.nat(good.length - 1), fc.nat(255), (place, at, byte) => {
      const content = Buffer.from(good);
      content[at] = byte;
      const { packages, problems } = parse(place, content);
      return packages.length + problems.length <= 2;
    }),
    { numRuns: 400 },
  );
});

test('purl and advisories', () => {
  const record = { name: 'laravel/framework', version: 'v5.8.0', presence: 'installed' } as const;
  expect(ecosystem.purl(record, undefined)).toBe('pkg:composer/laravel/framework@v5.8.0');
  expect(ecosystem.advisories(record, undefined)).toEqual({
    ecosystem: 'Packagist',
    name: 'laravel/framework',
    version: 'v5.8.0',
  });
});
