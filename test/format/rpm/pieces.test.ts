import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pieces } from '../../../src/format/rpm/pieces.ts';

describe('Pieces', () => {
  test('reads as if the pieces were one buffer', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.nat(80), fc.nat(80), (lengths, offset, length) => {
        const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => i));
        const pieces = new Pieces(bytes);
        const parts: Buffer[] = [];
        // Backwards through the file, as the pages of a record may lie.
        let end = bytes.length;
        for (const size of lengths) {
          end -= size + 3;
          pieces.add(end, size);
          parts.push(bytes.subarray(end, end + size));
        }
        const whole = Buffer.concat(parts);
        expect(pieces.size).toBe(whole.length);
        if (offset + length <= whole.length) {
          expect(pieces.read(offset, length)).toEqual(whole.subarray(offset, offset + length));
        } else {
          expect(() => pieces.read(offset, length)).toThrow(/lie outside of/);
        }
      }),
    );
  });

  test.each([
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [0, Number.NaN],
  ])('refuses to read %d, %d', (offset, length) => {
    const pieces = new Pieces(Buffer.alloc(8));
    pieces.add(0, 8);
    expect(() => pieces.read(offset, length)).toThrow('an offset or length is not a whole number');
  });

  test('reads nothing of nothing', () => {
    expect(new Pieces(Buffer.alloc(0)).read(0, 0)).toEqual(Buffer.alloc(0));
  });
});
