import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { analyzerVersion, LayerCache } from '../../src/catalog/layer-cache.ts';
import { surveyImage } from '../../src/catalog/survey-image.ts';
import type { OpenLayer } from '../../src/source/contract.ts';
import { openImage } from '../../src/source/open.ts';
import type { ImageTarget } from '../../src/source/target.ts';
import { scratchFolder } from '../support/cli.ts';
import {
  archiveOf,
  buildImage,
  dockerFiles,
  type Files,
  type LayerSpec,
  legacyDockerArchive,
  ociFiles,
  writeFolder,
} from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { lines, programs } from './support.ts';

const scratch = scratchFolder();
let serial = 0;

function fresh(name: string): string {
  return join(scratch, `${name}-${serial++}`);
}

const db = (text: string): Buffer => tar(file('var/lib/lines/db', text));

/** Times of a file written this very moment are not relied upon. */
const settle = () => delay(80);

function archive(files: Files): ImageTarget {
  const path = fresh('archive');
  writeFileSync(path, archiveOf(files));
  return { kind: 'archive', path };
}

function layout(files: Files): ImageTarget {
  return { kind: 'oci-layout', path: writeFolder(fresh('layout'), files) };
}

interface Looked {
  /** Packages of each layer, in the order of the layers. */
  readonly packages: string[][];
  /** How many times a layer's bytes were opened. */
  readonly opened: number;
  /** How much was read of each layer; absent where all are verified. */
  readonly read?: (string | undefined)[];
}

/** `verify`: layers of a docker archive are read whole, too. */
async function look(target: ImageTarget, cache?: LayerCache, verify = true): Promise<Looked> {
  const access = { insecure: false, offline: true, env: {} };
  const platform = { os: 'linux', architecture: 'amd64' };
  const image = await openImage(target, access, { platform, explicit: false, verify });
  let opened = 0;
  const open: OpenLayer = (place) => {
    opened++;
    return image.open(place);
  };
  try {
    const surveys = await surveyImage(image.layers, { ecosystems: [lines], open, cache, jobs: 1 });
    return {
      packages: surveys.map(({ files }) => files.flatMap((item) => item.packages.map(({ name }) => name))),
      opened,
      ...(verify ? {} : { read: surveys.map(({ read }) => read) }),
    };
  } finally {
    image.close();
  }
}

function newCache(): { cache: LayerCache; folder: string } {
  const folder = fresh('cache');
  return { cache: new LayerCache(folder, analyzerVersion([lines])), folder };
}

function kept(folder: string, kind: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .filter((path) => path.includes(`/${kind}/`));
}

const clean: LayerSpec = { tar: db('clean 1') };
const evil: LayerSpec = { tar: db('evil 1') };

