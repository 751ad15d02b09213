import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { surveyLayer } from '../src/catalog/survey-layer.ts';
import { ecosystems } from '../src/ecosystem/list.gen.ts';
import { parseDigest } from '../src/model/digest.ts';
import type { LayerBlob } from '../src/source/contract.ts';
import { type Cost, costOf } from './support/budget.ts';
import { hold, show } from './support/budget-ceilings.ts';
import { scratchFolder, sluice } from './support/cli.ts';
import { archiveOf, buildImage, ociFiles } from './support/image-writer.ts';
import { startRegistry, type TestRegistry } from './support/registry.ts';
import { file, tar } from './support/tar-writer.ts';
import { buildZip } from './support/zip.ts';

/** What a warm scan of two layers may read. */
const warm = {
  /** Bytes of the archive: its headers, index, manifest and configuration, in the pieces in which they are read. */
  bytes: 40 * 1024,
  /** Reads of the archive. */
  calls: 8,
  /** Files of the cache beside the advisory data: two for each layer, and the evidence. */
  cacheFiles: 5,
  /** Bytes of the advisory data: what tells which data there is. */
  advisoryBytes: 2 * 1024,
};

const folder = scratchFolder();
const cache = join(folder, 'cache');
const known = join(folder, 'known');
const renewed = join(folder, 'renewed');
const archive = join(folder, 'image.oci.tar');

/** Most of the image is what nobody claims, so that a scan which reads more than it must is seen. */
const noise = (seed: number) =>
  createHash('shake256', { outputLength: 64 * 1024 })
    .update(`${seed}`)
    .digest();
const modules = Array.from({ length: 40 }, (_, i) => ({ name: `module-${i}`, version: `1.0.${i}` }));
const layers = [
  tar(
    file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.9\n'),
    ...Array.from({ length: 50 }, (_, i) => file(`usr/lib/library-${i}.so.1`, noise(i))),
    file('lib/apk/db/installed', 'P:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\n\n'),
  ),
  tar(
    ...modules.flatMap((module, i) => [
      file(`srv/node_modules/${module.name}/package.json`, JSON.stringify(module)),
      file(`srv/node_modules/${module.name}/index.js`, noise(i).subarray(0, 4096)),
    ]),
  ),
];
const image = buildImage({ layers: layers.map((bytes) => ({ tar: bytes })) });

/** Gives a cache folder advisory data of two ecosystems, with one advisory each. */
async function updateData(cacheDir: string, id: string): Promise<void> {
  for (const [ecosystem, release] of [
    ['npm', 'npm'],
    ['Alpine', 'Alpine:v3.18'],
  ] as const) {
    mkdirSync(join(folder, 'export', ecosystem), { recursive: true });
    const affected = [{ package: { ecosystem: release, name: 'absent' }, versions: ['1'] }];
    const name = `${id}-${ecosystem}`;
    const body = JSON.stringify({ id: name, modified: '2024-01-01T00:00:00Z', affected });
    writeFileSync(join(folder, 'export', ecosystem, 'all.zip'), buildZip([{ name: `${name}.json`, body }]));
  }
  const update = await sluice(['db', 'update', '--from', join(folder, 'export'), '--cache-dir', cacheDir]);
  expect([update.code, update.stderr]).toEqual([0, '']);
}

const scan = (target: string, cacheDir: string, ...more: string[]) =>
  costOf(['scan', target, '-o', 'json', '-j', '1', '--fail-on', 'never', '--cache-dir', cacheDir, ...more]);

beforeAll(async () => {
  writeFileSync(archive, archiveOf(ociFiles(image)));
  for (const cacheDir of [cache, known, renewed]) await updateData(cacheDir, 'TEST-1');
  for (const cacheDir of [known, renewed]) {
    expect((await sluice(['scan', archive, '-q', '--fail-on', 'never', '--cache-dir', cacheDir])).code).toBe(0);
  }
  // What was found out of the image is no longer up to date then; what its layers hold is.
  await updateData(renewed, 'TEST-2');
});

