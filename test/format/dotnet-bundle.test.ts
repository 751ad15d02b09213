import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundleAt, bundleMarkLength, findBundledDeps, indexOfBundleMark } from '../../src/format/dotnet-bundle.ts';

const signature = createHash('sha256').update('.net core bundle\n').digest();

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), at * 8);
  return bytes;
}

/** The place of the header, the signature, and the header right behind. */
function host(header: Buffer, at = 40): Buffer {
  return Buffer.concat([numbers(at), signature, header]);
}

function header(version: number, files: number, ...rest: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(version, 0);
  head.writeUInt32LE(files, 8);
  return Buffer.concat([head, Buffer.from('\x02id'), ...rest]);
}

function entry(offset: number, length: number, name: string): Buffer {
  return Buffer.concat([numbers(offset, length), Buffer.of(3, name.length), Buffer.from(name)]);
}

describe('single-file programs of .NET', () => {
  test('are known by their mark', () => {
    const bytes = Buffer.concat([Buffer.alloc(16), signature, signature]);
    expect(bundleMarkLength).toBe(32);
    expect([indexOfBundleMark(bytes, 0), indexOfBundleMark(bytes, 17), indexOfBundleMark(bytes, 49)]).toEqual([
      16, 48, -1,
    ]);
    expect([bundleAt(host(Buffer.alloc(0), 77), 8), bundleAt(bytes, 16), bundleAt(signature, 0)]).toEqual([
      77,
      'none',
      'none',
    ]);
  });

  test('say where their .deps.json is', () => {
    expect(findBundledDeps(host(header(6, 0, numbers(3, 7))))).toEqual({ offset: 3, length: 7 });
    const listed = header(1, 2, entry(1, 2, 'App.dll'), entry(5, 6, 'App.deps.json'));
    expect(findBundledDeps(host(listed))).toEqual({ offset: 5, length: 6 });
    const late = Buffer.concat([Buffer.alloc(8), signature, host(header(2, 0, numbers(9, 9)), 80)]);
    expect(findBundledDeps(late)).toEqual({ offset: 9, length: 9 });
  });

  test('have none', () => {
    const without = [host(header(6, 0, numbers(0, 0))), host(header(1, 1, entry(1, 2, 'App.dll'))), host(header(1, 0))];
    expect([...without, host(Buffer.alloc(0), 0), signature, Buffer.alloc(0)].map(findBundledDeps)).toEqual(
      Array.from({ length: 6 }, () => 'absent'),
    );
  });

  test('are damaged', () => {
    const damaged = [
      ...[host(header(6, 0)), host(header(6, 0, numbers(3))), host(header(6, 0, numbers(3, 1000))), host(header(0, 0))],
      ...[
        host(header(6, 0, numbers(-1, 7))),
        host(header(6, 0, numbers(0, 7))),
        host(header(999, 0)),
        host(Buffer.alloc(0), 2 ** 50),
      ],
      ...[
        host(header(1, 5, entry(1, 2, 'App.dll'))),
        host(Buffer.concat([header(6, 0).subarray(0, 12), Buffer.of(255, 255, 255, 1)])),
      ],
    ];
    expect(damaged.map(findBundledDeps)).toEqual(damaged.map(() => 'damaged'));
  });

  test('any bytes are read, and what is found is in the file', () => {
    const good = host(header(1, 2, entry(1, 2, 'App.dll'), entry(5, 6, 'App.deps.json')));
    const change = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), (changes) => {
        const bytes = Buffer.from(good);
        for (const { at, value } of changes) bytes[at] = value;
        const found = findBundledDeps(bytes);
        const inside = typeof found === 'string' || (found.offset > 0 && found.offset + found.length <= bytes.length);
        expect(inside).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
