import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBdbPackages } from '../../../src/format/rpm/bdb.ts';
import { readManifest } from '../../../src/format/rpm/manifest.ts';
import { readNdbPackages } from '../../../src/format/rpm/ndb.ts';
import { readSqlitePackages } from '../../../src/format/rpm/sqlite.ts';
import { walHoldsChanges } from '../../../src/format/rpm/sqlite-wal.ts';
import { changed, database, readAll } from './support.ts';

const cases = [
  { name: 'sqlite', reader: readSqlitePackages, pageSize: 4096 },
  { name: 'sqlite-small-pages', reader: readSqlitePackages, pageSize: 512 },
  { name: 'ndb', reader: readNdbPackages, pageSize: 4096 },
  { name: 'bdb-big', reader: readBdbPackages, pageSize: 512 },
  { name: 'bdb-little', reader: readBdbPackages, pageSize: 4096 },
];

describe.each(cases)('hostile bytes: $name', ({ name, reader, pageSize }) => {
  const good = database(name);
  const whole = readAll(reader, good).headers.length;
  const pages = Math.floor(good.length / pageSize);

  test('a file that is cut is never taken for a whole one', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), (length) => {
        expect(readAll(reader, good.subarray(0, length)).codes).not.toEqual([]);
      }),
    );
  });

  test('a file that was tampered with never hides a package silently', () => {
    // Most edits hit the start of a page, where the structure is; the rest hit anything.
    const start = fc.tuple(fc.nat(pages - 1), fc.nat(60)).map(([page, at]) => page * pageSize + at);
    const place = fc.oneof({ weight: 3, arbitrary: start }, { weight: 1, arbitrary: fc.nat(good.length - 1) });
    const edits = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = changed(good, (copy) => {
          for (const [at, value] of list) copy[Math.min(at, copy.length - 1)] = value;
        });
        const { headers, codes } = readAll(reader, bytes);
        if (headers.length < whole) expect(codes).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('pages of noise are read without a throw and in bounded time', () => {
    const noise = fc.uint8Array({ minLength: pageSize, maxLength: pageSize });
    fc.assert(
      fc.property(fc.nat(pages - 1), noise, (page, bytes) => {
        const noisy = changed(good, (copy) => copy.set(bytes, page * pageSize));
        expect(readAll(reader, noisy).headers.length).toBeLessThanOrEqual(good.length);
      }),
      { numRuns: 50 },
    );
  });
});

test('a manifest and a log of any bytes are read without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (array) => {
      const bytes = Buffer.from(array);
      let damages = 0;
      const headers = [...readManifest(bytes, () => damages++)];
      expect(headers.length + damages).toBeLessThanOrEqual(bytes.length);
      expect(typeof walHoldsChanges(bytes)).toBe('boolean');
    }),
  );
});
