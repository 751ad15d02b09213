import { type Digest, digestOf, hexOf } from '../../model/digest.ts';
import { type Descriptor, type Manifest, parseManifest } from '../../source/manifest.ts';
import { SluiceError } from '../../util/error.ts';
import {
  type ArtifactSink,
  type ArtifactSource,
  manifestType,
  type Signature,
  type Signer,
  type Verifier,
} from './contract.ts';
import { isNetworkFailure } from './failed.ts';

/*
 * Signatures as cosign keeps them beside an image: under the tag `sha256-<hex>.sig` of the same repository lies a
 * manifest with one layer a signature. The layer is what was signed; the signature itself is its annotation.
 */

const payloadType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const signatureAnnotation = 'dev.cosignproject.cosign/signature';
const configType = 'application/vnd.oci.image.config.v1+json';

/** Most signatures of one manifest that are looked at. */
const maxSignatures = 64;
/** The largest payload, in bytes. */
const maxPayloadBytes = 64 * 1024;
/** The longest signature, in characters of base64. */
const maxSignatureLength = 4096;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The tag under which the signatures of a manifest lie. */
export function signatureTag(manifest: Digest): string {
  return `sha256-${hexOf(manifest)}.sig`;
}

/**
 * Makes sure that a manifest is signed by a trusted key. Nothing that the manifest names is to be read before.
 * @throws SluiceError `advisory/artifact-unsigned`, `advisory/artifact-signature`
 */
export async function checkSignature(source: ArtifactSource, manifest: Digest, verifier: Verifier): Promise<void> {
  const bytes = await source.signatures(manifest);
  if (bytes === undefined) {
    throw new SluiceError('advisory/artifact-unsigned', `the data in ${source.name} is not signed`, signHint);
  }
  const layers = signatureLayers(readSignatures(bytes));
  let why = 'there is none of the kind that is read';
  for (const layer of layers) {
    const read = await readSignature(source, layer);
    const refusal = typeof read === 'string' ? read : verifier.refusal(read, manifest);
    if (refusal === undefined) return;
    why = refusal;
  }
  const many = layers.length > 1 ? `of ${layers.length} signatures none counts; of the last, ` : '';
  throw new SluiceError(
    'advisory/artifact-signature',
    `the signature of the data in ${source.name} is refused: ${many}${why}`,
    signHint,
  );
}

const signHint = 'it has to be pushed or exported with --sign-key and the private half of the key';

/** Reads one signature of a list; in words, why it is none. */
async function readSignature(source: Pick<ArtifactSource, 'read'>, layer: Descriptor): Promise<Signature | string> {
  const text = layer.annotations[signatureAnnotation];
  if (typeof text !== 'string' || text.length > maxSignatureLength || !base64.test(text)) {
    return 'it is missing or malformed';
  }
  if (layer.size > maxPayloadBytes) return 'what it signs is too large';
  try {
    return { payload: await source.read(layer), signature: Buffer.from(text, 'base64') };
  } catch (thrown) {
    // One of several that is damaged must not keep those of others from counting.
    if (isNetworkFailure(thrown) || !(thrown instanceof SluiceError)) throw thrown;
    return `what it signs can't be read: ${thrown.message}`;
  }
}

/** @throws SluiceError `advisory/artifact-signature` */
function readSignatures(bytes: Buffer): Manifest {
  try {
    return parseManifest(bytes, 'the list of signatures');
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    throw new SluiceError('advisory/artifact-signature', `the data is refused: ${thrown.message}`, signHint);
  }
}

function signatureLayers(manifest: Manifest): readonly Descriptor[] {
  if (manifest.kind !== 'manifest') return [];
  return manifest.layers.filter(({ mediaType }) => mediaType === payloadType).slice(0, maxSignatures);
}

/**
 * Signs a manifest, beside the signatures that others made of it; one that the same key made already is left. Returns
 * the bytes that were moved.
 */
export async function leaveSignature(sink: ArtifactSink, manifest: Digest, signer: Signer): Promise<number> {
  const before = await earlierSignatures(sink, manifest, signer);
  if (before === 'signed') return 0;
  const { payload, signature } = signer.sign(manifest, sink.repository);
  const layers = [...before, describe(payload, payloadType, { [signatureAnnotation]: signature.toString('base64') })];
  const config = Buffer.from(JSON.stringify(configOf(layers)));
  const { digest, size } = describe(config, configType);
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest, size },
      layers,
    }),
  );
  let moved = 0;
  for (const from of [payload, config]) {
    moved += await sink.putBlob({ digest: digestOf(from), size: from.length, from });
  }
  await sink.putSignatures(bytes, signatureTag(manifest));
  return moved + bytes.length;
}

/** The layers of signatures that are there; `signed` when one of them is the signer's own. */
async function earlierSignatures(
  { existing }: ArtifactSink,
  manifest: Digest,
  signer: Signer,
): Promise<readonly ReturnType<typeof described>[] | 'signed'> {
  const bytes = await existing?.signatures(manifest);
  if (!existing || bytes === undefined) return [];
  let layers: readonly Descriptor[];
  try {
    layers = signatureLayers(parseManifest(bytes, 'the list of signatures'));
  } catch {
    // What nobody can read is no signature to keep.
    return [];
  }
  const kept: Descriptor[] = [];
  for (const layer of layers) {
    const read = await readSignature(existing, layer);
    // A registry takes no list that names what it does not have.
    if (typeof read === 'string') continue;
    if (signer.refusal(read, manifest) === undefined) return 'signed';
    kept.push(layer);
  }
  return kept.slice(-(maxSignatures - 1)).map(described);
}

function described({ mediaType, digest, size, annotations }: Descriptor) {
  return { mediaType, digest, size, annotations };
}

function describe(bytes: Buffer, mediaType: string, annotations: Readonly<Record<string, unknown>> = {}) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length, annotations };
}

/** Tools that verify take the list for an image: its configuration names each layer. */
function configOf(layers: readonly { readonly digest: Digest }[]): object {
  const created = '0001-01-01T00:00:00Z';
  return {
    architecture: '',
    created,
    history: layers.map(() => ({ created })),
    os: '',
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    config: {},
  };
}
