// What is measured, with what has to be there for it: images, caches, peers.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleReader, namesToLookUp } from './advisories.mjs';
import {
  advisoryCases,
  changedCases,
  floorCase,
  hardwareCase,
  lookCases,
  peerCases,
  scanCases,
  startCases,
  updateArgs,
} from './cases.mjs';
import { layersOf, unpackLayout } from './image.mjs';
import { largeImage, smallImage } from './images.mjs';
import { measure } from './measure.mjs';
import { packagesToMatch } from './packages.mjs';
import { findPeer } from './peers.mjs';
import { changedImage, zstdImage } from './variants.mjs';

/** The image that is to be measured: the one that was named, or the bench's own. */
export async function imageOf(values, work, say, skipped) {
  if (values.image) return givenImage(resolve(values.image), work);
  const made = await largeImage(work, say);
  skipped.push(...made.skipped);
  return { path: made.oci, layout: made.layout, save: made.docker };
}

function givenImage(path, work) {
  if (layersOf(path).kind === 'docker-archive') return { path, docker: path };
  const layout = join(work, 'given.oci');
  unpackLayout(path, layout);
  return { path, layout };
}

/** All that is measured, in order. What can't be is told by `skipped`. */
export async function planOf(values, image, work, say, skipped) {
  const peers = peersOf(values, skipped);
  const osv = osvOf(values, skipped);
  const plan = [...startCases(), hardwareCase(image.path)];
  const add = async (label, path, spellings) => {
    const cache = await filledCache(join(work, `cache-${label}`), osv);
    const floor = floorCase(label, path);
    if (floor) plan.push(floor);
    else skipped.push(`floor ${label}: it has zstd layers, which the floor can't unpack`);
    plan.push(...scanCases(label, path, cache), ...peerCases(label, spellings, peers, work));
    return cache;
  };
  const cache = await add('image', image.path, image);
  plan.push(...lookCases('image', image.path, await filledCache(join(work, 'cache-look'), osv)));
  if (image.save) await add('docker-save', image.save, { docker: image.save });
  // Whoever names an image wants that one measured; a variant takes as much room again.
  if (image.layout && !values.image) {
    const zstd = await zstdImage(image, work, say, skipped);
    if (zstd) await add('zstd', zstd.oci, zstd);
    const changed = await changedImage(image, work);
    plan.push(...changedCases(image, changed, cache, peers, work));
  }
  const small = await smallImage(work);
  await add('small', small.oci, small);
  if (osv) plan.push(...(await advisoryPlan(osv, cache, work)));
  return values.only ? plan.filter(({ name }) => name.includes(values.only)) : plan;
}

function peersOf(values, skipped) {
  if (values['no-peers']) return {};
  const peers = { syft: findPeer(values.syft, 'syft'), trivy: findPeer(values.trivy, 'trivy') };
  for (const [name, path] of Object.entries(peers))
    if (!path) skipped.push(`${name}: it is not on PATH, and no --${name} names it (see --help)`);
  if (peers.trivy)
    skipped.push('trivy with its vulnerabilities: its database is not to be had from a package registry');
  return peers;
}

/** The folder of advisory data, if there is one. */
export function osvOf(values, skipped) {
  if (values.osv && values.osv !== 'none') return resolve(values.osv);
  const beside = fileURLToPath(new URL('../../shared/osv', import.meta.url));
  if (!values.osv && existsSync(beside)) return beside;
  skipped.push('the advisory index: there is no --osv DIR');
  return undefined;
}

/** A cache folder with the advisory data, and nothing else if it is new. */
export async function filledCache(cache, osv) {
  mkdirSync(cache, { recursive: true });
  if (osv) await measure({ name: 'sluice db update', args: updateArgs(osv, cache) });
  return cache;
}

async function advisoryPlan(osv, cache, work) {
  const bundle = await bundleReader(work);
  const files = { names: join(work, 'names.json'), packages: join(work, 'packages.json') };
  writeFileSync(files.names, JSON.stringify(await namesToLookUp(bundle, osv)));
  writeFileSync(files.packages, JSON.stringify(await packagesToMatch(bundle, osv)));
  return advisoryCases(osv, bundle, cache, files, work);
}
