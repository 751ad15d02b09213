import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
// @ts-expect-error: the bench is JavaScript.
import { slopeOf } from '../bench/growth.mjs';
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
  readonly aboveNode: readonly { readonly name: string; readonly wall: number; readonly cpu: number }[];
  readonly floorShares: readonly { readonly label: string; readonly cpu: number }[];
  readonly hardware: Readonly<Record<string, number>>;
  readonly skipped: readonly string[];
}

interface Growth {
  readonly curves: readonly {
    readonly name: string;
    readonly unit: string;
    readonly points: readonly {
      readonly value: number;
      readonly cold: { readonly cpu: number; readonly rss: number };
      readonly warm: { readonly cpu: number };
    }[];
    readonly exponents: Readonly<Record<string, number>>;
  }[];
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
  test('measures a small image, its floor and the start', { timeout: 240_000 }, async () => {
    const image = join(work, 'tiny.docker.tar');
    const size = await writeTinyImage(image);
    const json = join(work, 'figures.json');
    const args = ['--image', image, '--runs', '1', '--no-peers', '--osv', 'none', '--json', json, '--work', work];
    const { status, stdout, stderr } = run(args);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'bench: warming up\nbench: round 1 of 1\n',
    });
    const report = JSON.parse(readFileSync(json, 'utf8')) as BenchReport;
    const names = report.results.map(({ name }) => name);
    expect(names).toEqual([
      'node -e 0',
      'sluice --help',
      'sluice scan --help',
      'SHA-256 and inflate',
      'floor image',
      'sluice image, cold',
      'sluice image, warm',
      'sluice image, new data',
      'sluice image, look for packages',
      'sluice image, look for secrets',
      'sluice image, look for all',
      'floor small',
      'sluice small, cold',
      'sluice small, warm',
      'sluice small, new data',
      'sluice --version',
      'sluice gate, 1,000 findings',
      'judge 100,000 × 200',
    ]);
    for (const { name, wall, cpu, rss } of report.results) {
      for (const figures of [wall, cpu, rss]) {
        expect(figures.runs, name).toHaveLength(1);
        expect(figures.min, name).toBe(Math.min(...figures.runs));
        expect(figures.min, name).toBeGreaterThan(0);
      }
      // A process that ends within a millisecond, or without a megabyte, was not Node.
      expect(wall.min, name).toBeGreaterThan(1);
      expect(rss.min, name).toBeGreaterThan(1);
      expect(stdout).toMatch(new RegExp(`^${name}  +[0-9.]+  +[0-9.]+  +[0-9.]+  +[0-9.]+  +[0-9]+$`, 'm'));
    }
    expect(report.ratios.map(({ name }) => name)).toEqual([
      'sluice --help / node -e 0',
      'sluice image, cold / floor image',
      'sluice small, cold / floor small',
      'sluice image, look for secrets / sluice image, look for packages',
      'sluice image, look for all / sluice image, look for packages',
    ]);
    expect(report.aboveNode.map(({ name }) => name)).toEqual([
      'sluice --help',
      'sluice scan --help',
      'sluice small, warm',
      'sluice small, cold',
    ]);
    for (const { label, cpu } of report.floorShares) {
      expect([label, cpu > 0]).toEqual([label, true]);
      expect(stdout).toContain(`${Math.round(cpu * 100)} % (${label})`);
    }
    expect(report.floorShares.map(({ label }) => label)).toEqual(['image', 'small']);
    // The layer of this image is not packed, so there is nothing to inflate.
    expect(Object.keys(report.hardware)).toContain('sha256');
    expect(Object.keys(report.hardware)).not.toContain('inflate');
    expect(stdout).toMatch(/^one core: SHA-256 \d+ MB\/s/m);
    expect(report.skipped).toEqual(['the advisory index: there is no --osv DIR']);
    const layerMegabytes = [Math.round(size / 1e5) / 10];
    expect(report.image).toEqual({ file: 'tiny.docker.tar', kind: 'docker-archive', layers: 1, layerMegabytes });
  });

  test('measures how the cost grows with size and packages, and deletes what it made', () => {
    const json = join(work, 'growth.json');
    const growing = join(work, 'growing');
    const args = ['--growth', '--sizes', '10,20', '--packages', '10,200', '--runs', '1', '--osv', 'none'];
    const { status, stdout, stderr } = run([...args, '--json', json, '--work', growing]);
    expect([status, stderr.replace(/^bench: /gm, '').split('\n')]).toEqual([
      0,
      ['10 MB unpacked', '20 MB unpacked', '10 packages', '200 packages', ''],
    ]);
    const { growth } = JSON.parse(readFileSync(json, 'utf8')) as { growth: Growth };
    expect(growth.skipped).toEqual([]);
    expect(growth.curves.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
      ['size', [10, 20]],
      ['packages', [10, 200]],
    ]);
    for (const { unit, points, exponents } of growth.curves) {
      expect(stdout).toMatch(new RegExp(`^${unit} +cold wall ms`, 'm'));
      expect(Object.keys(exponents).slice(0, 3)).toEqual(['cold wall', 'cold CPU', 'cold RSS']);
      for (const { cold, warm } of points) expect(Math.min(cold.cpu, cold.rss, warm.cpu)).toBeGreaterThan(1);
    }
    expect(stdout.match(/^grows with the power/gm)).toHaveLength(2);
    expect(stdout.match(/^CPU time, cold/gm)).toHaveLength(2);
    expect(readdirSync(growing)).toEqual(['cache-growth']);
  }, 240_000);

  test('the slope of a curve is the power with which it grows', () => {
    const points = (power: number) => [100, 1000, 5000].map((x) => [x, x ** power]);
    for (const power of [1, 1.5, 2]) expect(slopeOf(points(power))).toBe(power);
    expect(slopeOf([[10, 100]])).toBeUndefined();
    expect(
      slopeOf([
        [10, 1],
        [100, 2],
      ]),
    ).toBeUndefined();
  });

  test('says in one line what is wrong', () => {
    const missing = join(work, 'missing.tar');
    const { status, stdout, stderr } = run(['--image', missing, '--work', work]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(`bench: ENOENT: no such file or directory, open '${missing}'\n`);
    expect(run(['--runs', '0']).stderr).toBe('bench: --runs takes a whole number from 1, not 0\n');
  });
});
