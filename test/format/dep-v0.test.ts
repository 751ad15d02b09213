import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAuditData } from '../../src/format/dep-v0.ts';
import { SluiceError } from '../../src/util/error.ts';

const packed = (value: unknown) => deflateSync(JSON.stringify(value));

describe('the audit data of Rust programs', () => {
  test('is what cargo-auditable wrote, whatever stands behind it', () => {
    const packages = [
      { name: 'a', version: '1.0.0', source: 'local', root: true, dependencies: [1] },
      { name: 'b', version: '2.0.0', source: 'crates.io', kind: 'build', dependencies: [0, 2, 1.5, '1', null] },
    ];
    const crates = [
      { name: 'a', version: '1.0.0', source: 'local', build: false, root: true, dependencies: [1] },
      { name: 'b', version: '2.0.0', source: 'crates.io', build: true, root: false, dependencies: [0] },
    ];
    for (const padding of [0, 1, 511]) {
      expect(readAuditData(Buffer.concat([packed({ packages, format: 8 }), Buffer.alloc(padding)]))).toEqual({
        crates,
      });
    }
  });

  test('keeps the places of what can not be read', () => {
    const packages = [
      1,
      null,
      {},
      { name: 'a', version: '', source: 'x' },
      { name: 'a'.repeat(1001), version: '1', source: 'x' },
    ];
    expect(readAuditData(packed({ packages }))).toEqual({ crates: packages.map(() => undefined) });
    expect(readAuditData(packed({ packages: [] }))).toEqual({ crates: [] });
  });

  test('has no more dependencies than the limit', () => {
    const dependencies = Array.from({ length: 1_000 }, () => 0);
    const crate = { name: 'a', version: '1', source: 'x', dependencies };
    const text = JSON.stringify(crate);
    const many = deflateSync(`{"packages":[${`${text},`.repeat(1_000)}${text}]}`);
    expect(() => readAuditData(many)).toThrow('it names more than 1000000 dependencies');
  });

  test('any bytes are read, or refused with a code', () => {
    const good = packed({ packages: [{ name: 'a', version: '1', source: 'x' }] });
    const change = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) });
    const mutated = change.map(({ at, value }) => Buffer.from(good).fill(value, at, at + 1));
    const random = fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array));
    const json = fc.json().map((text) => deflateSync(text));
    fc.assert(
      fc.property(fc.oneof(mutated, random, json), (section) => {
        try {
          expect(readAuditData(section).crates.length).toBeLessThan(100);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
          expect((thrown as SluiceError).code).toBe('cargo/audit-data-damaged');
          expect((thrown as SluiceError).message).not.toContain('\n');
        }
      }),
      { numRuns: 500 },
    );
  });
});
