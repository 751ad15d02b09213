import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSealed, sealed } from '../../src/util/sealed.ts';

describe('a sealed value', () => {
  test('is read back for what it was written for', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, what) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(readSealed(sealed(what, value), what))).toBe(text);
      }),
    );
  });

  test('is not believed for anything else', () => {
    expect(readSealed(sealed('inventory 1', [1]), 'inventory 2')).toBeUndefined();
  });

  test('is not believed once a single bit of it is another', () => {
    const bytes = sealed('x', { packages: [{ name: 'zlib', version: '1.2.13' }] });
    for (let at = 0; at < bytes.length * 8; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(readSealed(flipped, 'x')).toBeUndefined();
    }
  });

  test('is not believed when it is cut, or no sealed value at all', () => {
    const bytes = sealed('x', 'value');
    for (let end = 0; end < bytes.length; end++) expect(readSealed(bytes.subarray(0, end), 'x')).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array(), (noise) => {
        expect(readSealed(Buffer.from(noise), 'x')).toBeUndefined();
      }),
    );
  });
});
