import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Compression, compressionOf } from '../../../src/format/decompress/contract.ts';
import { openDecompressor } from '../../../src/format/decompress/open.ts';
import { zstdStored } from '../../support/image-writer.ts';

test.each<[string, Buffer, Compression]>([
  ['gzip', gzipSync('x'), 'gzip'],
  ['zstd', zstdStored(Buffer.from('x')), 'zstd'],
  ['a skippable frame of zstd', Buffer.from([0x50, 0x2a, 0x4d, 0x18]), 'zstd'],
  ['the last kind of skippable frame', Buffer.from([0x5f, 0x2a, 0x4d, 0x18]), 'zstd'],
  ['what is near to it', Buffer.from([0x60, 0x2a, 0x4d, 0x18]), 'none'],
  ['one byte of gzip', Buffer.from([0x1f]), 'none'],
  ['nothing', Buffer.alloc(0), 'none'],
  ['a name', Buffer.from('etc/passwd'), 'none'],
])('the compression of %s', (_what, bytes, compression) => {
  expect(compressionOf(bytes)).toBe(compression);
});

test('each compression has its decompressor', async () => {
  for (const [compression, packed] of [
    ['none', Buffer.from('text')],
    ['gzip', gzipSync('text')],
    ['zstd', zstdStored(Buffer.from('text'))],
  ] as const) {
    const parts: Buffer[] = [];
    const decompressor = await openDecompressor(compression, (bytes) => parts.push(Buffer.from(bytes)));
    await decompressor.write(packed);
    await decompressor.finish();
    decompressor.close();
    expect(Buffer.concat(parts).toString()).toBe('text');
  }
});
