import { formatReference, parseReference, type Reference } from '../model/reference.ts';
import { SluiceError } from '../util/error.ts';
import type { LayerPlace, OpenedImage, ReadRange } from './contract.ts';
import { type Descriptor, parseManifest } from './manifest.ts';
import { type BlobStore, type ImageChoice, openOciImage } from './oci-image.ts';
import { streamOnDemand } from './registry/blob.ts';
import { createRegistryClient, type RegistryClient } from './registry/client.ts';

/** How registries are talked to. */
export interface RegistryAccess {
  /** Allows plain HTTP for other hosts than this machine. */
  readonly insecure: boolean;
  readonly offline: boolean;
  /** Reads of layers that carry an index only what is needed, where the registry sends ranges. */
  readonly lazy?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of retries and of credentials that could not be had. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Opens an image in a registry: its manifest and configuration are read, its layers are not. @throws SluiceError */
export async function openRegistryImage(
  text: string,
  access: RegistryAccess,
  choice: ImageChoice,
): Promise<OpenedImage> {
  const reference = parseReference(text);
  const client = createRegistryClient({
    insecure: access.insecure,
    offline: access.offline,
    env: access.env,
    onEvent: (event) => access.onWarning?.(event.message),
  });
  try {
    const { bytes, digest } = await client.manifest(reference);
    const manifest = parseManifest(bytes, `the manifest of ${formatReference(reference)}`);
    const lazy = access.lazy === true && choice.verify !== true;
    return await openOciImage(new RegistryStore(client, reference, lazy), manifest, digest, choice);
  } catch (thrown) {
    client.close();
    throw thrown;
  }
}

class RegistryStore implements BlobStore {
  readonly #client: RegistryClient;
  readonly #reference: Reference;
  readonly readRange: ReadRange | undefined;
  /** Why the registry is not asked for ranges any more. */
  #noRanges: SluiceError | undefined;

  constructor(client: RegistryClient, reference: Reference, lazy: boolean) {
    this.#client = client;
    this.#reference = reference;
    this.readRange = lazy ? (place, offset, length) => this.#range(place, offset, length) : undefined;
  }

  async read(descriptor: Descriptor, limit: number): Promise<Buffer> {
    if (descriptor.mediaType.includes('config') || descriptor.mediaType.includes('image.v1')) {
      return this.#client.blobBytes(this.#reference, descriptor.digest, limit);
    }
    const { tag: _tag, ...repository } = this.#reference;
    return (await this.#client.manifest({ ...repository, digest: descriptor.digest })).bytes;
  }

  place(descriptor: Descriptor): LayerPlace {
    return {
      kind: 'registry',
      reference: formatReference(this.#reference),
      digest: descriptor.digest,
      size: descriptor.size,
    };
  }

  readonly open = (place: LayerPlace): AsyncIterable<Buffer> => {
    if (place.kind !== 'registry') throw new SluiceError('layer/place', 'the layer is not in a registry');
    return streamOnDemand(async () => (await this.#client.blob(this.#reference, place.digest, place.size)).stream);
  };

  async #range(place: LayerPlace, offset: number, length: number): Promise<Buffer> {
    if (this.#noRanges !== undefined) throw this.#noRanges;
    if (place.kind !== 'registry') throw new SluiceError('layer/place', 'the layer is not in a registry');
    try {
      return await this.#client.blobRange(this.#reference, { digest: place.digest, size: place.size, offset, length });
    } catch (thrown) {
      if (thrown instanceof SluiceError && thrown.code === 'registry/no-range') this.#noRanges = thrown;
      throw thrown;
    }
  }

  close(): void {
    this.#client.close();
  }
}
