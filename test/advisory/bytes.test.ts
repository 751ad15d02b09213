import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/advisory/bytes.ts';
import { decodeRecord } from '../../src/advisory/index-record.ts';
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

test('any bytes are a record or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeRecord(Buffer.from(bytes), 'npm');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(SluiceError);
      }
    }),
    { numRuns: 500 },
  );
});
