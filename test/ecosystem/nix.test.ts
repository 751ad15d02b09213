import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/nix.ts';
import type { PackageRecord } from '../../src/model/package.ts';

const hash = '8afczxq3d7vbhzhkkw5j3d90blfna9rz';

function parse(path: string) {
  return ecosystem.parse({ path, bytes: Buffer.alloc(0), size: 0, mode: 0o755 });
}

/** What a folder of this name in the store is. */
function said(name: string): readonly PackageRecord[] {
  const path = `nix/store/${hash}-${name}`;
  expect(ecosystem.claimsFolder?.(path)).toBe(true);
  const { packages, problems } = parse(path);
  expect(problems).toEqual([]);
  return packages;
}

describe('folders of the store', () => {
  test.each([
    ['hello-2.12.1', 'hello', '2.12.1', undefined],
    ['python3.11-requests-2.31.0', 'python3.11-requests', '2.31.0', undefined],
    ['glibc-2.38-44', 'glibc', '2.38-44', undefined],
    ['glibc-2.38-44-bin', 'glibc', '2.38-44', 'bin'],
    ['openssl-3.0.13-dev', 'openssl', '3.0.13', 'dev'],
    ['gcc-13.2.0-libgcc', 'gcc', '13.2.0', 'libgcc'],
    ['x-2.0-beta', 'x', '2.0-beta', undefined],
    ['x-unstable-2023-01-02', 'x-unstable', '2023-01-02', undefined],
    ['gtk+-3.24.41', 'gtk+', '3.24.41', undefined],
    ['x-1', 'x', '1', undefined],
    ['bin-1', 'bin', '1', undefined],
    ['x-1-bin-dev', 'x', '1-bin', 'dev'],
  ])('%s', (name, program, version, arch) => {
    expect(said(name)).toEqual([{ name: program, version, presence: 'installed', ...(arch ? { arch } : {}) }]);
  });

  test.each([
    ...['source', 'hello', 'system-path', 'hello-2.12.drv', 'fix-1.patch', 'x-1.0.tar.gz', 'etc-1.conf', '-1.0'],
    ...['python3-3.11.8-env', 'hello-2.12-source', 'x-a1'],
  ])('are no package: %s', (name) => {
    expect(said(name)).toEqual([]);
  });

  test.each([
    `nix/store/${hash}`,
    `nix/store/${hash}_hello-2.12`,
    `nix/store/${hash.slice(1)}-hello-2.12`,
    `nix/store/${hash}a-hello-2.12`,
    `nix/store/${hash}-hello-2.12/bin`,
    `srv/nix/store/${hash}-hello-2.12`,
    'nix/store/.links',
    'nix/store',
    ...['e', 'o', 'u', 't', 'A', '-', '\u0130'].map((letter) => `nix/store/${hash.replace('z', letter)}-hello-2.12`),
  ])('are others: %s', (path) => {
    expect(ecosystem.claimsFolder?.(path)).toBe(false);
    expect(ecosystem.folder?.(path)).toBeUndefined();
  });

  test.each(['', 'hello 2.12', 'x\u00e9-1', 'x/1'.replace('/', '\\'), `${'x'.repeat(210)}-1`])(
    'that Nix never made are a problem: %j',
    (name) => {
      const path = `nix/store/${hash}-${name}`;
      expect(ecosystem.claimsFolder?.(path)).toBe(true);
      const message = 'the folder of the Nix store has a name that Nix gives to none; it may be a package';
      expect(parse(path)).toEqual({
        packages: [],
        problems: [{ code: 'nix/unreadable', message, path, blinding: false }],
      });
    },
  );

  test('whatever they are called, nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (name) => {
        const path = `nix/store/${hash}-${name}`;
        const { packages, problems } = parse(path);
        expect(packages.length + problems.length).toBeLessThanOrEqual(1);
        for (const record of packages) expect(record.name).not.toBe('');
        expect(ecosystem.claims(path, { size: 1, mode: 0o755 })).toBe(false);
      }),
    );
  });
});

test('what is in the folder is the package\u2019s', () => {
  expect(ecosystem.folder?.(`nix/store/${hash}-hello-2.12`)).toBe(`nix/store/${hash}-hello-2.12`);
});

test('the purl, and no advisories', () => {
  const record: PackageRecord = { name: 'openssl', version: '3.0.13', presence: 'installed', arch: 'bin' };
  expect(ecosystem.purl(record, undefined)).toBe('pkg:nix/openssl@3.0.13?output=bin');
  expect(ecosystem.purl({ ...record, name: 'gtk+', arch: '' }, undefined)).toBe('pkg:nix/gtk%2B@3.0.13');
  expect(ecosystem.advisories(record, undefined)).toBeUndefined();
});
