// node bench/kill.mjs: ends updates by kill -9 at random moments; the data must answer as of before or after, each time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin', 'sluice.mjs');

const usage = `Usage: node bench/kill.mjs [flags]

Serves a small export on this machine that changes all the time, lets the built program update from it, and ends it by
kill -9 at a random moment. After each kill the data in force must open and answer as before the update or as after it.

  --kills N     how many (default 200)
  --records N   records of each of the two ecosystems (default 1500)
  --seed N      of the random moments (default: of the clock); printed, so that a run can be repeated
`;

/** Every so many rounds so much changes that the whole export is taken. */
const wholeEvery = 4;
/** How many records change in the other rounds. */
const fewChanges = 5;
const growth = 1.1;
const ecosystems = ['npm', 'PyPI'];
const packages = 40;

/** The mirror that tests use, and the reader, which dist/ does not export. */
async function bundled(work) {
  const { build } = await import('esbuild');
  const outfile = join(work, 'kill-bundle.mjs');
  const contents = `
    export { OsvMirror } from './test/support/osv-mirror.ts';
    export { openAdvisoryDb } from './src/advisory/open.ts';
  `;
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
  return import(pathToFileURL(outfile).href);
}

/** A generator of numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function recordOf(id, ecosystem, generation, number) {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `${generation + 1}.0` }] }];
  const modified = new Date(Date.UTC(2020, 0, 1) + generation * 60_000 + number).toISOString();
  return JSON.stringify({
    id,
    modified,
    affected: [{ package: { ecosystem, name: `p${number % packages}` }, ranges }],
  });
}

/** What a mirror serves in one generation: some records changed, one more, and now and then one less. */
function change(mirror, generation, records) {
  const changed = generation % wholeEvery === 0 ? records / 2 : fewChanges;
  for (const ecosystem of ecosystems) {
    for (let i = 0; i < changed; i++) {
      const number = (generation * fewChanges + i) % records;
      const id = `X-${ecosystem}-${number}`;
      mirror.put(ecosystem, id, recordOf(id, ecosystem, generation, number));
    }
    const id = `X-${ecosystem}-more-${generation}`;
    mirror.put(ecosystem, id, recordOf(id, ecosystem, generation, generation));
    if (generation > 2) mirror.remove(ecosystem, `X-${ecosystem}-more-${generation - 2}`);
  }
}

/** All that the data in force says, of all packages of both ecosystems, as one text. */
function answerOf(openAdvisoryDb, cache) {
  const db = openAdvisoryDb(cache);
  if (!db) return 'nothing';
  try {
    const lines = [];
    for (const ecosystem of ecosystems) {
      for (let i = 0; i < packages; i++) {
        for (const { id, ranges } of db.lookup(ecosystem, `p${i}`)) lines.push(`${id} ${ranges[0].events[1].version}`);
      }
    }
    return lines.sort().join('\n');
  } finally {
    db.close();
  }
}

/** The same of the records that the mirror serves. */
function answerServed(mirror) {
  const lines = ecosystems.flatMap((ecosystem) =>
    [...mirror.recordsOf(ecosystem).values()].map((body) => {
      const { id, affected } = JSON.parse(body.toString('utf8'));
      return `${id} ${affected[0].ranges[0].events[1].fixed}`;
    }),
  );
  return lines.sort().join('\n');
}

function start(mirror, cache) {
  const args = [program, 'db', 'update', '--quiet', '--strict', '--from', mirror.base, '--cache-dir', cache];
  // Feeds are not of this mirror.
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH } });
}

async function toTheEnd(mirror, cache) {
  const child = start(mirror, cache);
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`an update that was left alone ended with ${code}: ${said}`);
}

/** Runs the kills; throws at the first answer that is neither of before nor of after. */
export async function runKills({ kills, records, seed }, work) {
  const { OsvMirror, openAdvisoryDb } = await bundled(work);
  const random = randomOf(seed);
  const cache = join(work, 'cache');
  const mirror = await new OsvMirror().listen();
  try {
    for (const ecosystem of ecosystems) {
      const all = Array.from({ length: records }, (_, i) => `X-${ecosystem}-${i}`);
      mirror.offer(ecosystem, new Map(all.map((id, i) => [id, Buffer.from(recordOf(id, ecosystem, 0, i))])));
    }
    await toTheEnd(mirror, cache);
    let generation = 1;
    change(mirror, generation++, records);
    const before = performance.now();
    await toTheEnd(mirror, cache);
    const duration = performance.now() - before;
    // Grows with each kill and shrinks when an update was done before: so kills fall upon the whole of it.
    let reach = duration;
    const counts = { kills: 0, old: 0, new: 0, ended: 0 };
    let inForce = answerOf(openAdvisoryDb, cache);
    while (counts.kills < kills) {
      change(mirror, generation++, records);
      const child = start(mirror, cache);
      const closed = once(child, 'close');
      const isFirst = await Promise.race([closed.then(() => false), sleep(reach * (0.1 + 0.9 * random()), true)]);
      if (isFirst) child.kill('SIGKILL');
      const [, signal] = await closed;
      const after = answerServed(mirror);
      const now = answerOf(openAdvisoryDb, cache);
      if (now !== inForce && now !== after) {
        throw new Error(`after ${counts.kills} kills the data is neither old nor new (--seed ${seed})`);
      }
      if (signal === 'SIGKILL') {
        counts.kills++;
        counts[now === after ? 'new' : 'old']++;
        reach *= growth;
      } else {
        counts.ended++;
        reach /= growth ** 3;
      }
      inForce = now;
    }
    await toTheEnd(mirror, cache);
    if (answerOf(openAdvisoryDb, cache) !== answerServed(mirror)) throw new Error('the last update is not in force');
    const left = readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.')).length;
    return { ...counts, updateMs: Math.round(duration), seed, left };
  } finally {
    mirror.close();
  }
}

async function main() {
  const options = { kills: { type: 'string' }, records: { type: 'string' }, seed: { type: 'string' } };
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
  if (values.help) return process.stdout.write(usage);
  const asked = {
    kills: Number(values.kills ?? 200),
    records: Number(values.records ?? 1500),
    seed: Number(values.seed ?? Date.now() % 2 ** 31),
  };
  const parent = join(tmpdir(), 'sluice-kill');
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(join(parent, 'run-'));
  try {
    process.stdout.write(`${JSON.stringify(await runKills(asked, work))}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
