import type { Digest } from '../../model/digest.ts';
import type { TarEntry } from '../tar/contract.ts';

/** Where a layer's index of its own entries stands, and the digest that the image's manifest pins it to. */
export type LayerIndex =
  | {
      readonly kind: 'estargz';
      /** Of the index as JSON. */
      readonly digest: Digest;
    }
  | {
      readonly kind: 'zstd-chunked';
      /** Of the index as it is stored, compressed. */
      readonly digest: Digest;
      /** Place of its first byte in the blob. */
      readonly offset: number;
      /** Bytes, compressed. */
      readonly size: number;
      /** Bytes, unpacked. */
      readonly unpacked: number;
    };

/** A stretch of a file's body that can be unpacked on its own. */
export interface BodyChunk {
  /** Place of its first compressed byte in the blob. */
  readonly offset: number;
  /** Place behind its last compressed byte. */
  readonly end: number;
  /** Unpacked bytes before it, for several chunks may be compressed together. */
  readonly inner: number;
  /** Unpacked bytes. */
  readonly size: number;
  /** Of the unpacked bytes. */
  readonly digest: Digest;
}

/** An entry of a layer as its index tells it. */
export interface IndexedEntry extends TarEntry {
  /** The parts of its body in their order; none of what has no body. */
  readonly chunks: readonly BodyChunk[];
}

/** What a layer's index says, in the order of the layer's tar. Offsets of chunks never fall. */
export interface ReadIndex {
  readonly entries: readonly IndexedEntry[];
  /** How the chunks are compressed. */
  readonly compression: 'gzip' | 'zstd';
}
