import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/hackage/index.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'hackage');
const conf = 'var/lib/ghc/package.conf.d/text-short-0.1.5.conf';
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const problem = (path: string, message: string, what = 'unreadable') => ({
  code: `hackage/${what}`,
  message,
  path,
  blinding: false,
});
const declared = (name: string, version: string) => ({ name, version, presence: 'declared' });

describe("GHC's package database", () => {
  test('a library within a package, and continued fields', () => {
    const text = `name:            z-attoparsec-z-attoparsec-internal
version:         0.14.4
package-name:    attoparsec
lib-name:        attoparsec-internal
License:
    BSD-3-Clause

description:
    name: other
    depends: on nothing
depends:
    array-0.5.4.0 attoparsec-0.14.4-abc
    base-4.15.1.0, text-1.2.5.0-7b2a9c
\tint-cast-0.2.0.0 3d-graphics-examples-0.0.0.2-inplace
    rts builtin_rts
version:         9
`;
    const expected = {
      packages: [
        {
          name: 'attoparsec',
          version: '0.14.4',
          presence: 'installed',
          license: 'BSD-3-Clause',
          needs: ['3d-graphics-examples', 'array', 'base', 'int-cast', 'text'],
        },
      ],
      problems: [],
    };
    expect(parse(conf, text)).toEqual(expected);
    expect(parse(conf, text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test.each(['', 'name: x\n', 'version: 1.0\n', '\0\0', ' name: x\n version: 1\n'])(
    "%j: the file's own name tells it",
    (text) => {
      expect(parse(conf, text)).toEqual({
        packages: [{ name: 'text-short', version: '0.1.5', presence: 'installed' }],
        problems: [problem(conf, 'it names no package and version')],
      });
    },
  );
});

describe('cabal.project.freeze', () => {
  test('pins of every shape, and what pins nothing', () => {
    const text = `active-repositories: hackage.haskell.org:merge
constraints: any.aeson ==2.0.3.0,
             aeson -bytestring-builder +ordered-keymap,
             text ==1.2.5.0, any.setup-helper == 1.0,
             setup.Cabal ==3.4.1.0,
             foo:setup.Cabal ==3.4.1.0,
             any.range >=1.0,
             any.either ==1.0 || ==2.0,
             any.star ==1.*,
             any.empty ==,
             any.aeson ==2.0.3.0,
index-state: hackage.haskell.org ==1.0
             any.later ==1.0
`;
    expect(parse('cabal.project.freeze', text)).toEqual({
      packages: [declared('aeson', '2.0.3.0'), declared('text', '1.2.5.0'), declared('setup-helper', '1.0')],
      problems: [],
    });
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const lines = Array.from({ length: 100_001 }, (_, i) => `  any.p${i} ==1,\n`);
    const { packages, problems } = parse('cabal.project.freeze', `constraints:\n${lines.join('')}`);
    expect(packages.length).toBe(100_000);
    const message = 'the file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([problem('cabal.project.freeze', message, 'too-many-packages')]);
  });
});

describe('stack.yaml.lock', () => {
  test('quotes, archives, and entries that say too little', () => {
    const text = `packages:
- completed:
    hackage: "a-b-1.0@rev:1"
- completed:
    hackage: 'c-2.0'
- completed:
    hackage: nothing
- completed:
    name: d
    version: 3.0
    url: https://example.com/d.tar.gz
    pantry-tree:
      name: wrong
- completed:
    name: e
- original:
    hackage: f-1.0
snapshots:
- completed:
    name: g
    version: 1.0
`;
    const expected = {
      packages: [declared('a-b', '1.0'), declared('c', '2.0'), declared('d', '3.0')],
      problems: [],
    };
    expect(parse('stack.yaml.lock', text)).toEqual(expected);
    expect(parse('stack.yaml.lock', text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const text = `packages:\n${'- completed:\n    hackage: a-1\n'.repeat(100_002)}`;
    const { packages, problems } = parse('stack.yaml.lock', text);
    expect(packages.length).toBe(100_000);
    const message = 'the file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([problem('stack.yaml.lock', message, 'too-many-packages')]);
  });
});

test.each([
  [conf, true],
  ['package.conf.d/x.conf', true],
  ['root/.cabal/store/ghc-9.0.2/package.db/x.conf', true],
  ['root/.stack/snapshots/x86_64-linux/abc/9.0.2/pkgdb/x.conf', true],
  ['var/lib/ghc/package.conf.d/package.cache', false],
  ['etc/xpackage.conf.d/x.conf', false],
  ['etc/package.conf.d/sub/x.conf', false],
  ['etc/nginx/conf.d/x.conf', false],
  ['x.conf', false],
  ['cabal.project.freeze', true],
  ['app/xcabal.project.freeze', false],
  ['app/stack.yaml.lock', true],
  ['app/stack.yaml', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test('purl and advisories', () => {
  const record = { name: 'AC-HalfInteger', version: '1.2.1', presence: 'declared' } as const;
  expect(ecosystem.purl(record, undefined)).toBe('pkg:hackage/AC-HalfInteger@1.2.1');
  expect(ecosystem.advisories(record, undefined)).toEqual({
    ecosystem: 'Hackage',
    name: 'AC-HalfInteger',
    version: '1.2.1',
  });
});

describe('hostile bytes', () => {
  test.each([
    [conf, `ghc-9.0/in/${conf}`],
    ['cabal.project.freeze', 'cabal-3.4/in/app/cabal.project.freeze'],
    ['stack.yaml.lock', 'stack-lock/in/app/stack.yaml.lock'],
  ])('%s: random and mutated bytes never throw', (path, fixture) => {
    const good = readFileSync(join(fixtures, fixture));
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(good.length))
      .map(([at, bytes, end]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at, end)]));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { packages, problems } = parse(path, Buffer.from(bytes));
        return packages.length <= 20 && problems.length <= 1;
      }),
      { numRuns: 500 },
    );
  });

  test.each([',', '-', '- ', '1-', ' ', '==', ':', 'depends: a-1\n', ' a-1\n', '\n'])(
    'much of %j takes little time',
    (unit) => {
      const started = performance.now();
      parse(conf, `depends: ${unit.repeat(100_000)}`);
      parse('cabal.project.freeze', `constraints: ${unit.repeat(100_000)}`);
      parse('stack.yaml.lock', `packages:\n- completed:\n    hackage: ${unit.repeat(100_000)}`);
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );
});
