import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/cran/index.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'cran');
const installed = 'usr/lib/R/site-library/jsonlite/DESCRIPTION';
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const problem = (path: string, message: string, what = 'unreadable') => ({
  code: `cran/${what}`,
  message,
  path,
  blinding: false,
});
const nothing = { packages: [], problems: [] };

describe('DESCRIPTION', () => {
  test('continued fields, fields that stand twice, and Latin-1', () => {
    const text = `Package: x.y
Version: 1.0-2
Description: Depends on much:
    Version: 9
License:
    M\u00fcller (\u00a9)
Depends: R (>= 3.5), methods,
\tRcpp(>= 1.0) ,Matrix
Imports: stats, Matrix
LinkingTo: BH
Suggests: knitr
Version: 2.0
Built: R 4.2.2; ; 2023-01-01 00:00:00 UTC; unix

Package: other
Version: 3
Built: x
`;
    const expected = {
      packages: [
        {
          name: 'x.y',
          version: '1.0-2',
          presence: 'installed',
          license: 'M\u00fcller (\u00a9)',
          needs: ['Matrix', 'Rcpp'],
        },
      ],
      problems: [],
    };
    expect(parse('opt/renv/R-4.2/x86_64-pc-linux-gnu/x.y/DESCRIPTION', text)).toEqual(expected);
    expect(parse(installed, text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(parse(installed, Buffer.from(text, 'latin1'))).toEqual(expected);
  });

  test.each([
    ['of a source tree', 'Package: x\nVersion: 1.0\n'],
    ['of one that comes with R', 'Package: stats\nVersion: 4.2.2\nPriority: base\nBuilt: R 4.2.2\n'],
  ])('%s is passed over wherever it lies', (_what, text) => {
    expect(parse(installed, text)).toEqual(nothing);
    expect(parse('app/x/DESCRIPTION', text)).toEqual(nothing);
  });

  test.each([
    '',
    '\0',
    'An unnamed repository',
    'Title: x\n',
    'Package: x\nBuilt: R 4.2.2\n',
    'Version: 1\nBuilt: R\n',
  ])('%j is a problem in a library alone', (text) => {
    expect(parse(installed, text)).toEqual({
      packages: [],
      problems: [problem(installed, 'the installed package states no name and version')],
    });
    expect(parse('srv/git/DESCRIPTION', text)).toEqual(nothing);
  });
});

describe('lock files', () => {
  test('renv.lock: keys for names, needs as one text, and entries that say too little', () => {
    const Packages = {
      a: { Version: '1.0', Imports: 'R6, stats', License: 1 },
      b: { Package: 'B', Version: '2.0-1', Requirements: ['R', 'a', 3], License: 'x'.repeat(201) },
      c: { Package: 'c' },
      d: { Package: 4, Version: '1' },
      e: null,
      f: [],
    };
    expect(parse('renv.lock', JSON.stringify({ Packages }))).toEqual({
      packages: [
        { name: 'a', version: '1.0', presence: 'declared', needs: ['R6'] },
        { name: 'B', version: '2.0-1', presence: 'declared', needs: ['a'] },
      ],
      problems: [],
    });
  });

  test.each([
    ['renv.lock', '{}', 'this is not a renv.lock'],
    ['renv.lock', '[]', 'this is not a renv.lock'],
    ['packrat.lock', 'Package: x\nVersion: 1\n', 'this is not a packrat.lock'],
    ['packrat.lock', '\0', 'this is not a packrat.lock'],
  ])('%s of %j is none', (path, text, message) => {
    expect(parse(path, text)).toEqual({ packages: [], problems: [problem(path, message)] });
  });

  test('renv.lock that ends early', () => {
    expect(parse('renv.lock', '{"R": {')).toEqual({
      packages: [],
      problems: [{ ...problem('renv.lock', ''), message: expect.stringMatching(/^not JSON: /) }],
    });
  });

  test.each(['renv.lock', 'packrat.lock'])('%s: too many are cut, and a problem', (path) => {
    const names = Array.from({ length: 100_001 }, (_, i) => `p${i}`);
    const text =
      path === 'renv.lock'
        ? JSON.stringify({ Packages: Object.fromEntries(names.map((name) => [name, { Version: '1' }])) })
        : `PackratFormat: 1.4\n\n${names.map((name) => `Package: ${name}\nVersion: 1\n\n`).join('')}`;
    const { packages, problems } = parse(path, text);
    expect(packages.length).toBe(100_000);
    const message = 'the lock file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([problem(path, message, 'too-many-packages')]);
  });
});

test.each([
  [installed, true],
  ['home/x/R/x86_64-pc-linux-gnu-library/4.2/a/DESCRIPTION', true],
  ['DESCRIPTION', false],
  ['app/xDESCRIPTION', false],
  ['app/renv.lock', true],
  ['app/packrat/packrat.lock', true],
  ['app/xrenv.lock', false],
  ['usr/lib/R/site-library/a/renv.lock', false],
  ['usr/lib/R/library/a/packrat.lock', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test('folder, purl and advisories', () => {
  const record = { name: 'rJava', version: '1.0-4', presence: 'installed' } as const;
  expect(ecosystem.folder?.(installed)).toBe('usr/lib/R/site-library/jsonlite');
  expect(ecosystem.folder?.('app/renv.lock')).toBeUndefined();
  expect(ecosystem.purl(record, undefined)).toBe('pkg:cran/rJava@1.0-4');
  expect(ecosystem.advisories(record, undefined)).toEqual({ ecosystem: 'CRAN', name: 'rJava', version: '1.0-4' });
});

describe('hostile bytes', () => {
  test.each([
    [installed, `r-4.2/in/${installed}`],
    ['renv.lock', 'renv-1/in/app/renv.lock'],
    ['packrat.lock', 'packrat-0.9/in/app/packrat/packrat.lock'],
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

  test.each([',', '(', ' ', 'Depends: a\n', ' a,b\n', '\n', 'Package: a\n\n'])(
    'much of %j takes little time',
    (unit) => {
      const started = performance.now();
      for (const path of [installed, 'packrat.lock']) parse(path, `Built: 1\nDepends: ${unit.repeat(100_000)}`);
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );
});
