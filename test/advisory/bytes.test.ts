import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/advisory/bytes.ts';
import { decodeList, decodeRecord, encodeList, type ListEntry } from '../../src/advisory/index-list.ts';
import { SluiceError } from '../../src/util/error.ts';

test('numbers and texts come back', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), fc.array(fc.string({ unit: 'grapheme' })), (numbers, texts) => {
      const writer = new ByteWriter();
      for (const number of numbers) writer.number(number);
      writer.texts(texts);
      const reader = new ByteReader(writer.take(), 'npm');
      expect(numbers.map(() => reader.number())).toEqual(numbers);
      expect(reader.texts()).toEqual(texts);
      reader.end();
    }),
  );
});

test('lists come back, whatever the order of their versions', () => {
  const version = fc.constantFrom('0', '1', '1.0', '1.1', '2', '2.0-1', 'é');
  const kind = fc.constantFrom('introduced', 'fixed', 'last_affected', 'limit');
  const range = fc.record({
    type: fc.constantFrom('SEMVER', 'ECOSYSTEM'),
    events: fc.array(fc.record({ kind, version })),
  });
  const entry = fc.record({
    recordOffset: fc.nat(),
    recordLength: fc.nat(),
    ranges: fc.array(range),
    versions: fc.array(version),
  });
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const list = decodeList(encodeList('npm\u0000a', entries as ListEntry[], new ByteWriter()), 'npm');
      expect(list.key).toBe('npm\u0000a');
      expect(list.entries()).toEqual(entries);
    }),
  );
});

test('any bytes are read or refused, without reading or making more than there is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of [
        () => decodeList(Buffer.from(bytes), 'npm').entries(),
        () => decodeRecord(Buffer.from(bytes), 'npm'),
      ]) {
        try {
          read();
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('runs of versions that would expand without end are refused', () => {
  const writer = new ByteWriter();
  writer.text('npm\u0000a');
  writer.texts(Array.from({ length: 1000 }, (_, i) => `${i}`));
  writer.number(1);
  for (const number of [0, 0, 0]) writer.number(number);
  const runs = 5001;
  writer.number(runs);
  for (let i = 0; i < runs; i++) {
    writer.number(0);
    writer.number(1000);
  }
  writer.byte(0);
  expect(() => decodeList(writer.take(), 'npm').entries()).toThrow(/too many versions/);
});
