import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { openGunzip } from '../../format/decompress/gzip.ts';
import { type Digest, digestOfHex } from '../../model/digest.ts';
import { readRegion } from '../../source/file.ts';
import { SluiceError } from '../../util/error.ts';
import { updateHint } from '../contract.ts';
import { FileWriter } from '../file-writer.ts';
import { type Part, partKey } from './contract.ts';

/** Bytes that the gzip stream gives at once. */
const chunkSize = 256 * 1024;
/** Where a gzip header names the system that wrote it (RFC 1952 section 2.3.1), and what stands for none. */
const systemOffset = 9;
const noSystem = 0xff;

/** A file that was packed. */
export interface Packed {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Packs a file of the store into another with gzip: the same file becomes the same bytes. What is read is held against
 * the digest and size that it is to have, so that damage does not travel.
 * @throws SluiceError `advisory/index-damaged`, `advisory/cache-unwritable`
 */
export async function packFile(path: string, is: { digest: Digest; size: number }, out: string): Promise<Packed> {
  const source = openStored(path);
  try {
    const hash = createHash('sha256');
    const { size } = fstatSync(source);
    const pieces = function* (): Iterable<Buffer> {
      for (const piece of readRegion(source, 0, size)) {
        hash.update(piece);
        // The next piece is read into the same memory, maybe before the stream is done with this one.
        yield Buffer.from(piece);
      }
    };
    const packed = await gzipTo(out, pieces());
    if (size !== is.size || digestOfHex(hash.digest('hex')) !== is.digest) throw damaged();
    return packed;
  } catch (thrown) {
    throw writeError(thrown);
  } finally {
    closeSync(source);
  }
}

async function gzipTo(out: string, pieces: Iterable<Buffer>): Promise<Packed> {
  const hash = createHash('sha256');
  let size = 0;
  const fd = openSync(out, 'wx', 0o600);
  try {
    await pipeline(pieces, createGzip({ level: 6, chunkSize }), async (packed: AsyncIterable<Buffer>) => {
      for await (const bytes of packed) {
        if (size === 0) bytes[systemOffset] = noSystem;
        hash.update(bytes);
        for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
        size += bytes.length;
      }
    });
    return { digest: digestOfHex(hash.digest('hex')), size };
  } finally {
    closeSync(fd);
  }
}

/**
 * Unpacks a layer into a new file. Both what comes and what it becomes is checked: the packed bytes by their digest, and
 * the file by the size and digest that the snapshot names; nothing is written beyond that size.
 * @throws SluiceError `advisory/artifact-digest`, `advisory/artifact-size`, `gzip/...`
 */
export async function unpackPart(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  part: Part,
  out: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  const writer = createFile(out);
  let size = 0;
  const gunzip = openGunzip((bytes) => {
    size += bytes.length;
    // A few bytes can become gigabytes.
    if (size > part.size) throw wrong('size', part, `unpacks to more than the ${part.size} bytes that it announces`);
    writer.write(bytes);
  });
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      await gunzip.write(piece);
      onBytes(piece.length);
    }
    await gunzip.finish();
    if (digestOfHex(hash.digest('hex')) !== part.packed.digest) throw wrong('digest', part, 'has another digest');
    const file = writer.finish();
    if (file.size !== part.size) throw wrong('size', part, `unpacks to ${file.size} bytes, not to ${part.size}`);
    if (file.digest !== part.digest) throw wrong('digest', part, 'unpacks to a file with another digest');
  } catch (thrown) {
    throw writeError(known(thrown, part));
  } finally {
    gunzip.close();
    writer.close();
  }
}

function createFile(path: string): FileWriter {
  try {
    return new FileWriter(path, true);
  } catch (thrown) {
    throw writeError(thrown);
  }
}

/** A stream that is damaged names its layer. */
function known(thrown: unknown, part: Part): unknown {
  if (!(thrown instanceof SluiceError) || !thrown.code.startsWith('gzip/')) return thrown;
  return new SluiceError(thrown.code, `the layer of ${partKey(part.of)} can't be unpacked: ${thrown.message}`);
}

/** What the file system says of a folder that is full, or can't be written. */
function writeError(thrown: unknown): unknown {
  const code = (thrown as { code?: unknown }).code;
  if (thrown instanceof SluiceError || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return thrown;
  return new SluiceError('advisory/cache-unwritable', `the cache folder can't be written: ${code}`);
}

function wrong(what: 'size' | 'digest', part: Part, why: string): SluiceError {
  return new SluiceError(`advisory/artifact-${what}`, `the layer of ${partKey(part.of)} ${why}`);
}

function openStored(path: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    throw damaged();
  }
}

function damaged(): SluiceError {
  return new SluiceError('advisory/index-damaged', 'a file of the data in force is missing or damaged', updateHint);
}
