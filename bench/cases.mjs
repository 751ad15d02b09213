// What is measured: one entry a command, in the order in which each round runs them.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layersOf } from './image.mjs';
import { syftCase, trivyCase, trivyWarmCase } from './peers.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const program = here('../bin/sluice.mjs');

/** A verdict is no failure of the bench: pass, stop and undecided are all a finished scan. */
const verdicts = [0, 2, 3];

/** Start-up: what every command pays. */
export function startCases() {
  return [
    { name: 'node -e 0', args: ['-e', '0'] },
    { name: 'sluice --help', args: [program, '--help'] },
    { name: 'sluice scan --help', args: [program, 'scan', '--help'] },
  ];
}

/** A scan that finds nothing known, and again with the layers known. `cache` keeps the advisory data of both. */
export function scanCases(label, path, cache) {
  const args = [program, 'scan', path, '-o', 'json', '--offline', '--cache-dir', cache];
  return [
    { name: `sluice ${label}, cold`, args, ok: verdicts, before: () => forgetLayers(cache) },
    { name: `sluice ${label}, warm`, args, ok: verdicts },
  ];
}

/** Leaves the advisory data alone in a cache folder. */
function forgetLayers(cache) {
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

/** Making the advisory index from an export folder, and looking into it. */
export function advisoryCases(osv, bundle, cache, namesFile, work) {
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
    { name: 'open and look up', args: [here('look-up.mjs'), bundle, cache, namesFile], keepOutput: true },
  ];
}

/** Fills a cache folder with the data of an export. */
export function updateArgs(osv, cache) {
  return [program, 'db', 'update', '--from', osv, '--cache-dir', cache, '-q'];
}
