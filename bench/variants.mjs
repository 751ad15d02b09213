// The large image once more: with layers that zstd packed, and with another top layer.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { packLayer, writeArchive, writeLayout } from './image.mjs';
import { noise } from './images.mjs';
import { readJson, TarFile } from './tar.mjs';

/** The packed layers of a layout's first image, bottom first. */
function layersIn(layout) {
  const file = ({ digest }) => join(layout, 'blobs/sha256', digest.slice(7));
  const manifest = readJson(file(readJson(join(layout, 'index.json')).manifests[0]));
  const { diff_ids: diffIds } = readJson(file(manifest.config)).rootfs;
  return manifest.layers.map((layer, i) => ({
    packed: file(layer),
    digest: layer.digest.slice(7),
    diffId: diffIds[i].slice(7),
    size: layer.size,
  }));
}

/** The image with layers of zstd at its default level; undefined, and told by `skipped`, without the zstd program. */
export async function zstdImage(image, work, say, skipped) {
  if (spawnSync('zstd', ['--version']).status !== 0) {
    skipped.push('the image with zstd layers: there is no zstd program to make them');
    return undefined;
  }
  const { folder, oci, layout, made } = placeOf(image, work, 'zstd');
  if (made) return { oci, layout };
  say('packing the layers with zstd');
  const layers = [];
  for (const layer of layersIn(image.layout)) {
    const packed = join(folder, `${layer.digest}.tar.zst`);
    await repack(layer.packed, packed);
    layers.push({ ...layer, packed, digest: await digestOf(packed), size: statSync(packed).size });
  }
  writeLayout(folder, 'zstd', layers, 'zstd');
  for (const { packed } of layers) rmSync(packed);
  writeArchive(folder, 'zstd');
  return { oci, layout };
}

/** The image with another top layer of a megabyte; the layers below are links to those of the image. */
export async function changedImage(image, work) {
  const { folder, oci, layout, made } = placeOf(image, work, 'changed');
  if (made) return { oci, layout };
  const path = join(folder, 'top.tar');
  const file = new TarFile(path);
  file.file('app/web/package.json', Buffer.from('{"name":"bench-changed","version":"1.0.1","license":"MIT"}'));
  file.file('app/web/build.bin', noise(1024 * 1024, 7));
  file.close();
  writeLayout(folder, 'changed', [...layersIn(image.layout).slice(0, -1), await packLayer(path)]);
  writeArchive(folder, 'changed');
  return { oci, layout };
}

/** Where a variant is kept, by the image that it is of; it is made anew when its archive, written last, isn't there. */
function placeOf(image, work, name) {
  const hash = createHash('sha256')
    .update(readJsonText(join(image.layout, 'index.json')))
    .digest('hex');
  const folder = join(work, `${name}-${hash.slice(0, 16)}`);
  const paths = { folder, oci: join(folder, `${name}.oci.tar`), layout: join(folder, `${name}.oci`) };
  if (existsSync(paths.oci)) return { ...paths, made: true };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return { ...paths, made: false };
}

function readJsonText(path) {
  return JSON.stringify(readJson(path));
}

async function repack(from, to) {
  const zstd = spawn('zstd', ['-q', '-c'], { stdio: ['pipe', openSync(to, 'w'), 'inherit'] });
  const ended = new Promise((done, fail) => zstd.on('close', done).on('error', fail));
  await pipeline(
    createReadStream(from, { highWaterMark: 1024 * 1024 }),
    createGunzip({ chunkSize: 1 << 20 }),
    zstd.stdin,
  );
  const code = await ended;
  if (code !== 0) throw new Error(`zstd failed with exit code ${code}`);
}

async function digestOf(path) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece);
  return hash.digest('hex');
}
