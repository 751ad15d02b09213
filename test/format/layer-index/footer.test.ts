import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFooter } from '../../../src/format/layer-index/footer.ts';
import { footer } from '../../support/layer-index-writer.ts';

describe.each([
  ['51 bytes', false, 51],
  ['47 bytes', true, 47],
])('a footer of %s', (_what, legacy, size) => {
  test('is an empty gzip member that says where the index is', () => {
    const bytes = footer(0x12ab, legacy);
    expect(bytes.length).toBe(size);
    expect(gunzipSync(bytes)).toEqual(Buffer.alloc(0));
    expect(readFooter(bytes, 10_000)).toEqual({ start: 0x12ab, end: 10_000 - size });
    expect(readFooter(Buffer.concat([Buffer.alloc(70, 1), bytes]), 10_000)).toEqual({
      start: 0x12ab,
      end: 10_000 - size,
    });
  });

  test('with an index at or behind the footer is none', () => {
    expect(readFooter(footer(1000 - size, legacy), 1000)).toBeUndefined();
    expect(readFooter(footer(999 - size, legacy), 1000)).toEqual({ start: 999 - size, end: 1000 - size });
    expect(readFooter(footer(Number.MAX_SAFE_INTEGER, legacy), 1000)).toBeUndefined();
  });

  test('with any other byte, or cut, is none', () => {
    const bytes = footer(0x12ab, legacy);
    // The time of the member, how it was made and on which system may be anything.
    const free = new Set([4, 5, 6, 7, 8, 9]);
    for (let at = 0; at < size; at++) {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 0x80;
      const read = readFooter(other, 10_000);
      expect(read, `byte ${at}`).toEqual(free.has(at) ? { start: 0x12ab, end: 10_000 - size } : undefined);
      expect(readFooter(bytes.subarray(0, at), 10_000)).toBeUndefined();
    }
  });
});

test('random bytes are no footer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(readFooter(Buffer.from(bytes), 10_000)).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});
