import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ImageCache } from '../src/catalog/image-cache.ts';
import { LayerCache } from '../src/catalog/layer-cache.ts';
import { ecosystems } from '../src/ecosystem/list.gen.ts';
import { EvidenceCache } from '../src/pipeline/evidence-cache.ts';
import { scan } from '../src/pipeline/scan.ts';
import { messageOf } from '../src/util/error.ts';
import { scratchFolder } from './support/cli.ts';
import { type BuiltImage, buildImage, type LayerSpec } from './support/image-writer.ts';
import {
  chunkedLayer,
  estargzLayer,
  filler,
  type IndexedFile,
  type IndexedLayer,
  type TocEntry,
} from './support/layer-index-writer.ts';
import { sendError, startRegistry, type TestRegistry } from './support/registry.ts';
import { status } from './support/registry-faults.ts';

const stanza = (name: string, version: string) => `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`;
const module = (name: string) => JSON.stringify({ name, version: '1.0.0' });

const base: readonly IndexedFile[] = [
  { name: 'etc/os-release', body: 'ID=alpine\nVERSION_ID=3.18.1\n' },
  { name: 'usr/share/big', body: filler(600_000, 1) },
  { name: 'lib/apk/db/installed', body: stanza('musl', '1.2.4-r0') },
  { name: 'srv/gone/package.json', body: module('gone') },
  { name: 'srv/kept.json', body: module('kept') },
];
const top: readonly IndexedFile[] = [
  { name: 'srv/gone/.wh.package.json' },
  { name: 'lib/apk/db/installed', body: stanza('musl', '1.2.4-r0') + stanza('zlib', '1.2.13-r1') },
  { name: 'usr/share/more', body: filler(700_000, 2) },
  // A link into the layer below, whose body nobody wanted there.
  { name: 'srv/node_modules/kept/package.json', type: 'hardlink', link: 'srv/kept.json' },
];

/** What an index says of the package database. */
const apk = (entries: TocEntry[]) => entries.find(({ name }) => name === 'lib/apk/db/installed') ?? {};

const asLayer = ({ tar, blob, annotations }: IndexedLayer, packing: LayerSpec['packing'] = 'gzip'): LayerSpec => ({
  tar,
  blob,
  annotations,
  packing,
});
const estargz = (change?: (entries: TocEntry[]) => unknown) =>
  [base, top].map((files) => asLayer(estargzLayer(files, change ? { change } : {})));
const chunked = () => [base, top].map((files) => asLayer(chunkedLayer(files), 'zstd'));

