import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/npm/index.ts';
import { integrityHashes } from '../../src/ecosystem/npm/integrity.ts';
import { plainJson } from '../../src/ecosystem/npm/jsonc.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'npm');
const bunLock = readFileSync(join(fixtures, 'bun-1.4', 'in', 'app', 'bun.lock'));
const denoLock = readFileSync(join(fixtures, 'deno-2.9', 'in', 'app', 'deno.lock'));
const parse = (name: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path: `app/${name}`, bytes, size: bytes.length, mode: 0o644 });
};
const declared = (name: string, content: string | Buffer): string[] => {
  const { packages, problems } = parse(name, content);
  expect(problems).toEqual([]);
  return packages.map((p) => `${p.name}@${p.version}${p.presence === 'declared' ? '' : ` ${p.presence}`}`);
};
const unreadable = (name: string, message: string) => ({
  packages: [],
  problems: [{ code: 'npm/unreadable', message, path: `app/${name}`, blinding: false }],
});
const sha512 = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const hex512 = `sha512:${'07'.repeat(64)}`;

describe('integrity', () => {
  test.each([
    [sha512, [hex512]],
    [`sha1-${Buffer.alloc(20, 1).toString('base64')}`, [`sha1:${'01'.repeat(20)}`]],
    [`${sha512}?opt sha256-${Buffer.alloc(32, 2).toString('base64')}`, [hex512, `sha256:${'02'.repeat(32)}`]],
    [`sha384-${Buffer.alloc(48).toString('base64')}`, [`sha384:${'00'.repeat(48)}`]],
    ['sha512-AAAA', undefined],
    ['md5-AAAAAAAAAAAAAAAAAAAAAA==', undefined],
    ['-', undefined],
    ['', undefined],
    [`${sha512} ${'x'.repeat(1000)}`, undefined],
    [7, undefined],
  ])('%j', (text, hashes) => {
    expect(integrityHashes(text)).toEqual(hashes);
  });
});

describe('JSON with comments', () => {
  test.each([
    ['{"a":[1,2,],}', { a: [1, 2] }],
    ['// x\n{/* , } */"a": 1 /* y */ , // z\n}', { a: 1 }],
    ['{"a":"//,}","b":"\\",]"}', { a: '//,}', b: '",]' }],
    ['[1 , \n ]', [1]],
    ['[[],{},]', [[], {}]],
  ])('%s', (text, value) => {
    expect(JSON.parse(plainJson(Buffer.from(text)).toString())).toEqual(value);
  });

  test.each(['[1,,]', '[,]x', '/', '/*', '"', '"\\', '[1 2,]'])('%s stays what it is: no JSON', (text) => {
    expect(() => JSON.parse(plainJson(Buffer.from(text)).toString())).toThrow(SyntaxError);
  });

  test('any JSON stays the same, and the input is left alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const before = Buffer.from(bytes);
        expect(JSON.parse(plainJson(bytes).toString())).toEqual(JSON.parse(before.toString()));
        expect(bytes.equals(before)).toBe(true);
      }),
    );
  });
});

describe('bun.lock', () => {
  test('packages of every kind of source', () => {
    const lock = `{
      // a comment
      "lockfileVersion": 1,
      "workspaces": {
        "": { "name": "root", "dependencies": { "a": "1" }, },
        "packages/lib": { "name": "@own/lib", "version": "0.2.0", "dependencies": { "c": "npm:real@1" }, },
        "odd": 7,
      },
      "packages": {
        "a": ["a@1.0.0", "", { "dependencies": { "b": "^2" }, "optionalDependencies": { "d": "1" }, "peerDependencies": { "p": "1" } }, "${sha512}"],
        "a/b": ["b@2.0.0", "https://npm.example/b.tgz", {}, "sha512-short"],
        "alias": ["@s/real@3.0.0-rc.1", "", {}],
        "git": ["git@github:owner/git#abc", {}, "owner-git-abc"],
        "own": ["@own/lib@workspace:packages/lib"],
        "tar": ["tar@https://host.example/tar.tgz", {}, "sha512-x"],
        "none": ["none"],
        "empty": [],
        "odd": "a@1.0.0",
        "number": [7],
      },
    }`;
    expect(parse('bun.lock', lock)).toEqual({
      packages: [
        { name: '@own/lib', version: '0.2.0', presence: 'application', needs: ['real'] },
        { name: 'a', version: '1.0.0', presence: 'declared', hashes: [hex512], needs: ['b', 'd'] },
        { name: 'b', version: '2.0.0', presence: 'declared' },
        { name: '@s/real', version: '3.0.0-rc.1', presence: 'declared' },
      ],
      problems: [],
    });
  });

  test.each([
    ['', 'not JSON: Unexpected end of JSON input'],
    ['[]', 'this is not a bun.lock'],
    ['{"packages":{}}', 'this is not a bun.lock'],
    ['['.repeat(201), 'JSON nested deeper than 200 levels'],
  ])('%.20j: a problem', (content, message) => {
    expect(parse('bun.lock', content)).toEqual(unreadable('bun.lock', message));
  });

  test('the binary one is a problem, whatever it holds', () => {
    const message = 'bun.lockb is binary and is not read; `bun install --save-text-lockfile` writes a bun.lock';
    expect(parse('bun.lockb', '')).toEqual(unreadable('bun.lockb', message));
  });
});

