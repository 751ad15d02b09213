import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from './support/cli.ts';

const bench = resolve(import.meta.dirname, '..', 'bench', 'run.mjs');
const work = scratchFolder();

interface Figures {
  readonly min: number;
  readonly median: number;
  readonly runs: readonly number[];
}

interface BenchReport {
  readonly machine: { readonly runs: number };
  readonly image: object;
  readonly results: readonly {
    readonly name: string;
    readonly wall: Figures;
    readonly cpu: Figures;
    readonly rss: Figures;
  }[];
  readonly ratios: readonly { readonly name: string; readonly wall: number; readonly cpu: number }[];
  readonly skipped: readonly string[];
}

function run(args: readonly string[]) {
  return spawnSync(process.execPath, [bench, ...args], { encoding: 'utf8', cwd: work });
}

/** What `docker save` writes of an image with one layer of one small package database. */
async function writeTinyImage(path: string): Promise<number> {
  const layer = await tar({
    'lib/apk/db/installed': 'P:musl\nV:1.2.4-r2\nA:x86_64\n\n',
    'etc/os-release': 'ID=alpine\n',
  });
  const diffId = createHash('sha256').update(layer).digest('hex');
  const rootfs = { type: 'layers', diff_ids: [`sha256:${diffId}`] };
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs });
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: ['tiny:1'], Layers: ['layer.tar'] }]);
  const out = createWriteStream(path);
  out.end(await tar({ 'config.json': config, 'layer.tar': layer, 'manifest.json': manifest }));
  await finished(out);
  return layer.length;
}

async function tar(files: Record<string, string | Buffer>): Promise<Buffer> {
  const writer = pack();
  for (const [name, body] of Object.entries(files)) writer.entry({ name }, body);
  writer.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of writer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe('npm run bench', () => {
  test('measures a small image, its floor and the start', async () => {
    const image = join(work, 'tiny.docker.tar');
    const size = await writeTinyImage(image);
    const json = join(work, 'figures.json');
    const args = ['--image', image, '--runs', '2', '--no-peers', '--osv', 'none', '--json', json, '--work', work];
    const { status, stdout, stderr } = run(args);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'bench: warming up\nbench: round 1 of 2\nbench: round 2 of 2\n',
    });
    const report = JSON.parse(readFileSync(json, 'utf8')) as BenchReport;
    const names = report.results.map(({ name }) => name);
    expect(names).toEqual([
      'node -e 0',
      'sluice --help',
      'sluice scan --help',
      'floor image',
      'sluice image, cold',
      'sluice image, warm',
      'floor small',
      'sluice small, cold',
      'sluice small, warm',
    ]);
    for (const { name, wall, cpu, rss } of report.results) {
      for (const figures of [wall, cpu, rss]) {
        expect(figures.runs, name).toHaveLength(2);
        expect(figures.min, name).toBe(Math.min(...figures.runs));
        expect(figures.min, name).toBeGreaterThan(0);
      }
      // A process that ends within a millisecond, or without a megabyte, was not Node.
      expect(wall.min, name).toBeGreaterThan(1);
      expect(rss.min, name).toBeGreaterThan(1);
      expect(stdout).toMatch(new RegExp(`^${name}  +[0-9.]+  +[0-9.]+  +[0-9.]+  +[0-9]+$`, 'm'));
    }
    expect(report.ratios.map(({ name }) => name)).toEqual([
      'sluice --help / node -e 0',
      'sluice image, cold / floor image',
    ]);
    expect(report.skipped).toEqual(['the advisory index: there is no --osv DIR']);
    const layerMegabytes = [Math.round(size / 1e5) / 10];
    expect(report.image).toEqual({ file: 'tiny.docker.tar', kind: 'docker-archive', layers: 1, layerMegabytes });
  });

  test('says in one line what is wrong', () => {
    const missing = join(work, 'missing.tar');
    const { status, stdout, stderr } = run(['--image', missing, '--work', work]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(`bench: ENOENT: no such file or directory, open '${missing}'\n`);
    expect(run(['--runs', '0']).stderr).toBe('bench: --runs takes a whole number from 1, not 0\n');
  });
});
