import { availableParallelism } from 'node:os';
import type { LayerBlob } from '../source/contract.ts';

/** Bytes of blobs below which a thread costs more to start (25 ms) than it saves. */
const threadWorth = 12 * 1024 * 1024;

/** A layer to survey, and its number in the image. */
export interface NumberedBlob {
  readonly blob: LayerBlob;
  readonly layer: number;
}

/**
 * Deals layers out to threads: the largest first, each to the thread that has least to do. Bin 0 is the main
 * thread's. What is not worth a thread stays there, and so do layers that come over the network.
 */
export function dealLayers(layers: readonly NumberedBlob[], jobs = availableParallelism()): NumberedBlob[][] {
  const bins: { sum: number; layers: NumberedBlob[] }[] = [{ sum: 0, layers: [] }];
  const sorted = [...layers].sort((a, b) => b.blob.size - a.blob.size || a.layer - b.layer);
  for (const item of sorted) {
    const local = item.blob.place.kind === 'region';
    const least = bins.reduce((best, bin) => (bin.sum < best.sum ? bin : best));
    const worth = local && bins.length < jobs && item.blob.size >= threadWorth && (bins[0]?.sum ?? 0) > 0;
    const bin = worth ? { sum: 0, layers: [] } : local ? least : bins[0];
    if (worth && bin) bins.push(bin);
    if (!bin) continue;
    bin.layers.push(item);
    bin.sum += item.blob.size;
  }
  return bins.map((bin) => bin.layers);
}
