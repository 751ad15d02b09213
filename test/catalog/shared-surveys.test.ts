import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { analyzerVersion } from '../../src/catalog/layer-cache.ts';
import { SharedEntries } from '../../src/catalog/shared-entry.ts';
import { SharedSurveyCache, type SharedSurveyOptions } from '../../src/catalog/shared-surveys.ts';
import { encodeSurvey } from '../../src/catalog/survey-codec.ts';
import { surveyImage } from '../../src/catalog/survey-image.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import type { LayerBlob, OpenedImage } from '../../src/source/contract.ts';
import { openImage } from '../../src/source/open.ts';
import type { SharedStore } from '../../src/source/shared-store.ts';
import { type ErrorCode, SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, type LayerSpec, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { lines, surveyOf } from './support.ts';

const scratch = scratchFolder();
let serial = 0;

const layerOf = (name: string): LayerSpec => ({ tar: tar(file('var/lib/lines/db', `${name} 1\n`)) });
const clean = layerOf('clean');
const evil = layerOf('evil');

/** A store in memory, with what was asked of it. */
class MemoryStore implements SharedStore {
  readonly name = 'memory';
  readonly kept = new Map<string, Buffer>();
  readonly asked: string[] = [];
  closed = 0;
  failing: { find?: ErrorCode; put?: ErrorCode } = {};

  async find(name: string, limit: number): Promise<Buffer | undefined> {
    this.asked.push('find');
    await delay(1);
    if (this.failing.find) throw new SluiceError(this.failing.find, 'it says no');
    const bytes = this.kept.get(name);
    return bytes && bytes.length <= limit ? bytes : undefined;
  }

  async put(name: string, bytes: Buffer): Promise<void> {
    this.asked.push('put');
    await delay(1);
    if (this.failing.put) throw new SluiceError(this.failing.put, 'it says no');
    this.kept.set(name, bytes);
  }

  close(): void {
    this.closed++;
  }
}

interface Machine {
  readonly shared: SharedSurveyCache;
  readonly warnings: string[];
}

/** A machine that knows nothing but the store. */
function machine(store: SharedStore, options: Partial<SharedSurveyOptions> = {}, key?: Buffer): Machine {
  const warnings: string[] = [];
  const entries = new SharedEntries(analyzerVersion([lines]), key);
  const onWarning = (message: string): void => void warnings.push(message);
  return { shared: new SharedSurveyCache({ store, entries, onWarning, ...options }), warnings };
}

async function opened(
  layers: readonly LayerSpec[],
  change?: (files: Map<string, Buffer>) => void,
): Promise<OpenedImage> {
  const path = join(scratch, `image-${serial++}`);
  const files = new Map(ociFiles(buildImage({ layers })));
  change?.(files);
  writeFileSync(path, archiveOf(files));
  const platform = { os: 'linux', architecture: 'amd64' };
  const access = { insecure: false, offline: true, env: {} };
  return openImage({ kind: 'archive', path }, access, { platform, explicit: false });
}

/** What a machine finds in an image in a registry, and how many of its layers it had to read. */
async function look(layers: readonly LayerSpec[], { shared }: Pick<Machine, 'shared'>) {
  const image = await opened(layers);
  const keeps: Promise<void>[] = [];
  let read = 0;
  try {
    const surveys = await surveyImage(image.layers.map(remote), {
      ecosystems: [lines],
      open: (place) => {
        read++;
        const found = image.layers.find(({ digest }) => place.kind === 'registry' && digest === place.digest);
        if (!found) throw new Error('no such layer');
        return image.open(found.place);
      },
      shared: {
        find: (blob) => shared.find(blob),
        keep: (blob, encoded) => {
          const keeping = shared.keep(blob, encoded);
          keeps.push(keeping);
          return keeping;
        },
      },
      jobs: 1,
    });
    await Promise.all(keeps);
    return { packages: surveys.map(packagesOf), read };
  } finally {
    image.close();
  }
}

function remote(blob: LayerBlob): LayerBlob {
  const { digest, size } = blob;
  return { ...blob, place: { kind: 'registry', reference: 'example.org/app:1', digest, size } };
}

function packagesOf({ files }: LayerSurvey): string[] {
  return files.flatMap(({ packages }) => packages.map(({ name }) => name));
}

const both = [['clean'], ['evil']];

describe('what one machine has surveyed', () => {
  test('another does not read', async () => {
    const store = new MemoryStore();
    expect(await look([clean, evil], machine(store))).toEqual({ packages: both, read: 2 });
    const second = machine(store);
    expect(await look([clean, evil], second)).toEqual({ packages: both, read: 0 });
    expect(store.asked.join(' ')).toBe('find find put put find find');
    expect(second.warnings).toEqual([]);
  });

  test('is not believed of another analyzer, nor of another key', async () => {
    const store = new MemoryStore();
    await look([clean], machine(store));
    const key = Buffer.alloc(32, 'k');
    expect((await look([clean], machine(store, {}, key))).read).toBe(1);
    expect((await look([clean], machine(store, {}, Buffer.alloc(32, 'K')))).read).toBe(1);
    const entries = new SharedEntries(analyzerVersion([{ ...lines, revision: 2 }]));
    expect((await look([clean], machine(store, { entries }))).read).toBe(1);
    // Nobody took the place of another.
    expect(store.kept.size).toBe(4);
    expect((await look([clean], machine(store))).read).toBe(0);
    expect((await look([clean], machine(store, {}, key))).read).toBe(0);
  });

  test("does not become another layer's whose configuration lies", async () => {
    const store = new MemoryStore();
    await look([clean], machine(store));
    const { layers } = buildImage({ layers: [clean] });
    const lying = { ...evil, diffId: layers[0]?.diffId ?? '' };
    await expect(look([lying], machine(store))).rejects.toMatchObject({ code: 'layer/diff-id-mismatch' });
    expect(store.kept.size).toBe(1);
    expect(await look([evil], machine(store))).toEqual({ packages: [['evil']], read: 1 });
    // The other way round: the blob is known, as which tar it is not.
    await expect(look([lying], machine(store))).rejects.toMatchObject({ code: 'layer/diff-id-mismatch' });
  });

  test("does not become that of a local file's other bytes", async () => {
    const store = new MemoryStore();
    await look([clean], machine(store));
    const path = `blobs/sha256/${blobOf(clean).digest.slice(7)}`;
    const image = await opened([clean], (files) => files.set(path, Buffer.alloc(blobOf(clean).size, 'e')));
    const { shared } = machine(store);
    const { open, layers } = image;
    expect(await shared.find(layers[0] as LayerBlob)).toBeDefined();
    const options = { ecosystems: [lines], open, shared, jobs: 1 };
    await expect(surveyImage(layers, options)).rejects.toMatchObject({ code: 'layer/digest-mismatch' });
    image.close();
  });

  test("does not become another blob's that was given its name", async () => {
    const store = new MemoryStore();
    await look([clean], machine(store));
    const [name = '', entry = Buffer.alloc(0)] = [...store.kept][0] ?? [];
    const { layers } = buildImage({ layers: [evil] });
    store.kept.set(name.slice(0, -64) + (layers[0]?.digest ?? '').slice(7), entry);
    expect(await look([evil], machine(store))).toEqual({ packages: [['evil']], read: 1 });
    expect((await look([clean, evil], machine(store))).read).toBe(0);
  });

  test.each([
    ['broken', (entry: Buffer) => entry.fill(0, 300, 301)],
    ['cut', (entry: Buffer) => entry.subarray(0, 100)],
    ['empty', () => Buffer.alloc(0)],
    ['too large', () => Buffer.alloc(33 * 1024 * 1024)],
  ])('is read again where it is %s, and replaced', async (_what, damage) => {
    const store = new MemoryStore();
    await look([clean], machine(store));
    const [name = '', entry = Buffer.alloc(0)] = [...store.kept][0] ?? [];
    const good = Buffer.from(entry);
    store.kept.set(name, damage(entry));
    const { shared, warnings } = machine(store);
    expect(await look([clean], { shared })).toEqual({ packages: [['clean']], read: 1 });
    expect(store.kept.get(name)?.equals(good)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('is not what somebody without the key has put there', async () => {
    const store = new MemoryStore();
    const key = Buffer.alloc(32, 'k');
    await look([evil], machine(store, {}, key));
    const [name = '', good = Buffer.alloc(0)] = [...store.kept][0] ?? [];
    // All that who may write can do without the key: the right head, and a clean survey with a SHA-256.
    const head = good.subarray(0, good.indexOf(10) + 1);
    const unkeyed = new MemoryStore();
    await look([clean], machine(unkeyed));
    const [, other = Buffer.alloc(0)] = [...unkeyed.kept][0] ?? [];
    const rest = other.subarray(other.indexOf(10) + 1 + 32);
    store.kept.set(name, Buffer.concat([head, createHash('sha256').update(head).update(rest).digest(), rest]));
    expect(await look([evil], machine(store, {}, key))).toEqual({ packages: [['evil']], read: 1 });
    expect(store.kept.get(name)?.equals(good)).toBe(true);
  });
});

describe('a survey that somebody else has written', () => {
  const blob: LayerBlob = remote({
    ...blobOf(clean),
    place: { kind: 'region', fd: 0, offset: 0, size: 1, identity: '' },
  });
  const right = (): LayerSurvey => ({ ...surveyOf([file('var/lib/lines/db', 'clean 1\n')]), diffId: blob.diffId });
  const found = async (encoded: Buffer) => {
    const store = new MemoryStore();
    await machine(store).shared.keep(blob, encoded);
    expect(store.kept.size).toBe(1);
    const { shared, warnings } = machine(store);
    const survey = await shared.find(blob);
    expect(warnings).toEqual([]);
    return survey && packagesOf(survey);
  };

  test('counts where there is no key', async () => {
    expect(await found(encodeSurvey(right()))).toEqual(['clean']);
  });

  test.each<[string, () => Buffer]>([
    ['of another tar', () => encodeSurvey({ ...right(), diffId: blobOf(evil).diffId })],
    ['of a layer that was read in part', () => encodeSurvey({ ...right(), read: 'claimed' })],
    ['that is none', () => Buffer.from('hello')],
    ['with files that are a number', () => encodeSurvey({ ...right(), files: 5 as never })],
    ['with links that are a number', () => rehashed(encodeSurvey(right()), '"links":[]', '"links":55')],
    ['of more entries than there are bytes', () => withCount(encodeSurvey(right()), 0xffff_fff0)],
    ['of one more entry than there is', () => withCount(encodeSurvey(right()), 2)],
  ])('%s does not count', async (_what, encoded) => {
    expect(await found(encoded())).toBeUndefined();
  });
});

describe('a shared cache', () => {
  const key = ['registry/network', 'cache/shared', 'registry/rate-limited', 'registry/offline'] as const;

  test.each(key)('that fails with %s is told of once, and not asked again', async (code) => {
    const store = new MemoryStore();
    store.failing = { find: code, put: code };
    const { shared, warnings } = machine(store);
    const many = Array.from({ length: 20 }, (_, i) => layerOf(`p${i}`));
    expect((await look(many, { shared })).read).toBe(20);
    expect(warnings).toEqual(["the shared cache memory can't be read, so that layers are read again: it says no"]);
    // Those that were on their way.
    expect(store.asked.length).toBeLessThanOrEqual(6);
    expect(store.asked).not.toContain('put');
    expect(store.closed).toBeGreaterThan(0);
  });

  test.each(['registry/unauthorized', 'registry/denied', 'cache/shared'] as const)(
    'that may only be read (%s) is told of once, and read',
    async (code) => {
      const store = new MemoryStore();
      await look([clean], machine(store));
      store.failing = { put: code };
      store.asked.length = 0;
      const { shared, warnings } = machine(store);
      expect(await look([evil, clean], { shared })).toEqual({ packages: [['evil'], ['clean']], read: 1 });
      expect((await look([evil, clean], { shared })).read).toBe(1);
      expect(warnings).toEqual(["the shared cache memory can't be written, so that layers are read again: it says no"]);
      expect(store.asked.join(' ')).toBe('find find put find find');
      expect(store.closed).toBe(0);
    },
  );

  test.each(['registry/unauthorized', 'registry/denied'] as const)(
    'that hides what is not there yet (%s) is written all the same',
    async (code) => {
      const store = new MemoryStore();
      store.failing = { find: code };
      const { shared, warnings } = machine(store);
      expect((await look([clean], { shared })).read).toBe(1);
      expect(store.kept.size).toBe(1);
      expect(warnings).toHaveLength(1);
    },
  );

  test('that does not answer is given up', async () => {
    const silent = new MemoryStore();
    silent.find = () => new Promise(() => {});
    const { shared, warnings } = machine(silent, { timing: { findMs: 20, keepMs: 20 } });
    expect((await look([clean, evil], { shared })).read).toBe(2);
    expect(warnings).toEqual([expect.stringContaining('it did not answer within 0.02 s')]);
    expect(silent.closed).toBeGreaterThan(0);
  });

  test('that takes no more is given up', async () => {
    const full = new MemoryStore();
    full.put = () => new Promise(() => {});
    const { shared, warnings } = machine(full, { timing: { findMs: 1000, keepMs: 20 } });
    expect((await look([clean, evil], { shared })).read).toBe(2);
    expect(warnings).toEqual([expect.stringContaining("can't be written")]);
  });
});

function blobOf(layer: LayerSpec): Pick<LayerBlob, 'digest' | 'diffId' | 'size'> {
  const [built] = buildImage({ layers: [layer] }).layers;
  if (!built) throw new Error('no layer');
  return {
    digest: built.digest as LayerBlob['digest'],
    diffId: built.diffId as LayerBlob['diffId'],
    size: built.blob.length,
  };
}

/** A survey's encoding with other bytes in it, and a checksum that is right. */
function rehashed(encoded: Buffer, from: string, to: string): Buffer {
  const text = encoded.toString('latin1');
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return withChecksum(Buffer.from(text.replace(from, to), 'latin1'));
}

function withCount(encoded: Buffer, count: number): Buffer {
  const copy = Buffer.from(encoded);
  copy.writeUInt32LE(count, 48);
  return withChecksum(copy);
}

function withChecksum(encoded: Buffer): Buffer {
  createHash('sha256').update(encoded.subarray(48)).digest().copy(encoded, 16);
  return encoded;
}
