import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { file, tar } from '../support/tar-writer.ts';

const folder = scratchFolder();
const image = join(folder, 'image.tar');
const key = '0123456789abcdef0123456789abcdef';
let registry: TestRegistry;
let serial = 0;

beforeAll(async () => {
  const found = JSON.stringify({ name: 'lodash', version: '4.17.15' });
  const layers = [
    { tar: tar(file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.0\n')) },
    { tar: tar(file('app/node_modules/lodash/package.json', found)) },
  ];
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers }))));
  registry = await startRegistry({ pushes: true });
  await registry.pushOciArchive(image, 'team/app', '1');
});
afterAll(() => registry.close());

/** A scan on a machine that knows nothing: its report, and how many layers it pulled. */
async function scan(flags: readonly string[], env: Record<string, string> = {}) {
  registry.log.length = 0;
  const own = join(folder, `own-${serial++}`);
  const target = `${registry.host}/team/app:1`;
  const { code, stdout, stderr } = await sluice(
    ['scan', target, '-o', 'json', '--fail-on', 'never', '--cache-dir', own, ...flags],
    env,
  );
  // One of the image's blobs is its configuration.
  const layers = registry.blobRequests().filter(({ path }) => path.includes('/team/app/')).length - 1;
  return { code, stdout, stderr, layers };
}

describe('sluice scan --cache', () => {
  test.each([
    ['a folder', () => join(folder, 'shared')],
    ['a repository', () => `oci://${registry.host}/team/cache`],
  ])('shares what it found in %s', async (_where, cache) => {
    const first = await scan(['--cache', cache()]);
    expect({ ...first, stdout: '' }).toEqual({ code: 3, stdout: '', stderr: '', layers: 2 });
    expect(first.stdout).toContain('lodash');
    expect(await scan([], { SLUICE_CACHE: cache() })).toEqual({ ...first, layers: 0 });
    expect((await scan(['--cache', cache(), '--no-layer-cache'])).layers).toBe(2);
  });

  test('believes with a key only what was made with it', async () => {
    const cache = ['--cache', join(folder, 'shared')];
    expect((await scan(cache)).layers).toBe(0);
    expect((await scan(cache, { SLUICE_CACHE_KEY: key })).layers).toBe(2);
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, `${key}\n`);
    const env = { SLUICE_CACHE_KEY: 'another key, which the flag outranks' };
    expect((await scan([...cache, '--cache-key-file', keyFile], env)).layers).toBe(0);
  });

  test('that can not be used is told of once, and changes nothing else', async () => {
    const without = await scan([]);
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    expect((await scan(['--cache', blocked, '--quiet'])).stderr).toBe('');
    const caches: [string, string][] = [
      [blocked, "can't be written, so that layers are read again: the file system says EEXIST"],
      ['oci://127.0.0.1:1/team/cache', "can't be read, so that layers are read again: the connection was refused"],
    ];
    for (const [cache, why] of caches) {
      const run = await scan(['--cache', cache]);
      expect(run.stderr.split('\n')).toEqual([
        expect.stringContaining(`sluice: warning: the shared cache ${cache} ${why}`),
        '',
      ]);
      expect({ ...run, stderr: '' }).toEqual(without);
    }
  });

  test('that somebody has tampered with, or that was cut, is not believed and made anew', async () => {
    const cache = join(folder, 'tampered');
    const first = await scan(['--cache', cache]);
    const entries = readdirSync(cache).map((name) => join(cache, name));
    const [one = '', two = ''] = entries;
    const whole = entries.map((path) => readFileSync(path));
    const bytes = Buffer.from(whole[0] ?? '');
    bytes[bytes.length - 9]! ^= 1;
    writeFileSync(one, bytes);
    writeFileSync(two, whole[1]?.subarray(0, 300) ?? '');
    expect(await scan(['--cache', cache])).toEqual(first);
    expect(entries.map((path) => readFileSync(path))).toEqual(whole);
  });

  test.each([
    ['a folder', () => join(folder, 'at-once')],
    ['a repository', () => `oci://${registry.host}/team/at-once`],
  ])('is left whole by two runners that leave the same at once, in %s', async (_where, cache) => {
    const flags = ['--cache', cache()];
    const both = await Promise.all([scan(flags), scan(flags)]);
    const known = await scan(flags);
    expect(known.layers).toBe(0);
    for (const run of both) expect({ ...run, layers: 0 }).toEqual(known);
  });

  test('in a registry is not asked where connections are forbidden', async () => {
    registry.log.length = 0;
    const run = await sluice([
      ...['scan', image, '--offline', '-o', 'json', '--fail-on', 'never', '--cache-dir', join(folder, 'own-offline')],
      ...['--cache', `oci://${registry.host}/team/cache`],
    ]);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('--offline forbids connections');
    expect(registry.log).toEqual([]);
  });

  test.each([
    ['a short key', { SLUICE_CACHE_KEY: 'hunter2' }, [], 'has 7 bytes; 32 is the least [cache/key]'],
    ['an empty key', { SLUICE_CACHE_KEY: '' }, [], 'has 0 bytes; 32 is the least [cache/key]'],
    ['no key file', {}, ['--cache-key-file', '/nowhere/key'], "the key file can't be read (ENOENT) [cache/key]"],
    ['another scheme', {}, ['--cache', 's3://bucket'], 'is neither a folder nor oci:// [usage/cache]'],
    ['no registry', {}, ['--cache', 'oci://team/cache'], 'names no registry [usage/cache]'],
  ])('with %s says so before it begins', async (_what, env, flags, message) => {
    const run = await scan(['--cache', join(folder, 'never'), ...flags], env as Record<string, string>);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('hunter2');
    expect(registry.log).toEqual([]);
  });
});
