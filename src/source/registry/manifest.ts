import type { IncomingMessage } from 'node:http';
import { type Digest, digestOf, parseDigest } from '../../model/digest.ts';
import { formatReference, type Reference } from '../../model/reference.ts';
import { maxManifestBytes } from '../manifest.ts';
import { plainLine } from './error-text.ts';
import { RegistryFailure } from './failure.ts';
import { readBody } from './http.ts';
import type { Session } from './session.ts';

/** Manifests and indexes that sluice reads: OCI image specification, and docker image manifest version 2 schema 2. */
const manifestMediaTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

/** A manifest or index as it was sent. */
export interface PulledManifest {
  readonly bytes: Buffer;
  /** One of {@link manifestMediaTypes}. */
  readonly mediaType: string;
  /** Of `bytes`, and what was asked for where that was a digest. */
  readonly digest: Digest;
}

/**
 * Gets a manifest by its digest, or by its tag where the reference has no digest.
 * @throws SluiceError
 */
export function pullManifest(session: Session, reference: Reference): Promise<PulledManifest> {
  const wanted = {
    reference,
    path: `manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
    headers: { accept: manifestMediaTypes.join(', ') },
    what: formatReference(reference),
  };
  return session.get(wanted, async ({ message }) => {
    checkEncoding(message);
    const bytes = await readBody(message, maxManifestBytes, session.transport.timing);
    const digest = checkDigest(bytes, reference.digest, message.headers['docker-content-digest']);
    return { bytes, mediaType: mediaTypeOf(message.headers['content-type'], bytes), digest };
  });
}

/** A manifest is never kept compressed, so a compressed answer is of somebody who did not listen. */
function checkEncoding(message: IncomingMessage): void {
  const encoding = message.headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  message.destroy();
  const shown = plainLine(encoding, 40);
  throw new RegistryFailure('registry/encoding', `it sent the manifest compressed (${shown}), which was not asked for`);
}

function checkDigest(bytes: Buffer, asked: Digest | undefined, header: string | string[] | undefined): Digest {
  const digest = digestOf(bytes);
  if (asked !== undefined) {
    if (digest === asked) return digest;
    throw new RegistryFailure('registry/digest-mismatch', `it sent a manifest with the digest ${digest}`);
  }
  // Another algorithm cannot be compared; a sha256 that is malformed or of other bytes is a broken answer.
  if (typeof header === 'string' && header.startsWith('sha256:') && !isDigest(header, digest)) {
    const shown = plainLine(header, 80);
    throw new RegistryFailure('registry/digest-mismatch', `it announced ${shown} and sent a manifest with ${digest}`);
  }
  return digest;
}

function isDigest(text: string, digest: Digest): boolean {
  try {
    return parseDigest(text.trim()) === digest;
  } catch {
    return false;
  }
}

/**
 * The media type, on which header and body must agree: one who reads the same bytes as an index and another who
 * reads them as a manifest would judge different images (CVE-2021-41190).
 */
function mediaTypeOf(header: string | undefined, bytes: Buffer): string {
  const announced = header?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const inside = bodyMediaType(bytes);
  const mediaType = isKnown(announced) || inside === undefined ? announced : inside;
  if (!isKnown(mediaType)) {
    const shown = plainLine(mediaType, 80) || 'nothing of a known type';
    throw new RegistryFailure('registry/media-type', `it sent ${shown} where a manifest was asked for`);
  }
  if (inside !== undefined && inside !== mediaType) {
    const why = `it sent the manifest as ${mediaType}, but the manifest says ${plainLine(inside, 80)}`;
    throw new RegistryFailure('registry/media-type', why);
  }
  return mediaType;
}

function bodyMediaType(bytes: Buffer): string | undefined {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as { mediaType?: unknown } | null;
    return typeof value?.mediaType === 'string' ? value.mediaType : undefined;
  } catch {
    return undefined;
  }
}

function isKnown(mediaType: string): boolean {
  return (manifestMediaTypes as readonly string[]).includes(mediaType);
}
