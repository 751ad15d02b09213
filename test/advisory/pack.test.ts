import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOsvRecord } from '../../src/advisory/osv-record.ts';
import type { PackEntry } from '../../src/advisory/pack-format.ts';
import { openPack, PackReader } from '../../src/advisory/pack-reader.ts';
import { PackWriter } from '../../src/advisory/pack-writer.ts';
import { bufferAccess } from '../../src/format/random-access.ts';
import { SluiceError } from '../../src/util/error.ts';
import { fixtureExport, scratch } from './support.ts';

function written(entries: readonly PackEntry[], sorted = true): Buffer {
  const path = join(scratch(), 'made.pack');
  const writer = new PackWriter(path);
  for (const entry of entries) writer.add(entry);
  writer.finish({ size: 4711, sorted });
  return readFileSync(path);
}

const records: PackEntry[] = Object.values(fixtureExport())
  .flat()
  .map(([name, body]) => {
    const record = readOsvRecord(Buffer.from(body));
    return { key: name.replace('.json', ''), stamp: record.modified, late: 0, record };
  });

describe('a pack', () => {
  test('gives back what was put in, over several chunks', () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({ ...records[i % records.length]!, key: `K-${i}` }));
    const broken: PackEntry = { key: 'sub/Z\n1', stamp: '', late: 2, why: 'not JSON' };
    const reader = new PackReader(bufferAccess(written([...many, broken], false)));
    // What is undefined is not there.
    expect([...reader.entries()]).toEqual(JSON.parse(JSON.stringify([...many, broken])));
    const { list, stamps } = reader.stamps();
    expect(list).toEqual({ size: 4711, sorted: false });
    expect(stamps.size).toBe(3001);
    expect(stamps.get('sub/Z\n1')).toEqual({ key: 'sub/Z\n1', stamp: '', late: 2 });
    expect(stamps.get('K-7')).toEqual({ key: 'K-7', stamp: many[7]!.stamp, late: 0 });
    expect(reader.late).toBe(1);
  });

  test('has the same bytes for the same entries', () => {
    expect(written(records)).toEqual(written(records));
  });

  test('of hostile bytes is damaged, or says what it said', () => {
    const good = written(records);
    const all = (bytes: Buffer) => {
      const reader = new PackReader(bufferAccess(bytes));
      return [[...reader.entries()], reader.stamps(), reader.late];
    };
    const right = all(good);
    let errors = 0;
    const check = (bytes: Buffer) => {
      try {
        expect(all(bytes)).toEqual(right);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError)) throw thrown;
        expect(thrown.code).toBe('advisory/pack-damaged');
        errors++;
      }
    };
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(good);
        bytes[at]! ^= flip;
        check(bytes);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.nat(good.length), fc.uint8Array({ maxLength: 60 }), (cut, tail) => {
        check(Buffer.concat([good.subarray(0, cut), tail]));
      }),
      { numRuns: 200 },
    );
    expect(errors).toBeGreaterThan(400);
  });

  test('that is missing or another file is none', () => {
    expect(openPack(join(scratch(), 'absent'))).toBeUndefined();
    expect(openPack(import.meta.filename)).toBeUndefined();
  });
});
