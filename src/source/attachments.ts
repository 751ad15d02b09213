import { type Digest, digestIn } from '../model/digest.ts';
import { asRecord, asString, parseJson } from '../util/json.ts';
import type { Descriptor, Manifest } from './manifest.ts';

/** A manifest that may hold attestations of an image. */
export interface AttachedManifest {
  readonly descriptor: Descriptor;
  /** Whether it is tied to the image by a subject, a tag or an annotation; otherwise only what it holds can tell. */
  readonly tied: boolean;
}

/** Told of what can't be read: what it is, and what was thrown. */
export type Failed = (what: string, thrown: unknown) => void;

/** Where attestations of one image are looked for. */
export interface Attachments {
  /** Digests of the indexes that lead to the image: what is attached to one of them is about all of its images. */
  readonly indexes: readonly Digest[];
  /** The manifests that are attached, each once, in a fixed order; what can't be asked for is told to `failed`. */
  list(failed: Failed): Promise<readonly AttachedManifest[]>;
  /** A small blob or manifest, its digest checked. @throws SluiceError */
  read(descriptor: Descriptor, limit: number): Promise<Buffer>;
  close(): void;
}

/** What BuildKit attests of an image stands in the same index and names the image in an annotation. */
export function isBuildKitFor({ annotations }: Descriptor, digest: Digest): boolean {
  return (
    annotations['vnd.docker.reference.type'] === 'attestation-manifest' &&
    annotations['vnd.docker.reference.digest'] === digest
  );
}

/** The tag under which cosign keeps what it attests of a digest. */
export function attestationTag(digest: Digest): string {
  return `${digest.replace(':', '-')}.att`;
}

/** The tag that stands for the list of referrers where the registry has none (OCI distribution specification 1.1). */
export function referrersTag(digest: Digest): string {
  return digest.replace(':', '-');
}

/** The manifest that a manifest refers to (OCI image specification 1.1, `subject`). */
export function subjectOf(bytes: Buffer): Digest | undefined {
  try {
    return digestIn(asRecord(asRecord(parseJson(bytes, 100))?.subject)?.digest);
  } catch {
    return undefined;
  }
}

const vexTypes = /openvex|csaf|cyclonedx|vex|in-toto|dsse|sigstore\.bundle/;
const predicateKeys = ['in-toto.io/predicate-type', 'dev.sigstore.bundle.predicateType', 'predicateType'];

/** The predicate's type, where a descriptor tells it: BuildKit, sigstore bundles and cosign each in their own annotation. */
export function predicateOf({ annotations }: Descriptor): string | undefined {
  for (const key of predicateKeys) {
    const value = asString(annotations[key]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether what is of this type may be VEX, or hold it; a type that is not told may be anything. */
export function mayHoldVex(mediaType: string | undefined): boolean {
  return mediaType === undefined || mediaType === '' || vexTypes.test(mediaType.toLowerCase());
}

/** The manifests of an index; none of what is no index. */
export function manifestsIn(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === 'index' ? manifest.manifests : [];
}
