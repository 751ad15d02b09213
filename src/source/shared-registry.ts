import { setTimeout as delay } from 'node:timers/promises';
import type { Reference } from '../model/reference.ts';
import { SluiceError } from '../util/error.ts';
import { type Descriptor, type Manifest, parseManifest } from './manifest.ts';
import { createRegistryClient, type RegistryClient } from './registry/client.ts';
import { registryHost } from './registry/endpoint.ts';
import type { RegistryAccess } from './registry-image.ts';
import type { SharedStore } from './shared-store.ts';

/** What an artifact of ours is (OCI image specification, "Guidelines for Artifact Usage"). */
const artifactType = 'application/vnd.sluice.survey.v1';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
/** The configuration of an artifact that has none (OCI image specification, "Guidance for an Empty Descriptor"). */
const emptyType = 'application/vnd.oci.empty.v1+json';
const emptyConfig = Buffer.from('{}');
/** How long a registry may be silent, in milliseconds: no scan waits for a cache as it does for its image. */
const idleMs = 10_000;
/** How long one manifest or blob may take, in milliseconds. */
const totalMs = 20_000;

/** What says of one artifact that it is no use; all else says that the registry is not. */
const entryTrouble = new Set([
  'registry/not-found',
  'registry/too-large',
  'registry/size',
  'registry/digest-mismatch',
  'registry/media-type',
  'registry/encoding',
  'manifest/malformed',
  'manifest/schema-1',
  'digest/algorithm',
  'digest/malformed',
]);

/** A repository of small artifacts, each under a tag of its own: finding one is a manifest and a blob, or a 404. */
export class SharedRegistry implements SharedStore {
  readonly name: string;
  readonly #repository: Reference;
  readonly #client: RegistryClient;
  readonly #offline: boolean;
  readonly #closed = new AbortController();
  #config: Promise<string> | undefined;

  constructor(repository: Reference, access: RegistryAccess) {
    this.name = `oci://${repository.registry}/${repository.repository}`;
    this.#repository = repository;
    this.#offline = access.offline;
    this.#client = createRegistryClient({
      insecure: access.insecure,
      offline: access.offline,
      env: access.env,
      timing: { idleMs, totalMs },
      // What is waited for when the store is given up must not keep the process alive.
      sleep: (ms) => delay(ms, undefined, { signal: this.#closed.signal }),
    });
  }

  async find(name: string, limit: number): Promise<Buffer | undefined> {
    this.#checkOffline();
    const reference = { ...this.#repository, tag: name };
    try {
      const { bytes } = await this.#client.manifest(reference);
      const layer = onlyLayer(parseManifest(bytes, 'the artifact'));
      if (layer === undefined || layer.size > limit) return undefined;
      return await this.#client.blobBytes(reference, layer.digest, layer.size);
    } catch (thrown) {
      if (thrown instanceof SluiceError && entryTrouble.has(thrown.code)) return undefined;
      throw this.#reason(thrown);
    }
  }

  async put(name: string, bytes: Buffer): Promise<void> {
    this.#checkOffline();
    try {
      await this.#push(name, bytes);
    } catch (thrown) {
      throw this.#reason(thrown);
    }
  }

  async #push(name: string, bytes: Buffer): Promise<void> {
    const reference = { ...this.#repository, tag: name };
    const [config, digest] = await Promise.all([this.#putConfig(), this.#client.pushBlob(reference, bytes)]);
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      artifactType,
      config: { mediaType: emptyType, digest: config, size: emptyConfig.length },
      layers: [{ mediaType: artifactType, digest, size: bytes.length }],
    };
    await this.#client.pushManifest(reference, Buffer.from(JSON.stringify(manifest)), manifestType);
  }

  /** All artifacts share it. */
  #putConfig(): Promise<string> {
    this.#config ??= this.#client.pushBlob(this.#repository, emptyConfig);
    return this.#config;
  }

  #checkOffline(): void {
    if (this.#offline) throw new SluiceError('registry/offline', '--offline forbids connections');
  }

  /** The cause alone: what was wanted is a long name that tells a user nothing. */
  #reason(thrown: unknown): unknown {
    if (!(thrown instanceof SluiceError)) return thrown;
    const host = `${registryHost(this.#repository.registry)}: `;
    const at = thrown.message.indexOf(host);
    return at < 0 ? thrown : new SluiceError(thrown.code, thrown.message.slice(at + host.length));
  }

  close(): void {
    this.#closed.abort();
    this.#client.close();
  }
}

function onlyLayer(manifest: Manifest): Descriptor | undefined {
  if (manifest.kind !== 'manifest' || manifest.layers.length !== 1) return undefined;
  const [layer] = manifest.layers;
  return layer?.mediaType === artifactType ? layer : undefined;
}