describe.each([
  ['an OCI layout', (image: ReturnType<typeof buildImage>) => layout(ociFiles(image))],
  ['an OCI archive', (image: ReturnType<typeof buildImage>) => archive(ociFiles(image))],
  ['a docker archive', (image: ReturnType<typeof buildImage>) => archive(dockerFiles(image))],
  [
    'a docker archive of packed layers',
    (image: ReturnType<typeof buildImage>) => archive(dockerFiles(image, [], true)),
  ],
])('the layers of %s', (_form, write) => {
  test('are read once for all', async () => {
    const target = write(buildImage({ layers: [clean, evil] }));
    const { cache } = newCache();
    await settle();
    const both = [['clean'], ['evil']];
    expect(await look(target, cache)).toEqual({ packages: both, opened: 2 });
    expect(await look(target, cache)).toEqual({ packages: both, opened: 0 });
    expect(await look(target)).toEqual({ packages: both, opened: 2 });
  });

  test('that stand in the image twice are read once', async () => {
    const target = write(buildImage({ layers: [clean, evil, clean, clean] }));
    const { cache } = newCache();
    await settle();
    const all = [['clean'], ['evil'], ['clean'], ['clean']];
    expect(await look(target, cache)).toEqual({ packages: all, opened: 2 });
    expect(await look(target, cache)).toEqual({ packages: all, opened: 0 });
  });

  test("that pretend to be another image's layer gain nothing by it", async () => {
    const { cache } = newCache();
    const honest = write(buildImage({ layers: [clean] }));
    await settle();
    await look(honest, cache);
    const diffId = buildImage({ layers: [clean] }).layers[0]?.diffId ?? '';
    const liar = write(buildImage({ layers: [{ ...evil, diffId }] }));
    await settle();
    for (const _again of [1, 2])
      await expect(look(liar, cache)).rejects.toThrow(/^layer 0 .*: expected sha256:.*, found sha256:/);
    const both = write(buildImage({ layers: [clean, { ...evil, diffId }] }));
    await expect(look(both, cache)).rejects.toThrow(/^layer 1 .*: expected sha256:.*, found sha256:/);
    await expect(look(both)).rejects.toThrow(/^layer 1 .*: expected sha256:.*, found sha256:/);
  });

  test('in files that have changed since, with the same size, are read again', async () => {
    const image = buildImage({ layers: [{ ...clean, packing: 'none' }] });
    const target = write(image);
    const { cache } = newCache();
    await settle();
    expect(await look(target, cache)).toEqual({ packages: [['clean']], opened: 1 });
    for (const path of target.kind === 'registry' ? [] : filesOf(target.path)) {
      const bytes = readFileSync(path);
      const at = bytes.indexOf('clean 1');
      if (at < 0) continue;
      bytes.write('evil! 1', at);
      writeFileSync(path, bytes);
      // Whoever changes a file can set its time of change back, but not the time at which he did so.
      utimesSync(path, new Date(0), new Date(0));
    }
    await settle();
    await expect(look(target, cache)).rejects.toThrow(/^layer 0 /);
  });
});

function filesOf(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => join(item.parentPath, item.name));
  } catch {
    return [path];
  }
}

