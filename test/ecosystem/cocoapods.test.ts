import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/cocoapods/index.ts';

const fixture = join(
  import.meta.dirname,
  '..',
  'fixtures',
  'cocoapods',
  'cocoapods-1.12',
  'in',
  'app/ios/Podfile.lock',
);
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const problem = (message: string, what = 'unreadable') => ({
  code: `cocoapods/${what}`,
  message,
  path: 'Podfile.lock',
  blinding: false,
});

describe('Podfile.lock', () => {
  test('quotes, subspecs, local pods, and lines that name none', () => {
    const text = `PODS:
  - "A+B (1.0)":
    - C/Core (~> 1.0)
    - "C/NSData+zlib (= 1.0.0.1)"
    - A+B/Sub
    - D
  - 'D (2.0.0-beta.1)'
  - C/Core (1.0.0.1)
  - C/NSData+zlib (1.0.0.1):
    - D (from \`../D\`)
  - E
  - F ()
  -
  G (1.0)
  - Local (0.1)
  - Npm (0.2)

DEPENDENCIES:
  - H (1.0)

EXTERNAL SOURCES:
  Local:
    :path: "."
  "A+B":
    :path: "../node_modules/a-b"
  D:
    :git: https://example.com/:path:/d.git
  Npm:
    :podspec: "../node_modules/npm.podspec"

SPEC CHECKSUMS:
  I: 00

COCOAPODS: 1.12.1
`;
    const expected = {
      packages: [
        { name: 'A+B', version: '1.0', presence: 'declared', needs: ['C', 'D'] },
        { name: 'D', version: '2.0.0-beta.1', presence: 'declared' },
        { name: 'C', version: '1.0.0.1', presence: 'declared', needs: ['D'] },
        { name: 'Local', version: '0.1', presence: 'application' },
        { name: 'Npm', version: '0.2', presence: 'declared' },
      ],
      problems: [],
    };
    expect(parse('Podfile.lock', text)).toEqual(expected);
    expect(parse('Podfile.lock', text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test.each(['', '\n', 'PODS: []\n', 'COCOAPODS: 1.0\n'])('%j names nothing', (text) => {
    expect(parse('Podfile.lock', text)).toEqual({ packages: [], problems: [] });
  });

  test.each(['platform :ios\n', 'PODS\n', ' PODS:\n', '{}'])('%j is none', (text) => {
    expect(parse('Podfile.lock', text)).toEqual({ packages: [], problems: [problem('this is not a Podfile.lock')] });
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const lines = Array.from({ length: 100_002 }, (_, i) => `  - P${i} (1.0)\n`);
    const { packages, problems } = parse('Podfile.lock', `PODS:\n${lines.join('')}`);
    expect(packages.length).toBe(100_000);
    const message = 'the lock file names more than 100000 pods; the rest is left out';
    expect(problems).toEqual([problem(message, 'too-many-packages')]);
  });
});

test.each([
  ['Podfile.lock', true],
  ['app/ios/Podfile.lock', true],
  ['app/ios/Pods/Manifest.lock', true],
  ['Pods/Manifest.lock', true],
  ['app/ios/Manifest.lock', false],
  ['app/ios/xPods/Manifest.lock', false],
  ['app/ios/xPodfile.lock', false],
  ['app/ios/Pods/x/Example/Podfile.lock', false],
  ['app/node_modules/x/ios/Podfile.lock', false],
  ['app/node_modules/x/ios/Pods/Manifest.lock', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test('purl, and no advisories', () => {
  const record = { name: 'GoogleUtilities', version: '7.5.2', presence: 'declared' } as const;
  expect(ecosystem.purl(record, undefined)).toBe('pkg:cocoapods/GoogleUtilities@7.5.2');
  expect(ecosystem.advisories(record, undefined)).toBeUndefined();
});

describe('hostile bytes', () => {
  test('random and mutated bytes never throw', () => {
    const good = readFileSync(fixture);
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(good.length))
      .map(([at, bytes, end]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at, end)]));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { packages, problems } = parse('app/Pods/Manifest.lock', Buffer.from(bytes));
        return packages.length <= 20 && problems.length <= 1;
      }),
      { numRuns: 500 },
    );
  });

  test.each(['(', ' (', '- ', '/', '"', ':', ' ', '  - a (1)\n', '    - a (1)\n'])(
    'much of %j takes little time',
    (unit) => {
      const started = performance.now();
      parse('Podfile.lock', `PODS:\n  - ${unit.repeat(100_000)}`);
      parse('Podfile.lock', `EXTERNAL SOURCES:\n  ${unit.repeat(100_000)}`);
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );
});
