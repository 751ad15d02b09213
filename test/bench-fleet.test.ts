import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from './support/cli.ts';
import { archiveOf, buildImage, ociFiles } from './support/image-writer.ts';
import { file, tar } from './support/tar-writer.ts';

const bench = resolve(import.meta.dirname, '..', 'bench', 'run.mjs');
const work = scratchFolder();

function run(...flags: readonly string[]) {
  const args = [bench, '--fleet', '--osv', 'none', '--work', work, '--runs', '1', ...flags];
  return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: work });
}

test('npm run bench -- --fleet holds one process against one an image', () => {
  const layers = ['a', 'b'].map((name) => ({
    tar: tar(file(`srv/node_modules/${name}/package.json`, '{"name":"x"}')),
  }));
  const image = join(work, 'base.oci.tar');
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers }))));
  const json = join(work, 'figures.json');
  const { status, stdout, stderr } = run('--image', image, '--images', '3', '--json', json);
  const said = ['making the fleet', 'fleet of 3, fleet, round 1 of 1', 'fleet of 3, single, round 1 of 1'];
  expect({ status, stderr }).toEqual({ status: 0, stderr: said.map((line) => `bench: ${line}\n`).join('') });
  const { fleet } = JSON.parse(readFileSync(json, 'utf8'));
  expect(fleet.images).toBe(3);
  for (const way of [fleet.fleet, fleet.single])
    for (const key of ['wall', 'cpu', 'rss']) expect(way[key]).toBeGreaterThan(1);
  expect(stdout).toMatch(
    /^fleet: 3 images that share bases, no layer known\n {2}one process +\d.*: \d+ images a minute\n {2}3 processes, one cache +\d.*: \d+ images a minute\n {2}processes \/ one +wall [\d.]+×, CPU [\d.]+×\n$/,
  );
  // Two layers are shared, each image has one of its own, and every image was surveyed by its own process in the end.
  const [kept = ''] = readdirSync(join(work, 'cache-fleet', 'surveys'));
  expect(readdirSync(join(work, 'cache-fleet', 'surveys', kept))).toHaveLength(5);
});

test('says in one line what is wrong', () => {
  expect(run('--images', 'many', '--image', join(work, 'base.oci.tar')).stderr).toBe(
    'bench: --images takes a whole number from 1, not many\n',
  );
});
