import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadZstd, openUnzstd } from '../../../src/format/decompress/zstd.ts';
import { zstdStored } from '../../support/image-writer.ts';
import { unpack } from './support.ts';

/** A frame of RLE blocks: a byte that is repeated (RFC 8878 section 3.1.1.2.2), at most 128 KiB a block. */
function zstdRepeated(byte: number, blocks: number): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const parts = Array.from({ length: blocks }, (_, i) => {
    const block = Buffer.alloc(4);
    block.writeUIntLE((131_072 << 3) | (1 << 1) | (i === blocks - 1 ? 1 : 0), 0, 3);
    block[3] = byte;
    return block;
  });
  return Buffer.concat([head, ...parts]);
}

function skippable(bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a53, 0);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

const unzstd = (packed: Buffer, sizes?: readonly number[]) => unpack(openUnzstd, packed, sizes);
const cli = spawnSync('zstd', ['--version']).status === 0;

beforeAll(loadZstd);

describe('zstd', () => {
  test('frames one after another with skippable ones between, in pieces of any size', async () => {
    const data = fc
      .tuple(fc.string({ minLength: 1, maxLength: 9 }), fc.nat(300_000))
      .map(([text, length]) => Buffer.alloc(length, text));
    const frames = fc.array(fc.tuple(data, fc.boolean()), { minLength: 1, maxLength: 3 });
    const chunks = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(frames, chunks, async (all, sizes) => {
        const packed = Buffer.concat(
          all.flatMap(([bytes, skip]) => [
            zstdStored(bytes),
            skip ? skippable(bytes.subarray(0, 99)) : Buffer.alloc(0),
          ]),
        );
        const found = await unzstd(packed, packed.length > 5000 ? sizes.map((size) => size + 500) : sizes);
        expect(found.failure).toBeUndefined();
        expect(found.bytes.equals(Buffer.concat(all.map(([bytes]) => bytes)))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test.each([0, 1, 131_071, 131_072, 131_073, 262_144, 393_216])(
    '%d bytes, and what ends at its window',
    async (size) => {
      const bytes = Buffer.alloc(size, 'window');
      const found = await unzstd(zstdStored(bytes));
      expect([found.failure, found.bytes.equals(bytes)]).toEqual([undefined, true]);
    },
  );

  test('far more comes out than goes in', async () => {
    const found = await unzstd(zstdRepeated(0x61, 64), [5]);
    expect([found.failure, found.bytes.equals(Buffer.alloc(64 * 131_072, 'a'))]).toEqual([undefined, true]);
  });

  test('cut at any place it is truncated', async () => {
    const packed = Buffer.concat([zstdStored(Buffer.from('first')), zstdStored(Buffer.alloc(500, 'second'))]);
    const first = zstdStored(Buffer.from('first')).length;
    for (let length = 1; length < packed.length; length++) {
      const failure = (await unzstd(packed.subarray(0, length))).failure;
      expect(failure, `${length}`).toBe(length === first ? undefined : 'zstd/truncated');
    }
  });

  test('any bytes are unpacked or refused, in bounded time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 600 }), fc.nat(6), async (bytes, headed) => {
        const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]).subarray(0, headed);
        const found = await unzstd(Buffer.concat([head, bytes]), [100]);
        expect(found.failure ?? 'none').toMatch(/^(?:none|zstd\/(?:damaged|truncated))$/);
      }),
      { numRuns: 300 },
    );
  });

  test.skipIf(!cli)('frames of the zstd program, whole and damaged at any place', async () => {
    const text = Buffer.from(Array.from({ length: 4000 }, (_, i) => `line ${i % 97} ${(i * 7919) % 1009}\n`).join(''));
    for (const flags of [['-1'], ['-19', '--no-check'], ['-3', '--long=27']]) {
      const packed = spawnSync('zstd', [...flags, '-c'], { input: text }).stdout;
      const found = await unzstd(packed, [1000]);
      expect([found.failure, found.bytes.equals(text)]).toEqual([undefined, true]);
    }
    const packed = spawnSync('zstd', ['-9', '-c'], { input: text }).stdout;
    for (let at = 0; at < packed.length; at += 37) {
      const broken = Buffer.from(packed);
      broken[at] = (broken[at] ?? 0) ^ 0x55;
      const { failure, bytes } = await unzstd(broken);
      // The checksum at the end covers all that comes out.
      expect(failure !== undefined || bytes.equals(text), `${at}`).toBe(true);
    }
  });

  test('many that were left half way take no memory', async () => {
    const packed = zstdStored(Buffer.alloc(100_000, 'x'));
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    for (let i = 0; i < 300; i++) {
      const decompressor = openUnzstd(() => undefined);
      await decompressor.write(packed.subarray(0, 50_000));
      decompressor.close();
      decompressor.close();
    }
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().external - before).toBeLessThan(64 * 1024 * 1024);
  });
});
