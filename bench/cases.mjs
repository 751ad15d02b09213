// What is measured: one entry a command, in the order in which each round runs them.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layersOf } from './image.mjs';
import { measure } from './measure.mjs';
import { syftCase, trivyCase, trivyWarmCase } from './peers.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const program = here('../bin/sluice.mjs');

/** A verdict is no failure of the bench: pass, stop and undecided are all a finished scan. */
export const verdicts = [0, 2, 3];

/** Start-up: what every command pays. */
export function startCases() {
  return [
    { name: 'node -e 0', args: ['-e', '0'] },
    { name: 'sluice --help', args: [program, '--help'] },
    { name: 'sluice scan --help', args: [program, 'scan', '--help'] },
  ];
}

/** A scan that finds nothing known, one of the same image, and one with its layers known but newer advisory data. `cache` keeps the advisory data of both. */
export function scanCases(label, path, cache) {
  const args = [program, 'scan', path, '-o', 'json', '--offline', '--cache-dir', cache];
  return [
    { name: `sluice ${label}, cold`, args, ok: verdicts, before: () => forgetLayers(cache) },
    { name: `sluice ${label}, warm`, args, ok: verdicts },
    { name: `sluice ${label}, new data`, args, ok: verdicts, before: () => forgetEvidence(cache) },
  ];
}

/** Cold scans of one image for packages alone, for secrets as well, and for everything: what looking for more costs. */
export function lookCases(label, path, cache) {
  const lists = { packages: 'packages', secrets: 'packages,secrets', all: 'packages,secrets,configuration,licences' };
  return Object.entries(lists).map(([name, list]) => ({
    name: `sluice ${label}, look for ${name}`,
    args: [program, 'scan', path, '-o', 'json', '--offline', '--cache-dir', cache, '--scanners', list],
    ok: verdicts,
    before: () => forgetLayers(cache),
  }));
}

/** Leaves what is known of layers, and forgets what was found out of images: as newer advisory data makes it. */
export function forgetEvidence(cache) {
  forget(cache, 'evidence');
}

function forget(cache, name) {
  rmSync(join(cache, name), { recursive: true, force: true });
}

/**
 * A scan of an image of which all layers but the top one are known, as the next commit makes it. Both are layout
 * folders that share the files of their layers.
 */
export function changedCases(image, changed, cache, { trivy }, work) {
  const own = join(work, 'cache-changed');
  const scan = (target) => [program, 'scan', target, '-o', 'json', '--offline', '--cache-dir', own];
  const base = { name: 'the image below', args: scan(image.layout), ok: verdicts };
  const data = join(cache, 'db');
  const restore = restorer(own, base, () => {
    if (existsSync(data)) cpSync(data, join(own, 'db'), { recursive: true, force: true });
  });
  const cases = [{ name: 'sluice one layer', args: scan(changed.layout), ok: verdicts, before: restore }];
  if (trivy) {
    const theirs = join(work, 'changed');
    const below = { name: 'the image below', ...trivyWarmCase(trivy, image, theirs) };
    const before = restorer(join(theirs, 'trivy'), below, () => undefined);
    cases.push({ name: 'trivy one layer', ...trivyWarmCase(trivy, changed, theirs), before });
  }
  return cases;
}

/** Brings a cache folder back to what it holds after one command, which runs the first time. */
function restorer(cache, spec, prepare) {
  let ready = false;
  return async () => {
    const kept = `${cache}.kept`;
    if (!ready) {
      mkdirSync(cache, { recursive: true });
      // An earlier bench has left what it knew of the changed image here.
      for (const name of readdirSync(cache)) if (!name.endsWith('db')) forget(cache, name);
      prepare();
      await measure(spec);
      forget(kept, '');
      cpSync(cache, kept, { recursive: true });
      ready = true;
    }
    forget(cache, '');
    cpSync(kept, cache, { recursive: true });
  };
}

/** What the processor does alone: it bounds everything else. */
export function hardwareCase(path) {
  const layer = layersOf(path).layers.find(({ packing }) => packing === 'gzip');
  const args = [here('hardware.mjs'), ...(layer ? [path, String(layer.offset), String(layer.size)] : [])];
  return { name: 'SHA-256 and inflate', args, keepOutput: true, tells: 'hardware', most: 2 };
}

/** Leaves the advisory data alone in a cache folder. */
export function forgetLayers(cache) {
  for (const name of readdirSync(cache)) if (name !== 'db') rmSync(join(cache, name), { recursive: true, force: true });
}

/** The floor of an archive; undefined when it has layers that it can't inflate. */
export function floorCase(label, path) {
  const { layers } = layersOf(path);
  if (layers.some(({ packing }) => packing === 'zstd')) return undefined;
  return { name: `floor ${label}`, args: [here('floor.mjs'), path, String(cpus().length), JSON.stringify(layers)] };
}

/** The same image by the peers that are here; `image` has a `layout` folder or a `docker` archive. */
export function peerCases(label, image, { syft, trivy }, work) {
  const cases = [];
  if (trivy) {
    cases.push({ name: `trivy ${label}, cold`, ...trivyCase(trivy, image, work) });
    cases.push({ name: `trivy ${label}, warm`, ...trivyWarmCase(trivy, image, work) });
  }
  if (syft) cases.push({ name: `syft ${label}`, ...syftCase(syft, image) });
  return cases;
}

/** Making the advisory index from an export folder, looking into it, and matching with it. */
export function advisoryCases(osv, bundle, cache, { names, packages }, work) {
  const fresh = join(work, 'fresh-cache');
  const renew = () => {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
  };
  return [
    {
      name: 'sluice db update',
      args: [program, 'db', 'update', '--from', osv, '--cache-dir', fresh, '-q'],
      before: renew,
      most: 3,
    },
    {
      name: 'open and look up',
      args: [here('look-up.mjs'), bundle, cache, names],
      keepOutput: true,
      tells: 'lookups',
    },
    {
      name: 'match 50,000 packages',
      args: [here('matching.mjs'), bundle, cache, packages],
      keepOutput: true,
      tells: 'matching',
    },
  ];
}

/** Fills a cache folder with the data of an export. */
export function updateArgs(osv, cache) {
  return [program, 'db', 'update', '--from', osv, '--cache-dir', cache, '-q'];
}
