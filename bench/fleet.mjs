// npm run bench -- --fleet: many images that share bases, scanned by one process, and by one process each.
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetLayers, verdicts } from './cases.mjs';
import { packLayer } from './image.mjs';
import { noise } from './images.mjs';
import { measure } from './measure.mjs';
import { readJson, TarFile } from './tar.mjs';

const program = fileURLToPath(new URL('../bin/sluice.mjs', import.meta.url));
const ociPrefix = 'application/vnd.oci.image';

/** Raised when the same layers would make other images. */
const revision = 1;

/** Layers of the large image, by number, that images are based on; most images of a cluster have few bases. */
const bases = [[0], [0, 1], [0, 2], [0, 3], [0, 1, 2], [0, 4], [3], [0, 3, 4]];

/**
 * Makes the fleet in the work folder out of an OCI layout: one layout with an image a tag, each a base and a layer of its
 * own. Returns the list of targets.
 */
export async function makeFleet(layout, work, size) {
  const base = readLayers(layout);
  const folder = join(work, `fleet-${revision}-${size}-${base.map(({ diffId }) => diffId.slice(7, 11)).join('')}`);
  const list = join(folder, 'refs.txt');
  if (existsSync(list)) return list;
  rmSync(folder, { recursive: true, force: true });
  const blobs = join(folder, 'images', 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  for (const { digest } of base) linkSync(join(layout, 'blobs/sha256', digest.slice(7)), join(blobs, digest.slice(7)));
  const manifests = [];
  for (let i = 0; i < size; i++) {
    const own = await ownLayer(folder, blobs, i);
    const numbers = [...new Set(bases[i % bases.length].map((number) => number % base.length))];
    manifests.push(putImage(blobs, [...numbers.map((number) => base[number]), own], `app-${i}`));
  }
  writeFileSync(join(folder, 'images', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'images', 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  // The list is written last.
  const lines = manifests.map((_, i) => `oci:${join(folder, 'images')}:app-${i}\n`);
  writeFileSync(list, lines.join(''));
  return list;
}

/** The layers of the first image of a layout, with their diffIDs. */
function readLayers(layout) {
  const blob = ({ digest }) => readJson(join(layout, 'blobs/sha256', digest.slice(7)));
  const manifest = blob(readJson(join(layout, 'index.json')).manifests[0]);
  const { diff_ids: diffIds } = blob(manifest.config).rootfs;
  return manifest.layers.map((descriptor, i) => ({ ...descriptor, diffId: diffIds[i] }));
}

/** An application of some packages and a megabyte. */
async function ownLayer(folder, blobs, number) {
  const tar = join(folder, `app-${number}.tar`);
  const file = new TarFile(tar);
  for (let i = 0; i < 40; i++) {
    const name = `module-${(number * 7 + i) % 200}`;
    const text = JSON.stringify({ name, version: `1.${number}.${i}`, license: 'MIT' });
    file.file(`srv/node_modules/${name}/package.json`, Buffer.from(text));
    file.file(`srv/node_modules/${name}/index.js`, noise(24 * 1024, number * 100 + i));
  }
  file.close();
  const { packed, digest, diffId, size } = await packLayer(tar);
  if (!existsSync(join(blobs, digest))) linkSync(packed, join(blobs, digest));
  rmSync(tar);
  rmSync(packed);
  return { mediaType: `${ociPrefix}.layer.v1.tar+gzip`, digest: `sha256:${digest}`, size, diffId: `sha256:${diffId}` };
}

function putImage(blobs, layers, tag) {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const config = { architecture: 'amd64', os: 'linux', config: {}, rootfs };
  const manifest = {
    schemaVersion: 2,
    mediaType: `${ociPrefix}.manifest.v1+json`,
    config: putBlob(blobs, config, `${ociPrefix}.config.v1+json`),
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  };
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  return { ...putBlob(blobs, manifest, manifest.mediaType), annotations };
}

/** Runs both ways by turns, each from an empty layer cache, and returns their least times. */
export async function fleetFigures(list, cache, runs, say) {
  const targets = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  const ways = { fleet: () => oneProcess(list, cache), single: () => eachItsOwn(targets, cache) };
  const figures = { images: targets.length };
  for (let round = 1; round <= runs; round++) {
    for (const [name, run] of Object.entries(ways)) {
      say(`fleet of ${targets.length}, ${name}, round ${round} of ${runs}`);
      forgetLayers(cache);
      figures[name] = least(figures[name], await run());
    }
  }
  return figures;
}

function oneProcess(list, cache) {
  const args = [program, 'scan', '--from-file', list, '-q', '--offline', '--cache-dir', cache];
  return measure({ name: 'sluice fleet', args, ok: verdicts });
}

async function eachItsOwn(targets, cache) {
  const sum = { wall: 0, cpu: 0, rss: 0 };
  for (const target of targets) {
    const args = [program, 'scan', target, '-q', '--offline', '--cache-dir', cache];
    const { wall, cpu, rss } = await measure({ name: `sluice ${target}`, args, ok: verdicts });
    sum.wall += wall;
    sum.cpu += cpu;
    sum.rss = Math.max(sum.rss, rss);
  }
  return sum;
}

function least(a, { wall, cpu, rss }) {
  const figures = { wall, cpu, rss };
  return a ? Object.fromEntries(Object.keys(figures).map((key) => [key, Math.min(a[key], figures[key])])) : figures;
}

/** The figures as text for people. */
export function fleetText({ images, fleet, single }) {
  const line = (name, { wall, cpu, rss }) => {
    const minute = Math.round((images * 60_000) / wall);
    const [seconds, busy] = [wall, cpu].map((ms) => (ms / 1000).toFixed(1));
    return `  ${name.padEnd(28)}${seconds} s, CPU ${busy} s, RSS ${Math.round(rss)} MiB: ${minute} images a minute`;
  };
  const ratio = (key) => `${(single[key] / fleet[key]).toFixed(2)}×`;
  return [
    `fleet: ${images} images that share bases, no layer known`,
    line('one process', fleet),
    line(`${images} processes, one cache`, single),
    `  ${'processes / one'.padEnd(28)}wall ${ratio('wall')}, CPU ${ratio('cpu')}`,
    '',
  ].join('\n');
}

function putBlob(blobs, value, mediaType) {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(blobs, digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
}