describe('the cache', () => {
  test('knows a layer in whatever archive it comes, once its bytes were seen there', async () => {
    const image = buildImage({ layers: [clean] });
    const { cache } = newCache();
    const [first, second] = [archive(ociFiles(image)), layout(ociFiles(image))];
    await settle();
    expect((await look(first, cache)).opened).toBe(1);
    // The blob lies in another file, of which nothing is known.
    expect((await look(second, cache)).opened).toBe(1);
    expect((await look(second, cache)).opened).toBe(0);
  });

  test('does not take the word of a file that was written this very moment', async () => {
    const target = archive(ociFiles(buildImage({ layers: [clean] })));
    const { cache, folder } = newCache();
    await look(target, cache);
    expect(kept(folder, 'seen')).toEqual([]);
    expect(kept(folder, 'surveys')).toHaveLength(1);
  });

  test.each([
    ['cut', (path: string) => truncateSync(path, 100)],
    ['empty', (path: string) => truncateSync(path, 0)],
    ['changed', (path: string) => writeFileSync(path, readFileSync(path).fill(0x41, 60, 61))],
    ["another layer's", (path: string) => writeFileSync(path, readFileSync(path).reverse())],
  ])('reads a layer again whose survey is %s, and keeps the new one', async (_what, damage) => {
    const target = archive(ociFiles(buildImage({ layers: [clean] })));
    const { cache, folder } = newCache();
    await settle();
    await look(target, cache);
    const [survey = ''] = kept(folder, 'surveys');
    const good = readFileSync(survey);
    damage(survey);
    expect(await look(target, cache)).toEqual({ packages: [['clean']], opened: 1 });
    expect(readFileSync(survey).equals(good)).toBe(true);
    expect((await look(target, cache)).opened).toBe(0);
  });

  test.each(['unpacked', 'seen'])('reads a layer again when what is kept under %s is no digest', async (kind) => {
    const target = archive(ociFiles(buildImage({ layers: [clean] })));
    const { cache, folder } = newCache();
    await settle();
    await look(target, cache);
    for (const path of kept(folder, kind)) writeFileSync(path, 'sha256:../../x');
    expect((await look(target, cache)).opened).toBe(1);
    expect((await look(target, cache)).opened).toBe(0);
  });

  test('is not believed by another version of the analyzer', async () => {
    const target = archive(ociFiles(buildImage({ layers: [clean] })));
    const { cache, folder } = newCache();
    await settle();
    await look(target, cache);
    expect(analyzerVersion([lines, programs])).toBe(analyzerVersion([programs, lines]));
    for (const other of [[lines, programs], [{ ...lines, revision: 2 }], []]) {
      expect((await look(target, new LayerCache(folder, analyzerVersion(other)))).opened).toBe(1);
    }
  });

  test('that can not be written is no failure', async () => {
    const target = archive(ociFiles(buildImage({ layers: [clean] })));
    const blocked = fresh('blocked');
    writeFileSync(blocked, '');
    for (const folder of [join(blocked, 'x'), `/dev/null/${'x'.repeat(5000)}`]) {
      expect(await look(target, new LayerCache(folder, 'v'))).toEqual({ packages: [['clean']], opened: 1 });
    }
  });

  test('shared by several at once stays whole', async () => {
    const target = archive(ociFiles(buildImage({ layers: [clean, evil] })));
    const { cache, folder } = newCache();
    await settle();
    mkdirSync(folder, { recursive: true });
    const all = await Promise.all([1, 2, 3, 4].map(() => look(target, cache)));
    expect(all.map(({ packages }) => packages)).toEqual(all.map(() => [['clean'], ['evil']]));
    expect((await look(target, cache)).opened).toBe(0);
    expect(filesOf(folder).filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  test("the links of old docker archives lead to one layer's bytes", async () => {
    const path = fresh('legacy');
    writeFileSync(path, legacyDockerArchive(buildImage({ layers: [clean, evil, clean] })));
    expect(await look({ kind: 'archive', path })).toEqual({ packages: [['clean'], ['evil'], ['clean']], opened: 2 });
  });

  test('two members of a docker archive that name one diffID must both be that layer', async () => {
    const image = buildImage({ layers: [{ ...clean, packing: 'none' }] });
    const diffId = image.layers[0]?.diffId ?? '';
    const twice = buildImage({ layers: [clean, { ...evil, diffId }] });
    await expect(look(archive(dockerFiles(twice)))).rejects.toThrow(/^layer 1 /);
  });
});

describe('the layers of a docker archive that are read in part', () => {
  const diffId = buildImage({ layers: [clean] }).layers[0]?.diffId ?? '';
  const part = (target: ImageTarget, cache: LayerCache) => look(target, cache, false);

  test('are what the archive holds, whatever it calls them, and leave nothing in the cache', async () => {
    const { cache, folder } = newCache();
    const honest = archive(dockerFiles(buildImage({ layers: [clean] })));
    const liar = archive(dockerFiles(buildImage({ layers: [{ ...evil, diffId }] })));
    await settle();
    // Neither is opened to be read whole.
    expect(await part(liar, cache)).toEqual({ packages: [['evil']], opened: 0, read: ['claimed'] });
    expect(await part(honest, cache)).toEqual({ packages: [['clean']], opened: 0, read: ['claimed'] });
    expect(existsSync(folder)).toBe(false);
    await expect(look(liar, cache)).rejects.toThrow(/^layer 0 .*: expected sha256:.*, found sha256:/);
  });

  test('are not read where the cache proves what they hold', async () => {
    const { cache } = newCache();
    const honest = archive(dockerFiles(buildImage({ layers: [clean] })));
    const liar = archive(dockerFiles(buildImage({ layers: [{ ...evil, diffId }] })));
    await settle();
    expect((await look(honest, cache)).opened).toBe(1);
    expect(await part(honest, cache)).toEqual({ packages: [['clean']], opened: 0, read: [undefined] });
    // The name that a liar gives them proves nothing.
    expect(await part(liar, cache)).toEqual({ packages: [['evil']], opened: 0, read: ['claimed'] });
  });

  test('are read whole when another layer is called the same', async () => {
    const { cache } = newCache();
    const both = archive(dockerFiles(buildImage({ layers: [{ ...evil, diffId }, clean] })));
    await expect(part(both, cache)).rejects.toThrow(/^layer 0 .*: expected sha256:.*, found sha256:/);
  });
});
