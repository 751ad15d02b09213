import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRow, IndexTable } from '../../src/advisory/index-table.ts';
import { KeyHash } from '../../src/advisory/key-hash.ts';

const seed = { high: 0x12345678, low: 0x9abcdef0 };

function hashed(hash: KeyHash, ecosystem: string, name: string): string {
  hash.of(ecosystem, name);
  return `${hash.high} ${hash.low}`;
}

test('a hash is two unsigned 32-bit numbers, whatever was hashed before', () => {
  const used = new KeyHash(seed);
  fc.assert(
    fc.property(fc.constantFrom('npm', 'Debian:12', ''), fc.string({ unit: 'binary' }), (ecosystem, name) => {
      expect(hashed(used, ecosystem, name)).toBe(hashed(new KeyHash(seed), ecosystem, name));
      expect(used.high >>> 0).toBe(used.high);
      expect(used.low >>> 0).toBe(used.low);
    }),
  );
});

test('names that differ little have different hashes, all over the table', () => {
  const hash = new KeyHash(seed);
  const names = Array.from({ length: 20_000 }, (_, i) => [`package-${i}`, `${i}`, `@a/${i % 100}.${i}`]).flat();
  const hashes = new Set(names.map((name) => hashed(hash, 'npm', name)));
  expect(hashes.size).toBe(new Set(names).size);
  const filled = new Array<number>(64).fill(0);
  for (const name of names) {
    hash.of('npm', name);
    filled[hash.high >>> 26]!++;
    filled[hash.low >>> 26]!++;
  }
  const even = (2 * names.length) / filled.length;
  expect(Math.max(...filled)).toBeLessThan(even * 1.2);
  expect(Math.min(...filled)).toBeGreaterThan(even * 0.8);
});

test('another seed makes other hashes', () => {
  const [one, other] = [new KeyHash(seed), new KeyHash({ ...seed, low: seed.low ^ 1 })];
  const same = ['a', 'lodash', '', 'é'].filter((name) => hashed(one, 'npm', name) === hashed(other, 'npm', name));
  expect(same).toEqual([]);
});

test('a table finds every row, all rows of one hash, and nothing else', () => {
  const hash = new KeyHash(seed);
  const names = Array.from({ length: 999 }, (_, i) => `package-${i}`);
  const rows = [...names, 'twice', 'twice'].map((name, at) => {
    hash.of('npm', name);
    return { high: hash.high, low: hash.low, row: { offset: at + 2 ** 40, length: at, crc: 0xffffffff - at } };
  });
  rows.sort((a, b) => a.high - b.high || a.low - b.low || a.row.length - b.row.length);
  const table = new IndexTable(Buffer.concat(rows.map((one) => encodeRow(one, one.row))), seed);
  for (const [at, name] of names.entries()) {
    const row = table.first('npm', name);
    expect(table.row(row)).toEqual({ offset: at + 2 ** 40, length: at, crc: 0xffffffff - at });
    expect(table.next(row)).toBe(-1);
    expect(table.first('PyPI', name)).toBe(-1);
  }
  const first = table.first('npm', 'twice');
  expect([first, table.next(first)].map((row) => table.row(row).length)).toEqual([999, 1000]);
  expect(table.next(table.next(first))).toBe(-1);
  expect(new IndexTable(Buffer.alloc(0), seed).first('npm', 'a')).toBe(-1);
});
