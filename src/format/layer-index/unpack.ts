import { type Digest, digestOf } from '../../model/digest.ts';
import type { Compression } from '../decompress/contract.ts';
import { openDecompressor } from '../decompress/open.ts';
import type { TarEntry } from '../tar/contract.ts';
import { TarWalker } from '../tar/walker.ts';
import type { IndexedEntry, LayerIndex, ReadIndex } from './contract.ts';
import { readEntries } from './entries.ts';
import { inconsistent } from './numbers.ts';

/** Largest index that is fetched, in bytes; one of 100,000 entries has 5 MB. */
export const maxPackedIndex = 48 * 1024 * 1024;

/** Largest index unpacked, in bytes. */
const maxIndex = 192 * 1024 * 1024;

/** The name of eStargz's index in the layer's tar, where it is the last entry. */
const indexName = 'stargz.index.json';

/** Reads the index that an eStargz layer has from the place `start` of its blob to its footer. @throws SluiceError */
export async function readEstargzIndex(packed: Buffer, start: number, digest: Digest): Promise<ReadIndex> {
  const tar = await unpack('gzip', packed, maxIndex);
  const { entry, json } = fileIn(tar);
  checkDigest(json, digest);
  // To whoever unpacks the tar the index is a file like any other.
  const own: IndexedEntry = { ...entry, chunks: [] };
  return { entries: [...readEntries(json, start), own], compression: 'gzip' };
}

/** Reads the index of a zstd:chunked layer as it is stored. @throws SluiceError */
export async function readChunkedIndex(
  packed: Buffer,
  { offset, digest, unpacked }: Extract<LayerIndex, { kind: 'zstd-chunked' }>,
): Promise<ReadIndex> {
  checkDigest(packed, digest);
  const json = await unpack('zstd', packed, Math.min(unpacked, maxIndex));
  if (json.length !== unpacked) throw inconsistent('it has another size than its layer says');
  return { entries: readEntries(json, offset), compression: 'zstd' };
}

function checkDigest(bytes: Buffer, wanted: Digest): void {
  const found = digestOf(bytes);
  if (found !== wanted) throw inconsistent(`it has the digest ${found}, not ${wanted}`);
}

async function unpack(compression: Compression, packed: Buffer, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const decompressor = await openDecompressor(compression, (piece) => {
    size += piece.length;
    if (size > limit) throw inconsistent(`it unpacks to more than ${limit} bytes`);
    pieces.push(Buffer.from(piece));
  });
  try {
    // In pieces, so that a bomb is found out before all of it has gone off.
    for (let at = 0; at < packed.length; at += 65_536) await decompressor.write(packed.subarray(at, at + 65_536));
    await decompressor.finish();
  } finally {
    decompressor.close();
  }
  return Buffer.concat(pieces, size);
}

/** The one file of a tar of which nothing else counts. */
function fileIn(tar: Buffer): { entry: TarEntry; json: Buffer } {
  const found: { entry: TarEntry; json: Buffer }[] = [];
  const walker = new TarWalker({
    entry(entry) {
      const pieces: Buffer[] = [];
      return {
        write: (bytes) => void pieces.push(bytes),
        end: () => void found.push({ entry, json: Buffer.concat(pieces) }),
      };
    },
  });
  walker.write(tar);
  walker.finish();
  const [only] = found;
  if (found.length !== 1 || only?.entry.path !== indexName) throw inconsistent('it is not where its footer says');
  return only;
}
