import { type Digest, parseDigest } from '../../model/digest.ts';
import { decimal } from '../tar/pax.ts';
import type { LayerIndex } from './contract.ts';

const estargzDigest = 'containerd.io/snapshot/stargz/toc.digest';
const chunkedDigest = 'io.github.containers.zstd-chunked.manifest-checksum';
const chunkedPosition = 'io.github.containers.zstd-chunked.manifest-position';

/** The one type of index that zstd:chunked has: entries in the shape that eStargz has them. */
const chunkedType = 1;

/**
 * The index that a layer's descriptor pins by its annotations (stargz-snapshotter's eStargz, containers/storage's
 * zstd:chunked). Undefined without a digest, for then anybody on the way could write one; and where two are named.
 */
export function layerIndexOf(annotations: Readonly<Record<string, unknown>>): LayerIndex | undefined {
  const estargz = annotations[estargzDigest];
  const chunked = annotations[chunkedDigest];
  if (estargz !== undefined && chunked !== undefined) return undefined;
  if (estargz !== undefined) {
    const digest = digestOf(estargz);
    return digest && { kind: 'estargz', digest };
  }
  const digest = digestOf(chunked);
  const position = positionOf(annotations[chunkedPosition]);
  return digest && position && { kind: 'zstd-chunked', digest, ...position };
}

function digestOf(value: unknown): Digest | undefined {
  try {
    return parseDigest(value);
  } catch {
    return undefined;
  }
}

/** `offset:length:unpacked length:type`, in decimal digits. */
function positionOf(value: unknown): { offset: number; size: number; unpacked: number } | undefined {
  if (typeof value !== 'string' || value.length > 80) return undefined;
  const [offset = Number.NaN, size = Number.NaN, unpacked = Number.NaN, type, more] = value.split(':').map(decimal);
  if (type !== chunkedType || more !== undefined) return undefined;
  return Number.isNaN(offset + size + unpacked) ? undefined : { offset, size, unpacked };
}
