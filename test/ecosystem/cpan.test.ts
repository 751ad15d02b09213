import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distribution } from '../../src/ecosystem/cpan/distribution.ts';
import { ecosystem } from '../../src/ecosystem/cpan/index.ts';

const app = join(import.meta.dirname, '..', 'fixtures', 'cpan', 'carton-1.0', 'in', 'app');
const installed = 'local/lib/perl5/x86_64-linux-gnu-thread-multi/.meta/Greeter-Polite-1.0203/MYMETA.json';
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const problem = (path: string, message: unknown, what = 'unreadable') => ({
  code: `cpan/${what}`,
  message,
  path,
  blinding: false,
});

test.each([
  ['libwww-perl-6.76', 'libwww-perl', '6.76'],
  ['Counter-v1.2.3', 'Counter', 'v1.2.3'],
  ['Foo-Bar-0.01-TRIAL', 'Foo-Bar', '0.01-TRIAL'],
  ['Foo-v2-1.0_01', 'Foo-v2', '1.0_01'],
  ['perl-5.36.0', 'perl', '5.36.0'],
])('the distribution %s is %s, %s', (text, name, version) => {
  expect(distribution(text)).toEqual({ name, version });
});

test.each(['', '-', 'Foo', 'Foo-', '-1.0', 'Foo-v', 'Foo-vx', 'Foo-bar', `F-${'1'.repeat(1001)}`])(
  '%.20s is no distribution with a version',
  (text) => {
    expect(distribution(text)).toBeUndefined();
  },
);

describe('MYMETA.json', () => {
  test.each([
    [
      { name: 'A::B', version: 1.5, license: ['perl_5', 'mit', 3] },
      { name: 'A-B', version: '1.5', license: 'perl_5, mit' },
    ],
    [
      { name: 'A', version: 'v1.2', license: 'perl' },
      { name: 'A', version: 'v1.2', license: 'perl' },
    ],
    [
      { name: 'A', version: '1', license: ['unknown'] },
      { name: 'A', version: '1' },
    ],
    [
      { name: 'A', version: '1', license: ['x'.repeat(201)] },
      { name: 'A', version: '1' },
    ],
  ])('%j', (meta, expected) => {
    expect(parse(installed, JSON.stringify(meta))).toEqual({
      packages: [{ ...expected, presence: 'installed' }],
      problems: [],
    });
  });

  test.each(['{}', '[]', 'null', '{"name":"A"}', '{"name":{},"version":"1"}', '{"name":"","version":"1"}'])(
    "%s: the folder's name tells it",
    (text) => {
      expect(parse(installed, text)).toEqual({
        packages: [{ name: 'Greeter-Polite', version: '1.0203', presence: 'installed' }],
        problems: [problem(installed, 'it names no distribution and version')],
      });
    },
  );

  test('that is no JSON, in a folder that names nothing', () => {
    const path = '.meta/latest/MYMETA.json';
    expect(parse(path, '{')).toEqual({
      packages: [],
      problems: [problem(path, expect.stringMatching(/^not JSON: /))],
    });
  });
});

describe('cpanfile.snapshot', () => {
  test('distributions of its section alone', () => {
    const text = `# carton snapshot format: version 1.0
  Early-1.0
DISTRIBUTIONS
  A-B-1.0
    pathname: X/XY/XYZ/A-B-1.0.tar.gz
    requirements:
      Other-2.0 0
  NoVersion
  C-v2.0.1
OTHERS
  D-1.0
`;
    const expected = {
      packages: [
        { name: 'A-B', version: '1.0', presence: 'declared' },
        { name: 'C', version: 'v2.0.1', presence: 'declared' },
      ],
      problems: [],
    };
    expect(parse('cpanfile.snapshot', text)).toEqual(expected);
    expect(parse('cpanfile.snapshot', text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test('as Carton writes it', () => {
    expect(parse('app/cpanfile.snapshot', readFileSync(join(app, 'cpanfile.snapshot')))).toEqual({
      packages: [
        { name: 'Counter', version: 'v1.2.3', presence: 'declared' },
        { name: 'Greeter-Polite', version: '1.0203', presence: 'declared' },
      ],
      problems: [],
    });
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const { packages, problems } = parse('cpanfile.snapshot', `DISTRIBUTIONS\n${'  A-1\n'.repeat(100_001)}`);
    expect(packages.length).toBe(100_000);
    const message = 'the snapshot names more than 100000 distributions; the rest is left out';
    expect(problems).toEqual([problem('cpanfile.snapshot', message, 'too-many-packages')]);
  });
});

test.each([
  [installed, true],
  ['.meta/A-1/MYMETA.json', true],
  ['app/MYMETA.json', false],
  ['app/.meta/MYMETA.json', false],
  ['app/.meta/A-1/sub/MYMETA.json', false],
  ['app/x.meta/A-1/MYMETA.json', false],
  ['.meta/A-1/xMYMETA.json', false],
  ['cpanfile.snapshot', true],
  ['app/cpanfile.snapshot', true],
  ['app/xcpanfile.snapshot', false],
  ['app/cpanfile', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test('purl, and no advisories', () => {
  const record = { name: 'URI-PackageURL', version: '2.22', presence: 'installed' } as const;
  expect(ecosystem.purl(record, undefined)).toBe('pkg:cpan/URI-PackageURL@2.22');
  expect(ecosystem.advisories(record, undefined)).toBeUndefined();
});

describe('hostile bytes', () => {
  test.each([installed, 'cpanfile.snapshot'])('%s: random and mutated bytes never throw', (path) => {
    const good = readFileSync(join(app, path));
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(good.length))
      .map(([at, bytes, end]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at, end)]));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { packages, problems } = parse(path, Buffer.from(bytes));
        return packages.length <= 10 && problems.length <= 1;
      }),
      { numRuns: 500 },
    );
  });

  test.each(['-', '-1', ' ', '\n', '  -\n', '  A-1\n'])('much of %j takes little time', (unit) => {
    const started = performance.now();
    parse('cpanfile.snapshot', `DISTRIBUTIONS\n  ${unit.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
