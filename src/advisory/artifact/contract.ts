import type { Digest } from '../../model/digest.ts';
import type { Descriptor } from '../../source/manifest.ts';
import type { FeedId } from '../contract.ts';

/*
 * The data as an artifact (OCI image specification 1.1, "Guidelines for Artifact Usage"): the configuration is the
 * snapshot, to the byte, so that its digest names the data on every machine; each layer is one ecosystem's index or one
 * feed, packed with gzip. What did not change is the same layer: it is neither pushed nor pulled again.
 */

/** What the artifact is. */
export const artifactType = 'application/vnd.sluice.data.v1';
/** Media types of its configuration and layers. */
export const snapshotType = 'application/vnd.sluice.data.snapshot.v1+json';
export const indexLayerType = 'application/vnd.sluice.data.index.v1+gzip';
export const feedLayerType = 'application/vnd.sluice.data.feed.v1+gzip';
/** An image manifest (OCI image specification). */
export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
/** An image index (OCI image specification). */
export const indexType = 'application/vnd.oci.image.index.v1+json';

/** The annotations of layers: whose data it is, and the file that it unpacks to. */
export const annotation = {
  ecosystem: 'vnd.sluice.data.ecosystem',
  feed: 'vnd.sluice.data.feed',
  digest: 'vnd.sluice.data.file.digest',
  size: 'vnd.sluice.data.file.size',
  /** Of the manifest: the sluice that made it. */
  version: 'vnd.sluice.version',
  /** Of the manifest (OCI image specification, annotations): when its latest part was last known current. */
  created: 'org.opencontainers.image.created',
  /** Of a descriptor in a layout's index (OCI image specification, annotations): its tag. */
  refName: 'org.opencontainers.image.ref.name',
} as const;

/** The largest file that a layer unpacks to, in bytes: many times the largest index of today. */
export const maxFileBytes = 4 * 1024 * 1024 * 1024;
/** The largest layer, in bytes: half of what a tar header can say. */
export const maxLayerBytes = 4 * 1024 * 1024 * 1024;
/** Most bytes that all layers of one artifact unpack to. */
export const maxTotalBytes = 32 * 1024 * 1024 * 1024;
/** Most layers of one artifact: OSV has about fifty ecosystems. */
export const maxParts = 1000;

/** Whose data a layer is: one ecosystem's, or one feed's. */
export type PartName =
  | { readonly kind: 'ecosystem'; readonly name: string }
  | { readonly kind: 'feed'; readonly name: FeedId };

/** One layer as the manifest tells of it. */
export interface Part {
  readonly of: PartName;
  /** The packed bytes. */
  readonly packed: Descriptor;
  /** The file that they unpack to. */
  readonly digest: Digest;
  readonly size: number;
}

/** What is signed, and the signature of exactly these bytes. */
export interface Signature {
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** Decides whose signatures count. */
export interface Verifier {
  /** Why it is no signature of this manifest by a trusted key; undefined when it is one. */
  refusal(signature: Signature, manifest: Digest): string | undefined;
}

/** Signs manifests, and knows its own signatures. */
export interface Signer extends Verifier {
  /** `repository` is told to whom reads the payload: `registry.example.org/team/data`. */
  sign(manifest: Digest, repository: string): Signature;
}

/** Where an artifact is read from. What it gives is checked against the digest that it was asked for. */
export interface ArtifactSource {
  /** For messages. */
  readonly name: string;
  /** @throws SluiceError when there is none, or it can't be had. */
  manifest(): Promise<{ readonly bytes: Buffer; readonly digest: Digest }>;
  /** The manifest of the signatures of a manifest; undefined when there is none. */
  signatures(manifest: Digest): Promise<Buffer | undefined>;
  /** A small blob, its size and digest checked. */
  read(descriptor: Descriptor): Promise<Buffer>;
  /** A blob in pieces, each valid until the next is asked for; its digest is the caller's to check. */
  open(descriptor: Descriptor): Promise<AsyncIterable<Buffer> | Iterable<Buffer>>;
  close(): void;
}

/** A packed blob: in memory, or in a file. */
export interface PackedBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly from: Buffer | { readonly path: string };
}

/** Where an artifact is written to. */
export interface ArtifactSink {
  /** What is told in the payload of a signature; empty for a file. */
  readonly repository: string;
  /** Where signatures may be that others made of the same manifest. */
  readonly existing?: Pick<ArtifactSource, 'signatures' | 'read'>;
  /** Leaves a blob; returns how many bytes were moved, none where it is there already. */
  putBlob(blob: PackedBlob): Promise<number>;
  /** Leaves the manifest of the signatures under a tag. */
  putSignatures(bytes: Buffer, tag: string): Promise<void>;
  /** Leaves the manifest, after all that it names. */
  putManifest(bytes: Buffer): Promise<void>;
}

/** The name of a part in one text, for maps and messages. */
export function partKey({ kind, name }: PartName): string {
  return kind === 'ecosystem' ? name : `the feed ${name}`;
}
