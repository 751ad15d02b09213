import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { file, symlink, tar } from './tar-writer.ts';

/** How a layer's tar is packed. */
export type Packing = 'none' | 'gzip' | 'zstd';

/** A layer: its tar, how it is packed, and lies about it. */
export interface LayerSpec {
  readonly tar: Buffer;
  /** `gzip` by default. */
  readonly packing?: Packing;
  readonly mediaType?: string;
  /** The packed layer, in place of packing the tar here. */
  readonly blob?: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
  /** In place of the right ones. */
  readonly diffId?: string;
  readonly digest?: string;
  readonly size?: number;
}

/** An image to be built. */
export interface ImageSpec {
  readonly layers: readonly LayerSpec[];
  /** `linux/amd64` by default. */
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  /** More members of the configuration, or others in place of the usual. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A descriptor as it is written into an index or manifest. */
export interface WrittenDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: ImageSpec['platform'];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image as bytes: its blobs by digest and the descriptor of its manifest. */
export interface BuiltImage {
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly manifest: WrittenDescriptor;
  readonly config: WrittenDescriptor;
  readonly layers: readonly {
    readonly digest: string;
    readonly diffId: string;
    readonly tar: Buffer;
    readonly blob: Buffer;
  }[];
}

/** Files by path: an OCI layout or the inside of an archive. */
export type Files = ReadonlyMap<string, Buffer>;

const suffixes: Record<Packing, string> = { none: '', gzip: '+gzip', zstd: '+zstd' };

/** `sha256:` and the hash of bytes. */
export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Packs bytes; the same bytes give the same result. */
function pack(bytes: Buffer, packing: Packing): Buffer {
  if (packing === 'gzip') return gzipSync(bytes);
  return packing === 'zstd' ? zstdStored(bytes) : bytes;
}

/** A zstd frame of blocks that are stored as they are (RFC 8878 section 3.1.1). */
export function zstdStored(bytes: Buffer): Buffer {
  const most = 128 * 1024;
  // Magic number, frame header descriptor without checksum and content size, window of 2^17 bytes.
  const pieces: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])];
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const piece = bytes.subarray(at, at + most);
    const last = at + most >= bytes.length ? 1 : 0;
    const head = Buffer.alloc(3);
    head.writeUIntLE((piece.length << 3) | last, 0, 3);
    pieces.push(head, piece);
  }
  return Buffer.concat(pieces);
}

/** Builds an image: layers, configuration, manifest. */
export function buildImage(spec: ImageSpec): BuiltImage {
  const blobs = new Map<string, Buffer>();
  const platform = spec.platform ?? { os: 'linux', architecture: 'amd64' };
  const layers = spec.layers.map((layer) => {
    const blob = layer.blob ?? pack(layer.tar, layer.packing ?? 'gzip');
    blobs.set(sha256(blob), blob);
    return { digest: layer.digest ?? sha256(blob), diffId: layer.diffId ?? sha256(layer.tar), tar: layer.tar, blob };
  });
  const descriptors = layers.map(({ blob, digest }, i) => ({
    mediaType:
      spec.layers[i]?.mediaType ??
      `application/vnd.oci.image.layer.v1.tar${suffixes[spec.layers[i]?.packing ?? 'gzip']}`,
    digest,
    size: spec.layers[i]?.size ?? blob.length,
    ...(spec.layers[i]?.annotations ? { annotations: spec.layers[i]?.annotations } : {}),
  }));
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const configType = 'application/vnd.oci.image.config.v1+json';
  const config = addJson(blobs, { ...platform, rootfs, config: {}, ...spec.config }, configType);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = addJson(blobs, { schemaVersion: 2, mediaType, config, layers: descriptors }, mediaType);
  return { blobs, config, manifest: { ...manifest, platform }, layers };
}

/** Adds a JSON blob and returns its descriptor. */
function addJson(blobs: Map<string, Buffer>, value: unknown, mediaType: string): WrittenDescriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  blobs.set(sha256(bytes), bytes);
  return { mediaType, digest: sha256(bytes), size: bytes.length };
}

/** An index blob of descriptors, and its own descriptor. */
export function addIndex(blobs: Map<string, Buffer>, manifests: readonly WrittenDescriptor[]): WrittenDescriptor {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  return addJson(blobs, { schemaVersion: 2, mediaType, manifests }, mediaType);
}

/** The files of an OCI layout whose index lists these manifests. */
export function layoutFiles(
  blobs: ReadonlyMap<string, Buffer>,
  manifests: readonly WrittenDescriptor[],
): Map<string, Buffer> {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const files = new Map<string, Buffer>();
  files.set('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })));
  for (const digest of [...blobs.keys()].sort()) {
    files.set(`blobs/sha256/${digest.slice('sha256:'.length)}`, blobs.get(digest) ?? Buffer.alloc(0));
  }
  return files;
}

/** The files of an OCI layout with one image. */
export function ociFiles(image: BuiltImage): Map<string, Buffer> {
  return layoutFiles(image.blobs, [image.manifest]);
}

/** The files that `docker save` writes. With `packed` the layers stay packed, as other programs than docker leave them. */
export function dockerFiles(image: BuiltImage, tags: readonly string[] = [], packed = false): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const config = `${image.config.digest.slice('sha256:'.length)}.json`;
  files.set(config, image.blobs.get(image.config.digest) ?? Buffer.alloc(0));
  const names = image.layers.map(({ digest, tar: bytes, blob }) => {
    const name = packed ? `${digest.slice('sha256:'.length)}.tar.gz` : `${digest.slice('sha256:'.length)}/layer.tar`;
    files.set(name, packed ? blob : bytes);
    return name;
  });
  files.set('manifest.json', Buffer.from(JSON.stringify([{ Config: config, RepoTags: tags, Layers: names }])));
  return files;
}

/** What old versions of `docker save` write of an image: a layer that stands in it again is a link to the first. */
export function legacyDockerArchive(image: BuiltImage): Buffer {
  const members: Buffer[] = [];
  const first = new Map<string, string>();
  const names = image.layers.map(({ diffId, tar: bytes }, i) => {
    const name = `layer-${i}/layer.tar`;
    const earlier = first.get(diffId);
    if (earlier === undefined) first.set(diffId, name);
    members.push(earlier === undefined ? file(name, bytes) : symlink(name, `../${earlier}`));
    return name;
  });
  const config = `${image.config.digest.slice('sha256:'.length)}.json`;
  members.push(file(config, image.blobs.get(image.config.digest)));
  members.push(file('manifest.json', JSON.stringify([{ Config: config, RepoTags: null, Layers: names }])));
  return tar(...members);
}

/** An uncompressed archive of files. */
export function archiveOf(files: Files): Buffer {
  return tar(...[...files].map(([name, bytes]) => file(name, bytes)));
}

/** Writes files below a folder, which is returned. */
export function writeFolder(folder: string, files: Files): string {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}