describe('an image in a registry, read by the indexes of its layers', () => {
  let registry: TestRegistry;
  let plainRegistry: TestRegistry;
  const cacheDir = scratchFolder();

  beforeAll(async () => {
    registry = await startRegistry();
    plainRegistry = await startRegistry({ range: false });
  });
  afterAll(() => Promise.all([registry.close(), plainRegistry.close()]));
  beforeEach(() => {
    registry.log.length = 0;
    plainRegistry.log.length = 0;
  });

  function push(image: BuiltImage, to = registry): string {
    for (const bytes of image.blobs.values()) to.putBlob('team/app', bytes);
    const bytes = image.blobs.get(image.manifest.digest) ?? Buffer.alloc(0);
    to.putManifest('team/app', '1', bytes, image.manifest.mediaType);
    return `${to.host}/team/app:1`;
  }

  async function look(reference: string, lazy: boolean, more: { verify?: boolean; cached?: boolean } = {}) {
    const layers = new LayerCache(cacheDir, 'test');
    const evidence = await scan(
      { kind: 'registry', reference },
      {
        ecosystems: async () => ecosystems,
        access: { insecure: false, offline: false, lazy, env: {} },
        platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
        verify: more.verify,
        ...(more.cached
          ? {
              caches: {
                layers,
                images: new ImageCache(cacheDir, 'test', layers),
                evidence: new EvidenceCache(cacheDir, 'test'),
              },
            }
          : {}),
      },
    );
    return {
      ...evidence,
      target: { ...evidence.target, layers: evidence.target.layers.map(({ read: _, ...rest }) => rest) },
      read: evidence.target.layers.map(({ read }) => read),
    };
  }

  const layerRequests = ({ log }: TestRegistry, { layers }: BuiltImage) =>
    log.filter(({ path }) => layers.some(({ digest }) => path.endsWith(digest)));

  test.each<[string, () => LayerSpec[]]>([
    ['eStargz', () => estargz()],
    ['zstd:chunked', chunked],
  ])('of %s says the same, and fetches ranges alone', async (_kind, make) => {
    const image = buildImage({ layers: make() });
    const reference = push(image);
    const plain = await look(reference, false);
    expect(layerRequests(registry, image).filter(({ headers }) => headers.range)).toEqual([]);
    registry.log.length = 0;
    const lazy = await look(reference, true);
    expect({ ...lazy, read: [] }).toEqual({ ...plain, read: [] });
    expect(lazy.packages.map(({ name }) => name).sort()).toEqual(['kept', 'musl', 'zlib']);
    expect([plain.read, lazy.read]).toEqual([
      [undefined, undefined],
      ['index', 'index'],
    ]);
    const requests = layerRequests(registry, image);
    for (const { headers, status: code, bytes } of requests) {
      const [, first, last] = /^bytes=([0-9]+)-([0-9]+)$/.exec(headers.range ?? '') ?? [];
      expect([code, bytes]).toEqual([206, Number(last) - Number(first) + 1]);
    }
    const fetched = requests.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(fetched).toBeLessThan(image.layers.reduce((sum, { blob }) => sum + blob.length, 0) / 10);
  });

  test('is read whole when --verify says so, and when its registry sends no ranges: then one request finds it out', async () => {
    const image = buildImage({ layers: estargz() });
    const plain = await look(push(image), false);
    registry.log.length = 0;
    expect(await look(push(image), true, { verify: true })).toEqual(plain);
    expect(layerRequests(registry, image).filter(({ headers }) => headers.range)).toEqual([]);
    expect(await look(push(image, plainRegistry), true)).toEqual(plain);
    const asked = layerRequests(plainRegistry, image).map(({ headers }) => headers.range !== undefined);
    expect(asked.filter((ranged) => ranged).length).toBeLessThanOrEqual(2);
    expect(asked.filter((ranged) => !ranged)).toHaveLength(3);
  });

  test.each<[string, (entries: TocEntry[]) => unknown]>([
    ['no JSON', () => Buffer.from('{')],
    ['a wrong digest of a body', (entries) => void Object.assign(apk(entries), { digest: `sha256:${'0'.repeat(64)}` })],
    ['a body somewhere else', (entries) => void Object.assign(apk(entries), { offset: 77 })],
    ['a body outside of the blob', (entries) => void Object.assign(apk(entries), { offset: 1e15 })],
    ['an unknown type', (entries) => void Object.assign(entries[0] ?? {}, { type: 'other' })],
  ])('whose indexes have %s is read whole', async (_what, change) => {
    const lazy = await look(push(buildImage({ layers: estargz(change) })), true);
    expect(lazy.packages.map(({ name }) => name).sort()).toEqual(['kept', 'musl', 'zlib']);
    expect(lazy.read).toContain(undefined);
  });

  test('is read whole where a range is refused, and fails as without indexes when that fails too', async () => {
    const image = buildImage({ layers: estargz() });
    const [first, second] = image.layers;
    const reference = push(image);
    for (const layer of [first, second]) registry.fault(layer?.digest ?? '', status(416));
    const lazy = await look(reference, true);
    expect([lazy.read, lazy.packages.length]).toEqual([[undefined, undefined], 3]);
    const broken = buildImage({
      layers: estargz(() => Buffer.from('{')).map((layer) => ({ ...layer, diffId: `sha256:${'1'.repeat(64)}` })),
    });
    const [plainly, lazily] = await Promise.all(
      [false, true].map((way) => look(push(broken), way).then(() => 'no failure', messageOf)),
    );
    expect(plainly).toContain("does not match the configuration's diff_id");
    expect(lazily).toBe(plainly);
  });

  test.each<[string, (layers: LayerSpec[]) => LayerSpec[], string]>([
    ['and is checked', (layers) => layers, 'kept,musl,zlib'],
    [
      'and fails where it is not what it is called',
      ([low, ...high]) => [{ ...(low as LayerSpec), diffId: `sha256:${'1'.repeat(64)}` }, ...high],
      "does not match the configuration's diff_id",
    ],
  ])(
    'of which a link needs more than can still be had by ranges is read whole, %s',
    async (_what, change, expected) => {
      const image = buildImage({ layers: change(estargz()) });
      let requests = 0;
      const ending = await startRegistry();
      ending.fault(
        image.layers[0]?.digest ?? '',
        // The index and two bodies of the first look; what a link in the other layer needs comes later.
        ({ pass, request, response }) =>
          ++requests > 3 && request.headers.range ? sendError(response, 416, 'SIZE_INVALID', 'no') : pass(),
        100,
      );
      const names = await look(push(image, ending), true).then(
        ({ packages }) =>
          packages
            .map(({ name }) => name)
            .sort()
            .join(),
        messageOf,
      );
      expect(names).toContain(expected);
      const asked = layerRequests(ending, image).map(({ headers }) => headers.range !== undefined);
      await ending.close();
      expect(asked.filter((ranged) => !ranged)).toHaveLength(1);
      expect(asked.filter((ranged) => ranged)).toHaveLength(6);
    },
  );

  test('is not kept for scans that read all of it, which are kept for those that do not', async () => {
    const reference = push(buildImage({ layers: estargz() }));
    for (let i = 0; i < 2; i++)
      expect((await look(reference, true, { cached: true })).read).toEqual(['index', 'index']);
    expect((await look(reference, false, { cached: true })).read).toEqual([undefined, undefined]);
    registry.log.length = 0;
    expect((await look(reference, true, { cached: true })).read).toEqual([undefined, undefined]);
    expect(registry.log.filter(({ headers }) => headers.range !== undefined)).toEqual([]);
  });

  test('that leaves a package out of an index leaves it out of the report, which says how it was read', async () => {
    const hiding = (entries: TocEntry[]) => {
      const at = entries.findIndex(({ name }) => name === 'srv/kept.json');
      if (at >= 0) entries.splice(at, 1);
    };
    const lazy = await look(push(buildImage({ layers: estargz(hiding) })), true);
    expect(lazy.packages.map(({ name }) => name).sort()).toEqual(['musl', 'zlib']);
    expect(lazy.read).toEqual(['index', 'index']);
  });
});