describe('deno.lock', () => {
  test.each([
    ['{"version":"2","npm":{"specifiers":{},"packages":{"a@1.0.0":{"dependencies":{"b":"b@2.0.0"}}}}}', ['a@1.0.0']],
    ['{"version":"3","packages":{"npm":{"@s/a@1.0.0_peer@2.0.0":{},"b@2.0.0":null}}}', ['@s/a@1.0.0']],
    ['{"version":"4","jsr":{"@std/fs@1.0.0":{}},"npm":{"a_b@1.0.0_c@1_d@2":{},"odd":{}}}', ['a_b@1.0.0']],
    ['{"https://host.example/mod.ts":"abc"}', []],
    ['{}', []],
  ])('%s', (content, expected) => {
    expect(declared('deno.lock', content)).toEqual(expected);
  });

  test('what it needs is a list or a map', () => {
    const four = { version: '5', npm: { 'a@1.0.0': { integrity: sha512, dependencies: ['ms@2.0.0', '@s/b', 7] } } };
    const three = { version: '3', packages: { npm: { 'a@1.0.0': { dependencies: { ms: 'ms@2.0.0' } } } } };
    const record = { name: 'a', version: '1.0.0', presence: 'declared' };
    const expected = { ...record, hashes: [hex512], needs: ['@s/b', 'ms'] };
    expect(parse('deno.lock', JSON.stringify(four)).packages).toEqual([expected]);
    expect(parse('deno.lock', JSON.stringify(three)).packages).toEqual([{ ...record, needs: ['ms'] }]);
  });
});

describe('what other lock files say besides', () => {
  const record = (name: string, more: object) => ({ name, version: '1.0.0', presence: 'declared', ...more });

  test('package-lock.json: licence, digest, needs, and bundled packages like others', () => {
    const lock = {
      packages: {
        'node_modules/a': { version: '1.0.0', license: 'MIT', integrity: sha512, dependencies: { c: '1', b: '1' } },
        'node_modules/a/node_modules/b': {
          version: '1.0.0',
          inBundle: true,
          license: 7,
          optionalDependencies: { d: '1' },
        },
      },
    };
    expect(parse('package-lock.json', JSON.stringify(lock)).packages).toEqual([
      record('a', { license: 'MIT', hashes: [hex512], needs: ['b', 'c'] }),
      record('b', { needs: ['d'] }),
    ]);
    const old = {
      lockfileVersion: 1,
      dependencies: {
        a: {
          version: '1.0.0',
          integrity: sha512,
          requires: { b: '1' },
          dependencies: { c: { version: '1.0.0', bundled: true } },
        },
      },
    };
    expect(parse('package-lock.json', JSON.stringify(old)).packages).toEqual([
      record('a', { hashes: [hex512], needs: ['b'] }),
      record('c', {}),
    ]);
  });

  test('yarn.lock of both kinds', () => {
    const one = `# yarn lockfile v1

a@^1:
  version "1.0.0"
  resolved "https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#${'0a'.repeat(20)}"
  dependencies:
    b "^1"
    "@s/c" "^2"
  optionalDependencies:
    d "1"
"b@1":
  version "1.0.0"
  resolved "x"
  integrity ${sha512}
`;
    expect(parse('yarn.lock', one).packages).toEqual([
      record('a', { hashes: [`sha1:${'0a'.repeat(20)}`], needs: ['@s/c', 'b', 'd'] }),
      record('b', { hashes: [hex512] }),
    ]);
    const berry = `__metadata:
  version: 8

"a@npm:^1":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    "@s/c": "npm:^2"
    b: "npm:^1"
  peerDependencies:
    p: "*"
  checksum: 10c0/${'0a'.repeat(64)}
`;
    expect(parse('yarn.lock', berry).packages).toEqual([record('a', { needs: ['@s/c', 'b'] })]);
  });

  test('pnpm-lock.yaml before and from version 9', () => {
    const six = `lockfileVersion: '6.0'
packages:
  /a@1.0.0:
    resolution: {integrity: ${sha512}, tarball: x}
    dependencies:
      b: 1.0.0
      '@s/c': 2.0.0
    dev: false
  /b@1.0.0:
    resolution:
      integrity: ${sha512}
    optionalDependencies:
      d: 1.0.0
`;
    expect(parse('pnpm-lock.yaml', six).packages).toEqual([
      record('a', { hashes: [hex512], needs: ['@s/c', 'b'] }),
      record('b', { hashes: [hex512], needs: ['d'] }),
    ]);
    const nine = `lockfileVersion: '9.0'
packages:
  a@1.0.0:
    resolution: {integrity: ${sha512}}
snapshots:
  a@1.0.0(p@1.0.0):
    dependencies:
      b: 1.0.0
  a@1.0.0(p@2.0.0):
    dependencies:
      c: 1.0.0
  unknown@1.0.0:
    dependencies:
      b: 1.0.0
`;
    expect(parse('pnpm-lock.yaml', nine).packages).toEqual([record('a', { hashes: [hex512], needs: ['b'] })]);
  });
});

