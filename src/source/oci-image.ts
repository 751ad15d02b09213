import { layerIndexOf } from '../format/layer-index/annotations.ts';
import { type Digest, digestOf } from '../model/digest.ts';
import {
  type ImageConfig,
  type LayerDescriptor,
  type Platform,
  platformMatches,
  platformText,
} from '../model/image.ts';
import { SluiceError } from '../util/error.ts';
import { someOf } from '../util/some-of.ts';
import { baseOf } from './base-image.ts';
import type { LayerBlob, LayerPlace, OpenedImage, OpenLayer, ReadRange } from './contract.ts';
import {
  createdByOf,
  type Descriptor,
  type Manifest,
  maxManifestBytes,
  parseConfig,
  parseManifest,
} from './manifest.ts';
import { checkLayerType } from './media-type.ts';

/** Indexes in indexes that are followed; real ones nest once. */
const maxIndexDepth = 4;

/** The blobs of an image by digest: an OCI layout, an archive, a registry. */
export interface BlobStore {
  /** All bytes of a small blob, at most `limit`. The caller verifies them. */
  read(descriptor: Descriptor, limit: number): Promise<Buffer>;
  /** Where a layer's blob is; the bytes are not read. @throws SluiceError when it is not there */
  place(descriptor: Descriptor): LayerPlace;
  readonly open: OpenLayer;
  /** Present where layers may be read in parts. */
  readonly readRange?: ReadRange | undefined;
  close(): void;
}

/** Which platform is wanted. `explicit`: the user named it, so that nothing else will do. */
export interface PlatformChoice {
  readonly platform: Platform;
  readonly explicit: boolean;
  /** Any one will do: only the platforms that there are will be asked for. */
  readonly any?: boolean;
}

/** Which image of several is wanted. */
export interface ImageChoice extends PlatformChoice {
  /** A tag, or a digest: `1.2`, `sha256:…`. */
  readonly select?: string | undefined;
  /** Every byte of every layer is to be read and every digest checked, also where nothing outside vouches for it. */
  readonly verify?: boolean | undefined;
}

/** Follows an index or manifest to one image and verifies its manifest and configuration. @throws SluiceError */
export async function openOciImage(
  store: BlobStore,
  root: Manifest,
  rootDigest: Digest | undefined,
  choice: ImageChoice,
): Promise<OpenedImage> {
  const { manifest, digest, attestation, platforms } = await findManifest(
    store,
    selectedIn(root, choice.select),
    rootDigest,
    choice,
    0,
  );
  const configBytes = await readVerified(store, manifest.config, 'the image configuration');
  const config = parseConfig(configBytes);
  if (choice.explicit && !platformMatches(choice.platform, config.platform)) {
    throw noPlatform(choice.platform, [platformText(config.platform)]);
  }
  const layers = layersOf(manifest.layers, config);
  const blobs = layers.map((layer, i): LayerBlob => {
    const descriptor = manifest.layers[i];
    if (!descriptor) throw new SluiceError('manifest/malformed', 'a layer is missing');
    const index = store.readRange && layerIndexOf(descriptor.annotations);
    const { digest: blob, diffId, size } = layer;
    return { place: store.place(descriptor), digest: blob, diffId, size, ...(index ? { index } : {}) };
  });
  const base = baseOf(manifest.annotations, config);
  const named = { ...(digest ? { digest } : {}), ...(base ? { base } : {}) };
  const image = { id: manifest.config.digest, platform: config.platform, layers, ...named };
  const { open, readRange } = store;
  const provenance = attestation && {
    digest: attestation.digest,
    read: async () => {
      const { readProvenance } = await import('./attached-provenance.ts');
      return readProvenance(attestation, (descriptor, what) => readVerified(store, descriptor, what));
    },
  };
  const ways = {
    open,
    ...(readRange ? { readRange } : {}),
    ...(provenance ? { provenance } : {}),
    close: () => store.close(),
  };
  return {
    image,
    config,
    annotations: manifest.annotations,
    platforms: platforms.length > 0 ? platforms : [config.platform],
    layers: blobs,
    problems: [],
    ...(rootDigest && rootDigest !== digest ? { index: rootDigest } : {}),
    ...ways,
  };
}

/** Leaves of an index only what the user named. @throws SluiceError `index/no-such-image` */
function selectedIn(root: Manifest, select: string | undefined): Manifest {
  if (select === undefined || root.kind !== 'index') return root;
  const manifests = root.manifests.filter((item) => item.digest === select || refName(item) === select);
  if (manifests.length > 0) return { kind: 'index', manifests };
  const names = root.manifests.map((item) => refName(item) ?? item.digest);
  throw new SluiceError('index/no-such-image', `there is no image ${select}; there is ${listed(names)}`);
}

function refName(descriptor: Descriptor): string | undefined {
  const name = descriptor.annotations['org.opencontainers.image.ref.name'];
  return typeof name === 'string' ? name : undefined;
}

type ImageManifest = Extract<Manifest, { kind: 'manifest' }>;

/** What the index says around the image that was chosen. */
interface ChosenFrom {
  readonly attestation: Descriptor | undefined;
  readonly platforms: readonly Platform[];
}

