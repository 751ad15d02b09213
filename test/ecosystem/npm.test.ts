import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/npm/index.ts';
import type { PackageRecord } from '../../src/model/package.ts';
import { buildZip } from '../support/zip.ts';

const head = { size: 10, mode: 0o644 };
const claims = (path: string): boolean => ecosystem.claims(path, head);
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const installedPath = 'app/node_modules/x/package.json';
const unreadable = (path: string, message: string) => ({
  packages: [],
  problems: [{ code: 'npm/unreadable', message, path, blinding: false }],
});

describe('claims', () => {
  test.each([
    'package.json',
    'app/package.json',
    'node_modules/a/package.json',
    'app/node_modules/a/package.json',
    'app/node_modules/@s/a/package.json',
    'app/node_modules/a/node_modules/b/package.json',
    'app/node_modules/@s/a/node_modules/@t/b/package.json',
    'app/node_modules/test/node_modules/b/package.json',
    'app/node_modules/@s/test/node_modules/b/package.json',
    'app/node_modules/a/dist/node_modules/b/package.json',
    'app/test/node_modules/b/package.json',
    'app/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json',
    'app/node_modules/.store/a-npm-1.0.0-0123456789/package/package.json',
    'app/my_node_modules/a/lib/package.json',
    'usr/lib/node_modules/npm/package.json',
    'app/package-lock.json',
    'npm-shrinkwrap.json',
    'app/yarn.lock',
    'app/pnpm-lock.yaml',
    'app/.yarn/cache/a-npm-1.0.0-0123456789-abcdef0123.zip',
    '.yarn/cache/a-npm-1.0.0-0123456789-8.zip',
    'root/.yarn/berry/cache/a-npm-1.0.0-0123456789-10c0.zip',
  ])('%s', (path) => {
    expect(claims(path)).toBe(true);
  });

  test.each([
    'app/node_modules/package.json',
    'app/a.zip',
    'a.zip',
    '.zip',
    'app/cache/a.zip',
    'app/x.yarn/cache/a.zip',
    'app/.yarn/cache/b/a.zip',
    'app/.yarn/cache/a.tgz',
    'app/.yarn/unplugged/a.zip',
    'app/node_modules/@s/package.json',
    'app/node_modules/a/dist/esm/package.json',
    'app/node_modules/@s/a/lib/package.json',
    'app/node_modules/.cache/package.json',
    'app/node_modules/.pnpm/a@1.0.0/package.json',
    'app/node_modules/.store/a/other/package.json',
    'app/node_modules/a/test/node_modules/b/package.json',
    'app/node_modules/@s/a/src/__tests__/node_modules/b/package.json',
    'app/node_modules/a/test/fixtures/node_modules/b/node_modules/c/package.json',
    'app/node_modules/a/yarn.lock',
    'node_modules/a/package-lock.json',
    'app/node_modules/.package-lock.json',
    'app/.package-lock.json',
    'app/my-package.json',
    'app/package.json/x',
    'app/package.json5',
    'app/xyarn.lock',
    '',
  ])('not %s', (path) => {
    expect(claims(path)).toBe(false);
  });

  test('any path: an answer, and it is linear', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('node_modules', '@s', 'a', 'test', '.store', 'package.json', '')),
        (parts) => {
          expect(typeof claims(parts.join('/'))).toBe('boolean');
        },
      ),
    );
    const started = performance.now();
    expect(claims(`${'node_modules/a/test/'.repeat(200_000)}package.json`)).toBe(false);
    expect(claims(`${'node_modules/a/'.repeat(200_000)}package.json`)).toBe(true);
    expect(claims(`${'xnode_modules/'.repeat(200_000)}package.json`)).toBe(true);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('package.json', () => {
  test('below node_modules: installed, with the name that the file says', () => {
    const content = '{"name":"@scope/real","version":"1.2.3","license":"MIT","scripts":{}}';
    expect(parse('app/node_modules/alias/package.json', content)).toEqual({
      packages: [{ name: '@scope/real', version: '1.2.3', presence: 'installed', license: 'MIT' }],
      problems: [],
    });
  });

  test('elsewhere: the application itself', () => {
    expect(parse('app/package.json', '{"name":"shop","version":"0.1.0"}')).toEqual({
      packages: [{ name: 'shop', version: '0.1.0', presence: 'application' }],
      problems: [],
    });
  });

  test.each(['{"name":"shop"}', '{"private":true}', '{', '', '[]', '{"name":1,"version":"1.0.0"}'])(
    'elsewhere, %j says nothing and troubles nobody',
    (content) => {
      expect(parse('app/package.json', content)).toEqual({ packages: [], problems: [] });
    },
  );

  test.each([
    ['{"type":"MIT"}', 'MIT'],
    ['["MIT",{"type":"Apache-2.0"},null,7]', '(MIT OR Apache-2.0)'],
    ['["MIT"]', 'MIT'],
    ['[null]', undefined],
    ['{"type":{}}', undefined],
    ['7', undefined],
    ['""', undefined],
    [JSON.stringify('x'.repeat(1001)), undefined],
    [JSON.stringify(Array(1000).fill('MIT')), undefined],
  ])('license %s', (license, expected) => {
    const [record] = parse(installedPath, `{"name":"a","version":"1.0.0","license":${license}}`).packages;
    expect(record?.license).toBe(expected);
  });

  test('the old licenses field', () => {
    const content = '{"name":"a","version":"1.0.0","licenses":[{"type":"MIT","url":"x"},{"type":"BSD"}]}';
    expect(parse(installedPath, content).packages[0]?.license).toBe('(MIT OR BSD)');
  });

  test('a byte order mark is no obstacle', () => {
    expect(parse(installedPath, '\ufeff{"name":"bom","version":"1.0.0"}')).toEqual({
      packages: [{ name: 'bom', version: '1.0.0', presence: 'installed' }],
      problems: [],
    });
  });

  test('names and versions stay as they are, whatever they hold', () => {
    const name = '\u001b[2J<script>\u202e|`';
    const content = JSON.stringify({ name, version: '1.0.0\n' });
    expect(parse(installedPath, content)).toEqual({
      packages: [{ name, version: '1.0.0\n', presence: 'installed' }],
      problems: [],
    });
  });

  test('a package called __proto__ is a package', () => {
    const content = '{"name":"__proto__","version":"1.0.0","__proto__":{"polluted":true}}';
    expect(parse(installedPath, content).packages).toEqual([
      { name: '__proto__', version: '1.0.0', presence: 'installed' },
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    ['[1,2]', 'package.json is not an object'],
    ['null', 'package.json is not an object'],
    ['{"name":{"a":1},"version":7}', 'package.json has no usable name'],
    ['{"name":"","version":"1.0.0"}', 'package.json has no usable name'],
    ['{"version":"1.0.0"}', 'package.json has no usable name'],
    ['{"name":"a"}', 'package.json has no usable version'],
    ['{"name":"a","version":7}', 'package.json has no usable version'],
    [JSON.stringify({ name: 'a', version: '1'.repeat(1001) }), 'package.json has no usable version'],
    ['['.repeat(201), 'JSON nested deeper than 200 levels'],
    ['', 'not JSON: Unexpected end of JSON input'],
  ])('installed, %s: a problem', (content, message) => {
    expect(parse(installedPath, content)).toEqual(unreadable(installedPath, message));
  });

  test('UTF-16: a problem', () => {
    const { packages, problems } = parse(installedPath, Buffer.from('\ufeff{"name":"a"}', 'utf16le'));
    expect(packages).toEqual([]);
    expect(problems.map(({ code, path }) => [code, path])).toEqual([['npm/unreadable', installedPath]]);
  });

  test('without name and version: no package and no problem', () => {
    expect(parse(installedPath, '{"type":"module"}')).toEqual({ packages: [], problems: [] });
  });

  test('any JSON: records of texts, or a problem', () => {
    const field = fc.oneof(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.record({ name: field, version: field, license: field, licenses: field }), (manifest) => {
        const { packages, problems } = parse(installedPath, JSON.stringify(manifest));
        expect(packages.length + problems.length).toBe(1);
        for (const value of packages.flatMap((record) => Object.values(record))) expect(typeof value).toBe('string');
      }),
    );
  });
});

describe('names elsewhere', () => {
  const record = (name: string, version: string): PackageRecord => ({ name, version, presence: 'installed' });

  test.each([
    ['lodash', '4.17.21', 'pkg:npm/lodash@4.17.21'],
    ['@babel/core', '7.0.0-beta.1', 'pkg:npm/%40babel/core@7.0.0-beta.1'],
    ['JSONStream', '1.3.5+build', 'pkg:npm/JSONStream@1.3.5%2Bbuild'],
    ['@scope', '1.0.0', 'pkg:npm/%40scope@1.0.0'],
    ['a/b', '1.0.0', 'pkg:npm/a%2Fb@1.0.0'],
    ['\u001b[2Jx', '1.0.0\n', 'pkg:npm/%1B%5B2Jx@1.0.0%0A'],
  ])('purl of %j', (name, version, purl) => {
    expect(ecosystem.purl(record(name, version), undefined)).toBe(purl);
  });

  test('advisories go by the name and version as they are', () => {
    expect(ecosystem.advisories(record('@babel/core', '7.0.0'), undefined)).toEqual({
      ecosystem: 'npm',
      name: '@babel/core',
      version: '7.0.0',
    });
  });

  test('the plugin is what it says', () => {
    const { id, database, limit, order } = ecosystem;
    expect({ id, database, limit, order: order.id }).toEqual({
      id: 'npm',
      database: false,
      limit: 67_108_864,
      order: 'semver',
    });
  });
});

describe("an archive of Yarn's cache", () => {
  const path = 'app/.yarn/cache/@s-a-npm-1.0.0-0123456789-abcdef0123.zip';
  const manifest = (name: string, version: string): string => JSON.stringify({ name, version });
  const archive = buildZip([
    { name: 'node_modules/@s/a/' },
    { name: 'node_modules/@s/a/lib/package.json', body: '{"type":"module"}' },
    { name: 'node_modules/@s/a/package.json', body: manifest('@s/a', '1.0.0') },
    { name: 'node_modules/@s/a/node_modules/b/package.json', body: manifest('b', '2.0.0') },
    { name: 'node_modules/@s/a/test/node_modules/c/package.json', body: manifest('c', '3.0.0') },
    { name: 'package.json', body: manifest('d', '4.0.0') },
  ]);

  test('is the package in it, and those bundled in that', () => {
    expect(parse(path, archive)).toEqual({
      packages: [
        { name: '@s/a', version: '1.0.0', presence: 'installed', inside: '!/node_modules/@s/a/package.json' },
        {
          name: 'b',
          version: '2.0.0',
          presence: 'installed',
          inside: '!/node_modules/@s/a/node_modules/b/package.json',
        },
      ],
      problems: [],
    });
  });

  test('that is none is a problem', () => {
    expect(parse(path, 'PK')).toEqual(unreadable(path, 'this is no zip archive: it has no end record'));
    const body = Buffer.alloc(5 * 1024 * 1024, ' ');
    const large = parse(path, buildZip([{ name: 'node_modules/a/package.json', body }]));
    expect(large).toEqual(
      unreadable(path, `the entry of the zip has ${body.length} bytes, more than the limit of ${4 * 1024 * 1024}`),
    );
  });

  test('that holds too much is read no further', () => {
    const body = `{"name":"a","version":"1"}${' '.repeat(3 * 1024 * 1024)}`;
    const many = Array.from({ length: 24 }, (_, i) => ({ name: `node_modules/a${i}/package.json`, body }));
    expect(parse(path, buildZip(many))).toEqual(unreadable(path, 'the archive holds too much to be read'));
  });

  test('with any bytes changed never throws', () => {
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.nat(255), fc.nat(archive.length), (at, byte, end) => {
        const bytes = Buffer.from(archive.subarray(0, Math.max(end, at + 1)));
        bytes[at] = byte;
        const { packages, problems } = parse(path, bytes);
        expect(packages.length).toBeLessThanOrEqual(5);
        expect(problems.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
