import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/conan.ts';
import type { PackageRecord } from '../../src/model/package.ts';

const path = 'src/conan.lock';
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'conan');

function parse(content: Buffer | string) {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function warningOf(message: string, code = 'conan/unreadable') {
  return { code, message, path, blinding: false };
}

function declared(name: string, version: string, more: Partial<PackageRecord> = {}): PackageRecord {
  return { name, version, presence: 'declared', ...more };
}

describe('conan.lock', () => {
  test('of Conan 2 names references, with or without revisions and binaries', () => {
    const lock = {
      version: '0.5',
      requires: [
        'zlib/1.3.1#rev%12.5',
        ['fmt/9.0.0#rev', { package: null }],
        'boost/1.80.0@user/channel',
        'cmake/3.28.1',
      ],
      build_requires: ['cmake/3.28.1', 'ninja/1.11.1#rev:package'],
      python_requires: ['tool/cci.20200203'],
    };
    expect(parse(JSON.stringify(lock))).toEqual({
      packages: [
        ...[
          declared('zlib', '1.3.1'),
          declared('fmt', '9.0.0'),
          declared('boost', '1.80.0'),
          declared('cmake', '3.28.1'),
        ],
        ...[declared('ninja', '1.11.1', { dev: true }), declared('tool', 'cci.20200203', { dev: true })],
      ],
      problems: [],
    });
  });

  test('of Conan 1 is a graph: what only the build reaches is for development', () => {
    const nodes = {
      0: { ref: null, requires: ['1'], build_requires: ['3'], path: 'conanfile.txt' },
      1: { pref: 'openssl/1.1.1k#rev:pkg#prev', requires: ['2', '9', 7] },
      2: { ref: 'zlib/1.2.11', requires: ['1'] },
      3: { ref: 'cmake/3.20.1@', requires: ['4'] },
      4: { ref: 'curl/7.80.0', requires: ['2'] },
      5: 'nothing',
    };
    expect(parse(JSON.stringify({ graph_lock: { nodes }, version: '0.4' }))).toEqual({
      packages: [
        declared('openssl', '1.1.1k', { needs: ['zlib'] }),
        declared('zlib', '1.2.11', { needs: ['openssl'] }),
        declared('cmake', '3.20.1', { needs: ['curl'], dev: true }),
        declared('curl', '7.80.0', { needs: ['zlib'], dev: true }),
      ],
      problems: [warningOf('1 reference of the lock file can not be read')],
    });
  });

  test.each([
    ['{}', 'the lock file has neither a graph nor requirements'],
    ['[]', 'the lock file has neither a graph nor requirements'],
    ['{"version":"0.5"}', 'the lock file has neither a graph nor requirements'],
    ['', 'not JSON: Unexpected end of JSON input'],
  ])('is no other file: %s', (text, message) => {
    expect(parse(text)).toEqual({ packages: [], problems: [warningOf(message)] });
  });

  test('names no more packages than the limit', () => {
    const requires = Array.from({ length: 100_001 }, (_, i) => `p/${i}`);
    const { packages, problems } = parse(JSON.stringify({ version: '0.5', requires }));
    expect(packages.length).toBe(100_000);
    const message = 'the lock file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([warningOf(message, 'conan/too-many-packages')]);
  });

  test('with a graph that runs in circles or names one long reference often ends', () => {
    const long = `a/${'1'.repeat(1_000_000)}`;
    const nodes = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, i) => [i, { ref: `p/${i}`, requires: ['x', `${i + 1}`, '0'] }]),
    );
    const { packages, problems } = parse(JSON.stringify({ graph_lock: { nodes: { ...nodes, x: { ref: long } } } }));
    expect(packages.length).toBe(2_000);
    expect(problems).toEqual([warningOf('1 reference of the lock file can not be read')]);
  });
});

test('which files are read', () => {
  const claims = (name: string) => ecosystem.claims(name, { size: 1000, mode: 0o644 });
  expect(['conan.lock', 'app/conan.lock', path].filter((name) => !claims(name))).toEqual([]);
  const others = [
    'myconan.lock',
    'app/conan.lock.bak',
    'root/.conan2/p/x/e/conan.lock',
    'app/node_modules/x/conan.lock',
    'x',
  ];
  expect(others.filter(claims)).toEqual([]);
});

test('purl and advisories', () => {
  const found = declared('openssl', '1.1.1k');
  expect(ecosystem.purl(found, undefined)).toBe('pkg:conan/openssl@1.1.1k');
  expect(ecosystem.advisories(found, undefined)).toEqual({
    ecosystem: 'ConanCenter',
    name: 'openssl',
    version: '1.1.1k',
  });
});

test.each(['conan-2.34', 'conan-1.66'])('mutations of the lock file of %s never throw', (name) => {
  const bytes = readFileSync(join(fixtures, name, 'in', 'src', 'conan.lock'));
  const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
  const random = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const mutated = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Buffer.from(bytes);
    for (const { at, value } of changes) copy[at] = value;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(mutated, random), (body) => {
      const { packages, problems } = parse(body);
      expect(packages.length).toBeLessThanOrEqual(10);
      expect(packages.every((found) => !/[\s\0/]/.test(found.name + found.version))).toBe(true);
      expect(problems.every(({ message, blinding }) => !blinding && !message.includes('\n'))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