async function findManifest(
  store: BlobStore,
  root: Manifest,
  rootDigest: Digest | undefined,
  choice: PlatformChoice,
  depth: number,
  chosenFrom: ChosenFrom = { attestation: undefined, platforms: [] },
): Promise<{ manifest: ImageManifest; digest: Digest | undefined } & ChosenFrom> {
  if (root.kind === 'manifest') return { manifest: root, digest: rootDigest, ...chosenFrom };
  if (depth >= maxIndexDepth) {
    throw new SluiceError('index/too-deep', `the image index holds indexes nested deeper than ${maxIndexDepth} levels`);
  }
  const chosen = choose(root.manifests, choice);
  const bytes = await readVerified(store, chosen, 'the image manifest');
  const attestation = root.manifests.find((item) => attests(item, chosen.digest));
  const offered = root.manifests.filter(isImage).flatMap(({ platform }) => platform ?? []);
  // An index of one index, as a layout has it, leaves it to the next one; of several, each is one platform's.
  const platforms = chosenFrom.platforms.length > 1 || offered.length === 0 ? chosenFrom.platforms : offered;
  const manifest = parseManifest(bytes, 'the image manifest');
  return findManifest(store, manifest, chosen.digest, choice, depth + 1, { attestation, platforms });
}

/** Whether an entry of an index is what BuildKit attests of the image with this digest. */
function attests({ annotations }: Descriptor, digest: Digest): boolean {
  return (
    annotations['vnd.docker.reference.type'] === 'attestation-manifest' &&
    annotations['vnd.docker.reference.digest'] === digest
  );
}

/** Picks the manifest for the wanted platform; what is no image (attestations, signatures) does not count. */
function choose(manifests: readonly Descriptor[], choice: PlatformChoice): Descriptor {
  const images = manifests.filter(isImage);
  const [first] = images;
  if (!first) throw new SluiceError('index/empty', 'the image index lists no image');
  const matching = images.filter((item) => item.platform && platformMatches(choice.platform, item.platform));
  // Several for one platform are one image in several builds, of which the first counts, unless they have names.
  if (new Set(matching.map(refName)).size > 1) throw ambiguous(matching);
  const unnamed = images.filter((item) => !item.platform);
  // It may be for any platform, and would be left out when all are asked for by their names.
  const hidden = unnamed.filter(({ artifactType }) => artifactType === undefined);
  if (choice.any && images.length > 1 && hidden.length > 0) throw forNoPlatform(hidden);
  const exact = matching.find(({ platform }) => platform && platformText(platform) === platformText(choice.platform));
  if (exact ?? matching[0]) return (exact ?? matching[0]) as Descriptor;
  if (choice.any) return first;
  // An entry that names no platform is whatever its configuration says, which is checked there.
  if (unnamed.length === 1 && unnamed[0]) return unnamed[0];
  if (unnamed.length > 1) throw ambiguous(unnamed);
  if (images.length === 1 && !choice.explicit) return first;
  throw noPlatform(
    choice.platform,
    images.map((item) => (item.platform ? platformText(item.platform) : 'unknown')),
  );
}

function ambiguous(images: readonly Descriptor[]): SluiceError {
  return new SluiceError(
    'index/ambiguous',
    `the index holds ${images.length} images: ${listed(images.map((item) => refName(item) ?? item.digest))}`,
    'name one: oci:PATH:TAG or oci:PATH@DIGEST',
  );
}

function forNoPlatform(images: readonly Descriptor[]): SluiceError {
  const names = listed(images.map(({ digest }) => digest));
  return new SluiceError('index/no-platform', `the index does not say for which platform it holds ${names}`);
}

/** A runtime goes by the platform alone: an annotation must not hide from sluice what the runtime would run. */
function isImage({ platform, annotations }: Descriptor): boolean {
  if (platform === undefined) return annotations['vnd.docker.reference.type'] === undefined;
  return !(platform.os === 'unknown' && platform.architecture === 'unknown');
}

function noPlatform(wanted: Platform, offered: readonly string[]): SluiceError {
  return new SluiceError(
    'platform/none',
    `there is no image for ${platformText(wanted)}; there is ${listed(offered)}`,
    `choose one with --platform, such as --platform ${offered[0]?.replace(/[^\w./-]/g, '') ?? 'linux/amd64'}`,
  );
}

function listed(names: readonly string[]): string {
  const texts = names.map((name) => JSON.stringify(name.slice(0, 100)).slice(1, -1));
  return someOf(texts, 10);
}

/** Pairs the manifest's layers with the configuration's diffIDs. */
function layersOf(descriptors: readonly Descriptor[], config: ImageConfig): LayerDescriptor[] {
  if (descriptors.length !== config.diffIds.length) {
    throw new SluiceError(
      'image/layer-count',
      `the manifest lists ${descriptors.length} layers, the configuration ${config.diffIds.length} diff_ids`,
    );
  }
  const createdBy = createdByOf(config);
  return descriptors.map((descriptor, i) => {
    checkLayerType(descriptor.mediaType, i);
    const diffId = config.diffIds[i];
    if (!diffId) throw new SluiceError('config/malformed', 'a diff_id is missing');
    return { diffId, digest: descriptor.digest, size: descriptor.size, createdBy: createdBy[i] ?? '' };
  });
}

/** Reads a small blob and believes it only when size and digest are what the descriptor says. */
async function readVerified(store: BlobStore, descriptor: Descriptor, what: string): Promise<Buffer> {
  if (descriptor.size > maxManifestBytes) {
    throw new SluiceError('manifest/too-large', `${what} is larger than ${maxManifestBytes} bytes`);
  }
  const bytes = await store.read(descriptor, maxManifestBytes);
  const digest = digestOf(bytes);
  if (digest !== descriptor.digest) {
    throw new SluiceError(
      'digest/mismatch',
      `${what} does not match its digest: expected ${descriptor.digest}, found ${digest}`,
    );
  }
  if (bytes.length !== descriptor.size) {
    throw new SluiceError('digest/size', `${what} has ${bytes.length} bytes, its descriptor says ${descriptor.size}`);
  }
  return bytes;
}
