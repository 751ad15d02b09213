import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressionOf } from '../format/decompress/contract.ts';
import { SluiceError } from '../util/error.ts';
import { isBomb } from '../util/ratio.ts';
import { type OpenFile, readRegion, readWholeRegion } from './file.ts';

/**
 * Unpacks a compressed image archive (`.tar.gz`, `.tar.zst`) into a file without a name, because the members of an
 * archive are needed out of order. An archive that is not compressed is returned as it is. Takes over the file.
 * @throws SluiceError `archive/bomb`, `archive/no-room`, `gzip/...`, `zstd/...`
 */
export async function unpackArchive(file: OpenFile): Promise<OpenFile> {
  const compression = compressionOf(readWholeRegion(file.fd, 0, Math.min(4, file.size)));
  if (compression === 'none') return file;
  const { openDecompressor } = await import('../format/decompress/open.ts');
  const out = openNameless();
  let size = 0;
  const decompressor = await openDecompressor(compression, (bytes) => {
    size += writeAll(out, bytes, size);
    if (isBomb(file.size, size))
      throw new SluiceError('archive/bomb', 'the compressed archive is a decompression bomb');
  });
  try {
    for (const piece of readRegion(file.fd, 0, file.size)) await decompressor.write(piece);
    await decompressor.finish();
  } catch (thrown) {
    closeSync(out);
    throw thrown;
  } finally {
    decompressor.close();
    closeSync(file.fd);
  }
  return { fd: out, size, identity: file.identity && `${file.identity}-${compression}` };
}

/** A temporary file whose name is gone at once: nothing is left behind, however the process ends. */
function openNameless(): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    try {
      return openSync(join(folder, 'archive'), 'wx+', 0o600);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (thrown) {
    throw noRoom(thrown);
  }
}

function writeAll(fd: number, bytes: Buffer, position: number): number {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  } catch (thrown) {
    throw noRoom(thrown);
  }
  return done;
}

function noRoom(thrown: unknown): SluiceError {
  const { code } = thrown as NodeJS.ErrnoException;
  const message = `the compressed archive can't be unpacked into the folder for temporary files (${code ?? 'unknown error'})`;
  return new SluiceError('archive/no-room', message, 'unpack it first, or let TMPDIR name a folder with more room');
}