describe('places', () => {
  const claims = (path: string): boolean => ecosystem.claims(path, { size: 10, mode: 0o644 });

  test.each([
    'deno-dir/npm/registry.npmjs.org/a/1.0.0/package.json',
    'npm/registry.npmjs.org/@s/a/1.0.0/package.json',
    'root/.bun/install/cache/a@1.0.0@@@1/package.json',
    '.bun/install/cache/@s/a@1.0.0@@@1/package.json',
    'app/bun.lock',
    'bun.lockb',
    'app/deno.lock',
    'app/vendor/package-lock.json',
    'app/vendor/ui/package-lock.json',
  ])('%s', (path) => {
    expect(claims(path)).toBe(true);
  });

  test.each([
    'deno-dir/npm/registry.npmjs.org/a/1.0.0/lib/package.json',
    'deno-dir/npm/registry.npmjs.org/a/package.json',
    'deno-dir/npm/registry.npmjs.org/@s/a/package.json',
    'root/.bun/install/cache/@s/package.json',
    'root/.bun/install/cache/package.json',
    'root/.bun/install/cache/a@1.0.0@@@1/lib/package.json',
    'root/.bun/install/cache/a@1.0.0@@@1/yarn.lock',
    'app/vendor/maker/ui/package-lock.json',
    'usr/lib/python3/dist-packages/x/yarn.lock',
    'usr/lib/ruby/gems/3.2.0/gems/x-1/yarn.lock',
    'app/node_modules/a/bun.lockb',
    'app/xbun.lock',
    'app/bun.lock.bak',
  ])('not %s', (path) => {
    expect(claims(path)).toBe(false);
  });

  test('a package in a cache is installed, and its folder is its own', () => {
    const path = 'deno-dir/npm/registry.npmjs.org/@s/a/1.0.0/package.json';
    const bytes = Buffer.from('{"name":"@s/a","version":"1.0.0"}');
    expect(ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 }).packages).toEqual([
      { name: '@s/a', version: '1.0.0', presence: 'installed' },
    ]);
    expect(ecosystem.folder?.(path)).toBe('deno-dir/npm/registry.npmjs.org/@s/a/1.0.0');
  });

  test.each([
    ['app/node_modules/@s/a/package.json', 'app/node_modules/@s/a'],
    ['node_modules/a/package.json', 'node_modules/a'],
    ['app/node_modules/.store/a-npm-1/package/package.json', 'app/node_modules/.store/a-npm-1/package'],
    ['app/package.json', undefined],
    ['package.json', undefined],
    ['app/yarn.lock', undefined],
    ['app/.yarn/cache/a.zip', undefined],
  ])('the folder of %s', (path, folder) => {
    expect(ecosystem.folder?.(path)).toBe(folder);
  });

  test('what a package.json needs, under its real name', () => {
    const content = JSON.stringify({
      name: 'a',
      version: '1.0.0',
      dependencies: { z: '1', old: 'npm:ms@2', scoped: 'npm:@s/x@1', bare: 'npm:y' },
      optionalDependencies: { fsevents: '2', z: '1' },
      peerDependencies: { p: '1' },
      devDependencies: { d: '1' },
    });
    const path = 'node_modules/a/package.json';
    const bytes = Buffer.from(content);
    const [record] = ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 }).packages;
    expect(record?.needs).toEqual(['@s/x', 'fsevents', 'ms', 'y', 'z']);
  });
});

describe('hostile and large files', () => {
  test.each([
    ['bun.lock', bunLock],
    ['deno.lock', denoLock],
  ])('%s: any bytes give bounded records or one problem', (name, original) => {
    const edits = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 6 });
    const mutated = fc.tuple(edits, fc.nat(40)).map(([changes, cut]) => {
      const bytes = Buffer.from(original.subarray(0, original.length - cut));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        const { packages, problems } = parse(name, bytes);
        expect(problems.length === 0 || (problems.length === 1 && packages.length === 0)).toBe(true);
        for (const { name: own, version } of packages) expect(own.length * version.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test('a bun.lock of megabytes takes linear time', () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => `"p${i}": ["p${i}@1.0.${i}", "", {}, "${sha512}"],`);
    const started = process.cpuUsage();
    expect(declared('bun.lock', `{"lockfileVersion":1,"packages":{${entries.join('\n')}}}`).length).toBe(20_000);
    for (const text of ['/*', '//', ',', '",', '/', '[,']) parse('bun.lock', text.repeat(1_000_000));
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(4000);
  });
});
