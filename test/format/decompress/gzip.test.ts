import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decompressor, Output } from '../../../src/format/decompress/contract.ts';
import { gunzipWays, openGunzip } from '../../../src/format/decompress/gzip.ts';
import { unpack } from './support.ts';

const data = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(Buffer.from),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.nat(40_000))
    .map(([text, length]) => Buffer.alloc(length, text)),
);
const chunks = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 4 });
const ways = Object.entries(gunzipWays);

test('this Node has the faster way', () => {
  const nameOf = (opened: Decompressor) => {
    opened.close();
    return opened.constructor.name;
  };
  const output = () => undefined;
  expect(nameOf(openGunzip(output))).toBe(nameOf(gunzipWays.handle(output)));
});

test('it writes into the windows that it is offered, one after another', () => {
  const windows = [Buffer.alloc(16), Buffer.alloc(16)];
  let asked = 0;
  const seen: string[] = [];
  const opened = openGunzip(
    (bytes) => {
      expect(windows[(asked - 1) % 2]?.buffer).toBe(bytes.buffer);
      seen.push(bytes.toString());
    },
    () => windows[asked++ % 2] as Buffer,
  );
  opened.write(gzipSync('what is longer than a window'));
  opened.finish();
  opened.close();
  expect(seen).toEqual(['what is longer t', 'han a window']);
});

describe.each(ways)('gunzip by way of the %s', (_name, open) => {
  const gunzip = (packed: Buffer, sizes?: readonly number[]) => unpack((output: Output) => open(output), packed, sizes);

  test('members one after another, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(data, fc.nat(9)), { minLength: 1, maxLength: 4 }),
        chunks,
        async (members, sizes) => {
          const packed = Buffer.concat(members.map(([bytes, level]) => gzipSync(bytes, { level })));
          const found = await gunzip(packed, sizes);
          expect(found.failure).toBeUndefined();
          expect(found.bytes.equals(gunzipSync(packed))).toBe(true);
          expect(found.bytes.equals(Buffer.concat(members.map(([bytes]) => bytes)))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 1024 * 1024])(
    '%d bytes, and what ends at its window',
    async (size) => {
      const bytes = Buffer.alloc(size, 'window');
      expect((await gunzip(gzipSync(bytes))).bytes.equals(bytes)).toBe(true);
      expect((await gunzip(gzipSync(bytes), [7])).bytes.equals(bytes)).toBe(true);
    },
  );

  test('zeros behind the last member are padding', async () => {
    const padded = Buffer.concat([gzipSync('text'), Buffer.alloc(600)]);
    expect(await gunzip(padded)).toEqual({ bytes: Buffer.from('text'), failure: undefined });
    expect(await gunzip(padded, [1])).toEqual({ bytes: Buffer.from('text'), failure: undefined });
  });

  test('cut at any place it is truncated', async () => {
    const packed = gzipSync(Buffer.alloc(3000, 'some text that packs'));
    for (let length = 0; length < packed.length; length++) {
      expect((await gunzip(packed.subarray(0, length))).failure, `${length}`).toBe('gzip/truncated');
    }
  });

  test('damage is told, in the header, the data, the checksum and the size', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i) % 251)));
    for (const at of [0, 1, 2, 12, 20, 100, packed.length - 8, packed.length - 1]) {
      const broken = Buffer.from(packed);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      expect((await gunzip(broken)).failure, `${at}`).toMatch(/^gzip\/(?:damaged|truncated)$/);
      expect((await gunzip(broken, [3])).failure, `${at}`).toMatch(/^gzip\/(?:damaged|truncated)$/);
    }
    expect((await gunzip(Buffer.concat([gzipSync('a'), Buffer.from('garbage that is no member')]))).failure).toBe(
      'gzip/damaged',
    );
  });

  test('any bytes are unpacked or refused, and it may be closed at any time and twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), chunks, async (bytes, headed, sizes) => {
        const packed = headed
          ? Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), bytes])
          : Buffer.from(bytes);
        expect((await gunzip(packed, sizes)).failure).toMatch(/^gzip\/(?:damaged|truncated)$/);
      }),
      { numRuns: 200 },
    );
    const closed = open(() => undefined);
    await closed.write(gzipSync('half').subarray(0, 12));
    closed.close();
    closed.close();
  });

  test('what the receiver throws comes back to the giver', async () => {
    const thrown = new Error('enough');
    const opened = open(() => {
      throw thrown;
    });
    const run = async () => {
      await opened.write(gzipSync(Buffer.alloc(2_000_000)));
      await opened.finish();
    };
    // The stream's way can only tell failures of our own kind from its own.
    await expect(run()).rejects.toThrow();
    opened.close();
  });
});
