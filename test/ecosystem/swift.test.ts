import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/swift/index.ts';
import { repositoryName } from '../../src/ecosystem/swift/repository.ts';

const lock = join(import.meta.dirname, '..', 'fixtures', 'swift', 'swiftpm-5.9', 'in', 'app', 'Package.resolved');
const parse = (content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path: 'app/Package.resolved', bytes, size: bytes.length, mode: 0o644 });
};
const problem = (message: unknown, what = 'unreadable') => ({
  code: `swift/${what}`,
  message,
  path: 'app/Package.resolved',
  blinding: false,
});
const pin = (location: string, state: unknown) => ({ identity: 'x', kind: 'remoteSourceControl', location, state });

test.each([
  ['https://github.com/apple/swift-nio.git', 'github.com/apple/swift-nio'],
  ['https://GitHub.com/Apple/Swift-NIO', 'github.com/Apple/Swift-NIO'],
  ['http://github.com/apple/swift-nio/', 'github.com/apple/swift-nio'],
  ['https://user:secret@github.com:8443/a/b.git/', 'github.com/a/b'],
  ['git@github.com:apple/swift-nio.git', 'github.com/apple/swift-nio'],
  ['ssh://git@git.example.com:2222/ios/ui/Charts.git', 'git.example.com/ios/ui/Charts'],
  ['https://host/a/../b/./c', 'host/a/b/c'],
  ['https://github.com/.git', undefined],
  ['https://github.com', undefined],
  ['file:///src/x', undefined],
  ['/src/x', undefined],
  ['../x', undefined],
  ['./a:b', undefined],
  ['', undefined],
  [':', undefined],
  ['@:x', undefined],
])('the repository %s is %s', (address, name) => {
  expect(repositoryName(address)).toBe(name);
});

describe('Package.resolved', () => {
  test('pins without what they need are passed over', () => {
    const pins = [
      pin('https://github.com/a/b', { version: '1.0.0', revision: '00' }),
      pin('https://github.com/a/c', { revision: 'abc', version: '' }),
      pin('https://github.com/a/d', { branch: 'main' }),
      pin('/src/e', { version: '1.0.0' }),
      { kind: 'registry', identity: 'mona.x', state: { version: '2.0.0' } },
      { kind: 'registry', state: { version: '2.0.0' } },
      { identity: 'x', state: { version: '1.0.0' } },
      pin('https://github.com/a/f', null),
      pin('https://github.com/a/g', { version: 1 }),
      pin(`https://github.com/a/${'h'.repeat(1000)}`, { version: '1.0.0' }),
      null,
      1,
      [],
    ];
    const expected = {
      packages: [
        { name: 'github.com/a/b', version: '1.0.0', presence: 'declared' },
        { name: 'github.com/a/c', version: 'abc', presence: 'declared' },
        { name: 'mona.x', version: '2.0.0', presence: 'declared' },
      ],
      problems: [],
    };
    expect(parse(JSON.stringify({ pins, version: 3 }))).toEqual(expected);
    expect(parse(JSON.stringify({ object: { pins }, version: 1 }))).toEqual(expected);
  });

  test.each(['{}', '[]', 'null', '{"pins": {}}', '{"object": []}', '{"version": 9, "packages": []}'])(
    '%s has no pins',
    (text) => {
      expect(parse(text)).toEqual({ packages: [], problems: [problem('this Package.resolved has no pins')] });
    },
  );

  test('a file that ends early', () => {
    expect(parse(readFileSync(lock).subarray(0, 400))).toEqual({
      packages: [],
      problems: [problem(expect.stringMatching(/^not JSON: /))],
    });
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const pins = Array.from({ length: 100_001 }, () => pin('https://a/b', { version: '1.0.0' }));
    const { packages, problems } = parse(JSON.stringify({ pins, version: 2 }));
    expect(packages.length).toBe(100_000);
    const message = 'the file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([problem(message, 'too-many-packages')]);
  });
});

test.each([
  ['Package.resolved', true],
  ['app/App.xcworkspace/xcshareddata/swiftpm/Package.resolved', true],
  ['src/recheckouts/Package.resolved', true],
  ['app/xPackage.resolved', false],
  ['app/Package.resolved/x', false],
  ['checkouts/x/Package.resolved', false],
  ['app/.build/checkouts/x/Package.resolved', false],
  ['ios/Pods/x/Package.resolved', false],
  ['Carthage/Checkouts/x/Package.resolved', false],
  ['app/node_modules/x/ios/Package.resolved', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test.each([
  ['github.com/apple/swift-nio-http2', '1.27.0', 'pkg:swift/github.com/apple/swift-nio-http2@1.27.0', true],
  ['github.com/apple/swift-nio', '0'.repeat(40), `pkg:swift/github.com/apple/swift-nio@${'0'.repeat(40)}`, false],
  ['mona.LinkedList', '1.2.0', 'pkg:swift/mona/LinkedList@1.2.0', false],
])('purl and advisories of %s@%s', (name, version, purl, known) => {
  const record = { name, version, presence: 'declared' } as const;
  expect(ecosystem.purl(record, undefined)).toBe(purl);
  expect(ecosystem.advisories(record, undefined)).toEqual(known ? { ecosystem: 'SwiftURL', name, version } : undefined);
});

describe('hostile bytes', () => {
  test('random and mutated bytes never throw', () => {
    const good = readFileSync(lock);
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(good.length))
      .map(([at, bytes, end]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at, end)]));
    const json = fc.json().map((text) => Buffer.from(`{"pins":[${text}]}`));
    fc.assert(
      fc.property(fc.oneof(mutated, json, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { packages, problems } = parse(Buffer.from(bytes));
        return packages.length <= 10 && problems.length <= 1;
      }),
      { numRuns: 500 },
    );
  });

  test('any address is a name or none', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('/', ':', '@', '.', '..', '.git', '://', 'a', 'host.tld')), (parts) => {
        const name = repositoryName(parts.join(''));
        return name === undefined || /^[^/]+(\/[^/]+)+$/.test(name);
      }),
      { numRuns: 1000 },
    );
  });
});
