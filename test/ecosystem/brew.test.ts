import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/brew.ts';

const path = 'opt/homebrew/Cellar/jq/1.7.1/INSTALL_RECEIPT.json';

function parse(content: unknown, at = path) {
  const bytes = Buffer.from(
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  return ecosystem.parse({ path: at, bytes, size: bytes.length, mode: 0o644 });
}

const jq = { name: 'jq', version: '1.7.1', presence: 'installed' };

describe('the place of a receipt', () => {
  test.each([
    ['Cellar/jq/1.7.1/INSTALL_RECEIPT.json', 'jq', '1.7.1'],
    ['home/linuxbrew/.linuxbrew/Cellar/python@3.12/3.12.2_1/INSTALL_RECEIPT.json', 'python@3.12', '3.12.2_1'],
    ['usr/local/Cellar/x/HEAD-0a1b2c3/INSTALL_RECEIPT.json', 'x', 'HEAD-0a1b2c3'],
  ])('%s', (at, name, version) => {
    expect(ecosystem.claims(at, { size: 1, mode: 0o644 })).toBe(true);
    expect(parse({}, at)).toEqual({ packages: [{ name, version, presence: 'installed' }], problems: [] });
    expect(ecosystem.folder?.(at)).toBe(at.slice(0, at.lastIndexOf('/')));
  });

  test.each([
    ...['INSTALL_RECEIPT.json', 'Cellar/INSTALL_RECEIPT.json', 'Cellar/jq/INSTALL_RECEIPT.json'],
    ...['WineCellar/jq/1.7.1/INSTALL_RECEIPT.json', 'Cellar/jq/1.7.1/share/INSTALL_RECEIPT.json'],
    ...[
      'opt/Caskroom/x/1/INSTALL_RECEIPT.json',
      'Cellar/jq/1.7.1/INSTALL_RECEIPT.json.bak',
      'jq/1/INSTALL_RECEIPT.json',
    ],
  ])('not %s', (at) => {
    expect(ecosystem.claims(at, { size: 1, mode: 0o644 })).toBe(false);
    expect(parse({}, at)).toEqual({ packages: [], problems: [] });
  });
});

describe('the receipt', () => {
  test('tells what the formula itself needs, by the names of formulae', () => {
    const runtime_dependencies = [
      { full_name: 'zlib', declared_directly: true },
      { full_name: 'someone/tap/abc', declared_directly: true },
      { full_name: 'ca-certificates', declared_directly: false },
      { full_name: 'old' },
      { full_name: 'zlib' },
      { full_name: 7 },
      { full_name: '' },
      { full_name: 'x'.repeat(201) },
      'text',
      null,
    ];
    expect(parse({ runtime_dependencies })).toEqual({
      packages: [{ ...jq, needs: ['abc', 'old', 'zlib'] }],
      problems: [],
    });
    const many = Array.from({ length: 1_001 }, (_, i) => ({ full_name: `x${i}` }));
    expect(parse({ runtime_dependencies: many }).packages[0]?.needs).toHaveLength(1_000);
  });

  test.each([{}, [], null, 7, { runtime_dependencies: {} }, { runtime_dependencies: null }])('may be %j', (content) => {
    expect(parse(content)).toEqual({ packages: [jq], problems: [] });
  });

  test('that is damaged is a problem, and hides nothing', () => {
    const { packages, problems } = parse('{"runtime_dependencies":[');
    expect(packages).toEqual([jq]);
    expect(problems).toEqual([
      {
        code: 'brew/unreadable',
        message: expect.stringMatching(/^the receipt can not be read, but its place tells the package: not JSON: /),
        path,
        blinding: false,
      },
    ]);
    expect(parse('['.repeat(51)).problems[0]?.message).toContain('JSON nested deeper than 50 levels');
  });

  test('never throws', () => {
    const good = JSON.stringify({ runtime_dependencies: [{ full_name: 'a', declared_directly: true }] });
    const mutated = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, value]) => {
      const bytes = Buffer.from(good);
      bytes[at] = value;
      return bytes;
    });
    const random = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, random), (bytes) => {
        const { packages, problems } = parse(bytes);
        expect(packages.map(({ name, version }) => [name, version])).toEqual([['jq', '1.7.1']]);
        expect(problems.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test('the purl, and no advisories', () => {
  const record = { name: 'python@3.12', version: '3.12.2_1', presence: 'installed' } as const;
  expect(ecosystem.purl(record, undefined)).toBe('pkg:brew/python%403.12@3.12.2_1');
  expect(ecosystem.advisories(record, undefined)).toBeUndefined();
});
