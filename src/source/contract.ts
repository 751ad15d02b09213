import type { LayerIndex } from '../format/layer-index/contract.ts';
import type { Digest } from '../model/digest.ts';
import type { Image, ImageConfig, Platform } from '../model/image.ts';
import type { Problem } from '../model/problem.ts';

/**
 * Where the bytes of one layer's blob are. Plain data, so that a worker thread can open it. `identity` stands for the
 * bytes of a region as long as they are the same; empty where nothing can.
 */
export type LayerPlace =
  | {
      readonly kind: 'region';
      readonly fd: number;
      readonly offset: number;
      readonly size: number;
      readonly identity: string;
    }
  | { readonly kind: 'registry'; readonly reference: string; readonly digest: Digest; readonly size: number };

/** One layer that can be read. */
export interface LayerBlob {
  readonly place: LayerPlace;
  readonly digest: Digest;
  readonly diffId: Digest;
  /** Size of the blob in bytes, as the manifest says. */
  readonly size: number;
  /**
   * Of a tar that is not compressed: its digests are but what the archive around it says, and whoever loads that checks
   * them again. So it may be read in part, and what is found in it is believed of this file alone.
   */
  readonly claimed?: true;
  /** The layer's own index, where its bytes need not all be read: see `--lazy`. */
  readonly index?: LayerIndex;
}

/** An image whose manifest and configuration were read and verified, with its layers still unread. */
export interface OpenedImage {
  readonly image: Image;
  readonly config: ImageConfig;
  /** Of the manifest; values that are no texts are left out by whoever reads them. Absent: there can be none. */
  readonly annotations?: Readonly<Record<string, unknown>>;
  /** For which platforms there is an image where this one was chosen from, in their order; its own alone where it stands alone. */
  readonly platforms: readonly Platform[];
  /** Digest of the index that the image was chosen from, where it is known by one: the image may go by that as well. */
  readonly index?: Digest;
  /** Bottom first. */
  readonly layers: readonly LayerBlob[];
  /** What is wrong with the image as a whole. */
  readonly problems: readonly Problem[];
  /** Opens the bytes of a layer. */
  readonly open: OpenLayer;
  /** Absent where layers are read whole. */
  readonly readRange?: ReadRange;
  /** What the build says of itself, where it was attached to the image. It is not signed. */
  readonly provenance?: AttachedProvenance;
  /** Gives back files and connections. */
  close(): void;
}

/** An attestation that was found beside an image and not read yet. */
export interface AttachedProvenance {
  /** Of the manifest of attestations. */
  readonly digest: Digest;
  /** The in-toto statement; undefined when there is no provenance in it. @throws SluiceError */
  read(): Promise<Buffer | undefined>;
}

/** Opens the bytes of a layer's blob. Each piece is valid until the next is asked for. */
export type OpenLayer = (place: LayerPlace) => Iterable<Buffer> | AsyncIterable<Buffer>;

/** Exactly `length` bytes of a layer's blob from `offset`; what they are is the caller's to check. @throws SluiceError */
export type ReadRange = (place: LayerPlace, offset: number, length: number) => Promise<Buffer>;
