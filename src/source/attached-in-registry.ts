import { type Digest, digestOf } from '../model/digest.ts';
import { parseReference, type Reference } from '../model/reference.ts';
import { SluiceError } from '../util/error.ts';
import {
  type AttachedManifest,
  type Attachments,
  attestationTag,
  type Failed,
  isBuildKitFor,
  manifestsIn,
  mayHoldVex,
  referrersTag,
} from './attachments.ts';
import { type Descriptor, parseManifest } from './manifest.ts';
import { createRegistryClient, type RegistryClient } from './registry/client.ts';
import type { RegistryAccess } from './registry-image.ts';

/** Indexes in an index that are looked into for the image. */
const indexLimit = 16;

/** What is attached to an image in a registry: by BuildKit, by cosign's tag, by OCI referrers. @throws SluiceError */
export async function attachedInRegistry(text: string, image: Digest, access: RegistryAccess): Promise<Attachments> {
  const { insecure, offline, env } = access;
  const client = createRegistryClient({
    insecure,
    offline,
    env,
    onEvent: (event) => access.onWarning?.(event.message),
  });
  try {
    const { digest: _digest, tag: _tag, ...repository } = parseReference(text);
    const around = await indexesOf(client, parseReference(text), repository, image);
    return {
      indexes: around.indexes,
      list: (failed) => new Search(client, repository, failed).all([image, ...around.indexes], around.attestations),
      read: (descriptor, limit) => readFrom(client, repository, descriptor, limit),
      close: () => client.close(),
    };
  } catch (thrown) {
    client.close();
    throw thrown;
  }
}

type Repository = Pick<Reference, 'registry' | 'repository'>;

interface Around {
  readonly indexes: Digest[];
  readonly attestations: Descriptor[];
}

/** The indexes between the reference and the image, and what BuildKit put into them. */
async function indexesOf(
  client: RegistryClient,
  root: Reference,
  repository: Repository,
  image: Digest,
): Promise<Around> {
  const around: Around = { indexes: [], attestations: [] };
  const waiting: Reference[] = [root];
  for (let looked = 0; looked < indexLimit; looked++) {
    const next = waiting.shift();
    if (next === undefined) break;
    const { bytes, digest } = await client.manifest(next);
    const manifests = manifestsIn(parseManifest(bytes, 'the image index'));
    around.attestations.push(...manifests.filter((item) => isBuildKitFor(item, image)));
    if (manifests.some((item) => item.digest === image)) around.indexes.push(digest);
    for (const item of manifests) {
      if (isIndex(item)) waiting.push({ ...repository, digest: item.digest });
    }
  }
  return around;
}

function isIndex({ mediaType }: Descriptor): boolean {
  return mediaType.endsWith('image.index.v1+json') || mediaType.endsWith('manifest.list.v2+json');
}

/** Manifests are pulled as such, all else as blobs; the client checks the digests of both. */
async function readFrom(
  client: RegistryClient,
  repository: Repository,
  descriptor: Descriptor,
  limit: number,
): Promise<Buffer> {
  const reference = { ...repository, digest: descriptor.digest };
  const isManifest = /manifest/.test(descriptor.mediaType) || isIndex(descriptor);
  return isManifest ? (await client.manifest(reference)).bytes : client.blobBytes(reference, descriptor.digest, limit);
}

/** Present once the client can list referrers; without it the list's tag is asked for. */
interface WithReferrers {
  referrers?(reference: Reference, digest: Digest): Promise<Buffer>;
}

class Search {
  readonly #client: RegistryClient & WithReferrers;
  readonly #repository: Repository;
  readonly #failed: Failed;
  readonly #found = new Map<Digest, AttachedManifest>();

  constructor(client: RegistryClient, repository: Repository, failed: Failed) {
    this.#client = client;
    this.#repository = repository;
    this.#failed = failed;
  }

  async all(digests: readonly Digest[], attestations: readonly Descriptor[]): Promise<AttachedManifest[]> {
    for (const descriptor of attestations) this.#add(descriptor);
    for (const digest of digests) {
      await this.#trying(`what cosign attests of ${digest}`, () => this.#cosign(digest));
      await this.#trying(`what refers to ${digest}`, () => this.#referrers(digest));
    }
    return [...this.#found.values()];
  }

  #add(descriptor: Descriptor): void {
    if (!this.#found.has(descriptor.digest)) this.#found.set(descriptor.digest, { descriptor, tied: true });
  }

  async #trying(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#failed(what, thrown);
    }
  }

  async #cosign(digest: Digest): Promise<void> {
    const found = await this.#tagged(attestationTag(digest));
    if (found !== undefined) this.#add(descriptorOf(found));
  }

  async #referrers(digest: Digest): Promise<void> {
    const bytes = (await this.#asked(digest)) ?? (await this.#tagged(referrersTag(digest)));
    const listed = bytes === undefined ? [] : manifestsIn(parseManifest(bytes, 'the list of referrers'));
    for (const item of listed) if (mayHoldVex(item.artifactType)) this.#add(item);
  }

  /** Undefined where the registry does not know the question. */
  async #asked(digest: Digest): Promise<Buffer | undefined> {
    const { tag: _tag, ...reference }: Reference = { ...this.#repository, digest };
    return absentIs(this.#client.referrers?.(reference, digest));
  }

  async #tagged(tag: string): Promise<Buffer | undefined> {
    return (await absentIs(this.#client.manifest({ ...this.#repository, tag })))?.bytes;
  }
}

const absences: ReadonlySet<string> = new Set(['registry/not-found', 'registry/http-status']);

/** Undefined where there is nothing of the kind. */
async function absentIs<T>(asked: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof SluiceError && absences.has(thrown.code)) return undefined;
    throw thrown;
  }
}

function descriptorOf(bytes: Buffer): Descriptor {
  const digest = digestOf(bytes);
  return { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: bytes.length, annotations: {} };
}
