import { createHash, randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteRing, makeRing } from '../../src/catalog/byte-ring.ts';
import { hashRing, makeHashRing, OwnTarHash, SharedTarHash } from '../../src/catalog/tar-hash.ts';
import { gunzipWays, openGunzip } from '../../src/format/decompress/gzip.ts';
import { scratchFolder } from '../support/cli.ts';
import { bundledThread } from './thread.ts';

const thread = bundledThread(scratchFolder());

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Hashes in another thread what `write` gives. */
async function hashedThere(write: (hash: SharedTarHash) => void): Promise<string> {
  const ring = makeHashRing();
  const worker = new Worker(thread, { env: {} });
  try {
    worker.postMessage({ kind: 'hash', ring });
    const hash = new SharedTarHash(ring);
    write(hash);
    return hash.digest();
  } finally {
    await worker.terminate();
  }
}

describe('a ring', () => {
  test('gives back what was written, in its order, and is full when it is full', () => {
    const memory = makeRing(3, 8);
    const [writer, reader] = [new ByteRing(memory), new ByteRing(memory)];
    const put = (text: string): void => writer.publish(writer.free()?.write(text) ?? 0);
    for (const text of ['one', 'two', 'three']) put(text);
    expect(writer.free()).toBeUndefined();
    const pieces = reader.pieces()[Symbol.iterator]();
    expect(String(pieces.next().value)).toBe('one');
    // The piece is in use until the next is asked for.
    expect(writer.free()).toBeUndefined();
    expect(String(pieces.next().value)).toBe('two');
    put('four');
    writer.end();
    expect(['three', 'four', undefined].map(() => pieces.next().value?.toString())).toEqual([
      'three',
      'four',
      undefined,
    ]);
  });

  test('tells a writer that waits when half of it is free, once', () => {
    const memory = makeRing(4, 8);
    const [writer, reader] = [new ByteRing(memory), new ByteRing(memory)];
    for (const text of ['a', 'b', 'c', 'd']) writer.publish(writer.free()?.write(text) ?? 0);
    writer.askForRoom();
    let told = 0;
    const pieces = reader.pieces(() => told++)[Symbol.iterator]();
    const toldAfter = [1, 2, 3, 4].map(() => {
      pieces.next();
      return told;
    });
    expect(toldAfter).toEqual([0, 0, 1, 1]);
  });

  test('that is broken off is an error to the reader, after what came before; one that has ended is not', () => {
    const memory = makeRing(2, 8);
    const [writer, reader] = [new ByteRing(memory), new ByteRing(memory)];
    writer.publish(writer.free()?.write('x') ?? 0);
    writer.break();
    const read: string[] = [];
    const readAll = (): void => {
      for (const piece of reader.pieces()) read.push(piece.toString());
    };
    expect(readAll).toThrow('the bytes stopped coming');
    expect(read).toEqual(['x']);
    const whole = new ByteRing(makeRing(2, 8));
    whole.end();
    whole.break();
    expect([...whole.pieces()]).toEqual([]);
  });

  test('can be read a second time', () => {
    const memory = makeRing(2, 8);
    const [writer, reader] = [new ByteRing(memory), new ByteRing(memory)];
    for (const round of ['first', 'second']) {
      writer.publish(writer.free()?.write(round) ?? 0);
      writer.end();
      expect([...reader.pieces()].map(String)).toEqual([round]);
      reader.reset();
    }
  });
});

describe('a hash that another thread takes', () => {
  test('is that of the bytes, however they come', async () => {
    const bytes = randomBytes(5_000_000);
    expect(await hashedThere((hash) => hash.update(bytes))).toBe(digestOf(bytes));
    const lengths = fc.sample(fc.integer({ min: 0, max: 300_000 }), 40);
    const pieces = lengths.map((length) => randomBytes(length));
    const taken = await hashedThere((hash) => {
      for (const piece of pieces) hash.update(piece);
    });
    expect(taken).toBe(digestOf(Buffer.concat(pieces)));
    expect(await hashedThere(() => undefined)).toBe(digestOf(Buffer.alloc(0)));
  });

  test.each(Object.entries({ chosen: openGunzip, ...gunzipWays }))(
    'is that of what is unpacked into its own memory, or beside it: %s',
    async (_way, open) => {
      const bytes = Buffer.concat([randomBytes(700_000), Buffer.alloc(3_000_000, 'abc'), randomBytes(10)]);
      const packed = gzipSync(bytes);
      const seen: Buffer[] = [];
      const ring = makeHashRing();
      const worker = new Worker(thread, { env: {} });
      worker.postMessage({ kind: 'hash', ring });
      const hash = new SharedTarHash(ring);
      const gunzip = open((piece) => {
        hash.update(piece);
        seen.push(Buffer.from(piece));
      }, hash.window);
      for (let at = 0; at < packed.length; at += 100_000) await gunzip.write(packed.subarray(at, at + 100_000));
      await gunzip.finish();
      gunzip.close();
      expect(hash.digest()).toBe(digestOf(bytes));
      expect(Buffer.concat(seen).equals(bytes)).toBe(true);
      await worker.terminate();
    },
  );

  test('is taken here when nobody comes, of all that was written', () => {
    const bytes = randomBytes(4_000_000);
    const hash = new SharedTarHash(makeHashRing());
    for (let at = 0; at < bytes.length; at += 300_000) {
      const window = hash.window();
      const length = bytes.copy(window, 0, at, at + 300_000);
      hash.update(window.subarray(0, length));
      hash.update(bytes.subarray(at + length, at + 300_000));
    }
    expect(hash.digest()).toBe(digestOf(bytes));
    const few = new SharedTarHash(makeHashRing());
    few.update(Buffer.from('few'));
    expect(few.digest()).toBe(digestOf(Buffer.from('few')));
  });

  test('that comes too late leaves nothing', () => {
    const ring = makeHashRing();
    const hash = new SharedTarHash(ring);
    hash.update(Buffer.from('bytes'));
    expect(hash.digest()).toBe(digestOf(Buffer.from('bytes')));
    hashRing(ring);
    expect(new ByteRing(ring).waitForResult()).toBeUndefined();
  });

  test('is lost with the thread that has begun, and never guessed', () => {
    const ring = makeHashRing();
    const hash = new SharedTarHash(ring);
    for (const text of ['one', 'two']) hash.update(Buffer.from(text));
    const reader = new ByteRing(ring);
    const pieces = reader.pieces()[Symbol.iterator]();
    pieces.next();
    pieces.next();
    reader.leave();
    expect(() => hash.digest()).toThrow('the thread that hashes its tar has failed');
  });

  test('here is the same', () => {
    const hash = new OwnTarHash();
    hash.update(Buffer.from('x'));
    expect(hash.digest()).toBe(digestOf(Buffer.from('x')));
  });
});
