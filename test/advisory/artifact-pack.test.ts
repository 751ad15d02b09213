import { hash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Part } from '../../src/advisory/artifact/contract.ts';
import { packFile, unpackPart } from '../../src/advisory/artifact/pack.ts';
import { eachOf } from '../../src/advisory/artifact/parallel.ts';
import { tarHeader } from '../../src/advisory/artifact/tar-entry.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import { header } from '../support/tar-writer.ts';
import { failure } from './artifact-support.ts';
import { scratch } from './support.ts';

const digestOf = (bytes: Buffer) => digestOfHex(hash('sha256', bytes));
const is = (bytes: Buffer) => ({ digest: digestOf(bytes), size: bytes.length });

/** A part that unpacks to these bytes. */
function partOf(bytes: Buffer, packed: Buffer): Part {
  const descriptor = { mediaType: '', annotations: {}, ...is(packed) };
  return { of: { kind: 'ecosystem', name: 'npm' }, packed: descriptor, ...is(bytes) };
}

function* inPieces(bytes: Buffer, size: number): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a file that is packed', () => {
  test('is gzip of no system and no time, the same each time, and unpacks to what it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_500_000), fc.integer({ min: 1, max: 70_000 }), async (size, piece) => {
        const folder = scratch();
        const at = (name: string) => join(folder, name);
        const bytes = Buffer.alloc(size, 'some bytes that stand there again and again ');
        writeFileSync(at('file'), bytes);
        const packed = await packFile(at('file'), is(bytes), at('packed'));
        const out = readFileSync(at('packed'));
        expect(packed).toEqual(is(out));
        expect(out.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
        expect(gunzipSync(out).equals(bytes)).toBe(true);
        expect(await packFile(at('file'), is(bytes), at('again'))).toEqual(packed);
        let seen = 0;
        await unpackPart(inPieces(out, piece), partOf(bytes, out), at('unpacked'), (more) => {
          seen += more;
        });
        expect([readFileSync(at('unpacked')).equals(bytes), seen]).toEqual([true, out.length]);
      }),
      { numRuns: 12 },
    );
  });

  test('must be what it is said to be, and go where something can be written', async () => {
    const folder = scratch();
    const path = join(folder, 'file');
    const bytes = Buffer.from('bytes');
    writeFileSync(path, bytes);
    const damaged = 'advisory/index-damaged: a file of the data in force is missing or damaged';
    const pack = (from: string, what: ReturnType<typeof is>, to: string) => failure(packFile(from, what, to));
    expect(await pack(path, { ...is(bytes), size: 4 }, join(folder, 'a'))).toBe(damaged);
    expect(await pack(path, is(Buffer.from('other')), join(folder, 'b'))).toBe(damaged);
    expect(await pack(join(folder, 'none'), is(bytes), join(folder, 'c'))).toBe(damaged);
    const unwritable = "advisory/cache-unwritable: the cache folder can't be written: ENOENT";
    expect(await pack(path, is(bytes), join(folder, 'no', 'd'))).toBe(unwritable);
    const part = partOf(bytes, bytes);
    expect(await failure(unpackPart([], part, join(folder, 'no', 'e'), () => {}))).toBe(unwritable);
  });
});

test('bytes that are no layer are refused, and nothing is written beyond the size that is named', async () => {
  const folder = scratch();
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (random) => {
      const bytes = Buffer.from(random);
      const path = join(folder, String(serial++));
      expect(await failure(unpackPart([bytes], partOf(Buffer.from('x'), bytes), path, () => {}))).toMatch(
        /^(?:gzip\/(?:damaged|truncated)|advisory\/artifact-(?:size|digest)): the layer of npm /,
      );
      expect(existsSync(path) ? readFileSync(path).length : 0).toBeLessThanOrEqual(1);
    }),
    { numRuns: 100 },
  );
});

test('a tar header is what another writer makes', () => {
  for (const [name, size] of [
    ['index.json', 0],
    [`blobs/sha256/${'a'.repeat(64)}`, 4 * 1024 ** 3],
    ['x'.repeat(100), 511],
  ] as const) {
    const [ours, theirs] = [tarHeader(name, size), header('0', name, size)];
    // What is left empty there is a zero here: the numbers of a device.
    const same = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 148), bytes.subarray(156, 329)]);
    expect(same(ours).equals(same(theirs))).toBe(true);
  }
});

describe('work that is done side by side', () => {
  test('gives its results in order, so many at once', async () => {
    let running = 0;
    let most = 0;
    const results = await eachOf([5, 1, 3, 2, 4], 2, async (n) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, n));
      running--;
      return n * 2;
    });
    expect([results, most]).toEqual([[10, 2, 6, 4, 8], 2]);
  });

  test('tells of a failure when all that began has ended, and begins no more', async () => {
    const ended: number[] = [];
    const run = eachOf([1, 2, 3, 4], 2, async (n) => {
      await new Promise((done) => setTimeout(done, n === 1 ? 0 : 20));
      if (n === 1) throw new Error('the first');
      ended.push(n);
    });
    await expect(run).rejects.toThrow('the first');
    expect(ended).toEqual([2]);
  });
});
