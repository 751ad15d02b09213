import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzerVersion, LayerCache } from '../../src/catalog/layer-cache.ts';
import { SharedKeeps } from '../../src/catalog/shared-keeps.ts';
import { decodeSurvey } from '../../src/catalog/survey-codec.ts';
import { type SharedSurveys, surveyImage } from '../../src/catalog/survey-image.ts';
import { parseDigest } from '../../src/model/digest.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import type { LayerBlob, OpenLayer } from '../../src/source/contract.ts';
import { openFile, openRegion, regionPlace } from '../../src/source/file.ts';
import { scratchFolder } from '../support/cli.ts';
import { buildImage, type LayerSpec } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { lines } from './support.ts';

const scratch = scratchFolder();
let serial = 0;

/** A cache between machines that names surveys by their blob, believes all it gets, and tells what was asked of it. */
class Shared implements SharedSurveys {
  readonly surveys = new Map<string, LayerSurvey>();
  readonly asked: string[] = [];

  find({ digest }: LayerBlob): Promise<LayerSurvey | undefined> {
    this.asked.push(digest);
    return Promise.resolve(this.surveys.get(digest));
  }

  keep({ digest }: LayerBlob, encoded: Buffer): Promise<void> {
    const survey = decodeSurvey(encoded);
    if (survey) this.surveys.set(digest, survey);
    return Promise.resolve();
  }
}

interface Written {
  /** In a local file. */
  readonly local: LayerBlob;
  /** The same blob in a registry. */
  readonly remote: LayerBlob;
  readonly bytes: Buffer;
}

function written(name: string, lies: Partial<LayerSpec> = {}): Written {
  const [layer] = buildImage({ layers: [{ tar: tar(file('var/lib/lines/db', `${name} 1`)), ...lies }] }).layers;
  if (!layer) throw new Error('no layer');
  const path = join(scratch, `blob-${serial++}`);
  writeFileSync(path, layer.blob);
  const digest = parseDigest(layer.digest);
  const size = layer.blob.length;
  const said = { digest, diffId: parseDigest(layer.diffId), size };
  const remote = { kind: 'registry', reference: 'registry.test/a:1', digest, size } as const;
  return {
    local: { ...said, place: regionPlace(openFile(path, 'the blob'), 0, size) },
    remote: { ...said, place: remote },
    bytes: layer.blob,
  };
}

interface Looked {
  readonly packages: string[];
  /** How many times a layer's bytes were opened. */
  readonly opened: number;
}

async function look(
  of: Written,
  where: 'local' | 'remote',
  shared: SharedSurveys,
  cache?: LayerCache,
): Promise<Looked> {
  let opened = 0;
  const open: OpenLayer = (place) => {
    opened++;
    return place.kind === 'region' ? openRegion(place) : [of.bytes];
  };
  const surveys = await surveyImage([of[where]], { ecosystems: [lines], open, jobs: 1, shared, cache });
  const packages = surveys.flatMap(({ files }) => files.flatMap((item) => item.packages.map(({ name }) => name)));
  return { packages, opened };
}

function newCache(): LayerCache {
  return new LayerCache(join(scratch, `cache-${serial++}`), analyzerVersion([lines]));
}

const clean = written('clean');

describe.each(['local', 'remote'] as const)('a %s layer', (where) => {
  test('is surveyed once by one machine, and found by the next', async () => {
    const shared = new Shared();
    expect(await look(clean, where, shared)).toEqual({ packages: ['clean'], opened: 1 });
    expect([...shared.surveys.keys()]).toEqual([clean.local.digest]);
    // A local file is hashed, for its digest is but what the image says; a registry's layer is named by it.
    expect(await look(clean, where, shared)).toEqual({ packages: ['clean'], opened: where === 'local' ? 1 : 0 });
    expect(shared.asked).toEqual([clean.local.digest, clean.local.digest]);
  });

  test("does not get a clean layer's survey because the configuration gives it that layer's diffID", async () => {
    const shared = new Shared();
    const cache = newCache();
    await look(clean, where, shared, cache);
    const liar = written('evil', { diffId: clean.local.diffId });
    const honest = written('evil');
    for (const known of [undefined, cache]) {
      const failed = look(liar, where, shared, known);
      await expect(failed).rejects.toMatchObject({ code: 'layer/diff-id-mismatch' });
      await expect(failed).rejects.toThrow(`found ${honest.local.diffId}`);
    }
    // Also when the survey of the blob as it is lies there.
    await look(honest, where, shared);
    await expect(look(liar, where, shared)).rejects.toMatchObject({ code: 'layer/diff-id-mismatch' });
    expect(shared.surveys.get(liar.local.digest)?.diffId).toBe(honest.local.diffId);
  });

  test('is read when what is shared is of another layer, or was not read whole', async () => {
    const other = written('other');
    const shared = new Shared();
    await look(other, where, shared);
    const survey = shared.surveys.get(other.local.digest) as LayerSurvey;
    for (const strange of [survey, { ...survey, diffId: clean.local.diffId, read: 'claimed' } as const]) {
      shared.surveys.set(clean.local.digest, strange);
      expect((await look(clean, where, shared)).packages).toEqual(['clean']);
    }
  });

  test('that is not what its digest says is not shared', async () => {
    const shared = new Shared();
    const failing = written('cut', { digest: `sha256:${'3'.repeat(64)}` });
    await expect(look(failing, where, shared)).rejects.toMatchObject({ code: 'layer/digest-mismatch' });
    expect(shared.surveys.size).toBe(0);
  });
});

test("a local file that claims a clean blob's digest does not get its survey", async () => {
  const shared = new Shared();
  await look(clean, 'local', shared);
  const evil = written('evil!', { digest: clean.local.digest, diffId: clean.local.diffId });
  const failed = look(evil, 'local', shared);
  await expect(failed).rejects.toThrow(`expected ${clean.local.digest}`);
  await expect(failed).rejects.toMatchObject({ code: 'layer/digest-mismatch' });
});

test('what is shared is never written to the own cache, which only believes what it unpacked itself', async () => {
  const shared = new Shared();
  await look(clean, 'remote', shared);
  const cache = newCache();
  await look(clean, 'remote', shared, cache);
  expect(cache.find(clean.remote)).toBeUndefined();
  expect(await look(clean, 'remote', new Shared(), cache)).toEqual({ packages: ['clean'], opened: 1 });
  expect(cache.find(clean.remote)?.diffId).toBe(clean.remote.diffId);
});

test('what is kept for others is waited for in the end, not longer than patience lasts, and may fail', async () => {
  let kept = 0;
  const slow = {
    find: () => Promise.resolve(undefined),
    keep: () => new Promise<void>((done) => setTimeout(() => done(void kept++), 50)),
  };
  const keeps = new SharedKeeps(slow);
  await look(clean, 'remote', keeps);
  expect(kept).toBe(0);
  await keeps.settle();
  expect(kept).toBe(1);
  const hanging = new SharedKeeps({ ...slow, keep: () => new Promise<void>(() => undefined) });
  await look(clean, 'remote', hanging);
  const started = performance.now();
  await hanging.settle(100);
  expect(performance.now() - started).toBeLessThan(3000);
  const failing = new SharedKeeps({ ...slow, keep: () => Promise.reject(new Error('gone')) });
  await look(clean, 'remote', failing);
  await failing.settle();
});