describe('what is loaded', () => {
  test.each([
    ['--version', ['--version'], 0],
    ['--help', ['--help'], 0],
    ['scan --help', ['scan', '--help'], 0],
    ['db status', ['db', 'status', '--cache-dir', cache], 0],
    ['an unknown command', ['scna'], 1],
  ])('by sluice %s', async (name, args, code) => {
    const cost = await costOf(args);
    expect([cost.code, cost.threads]).toEqual([code, 0]);
    hold(name, cost);
  });

  test('by a scan of a small image, cold', async () => {
    const cost = await scan(archive, cache, '--no-layer-cache');
    expect([cost.code, cost.threads]).toEqual([0, 0]);
    hold('cold', cost);
  });

  test('by a scan of it for packages alone', async () => {
    const cost = await scan(archive, cache, '--no-layer-cache', '--scanners', 'packages');
    expect([cost.code, cost.threads]).toEqual([0, 0]);
    hold('packages alone', cost);
  });

  test('by a scan of the same image, warm', async () => {
    const cost = await scan(archive, known);
    expect([cost.code, cost.threads]).toEqual([0, 0]);
    hold('warm', cost);
  });

  test('by a scan of it with newer advisory data', async () => {
    const cost = await scan(archive, renewed);
    expect([cost.code, cost.threads]).toEqual([0, 0]);
    expect(readsOf(cost, archive).bytes, 'a layer was read').toBeLessThanOrEqual(warm.bytes);
    hold('newer data', cost);
  });

  test('by a scan of a folder', async () => {
    const source = join(folder, 'source');
    mkdirSync(source);
    const packages = { '': {}, 'node_modules/left': { version: '1.0.0' } };
    writeFileSync(join(source, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
    const cost = await scan(source, cache);
    expect([cost.code, cost.threads]).toEqual([0, 0]);
    hold('folder', cost);
  });
});

/** The packed bytes of a layer. */
const blobOf = ({ blob }: { blob: Buffer }): Buffer => blob;

/** Reads of files whose path has a text in it. */
function readsOf(cost: Cost, text: string): { calls: number; bytes: number } {
  const found = [...cost.read].filter(([path]) => path.includes(text)).map(([, reads]) => reads);
  return {
    calls: found.reduce((sum, { calls }) => sum + calls, 0),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const packed = image.layers.reduce((sum, { blob }) => sum + blob.length, 0);

describe('what is read', () => {
  test('of a cold archive, each byte of its layers once', async () => {
    const cost = await scan(archive, cache, '--no-layer-cache');
    const { bytes } = readsOf(cost, archive);
    expect(bytes, 'a layer was not read, or not by the functions that the probe counts').toBeGreaterThanOrEqual(packed);
    expect(bytes, `${bytes} bytes of ${statSync(archive).size}: something is read twice`).toBeLessThan(packed * 1.1);
  });

  test('of a warm archive, its headers and documents: no byte of a layer', async () => {
    const cost = await scan(archive, known);
    const { bytes, calls } = readsOf(cost, archive);
    expect(bytes, `${bytes} bytes of the archive; only headers and documents are needed`).toBeLessThanOrEqual(
      warm.bytes,
    );
    expect(calls, `${calls} reads of the archive`).toBeLessThanOrEqual(warm.calls);
  });

  test('of the cache, one entry a layer and what leads to it', async () => {
    const cost = await scan(archive, known);
    const kept = readdirSync(known).filter((name) => name !== 'db');
    const opened = [...cost.read.keys()].filter((path) => kept.some((name) => path.startsWith(join(known, name))));
    if (show)
      process.stdout.write(
        `  warm scan: ${[...cost.read].map(([path, { calls, bytes }]) => `\n    ${path.replace(folder, '')}: ${bytes} bytes in ${calls}`).join('')}\n`,
      );
    expect(opened.length, `it opens ${opened.join(', ')}`).toBeLessThanOrEqual(warm.cacheFiles);
    const { bytes } = readsOf(cost, join(known, 'db'));
    expect(bytes, 'the advisory index is opened, not loaded').toBeLessThanOrEqual(warm.advisoryBytes);
  });
});

describe('how often', () => {
  test('each path is asked for once, and only what is claimed is parsed, once', async () => {
    const asked = new Map<string, number>();
    const parsed: string[] = [];
    const counting = ecosystems.map((ecosystem) => ({
      ...ecosystem,
      claims: (path: string, head: Parameters<typeof ecosystem.claims>[1]) => {
        asked.set(`${ecosystem.id} ${path}`, (asked.get(`${ecosystem.id} ${path}`) ?? 0) + 1);
        return ecosystem.claims(path, head);
      },
      parse: (claimed: Parameters<typeof ecosystem.parse>[0]) => {
        parsed.push(claimed.path);
        return ecosystem.parse(claimed);
      },
    }));
    let opened = 0;
    const open = (place: LayerBlob['place']) => {
      opened++;
      return image.layers.filter(({ digest }) => place.kind === 'registry' && place.digest === digest).map(blobOf);
    };
    for (const layer of image.layers) {
      const [digest, diffId, size] = [parseDigest(layer.digest), parseDigest(layer.diffId), layer.blob.length];
      const place = { kind: 'registry' as const, reference: 'registry.example/budget', digest, size };
      await surveyLayer({ place, digest, diffId, size }, counting, open);
    }
    expect(opened, 'a layer is read once').toBe(image.layers.length);
    expect(Math.max(...asked.values()), 'a path is asked for once by each ecosystem').toBe(1);
    expect(parsed.sort()).toEqual(
      ['lib/apk/db/installed', ...modules.map(({ name }) => `srv/node_modules/${name}/package.json`)].sort(),
    );
  });

  test('a thread is started: never for an image that is too small to be worth one', async () => {
    const args = ['scan', archive, '-o', 'json', '-j', '4', '--fail-on', 'never', '--no-layer-cache'];
    const cost = await costOf([...args, '--cache-dir', cache]);
    expect([cost.code, cost.threads]).toEqual([0, 0]);
  });

  describe('a registry is asked', () => {
    let registry: TestRegistry;
    let target = '';

    beforeAll(async () => {
      registry = await startRegistry();
      const digest = await registry.pushOciArchive(archive, 'test/budget', '1');
      target = `${registry.host}/test/budget@${digest}`;
    });
    afterAll(() => registry.close());

    /** The requests of one scan, without digests. */
    const asked = async (reference: string, ...more: string[]) => {
      registry.log.length = 0;
      const cost = await scan(reference, cache, ...more);
      expect(cost.code).toBe(0);
      return { cost, requests: registry.log.map(({ method, path }) => `${method} ${path.replace(/sha256:.*/, '')}`) };
    };
    const manifest = 'GET /v2/test/budget/manifests/';
    const blob = 'GET /v2/test/budget/blobs/';

    test('for the manifest, the configuration and each layer, cold', async () => {
      const { cost, requests } = await asked(target, '--no-layer-cache');
      expect(requests).toEqual([manifest, blob, blob, blob]);
      hold('registry, cold', cost);
    });

    test('for the manifest and the configuration, warm, by a digest as by a tag', async () => {
      await asked(target);
      const { cost, requests } = await asked(target);
      expect(requests).toEqual([manifest, blob]);
      hold('registry, warm', cost);
      expect((await asked(`${registry.host}/test/budget:1`)).requests).toEqual([`${manifest}1`, blob]);
    });
  });
});
