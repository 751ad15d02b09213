// npm run bench -- --shared-cache: what a runner that starts empty takes, with and without what others have found out.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { verdicts } from './cases.mjs';
import { measure, summary } from './measure.mjs';
import { slowLink } from './slow-link.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin', 'sluice.mjs');

/** Lines to the registry: one that costs nothing, and one as a runner elsewhere has it (100 Mbit/s). */
const lines = [
  { name: 'no distance', rttMs: 0, bytesPerSecond: Infinity },
  { name: '20 ms, 100 Mbit/s', rttMs: 20, bytesPerSecond: 12_500_000 },
];

/** Measures scans of an image in a registry and of its archive, on runners that know nothing and that know all. */
export async function sharedCacheFigures(archive, work, runs, say) {
  const registry = await startRegistry(work);
  const figures = [];
  try {
    await registry.pushOciArchive(archive, 'team/app', '1');
    for (const line of lines) {
      const link = await slowLink(Number(registry.host.split(':')[1]), line);
      try {
        for (const spec of casesOf(archive, link.host, work)) {
          say(`${spec.name}, ${line.name}`);
          figures.push({ name: spec.name, line: line.name, ...(await figuresOf(spec, link, registry, runs)) });
        }
      } finally {
        await link.close();
      }
    }
  } finally {
    await registry.close();
  }
  return figures;
}

/** The registry of the tests, which needs no program that is not here. */
async function startRegistry(work) {
  const { build } = await import('esbuild');
  const outfile = join(work, 'registry-bundle.mjs');
  const entryPoints = [join(root, 'test/support/registry.ts')];
  // What it imports asks for modules of Node in a way that a bundle of ES modules does not know.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ banner, entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20.19' });
  const module = await import(pathToFileURL(outfile).href);
  return module.startRegistry({ pushes: true });
}

function casesOf(archive, host, work) {
  const own = join(work, 'shared-own');
  const folder = join(work, 'shared-folder');
  const repository = `oci://${host}/team/cache`;
  const scan = (target, ...more) => [program, 'scan', target, '-o', 'json', '--cache-dir', own, ...more];
  const empty = () => rmSync(own, { recursive: true, force: true });
  const inRegistry = `${host}/team/app:1`;
  return [
    { name: 'image in a registry, nothing known', args: scan(inRegistry), before: empty },
    { name: 'image in a registry, shared folder', args: scan(inRegistry, '--cache', folder), before: empty },
    { name: 'image in a registry, shared repository', args: scan(inRegistry, '--cache', repository), before: empty },
    { name: 'image in a registry, own cache', args: scan(inRegistry), before: () => {} },
    { name: 'archive, nothing known', args: scan(archive, '--verify'), before: empty },
    { name: 'archive, shared folder', args: scan(archive, '--cache', folder), before: empty },
    { name: 'archive, shared repository', args: scan(archive, '--cache', repository), before: empty },
  ];
}

/** The first run leaves what the others find, and does not count; it tells what it costs to leave it. */
async function figuresOf(spec, link, registry, runs) {
  const taken = [];
  let first;
  for (let run = 0; run <= runs; run++) {
    spec.before();
    link.counted.bytes = 0;
    registry.log.length = 0;
    const { wall, cpu, rss } = await measure({ ...spec, ok: verdicts });
    const figures = { wall, cpu, rss, bytes: link.counted.bytes, requests: registry.log.length };
    if (run === 0) first = figures;
    else taken.push(figures);
  }
  const of = (key) => summary(taken.map((figures) => figures[key]))?.min;
  return { first, wall: of('wall'), cpu: of('cpu'), rss: of('rss'), bytes: of('bytes'), requests: of('requests') };
}

/** The figures as a table. */
export function sharedCacheText(figures) {
  const rows = figures.map(({ name, line, wall, cpu, bytes, requests }) => [
    `${name} (${line})`,
    `${(wall / 1000).toFixed(2)} s`,
    `${(cpu / 1000).toFixed(2)} s`,
    `${(bytes / 1e6).toFixed(1)} MB`,
    String(requests),
  ]);
  const head = ['', 'wall', 'CPU', 'fetched', 'requests'];
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
  const lineOf = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  return `${[head, ...rows].map(lineOf).join('\n')}\n`;
}
