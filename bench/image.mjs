// Image archives of the bench: packs layers, writes them as an OCI layout and as `docker save` does, finds layers again.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { addFolder, membersOf, packingOf, readMember, TarFile } from './tar.mjs';

const ociPrefix = 'application/vnd.oci.image';

/** Compresses a layer's tar beside it, as most registries have it: gzip at level 6. Returns digests and sizes. */
export async function packLayer(tar) {
  const packed = `${tar}.gz`;
  const diffId = createHash('sha256');
  const digest = createHash('sha256');
  const gzip = createGzip({ level: 6, chunkSize: 256 * 1024 });
  await pipeline(
    createReadStream(tar, { highWaterMark: 1024 * 1024 }),
    tap(diffId),
    gzip,
    tap(digest),
    createWriteStream(packed),
  );
  return {
    tar,
    packed,
    diffId: diffId.digest('hex'),
    digest: digest.digest('hex'),
    size: statSync(packed).size,
    tarSize: statSync(tar).size,
  };
}

function tap(hash) {
  return new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** Writes `NAME.oci/` (for programs that want a folder), `NAME.oci.tar` and `NAME.docker.tar` (not compressed). */
export function writeImage(folder, name, layers) {
  const config = writeLayout(folder, name, layers);
  writeArchive(folder, name);
  writeDockerSave(join(folder, `${name}.docker.tar`), name, config, layers);
}

/** Writes the archive of a layout folder beside it. */
export function writeArchive(folder, name) {
  const layout = join(folder, `${name}.oci`);
  const archive = new TarFile(`${layout}.tar`);
  addFolder(archive, layout);
  archive.close();
}

/** Writes the layout folder `NAME.oci/` of packed layers, which become links to it, and returns the configuration. */
export function writeLayout(folder, name, layers, packing = 'gzip') {
  const layout = join(folder, `${name}.oci`);
  rmSync(layout, { recursive: true, force: true });
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const config = configOf(layers);
  const manifest = {
    schemaVersion: 2,
    mediaType: `${ociPrefix}.manifest.v1+json`,
    config: putBlob(layout, config, `${ociPrefix}.config.v1+json`),
    layers: layers.map(({ packed, digest, size }) => {
      linkSync(packed, join(layout, 'blobs/sha256', digest));
      return { mediaType: `${ociPrefix}.layer.v1.tar+${packing}`, digest: `sha256:${digest}`, size };
    }),
  };
  const descriptor = putBlob(layout, Buffer.from(JSON.stringify(manifest)), manifest.mediaType);
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  return config;
}

function configOf(layers) {
  const diffIds = layers.map(({ diffId }) => `sha256:${diffId}`);
  const history = layers.map(({ packed }) => ({ created_by: `bench ${packed.split('/').at(-1)}` }));
  const rootfs = { type: 'layers', diff_ids: diffIds };
  return Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs, history }));
}

function putBlob(layout, bytes, mediaType) {
  const hex = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(layout, 'blobs/sha256', hex), bytes);
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
}

function writeDockerSave(path, name, config, layers) {
  const archive = new TarFile(path);
  const hex = createHash('sha256').update(config).digest('hex');
  archive.file(`${hex}.json`, config);
  for (const { tar, diffId, tarSize } of layers) archive.copy(`${diffId}.tar`, tar, tarSize);
  const entry = {
    Config: `${hex}.json`,
    RepoTags: [`${name}:latest`],
    Layers: layers.map(({ diffId }) => `${diffId}.tar`),
  };
  archive.file('manifest.json', Buffer.from(JSON.stringify([entry])));
  archive.close();
}

/** The kind of an image archive, and where its layers lie in it, largest first. */
export function layersOf(path) {
  const members = membersOf(path);
  const json = (name) => JSON.parse(readMember(path, memberOf(members, name)).toString('utf8'));
  const kind = members.has('index.json') ? 'oci-archive' : 'docker-archive';
  const names = kind === 'oci-archive' ? ociLayers(json) : json('manifest.json')[0].Layers;
  const layers = names.map((name) => {
    const { offset, size } = memberOf(members, name);
    return { offset, size, packing: packingOf(path, offset) };
  });
  return { kind, layers: layers.sort((a, b) => b.size - a.size || a.offset - b.offset) };
}

function memberOf(members, name) {
  const member = members.get(name);
  if (!member) throw new Error(`the archive holds no ${name}: an uncompressed OCI or docker archive is needed`);
  return member;
}

function ociLayers(json) {
  const blob = ({ digest }) => `blobs/sha256/${digest.slice(7)}`;
  let manifest = json('index.json');
  // An index may name another index; an image of several platforms is measured by its linux/amd64 one.
  for (let depth = 0; manifest.manifests && depth < 4; depth++) {
    const amd64 = manifest.manifests.find(
      ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
    );
    manifest = json(blob(amd64 ?? manifest.manifests[0]));
  }
  return manifest.layers.map(blob);
}

/** Unpacks an OCI archive into a layout folder, for programs that take no archive. */
export function unpackLayout(path, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  for (const [name, member] of membersOf(path)) {
    const wanted = name === 'index.json' || name === 'oci-layout' || /^blobs\/sha256\/[0-9a-f]{64}$/.test(name);
    if (wanted) writeFileSync(join(folder, name), readMember(path, member));
  }
}

/** What the bench says of an image: layers, sizes, files. */
export function describeImage(path) {
  const { kind, layers } = layersOf(path);
  return {
    file: path.split('/').at(-1),
    kind,
    layers: layers.length,
    layerMegabytes: layers.map(({ size }) => Math.round(size / 1e5) / 10),
  };
}
