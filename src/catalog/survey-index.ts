import type { Ecosystem } from '../ecosystem/contract.ts';
import type { IndexedEntry, ReadIndex } from '../format/layer-index/contract.ts';
import { readFooter } from '../format/layer-index/footer.ts';
import { inconsistent } from '../format/layer-index/numbers.ts';
import { maxPackedIndex, readChunkedIndex, readEstargzIndex } from '../format/layer-index/unpack.ts';
import type { TarHandler } from '../format/tar/contract.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob, ReadRange } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import { type FetchRange, fetchSpans } from './fetch-bodies.ts';
import type { LayerLook, ReadyLook } from './looking/contract.ts';
import { bytesOf, spansOf, type WantedBody } from './range-plan.ts';
import type { ReadAs } from './read-as.ts';
import { Surveyor } from './surveyor.ts';

/** Bytes of a blob up to which reading all of it is as fast as asking for parts. */
const smallBlob = 512 * 1024;

/** Bytes at the end of an eStargz blob that are fetched first: the footer, and with luck all of the index. */
const tailSizes = { least: 32 * 1024, most: 512 * 1024 } as const;

/** Part of a blob that its index often has. */
const usualIndex = 1 / 64;

/** Part of a blob from which on all of it is read: then all of it is checked, and its survey kept. */
const mostOfIt = 0.75;

/**
 * Surveys a layer by its own index: the index and the bodies that somebody wants are fetched, the rest is not, so that
 * neither the blob's digest nor the diffID is checked. The index is the one that the manifest pins, and each body has
 * the digest that the index says. Undefined when the layer has no index or one that can't be used: it must be read then.
 */
export async function surveyFromIndex(
  blob: LayerBlob,
  ecosystems: readonly Ecosystem[],
  readRange: ReadRange | undefined,
  look?: LayerLook,
): Promise<LayerSurvey | undefined> {
  const ready = look && (await readyToSeek(look));
  const surveyor = new Surveyor(ecosystems, ready);
  const unpacked = await byIndex(blob, readRange, async (index, range) => {
    await walkIndex(index, surveyor, range, blob.size);
    const hardLinks = surveyor.hardLinks();
    if (hardLinks.size > 0) await walkIndex(index, surveyor.reread(hardLinks), range, blob.size);
    return index.entries.reduce((sum, entry) => sum + entry.size, 0);
  });
  return unpacked === undefined ? undefined : { ...surveyor.finish(blob.diffId, unpacked), read: 'index' };
}

/** Of a layer that is not read, settings are looked at alone: they are few, and texts and licences lie all over it. */
async function readyToSeek({ looked, ...look }: LayerLook): Promise<ReadyLook | undefined> {
  const { documents } = looked;
  if (documents === undefined) return undefined;
  return (await import('./looking/ready-look.ts')).readyLook({ ...look, looked: { documents } });
}

/** As `rereadLayer`, for a layer that may have been surveyed by its index; undefined when the layer itself must be read. */
export function rereadFromIndex(
  blob: LayerBlob,
  readAs: ReadAs,
  ecosystems: readonly Ecosystem[],
  readRange: ReadRange | undefined,
): Promise<LayerSurvey['files'] | undefined> {
  return byIndex(blob, readRange, async (index, range) => {
    const surveyor = new Surveyor(ecosystems);
    await walkIndex(index, surveyor.reread(readAs), range, blob.size);
    return surveyor.finish(blob.diffId, 0).files;
  });
}

/** Whatever goes wrong on this way says nothing of the layer: reading all of it decides. */
async function byIndex<T>(
  blob: LayerBlob,
  readRange: ReadRange | undefined,
  work: (index: ReadIndex, range: FetchRange) => Promise<T>,
): Promise<T | undefined> {
  if (blob.index === undefined || readRange === undefined || blob.size < smallBlob) return undefined;
  const range: FetchRange = (offset, length) => readRange(blob.place, offset, length);
  try {
    return await work(await readIndex(blob, range), range);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return undefined;
    throw thrown;
  }
}

async function readIndex({ index, size }: LayerBlob, range: FetchRange): Promise<ReadIndex> {
  if (index?.kind === 'zstd-chunked') {
    const fits = index.size > 0 && index.size <= maxPackedIndex && index.offset + index.size <= size;
    if (!fits) throw inconsistent('it is out of bounds');
    return readChunkedIndex(await range(index.offset, index.size), index);
  }
  const tailStart = size - Math.min(tailSizes.most, Math.max(tailSizes.least, Math.ceil(size * usualIndex)));
  const tail = await range(tailStart, size - tailStart);
  const places = readFooter(tail, size);
  if (index === undefined || places === undefined) throw inconsistent('there is no footer');
  const { start, end } = places;
  if (end - start > maxPackedIndex) throw inconsistent('it is out of bounds');
  const front = start < tailStart ? await range(start, tailStart - start) : Buffer.alloc(0);
  const packed = Buffer.concat([front, tail.subarray(Math.max(0, start - tailStart), end - tailStart)]);
  return readEstargzIndex(packed, start, index.digest);
}

/** Tells a handler of all entries as a walk over the tar would, and then the bodies that it wants. */
async function walkIndex(index: ReadIndex, handler: TarHandler, range: FetchRange, size: number): Promise<void> {
  const wanted: WantedBody[] = [];
  for (const entry of index.entries) {
    const sink = handler.entry(entry);
    if (sink === undefined) continue;
    if (entry.size !== chunkedSize(entry)) throw inconsistent('a body that is wanted is not in it');
    if (entry.size === 0) sink.end();
    else wanted.push({ chunks: entry.chunks, sink });
  }
  const spans = spansOf(wanted);
  if (bytesOf(spans) > size * mostOfIt) throw inconsistent('most of the layer is wanted');
  await fetchSpans(spans, index.compression, range);
}

function chunkedSize({ chunks }: IndexedEntry): number {
  return chunks.reduce((sum, chunk) => sum + chunk.size, 0);
}
