// What this machine's processor does alone, on one core: SHA-256, inflating, the checksum of gzip. Arguments: archive,
// offset and size of a gzip layer in it. Prints MB/s as JSON.
import { createHash } from 'node:crypto';
import { openSync, readSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { inflateGzip } from './inflate.mjs';

const [path, offset, size] = process.argv.slice(2);

/** Packed bytes that are inflated at most: enough to be more than a moment. */
const most = 24 * 1024 * 1024;

/** Runs for some 0.2 seconds of CPU time and returns MB of CPU second; `step` returns the bytes that it did. */
function speedOf(step) {
  step();
  const begin = process.cpuUsage();
  let bytes = 0;
  for (;;) {
    bytes += step();
    const { user, system } = process.cpuUsage(begin);
    if (user + system > 200_000) return Math.round(bytes / (user + system));
  }
}

const block = Buffer.alloc(256 * 1024, 'some text to be hashed ');
const figures = {
  sha256: speedOf(() => {
    createHash('sha256').update(block).digest();
    return block.length;
  }),
};
if (path !== undefined) {
  const packed = Buffer.alloc(Math.min(most, Number(size)));
  readSync(openSync(path, 'r'), packed, 0, packed.length, Number(offset));
  figures.inflate = speedOf(() => {
    let bytes = 0;
    // What is cut off at the end is left alone.
    inflateGzip([packed], (piece) => {
      bytes += piece.length;
    });
    return bytes;
  });
}
if (zlib.crc32) {
  figures.crc32 = speedOf(() => {
    zlib.crc32(block);
    return block.length;
  });
}
process.stdout.write(JSON.stringify(figures));
