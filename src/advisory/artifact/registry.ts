import { readFileSync } from 'node:fs';
import type { Digest } from '../../model/digest.ts';
import { formatReference, parseReference, type Reference } from '../../model/reference.ts';
import { type Descriptor, maxManifestBytes } from '../../source/manifest.ts';
import { createRegistryClient, type RegistryClient } from '../../source/registry/client.ts';
import type { RegistryAccess } from '../../source/registry-image.ts';
import { SluiceError } from '../../util/error.ts';
import { type ArtifactSink, type ArtifactSource, manifestType, type PackedBlob } from './contract.ts';
import { signatureTag } from './signatures.ts';

const scheme = 'oci://';

/**
 * Reads where an artifact lies: `registry.example.org/team/data:tag`, with or without `oci://`. The registry must be
 * named: a name without one would be on Docker Hub, too easily meant otherwise to be written to, or believed.
 * @throws SluiceError `usage/reference`, `reference/malformed`
 */
export function parseArtifactReference(text: string): Reference {
  const rest = text.startsWith(scheme) ? text.slice(scheme.length) : text;
  const reference = parseReference(rest);
  if (rest.toLowerCase().startsWith(`${reference.registry}/`)) return reference;
  throw new SluiceError(
    'usage/reference',
    `${JSON.stringify(text.slice(0, 100))} names no registry`,
    'such as registry.example.org/team/vulnerability-data',
  );
}

/** A client for artifacts; it opens no connection before it is asked for something. */
function clientOf(access: RegistryAccess): RegistryClient {
  return createRegistryClient({
    insecure: access.insecure,
    offline: access.offline,
    env: access.env,
    onEvent: ({ message }) => access.onWarning?.(message),
  });
}

/** An artifact that is pulled from a registry (OCI distribution specification, "Pull"). */
export class RegistrySource implements ArtifactSource {
  readonly name: string;
  readonly #reference: Reference;
  readonly #client: RegistryClient;

  constructor(reference: Reference, access: RegistryAccess, client = clientOf(access)) {
    this.name = formatReference(reference);
    this.#reference = reference;
    this.#client = client;
  }

  manifest(): Promise<{ readonly bytes: Buffer; readonly digest: Digest }> {
    return this.#client.manifest(this.#reference);
  }

  async signatures(manifest: Digest): Promise<Buffer | undefined> {
    const { registry, repository } = this.#reference;
    try {
      return (await this.#client.manifest({ registry, repository, tag: signatureTag(manifest) })).bytes;
    } catch (thrown) {
      if (thrown instanceof SluiceError && thrown.code === 'registry/not-found') return undefined;
      throw thrown;
    }
  }

  async read({ digest, size }: Descriptor): Promise<Buffer> {
    const bytes = await this.#client.blobBytes(this.#reference, digest, Math.min(size, maxManifestBytes));
    if (bytes.length === size) return bytes;
    throw new SluiceError('blob/size', `blob ${digest} has ${bytes.length} bytes, its descriptor says ${size}`);
  }

  async open({ digest, size }: Descriptor): Promise<AsyncIterable<Buffer>> {
    return (await this.#client.blob(this.#reference, digest, size)).stream;
  }

  close(): void {
    this.#client.close();
  }
}

/** An artifact that is pushed to a registry (OCI distribution specification, "Push"). */
export class RegistrySink implements ArtifactSink {
  readonly repository: string;
  readonly existing: ArtifactSource;
  readonly #reference: Reference;
  readonly #client: RegistryClient;

  constructor(reference: Reference, access: RegistryAccess) {
    this.repository = `${reference.registry}/${reference.repository}`;
    this.#reference = reference;
    this.#client = clientOf(access);
    this.existing = new RegistrySource(reference, access, this.#client);
  }

  async putBlob({ digest, size, from }: PackedBlob): Promise<number> {
    if (await this.#client.hasBlob(this.#reference, digest)) return 0;
    const bytes = Buffer.isBuffer(from) ? from : readFileSync(from.path);
    // What was packed a moment ago and is another file now is not what the manifest will name.
    if ((await this.#client.pushBlob(this.#reference, bytes)) === digest) return size;
    throw new SluiceError('advisory/artifact-digest', 'a packed file changed before it was pushed');
  }

  putSignatures(bytes: Buffer, tag: string): Promise<void> {
    const { registry, repository } = this.#reference;
    return this.#client.pushManifest({ registry, repository, tag }, bytes, manifestType);
  }

  putManifest(bytes: Buffer): Promise<void> {
    return this.#client.pushManifest(this.#reference, bytes, manifestType);
  }

  close(): void {
    this.#client.close();
  }
}
