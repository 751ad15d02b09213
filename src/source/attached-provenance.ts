import { messageOf, SluiceError } from '../util/error.ts';
import { type Descriptor, parseManifest } from './manifest.ts';

const inToto = 'application/vnd.in-toto+json';
const predicateKey = 'in-toto.io/predicate-type';
const predicatePrefix = 'https://slsa.dev/provenance/';

/** Reads a small blob and believes it only when its digest is right. */
type ReadBlob = (descriptor: Descriptor, what: string) => Promise<Buffer>;

/**
 * The provenance in an attestation manifest that BuildKit attached to an image: an in-toto statement that is not signed.
 * Undefined when it holds none. @throws SluiceError when it can't be read
 */
export async function readProvenance(attestation: Descriptor, read: ReadBlob): Promise<Buffer | undefined> {
  const manifest = parseManifest(await read(attestation, 'the attestation'), 'the attestation');
  if (manifest.kind !== 'manifest') return undefined;
  const provenance = manifest.layers.find(({ mediaType, annotations }) => {
    const predicate = annotations[predicateKey];
    return mediaType === inToto && typeof predicate === 'string' && predicate.startsWith(predicatePrefix);
  });
  if (!provenance) return undefined;
  try {
    return await read(provenance, 'the provenance');
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    throw new SluiceError(thrown.code, `what the image says of its base can't be read: ${messageOf(thrown)}`);
  }
}
