import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodeSurvey } from '../../src/catalog/survey-codec.ts';
import { surveyImage } from '../../src/catalog/survey-image.ts';
import { SurveyPool } from '../../src/catalog/survey-pool.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { parseDigest } from '../../src/model/digest.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import type { LayerBlob, OpenLayer } from '../../src/source/contract.ts';
import { openFile, openRegion, regionPlace } from '../../src/source/file.ts';
import { SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import { buildImage, type LayerSpec, sha256 } from '../support/image-writer.ts';
import { entry, file, tar } from '../support/tar-writer.ts';
import { bundledThread, strangeThread } from './thread.ts';

const scratch = scratchFolder();
const threadFile = bundledThread(scratch);
let serial = 0;

const thread = { file: threadFile };
const installed = (name: string): Buffer =>
  file('var/lib/dpkg/status', `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n\n`);

const noise = randomFillSync(Buffer.alloc(17 * 1024 * 1024));
/** What can't be packed: a layer of so many bytes is worth a thread. */
const ballast = (mebibytes: number): Buffer => file('ballast', noise.subarray(0, mebibytes * 1024 * 1024));

/** A layer in a gzip stream that stores, for the test's sake. */
function stored(...entries: Buffer[]): LayerSpec {
  const bytes = tar(...entries);
  return { tar: bytes, blob: gzipSync(bytes, { level: 0 }) };
}

/** A layer's blob at rest in a file of its own. */
function localBlob(layer: LayerSpec): LayerBlob {
  const built = buildImage({ layers: [layer] }).layers[0];
  if (!built) throw new Error('no layer');
  const path = join(scratch, `blob-${serial++}`);
  writeFileSync(path, built.blob);
  const opened = openFile(path, 'the blob');
  const place = regionPlace(opened, 0, built.blob.length);
  return { place, digest: parseDigest(built.digest), diffId: parseDigest(built.diffId), size: built.blob.length };
}

/** A layer's blob that only the main thread can get. */
function remoteBlob(layer: LayerSpec): { blob: LayerBlob; bytes: Buffer } {
  const built = buildImage({ layers: [layer] }).layers[0];
  if (!built) throw new Error('no layer');
  const digest = parseDigest(built.digest);
  const size = layer.size ?? built.blob.length;
  const place = { kind: 'registry', reference: 'registry.test/a:1', digest, size } as const;
  return { blob: { place, digest, diffId: parseDigest(built.diffId), size }, bytes: built.blob };
}

/** A registry in memory: brings blobs in pieces, and tells what was asked of it. */
class Remote {
  readonly opened: string[] = [];
  left = 0;
  most = 0;
  readonly #blobs = new Map<string, Buffer>();
  readonly #piece: number;
  readonly #breakAt: number;

  constructor(all: readonly { blob: LayerBlob; bytes: Buffer }[], piece = 100_000, breakAt = Infinity) {
    for (const { blob, bytes } of all) this.#blobs.set(blob.digest, bytes);
    this.#piece = piece;
    this.#breakAt = breakAt;
  }

  readonly open: OpenLayer = (place) => {
    if (place.kind !== 'registry') return openRegion(place);
    this.opened.push(place.digest);
    return this.#pieces(this.#blobs.get(place.digest) ?? Buffer.alloc(0));
  };

  async *#pieces(bytes: Buffer): AsyncIterable<Buffer> {
    try {
      // One buffer for all pieces: each is valid until the next is asked for.
      const window = Buffer.alloc(this.#piece);
      for (let at = 0; at < bytes.length; at += this.#piece) {
        if (at >= this.#breakAt) throw new SluiceError('registry/broken', 'the connection broke');
        yield window.subarray(0, bytes.copy(window, 0, at, at + this.#piece));
        this.most = Math.max(this.most, at);
        window.fill(0x55);
      }
    } finally {
      this.left++;
    }
  }
}

const noRemote: OpenLayer = openRegion;

async function withPool<T>(
  options: ConstructorParameters<typeof SurveyPool>[0],
  work: (pool: SurveyPool) => Promise<T>,
) {
  const pool = new SurveyPool(options);
  try {
    return await work(pool);
  } finally {
    pool.close();
  }
}

function survey(pool: SurveyPool, layers: readonly LayerBlob[], open: OpenLayer = noRemote): Promise<LayerSurvey[]> {
  return surveyImage(layers, { ecosystems, open, pool });
}

const hex = (surveys: readonly LayerSurvey[]): string[] => surveys.map((one) => encodeSurvey(one).toString('hex'));

const packagesOf = (surveys: readonly LayerSurvey[]): string[] =>
  surveys.flatMap(({ files }) => files.flatMap(({ packages }) => packages.map(({ name }) => name)));

describe('the survey of layers', () => {
  const specs: LayerSpec[] = [
    stored(installed('alpha'), ballast(7)),
    { tar: tar(installed('beta'), ballast(7)), packing: 'none' },
    { tar: tar(installed('gamma'), entry('1', 'var/lib/dpkg/status.d/linked', '', { link: 'var/lib/dpkg/status' })) },
    { tar: tar() },
    { tar: tar(installed('delta'), ballast(1)), packing: 'zstd' },
  ];
  const layers = specs.map(localBlob);

  test('is the same to the byte with any number of threads, and with a main thread that does none of it', async () => {
    const alone = await withPool({ jobs: 1 }, (pool) => survey(pool, layers));
    expect(packagesOf(alone)).toEqual(expect.arrayContaining(['alpha', 'beta', 'gamma', 'delta']));
    for (const options of [
      { jobs: 1, thread },
      { jobs: 2, thread },
      { jobs: 4, thread },
      { jobs: 2, mainWorks: false, thread },
    ]) {
      expect(hex(await withPool(options, (pool) => survey(pool, layers)))).toEqual(hex(alone));
    }
  });

  test.each([{ jobs: 1 }, { jobs: 2, thread }, { jobs: 2, mainWorks: false, thread }])(
    'is the same when the bytes come over a network: %o',
    async (options) => {
      const remote = specs.map(remoteBlob);
      const registry = new Remote(remote);
      const alone = await withPool({ jobs: 1 }, (pool) => survey(pool, layers));
      const pulled = await withPool(options, (pool) =>
        survey(
          pool,
          remote.map(({ blob }) => blob),
          registry.open,
        ),
      );
      expect(hex(pulled)).toEqual(hex(alone));
      expect(new Set(registry.opened).size).toBe(specs.length);
    },
  );

  test.each([
    ['of one large layer is helped by a thread that hashes', { jobs: 2, thread }],
    ['of one large layer is done by two other threads', { jobs: 3, mainWorks: false, thread }],
    ['goes on when the thread that should hash never begins', { jobs: 2, thread: { file: '/nowhere/none.mjs' } }],
  ])('%s', async (_what, options) => {
    const spec = stored(installed('one'), ballast(17));
    const layer = localBlob(spec);
    const alone = await withPool({ jobs: 1 }, (pool) => survey(pool, [layer]));
    expect(hex(await withPool(options, (pool) => survey(pool, [layer])))).toEqual(hex(alone));
    const wrong = localBlob({ ...spec, diffId: `sha256:${'0'.repeat(64)}` });
    const failed = withPool(options, (pool) => survey(pool, [wrong]));
    await expect(failed).rejects.toThrow(`found ${layer.diffId}`);
    await expect(failed).rejects.toMatchObject({ code: 'layer/diff-id-mismatch' });
  });
});

describe('layers over a network', () => {
  test('are held back by the thread that reads them, whose failure closes the connection', async () => {
    const remote = remoteBlob(stored(ballast(14)));
    const short = { ...remote.blob, size: 2_000_000 };
    const registry = new Remote([remote]);
    const failed = withPool({ jobs: 2, mainWorks: false, thread }, async (pool) => {
      await expect(survey(pool, [short], registry.open)).rejects.toMatchObject({ code: 'layer/size' });
    });
    await failed;
    expect(registry.left).toBe(1);
    // What the thread read, and what was on its way.
    expect(registry.most).toBeLessThan(8_000_000);
  });

  test.each([{ jobs: 1 }, { jobs: 2, mainWorks: false, thread }])(
    'that stop coming fail with what the connection says, and name the layer: %o',
    async (options) => {
      const remote = remoteBlob(stored(ballast(14)));
      const registry = new Remote([remote], 100_000, 5_000_000);
      await expect(withPool(options, (pool) => survey(pool, [remote.blob], registry.open))).rejects.toMatchObject({
        code: 'registry/broken',
        message: `layer 0 (${remote.blob.digest}): the connection broke`,
      });
    },
  );

  test('may come byte by byte', async () => {
    const remote = remoteBlob({ tar: tar(installed('slow')) });
    const registry = new Remote([remote], 1);
    const surveys = await withPool({ jobs: 2, mainWorks: false, thread }, (pool) =>
      survey(pool, [remote.blob], registry.open),
    );
    expect(packagesOf(surveys)).toEqual(['slow']);
  });
});

describe('what several images share', () => {
  test.each([{ jobs: 1 }, { jobs: 3, mainWorks: false, thread }])('is read once: %o', async (options) => {
    const shared = remoteBlob({ tar: tar(installed('shared')) });
    const [first, second] = [
      remoteBlob({ tar: tar(installed('first')) }),
      remoteBlob({ tar: tar(installed('second')) }),
    ];
    const registry = new Remote([shared, first, second]);
    const images = [[shared.blob, first.blob], [shared.blob, second.blob], [shared.blob]];
    const found = await withPool(options, (pool) =>
      Promise.all(images.map((layers) => survey(pool, layers, registry.open))),
    );
    expect(found.map(packagesOf)).toEqual([['shared', 'first'], ['shared', 'second'], ['shared']]);
    expect(registry.opened.sort()).toEqual([shared, first, second].map(({ blob }) => blob.digest).sort());
  });

  test('is read to its end when the image that asked for it first has failed', async () => {
    const shared = remoteBlob(stored(installed('shared'), ballast(2)));
    const broken = remoteBlob({ tar: tar(installed('broken')), diffId: `sha256:${'1'.repeat(64)}` });
    const registry = new Remote([shared, broken]);
    await withPool({ jobs: 1 }, async (pool) => {
      const [failed, fine] = await Promise.allSettled([
        survey(pool, [broken.blob, shared.blob], registry.open),
        survey(pool, [shared.blob], registry.open),
      ]);
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'layer/diff-id-mismatch' } });
      expect(fine.status === 'fulfilled' && packagesOf(fine.value)).toEqual(['shared']);
    });
    expect(registry.opened.filter((digest) => digest === shared.blob.digest)).toHaveLength(1);
  });

  test('must be proved by each file that claims it', async () => {
    const honest = localBlob({ tar: tar(installed('clean')) });
    const other = localBlob({ tar: tar(installed('evil!')) });
    const liar = { ...honest, place: other.place, size: other.size };
    await withPool({ jobs: 2, thread }, async (pool) => {
      const [fine, failed] = await Promise.allSettled([survey(pool, [honest]), survey(pool, [liar])]);
      expect(fine.status === 'fulfilled' && packagesOf(fine.value)).toEqual(['clean']);
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'layer/digest-mismatch' } });
    });
  });
});

