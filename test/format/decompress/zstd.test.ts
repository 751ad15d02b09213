import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadZstd, openUnzstd, unzstdWays } from '../../../src/format/decompress/zstd.ts';
import { ZstdFrames } from '../../../src/format/decompress/zstd-frames.ts';
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

/** Frames with each kind of header: content sizes of 0, 1, 2, 4 and 8 bytes, dictionary ids, a checksum. */
const samples = [
  '28b52ffd 20 03 190000 616263',
  '28b52ffd 40 38 2c00 630900 61',
  '28b52ffd 80 38 03000000 190000 616263',
  '28b52ffd e0 0300000000000000 190000 616263',
  '28b52ffd 04 38 190000 616263 990977ad',
  '28b52ffd 01 38 00 190000 616263',
  '28b52ffd 03 38 00000000 180000 616263 010000',
].map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const cli = spawnSync('zstd', ['--version']).status === 0;

const ways = Object.entries(await unzstdWays());

test("Node's own decoder is taken where there is one", async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const own = major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
  expect(ways.map(([name]) => name)).toEqual(own ? ['wasm', 'native'] : ['wasm']);
  await loadZstd();
  expect(openUnzstd(() => undefined).constructor.name).toBe(own ? 'NativeUnzstd' : 'WasmUnzstd');
});

describe.each(ways)('zstd by way of %s', (_name, open) => {
  const unzstd = (packed: Buffer, sizes?: readonly number[]) => unpack(open, packed, sizes);

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
    for (const flags of [['-1'], ['-19', '--no-check'], ['-3', '--long=27'], ['-3', '--no-content-size']]) {
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
      const decompressor = open(() => undefined);
      await decompressor.write(packed.subarray(0, 50_000));
      decompressor.close();
      decompressor.close();
    }
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().external - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('a window larger than every decoder must have is refused, whatever the frame holds', async () => {
    const frame = (windowLog: number) => {
      const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3]);
      return Buffer.concat([head, Buffer.from([(3 << 3) | 1, 0, 0]), Buffer.from('abc')]);
    };
    expect(await unzstd(frame(27))).toEqual({ bytes: Buffer.from('abc'), failure: undefined });
    expect(await unzstd(frame(28))).toEqual({ bytes: Buffer.alloc(0), failure: 'zstd/damaged' });
  });

  test('garbage behind the last frame is damage, and some bytes of it a cut', async () => {
    const packed = zstdStored(Buffer.from('text'));
    for (const rest of ['\0', '\0\0\0', '\x28\xb5', '\x28\xb5\x2f\xfd']) {
      const { failure } = await unzstd(Buffer.concat([packed, Buffer.from(rest, 'latin1')]));
      expect(failure, rest).toMatch(/^zstd\/(?:damaged|truncated)$/);
    }
    expect((await unzstd(Buffer.concat([packed, Buffer.alloc(512)]))).failure).toBe('zstd/damaged');
  });

  test('what the receiver throws comes back to the giver', async () => {
    const thrown = new Error('enough');
    const opened = open(() => {
      throw thrown;
    });
    expect(() => opened.write(zstdRepeated(0x61, 4))).toThrow(thrown);
    opened.close();
  });
});

describe('the frames of a zstd stream', () => {
  const follow = (packed: Buffer, size: number) => {
    const frames = new ZstdFrames();
    for (let at = 0; at < packed.length; at += size) frames.write(packed.subarray(at, at + size));
    return frames.whole;
  };

  test('end where the decoder of WebAssembly says that they end, at every cut', async () => {
    const open = ways.find(([name]) => name === 'wasm')?.[1];
    if (!open) throw new Error('there is always a decoder of WebAssembly');
    const packed = Buffer.concat([zstdRepeated(0x61, 3), skippable(Buffer.from('ab')), ...samples]);
    for (let length = 0; length <= packed.length; length++) {
      const cut = packed.subarray(0, length);
      const whole = (await unpack(open, cut)).failure === undefined;
      for (const size of [1, 2, 3, 7, packed.length]) expect(follow(cut, size), `${length} by ${size}`).toBe(whole);
    }
  });

  test('what is no frame never ends, whatever follows', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        expect(follow(Buffer.concat([Buffer.from('none'), Buffer.from(bytes)]), size)).toBe(false);
      }),
    );
  });
});
