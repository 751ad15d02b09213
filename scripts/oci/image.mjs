// Makes a container image as an OCI archive (OCI image specification 1.1), without Docker.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { makeTar } from './tar.mjs';

const architectures = { x64: 'amd64', arm64: 'arm64', ia32: '386', arm: 'arm' };
const never = '1970-01-01T00:00:00Z';

/**
 * The bytes of an OCI archive. Layers are `{ createdBy, files }`, bottom first; `settings` is the configuration's `config`.
 * `annotations` go into the manifest; `created` is a time in RFC 3339. The same input gives the same bytes.
 */
export function makeImage(name, layers, settings, { annotations, created = never } = {}) {
  const blobs = new Map();
  const packed = layers.map(({ createdBy, files }) => {
    const tar = makeTar(files);
    return {
      createdBy,
      diffId: digestOf(tar),
      blob: keep(blobs, gzipSync(tar), 'application/vnd.oci.image.layer.v1.tar+gzip'),
    };
  });
  const config = keepJson(blobs, 'application/vnd.oci.image.config.v1+json', {
    created,
    architecture: architectures[process.arch] ?? process.arch,
    os: 'linux',
    config: settings,
    rootfs: { type: 'layers', diff_ids: packed.map(({ diffId }) => diffId) },
    history: [
      ...packed.map(({ createdBy }) => ({ created, created_by: createdBy })),
      { created, created_by: lastStep(settings), empty_layer: true },
    ],
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = keepJson(blobs, mediaType, {
    schemaVersion: 2,
    mediaType,
    config,
    layers: packed.map(({ blob }) => blob),
    ...(annotations ? { annotations } : {}),
  });
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...manifest, annotations: { 'org.opencontainers.image.ref.name': name } }],
  };
  return makeTar([
    { path: 'oci-layout', body: Buffer.from('{"imageLayoutVersion":"1.0.0"}') },
    { path: 'index.json', body: Buffer.from(JSON.stringify(index)) },
    ...[...blobs].map(([digest, body]) => ({ path: `blobs/${digest.replace(':', '/')}`, body })),
  ]);
}

/** What a Dockerfile would end with. */
function lastStep({ Entrypoint, Cmd }) {
  return Entrypoint ? `ENTRYPOINT ${JSON.stringify(Entrypoint)}` : `CMD ${JSON.stringify(Cmd)}`;
}

function keepJson(blobs, mediaType, value) {
  return keep(blobs, Buffer.from(JSON.stringify(value)), mediaType);
}

/** Keeps a blob under its digest and returns its descriptor. */
function keep(blobs, bytes, mediaType) {
  const digest = digestOf(bytes);
  blobs.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
}

function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