test('a layer that is read in part is not taken for the one whose diffID it claims, nor that one for it', async () => {
  const honest = localBlob({ tar: tar(installed('clean')), packing: 'none' });
  const other = localBlob({ tar: tar(installed('evil!')), packing: 'none' });
  const liar = { ...honest, place: other.place, claimed: true } as const;
  await withPool({ jobs: 1 }, async (pool) => {
    for (const layers of [
      [honest, liar],
      [liar, honest, liar],
    ]) {
      const names = layers.map((layer) => (layer === liar ? ['evil!', 'claimed'] : ['clean', undefined]));
      const found = await survey(pool, layers);
      expect(found.map((one) => [...packagesOf([one]), one.read])).toEqual(names);
    }
  });
});

describe('a failure', () => {
  test("is always the lowest layer's, however the threads go", async () => {
    const wrong = (size: number): LayerBlob =>
      localBlob({ tar: tar(ballast(size)), packing: 'none', diffId: `sha256:${'2'.repeat(64)}` });
    const layers = [localBlob({ tar: tar(installed('fine')) }), wrong(9), wrong(1), wrong(5)];
    for (const options of [{ jobs: 1 }, { jobs: 3, thread }, { jobs: 2, mainWorks: false, thread }]) {
      await expect(withPool(options, (pool) => survey(pool, layers))).rejects.toMatchObject({
        code: 'layer/diff-id-mismatch',
        message: expect.stringMatching(/^layer 1 \(/),
      });
    }
  });

  test.each([
    ['exits', 'process.exit(0)', {}, /a survey thread ended before its work was done/],
    ['throws', 'throw new Error("a bug")', {}, /a survey thread failed: a bug/],
    [
      'runs out of memory',
      'const all = []; for (;;) all.push(new Array(1000).fill(all.length))',
      { maxOldGenerationSizeMb: 16 },
      /a survey thread failed: .*memory/,
    ],
    ['answers rubbish', 'answer({ survey: new Uint8Array(9) })', {}, /a survey thread's answer is damaged/],
    ['answers something else', 'answer({ hashed: true })', {}, /answer is not what was asked for/],
  ])('of a thread that %s is an error that names the layer', async (name, body, resourceLimits, message) => {
    const strange = strangeThread(scratch, name.replaceAll(' ', '-'), body);
    const layer = localBlob({ tar: tar(installed('x')) });
    const options = { jobs: 2, mainWorks: false, thread: { file: strange, options: { resourceLimits } } };
    const failed = withPool(options, (pool) => survey(pool, [layer]));
    await expect(failed).rejects.toMatchObject({ code: 'layer/thread' });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(`layer 0 (${layer.digest}): `);
  });

  test('of a closed pool is told at once', async () => {
    const pool = new SurveyPool({ jobs: 2, mainWorks: false, thread });
    const running = survey(pool, [localBlob(stored(ballast(17)))]).catch((error: unknown) => error);
    await delay(50);
    pool.close();
    expect(await running).toMatchObject({ code: 'layer/abandoned' });
    await expect(survey(pool, [localBlob({ tar: tar() })])).rejects.toMatchObject({ code: 'layer/abandoned' });
  });
});

test('a digest is taken of a local blob without unpacking it', async () => {
  const layer = localBlob({ tar: tar(installed('x')) });
  const path = join(scratch, 'not-a-layer');
  writeFileSync(path, 'no tar at all');
  const fd = openSync(path, 'r');
  const rubbish: LayerBlob = { ...layer, place: { kind: 'region', fd, offset: 0, size: 13, identity: '' }, size: 13 };
  for (const options of [{ jobs: 1 }, { jobs: 2, mainWorks: false, thread }]) {
    await withPool(options, async (pool) => {
      const context = { ecosystems, open: noRemote };
      expect(await pool.digest(layer, context).result).toBe(layer.digest);
      expect(await pool.digest(rubbish, context).result).toBe(sha256(Buffer.from('no tar at all')));
    });
  }
  closeSync(fd);
});
