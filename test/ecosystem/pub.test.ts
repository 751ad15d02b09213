import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/pub/index.ts';

const app = join(import.meta.dirname, '..', 'fixtures', 'pub', 'pub-3.5', 'in');
const cached = 'root/.pub-cache/hosted/pub.dev/http_parser-4.0.2/pubspec.yaml';
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const digest = 'ab'.repeat(32);

describe('pubspec.lock', () => {
  test('with comments, other quotes and digests that are none', () => {
    const text = `packages:
  # a comment
  a:
    dependency: 'direct main'   # why
    description: {name: a, url: "https://pub.dev"}
    source: hosted
    version: "1.0.0"
  b:
    dependency: "direct dev"
    description:
      name: b
      sha256: "${digest.toUpperCase()}"
    source: hosted
    version: 2.0.0+1 # not quoted
  c:
    description:
      sha256: "${digest.slice(1)}"
    version: '3.0.0-dev'
  no_version:
    source: hosted
  no_number:
    version: any
sdks:
  dart: ">=3.0.0"
`;
    const expected = {
      packages: [
        { name: 'a', version: '1.0.0', presence: 'declared' },
        { name: 'b', version: '2.0.0+1', presence: 'declared', hashes: [`sha256:${digest}`], dev: true },
        { name: 'c', version: '3.0.0-dev', presence: 'declared' },
      ],
      problems: [],
    };
    expect(parse('app/pubspec.lock', text)).toEqual(expected);
    expect(parse('pubspec.lock', `\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(expected);
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const text = `packages:\n${'  a:\n    version: "1.0.0"\n'.repeat(100_001)}`;
    const { packages, problems } = parse('pubspec.lock', text);
    expect(packages.length).toBe(100_000);
    expect(problems).toEqual([
      {
        code: 'pub/too-many-packages',
        message: 'the file names more than 100000 packages; the rest is left out',
        path: 'pubspec.lock',
        blinding: false,
      },
    ]);
  });
});

describe("pub's cache", () => {
  test("a pubspec's own needs, of any kind, and not those of development", () => {
    const text = `name: "x"
version: 1.0.0-dev.2
dependencies:
    flutter:
        sdk: flutter
    http: ^1.0.0
    local: {path: ../local}
dependency_overrides:
    meta: any
dev_dependencies:
    test: any
`;
    expect(parse('.pub-cache/hosted/pub.dev/y-9.9.9/pubspec.yaml', text)).toEqual({
      packages: [{ name: 'x', version: '1.0.0-dev.2', presence: 'installed', needs: ['flutter', 'http', 'local'] }],
      problems: [],
    });
  });

  test('neither a name in the file nor one in the folder: a problem alone', () => {
    expect(parse('.pub-cache/hosted/pub.dev/latest/pubspec.yaml', 'description: x')).toEqual({
      packages: [],
      problems: [
        {
          code: 'pub/unreadable',
          message: 'it names no package and version',
          path: '.pub-cache/hosted/pub.dev/latest/pubspec.yaml',
          blinding: false,
        },
      ],
    });
  });
});

test.each([
  ['pubspec.lock', true],
  ['app/pubspec.lock', true],
  ['app/xpubspec.lock', false],
  ['app/pubspec.lock/x', false],
  ['root/.pub-cache/hosted/pub.dev/a-1.0.0/pubspec.lock', false],
  ['root/.pub-cache/git/a-0a1b/pubspec.lock', false],
  ['app/node_modules/a/pubspec.lock', false],
  [cached, true],
  ['.pub-cache/hosted/pub.dartlang.org/a-1.0.0/pubspec.yaml', true],
  ['root/.pub-cache/hosted/pub.dev/a-1.0.0/example/pubspec.yaml', false],
  ['root/.pub-cache/hosted/pub.dev/pubspec.yaml', false],
  ['root/x.pub-cache/hosted/pub.dev/a-1.0.0/pubspec.yaml', false],
  ['app/pubspec.yaml', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test('folder, purl and advisories', () => {
  const record = { name: 'Http-Parser', version: '4.0.2+1', presence: 'declared' } as const;
  expect(ecosystem.folder?.(cached)).toBe('root/.pub-cache/hosted/pub.dev/http_parser-4.0.2');
  expect(ecosystem.folder?.('app/pubspec.lock')).toBeUndefined();
  expect(ecosystem.purl(record, undefined)).toBe('pkg:pub/http_parser@4.0.2%2B1');
  expect(ecosystem.advisories(record, undefined)).toEqual({
    ecosystem: 'Pub',
    name: 'Http-Parser',
    version: '4.0.2+1',
  });
});

describe('hostile bytes', () => {
  test.each(['app/pubspec.lock', cached])('%s: random and mutated bytes never throw', (path) => {
    const good = readFileSync(join(app, path));
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(good.length))
      .map(([at, bytes, end]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at, end)]));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 500 })), (bytes) => {
        const { packages, problems } = parse(path, Buffer.from(bytes));
        return packages.length <= 20 && problems.length <= 1;
      }),
      { numRuns: 500 },
    );
  });

  test.each([': ', 'a: ', '  a:\n', ' ', 'a', '"', '\n'])('much of %j takes little time', (unit) => {
    const started = performance.now();
    parse('pubspec.lock', `packages:\n  a:\n${unit.repeat(100_000)}`);
    parse(cached, `dependencies:\n${unit.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
