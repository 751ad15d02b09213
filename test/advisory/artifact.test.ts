import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { giveArtifact } from '../../src/advisory/artifact/give.ts';
import { parseArtifactReference, RegistrySink, RegistrySource } from '../../src/advisory/artifact/registry.ts';
import { encodeSnapshot } from '../../src/advisory/current.ts';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { readCurrent } from '../../src/advisory/read-current.ts';
import { dataStatus } from '../../src/advisory/status.ts';
import { filePath, storeFolder } from '../../src/advisory/store-files.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { addFeed, builder, exported, failure, filesIn, imported, storeOf, takeFrom } from './artifact-support.ts';
import { exportFolder, fixtureExport, noon, record, scratch, update } from './support.ts';

const hour = 3_600_000;
const later = new Date(noon.getTime() + hour / 2);
const access = { insecure: false, offline: false, env: {} };
let registry: TestRegistry;

beforeEach(async () => {
  registry = await startRegistry({ pushes: true });
});
afterEach(() => registry.close());

const reference = () => parseArtifactReference(`${registry.host}/team/data:1`);
const source = () => new RegistrySource(reference(), access);

async function push(cacheDir: string) {
  registry.log.length = 0;
  const sink = new RegistrySink(reference(), access);
  const given = await giveArtifact(sink, { cacheDir, version: '9.8.7' }).finally(() => sink.close());
  return given;
}

/** The requests as `METHOD what`, digests as names of the things of an artifact. */
function requests(): string[] {
  return registry.log.map(({ method, path }) => `${method} ${path.replace('/v2/team/data/', '').slice(0, 90)}`);
}

/** Without what only one machine knows. */
function inForce(cacheDir: string) {
  const { sources, feeds } = dataStatus(cacheDir);
  return { sources, feeds };
}

/** The ids of the advisories of one package. */
function found(cacheDir: string): string[] {
  const db = openAdvisoryDb(cacheDir)!;
  const ids = db.lookup('npm', '@example/merge').map(({ id }) => id);
  db.close();
  return ids;
}

describe('data that is exported', () => {
  test('is an OCI layout whose configuration is the snapshot', async () => {
    const cache = await builder();
    addFeed(cache, 'kev');
    const { bytes, given } = await exported(cache);
    const files = await filesIn(bytes);
    expect([...files.keys()].filter((name) => !name.startsWith('blobs/sha256/'))).toEqual(['oci-layout', 'index.json']);
    for (const [name, body] of files)
      if (name.startsWith('blobs/')) expect(name).toBe(`blobs/sha256/${hash('sha256', body)}`);
    const blob = (digest: string) => files.get(`blobs/sha256/${digest.slice(7)}`)!;
    const index = JSON.parse(files.get('index.json')!.toString());
    expect(index).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: given.manifest,
          size: blob(given.manifest).length,
          artifactType: 'application/vnd.sluice.data.v1',
          annotations: { 'org.opencontainers.image.ref.name': 'data' },
        },
      ],
    });
    const { sources, feeds } = dataStatus(cache);
    const snapshot = encodeSnapshot(readCurrent(storeFolder(cache))!);
    const manifest = JSON.parse(blob(given.manifest).toString());
    const layer = (kind: string, name: string, type: string, i: number, file: { digest: string; size: number }) => ({
      mediaType: `application/vnd.sluice.data.${type}.v1+gzip`,
      digest: manifest.layers[i].digest,
      size: blob(manifest.layers[i].digest).length,
      annotations: {
        [`vnd.sluice.data.${kind}`]: name,
        'vnd.sluice.data.file.digest': file.digest,
        'vnd.sluice.data.file.size': String(file.size),
      },
    });
    expect(manifest).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.sluice.data.v1',
      config: {
        mediaType: 'application/vnd.sluice.data.snapshot.v1+json',
        digest: `sha256:${hash('sha256', snapshot)}`,
        size: snapshot.length,
      },
      layers: [
        ...sources.map((one, i) => layer('ecosystem', one.ecosystem, 'index', i, one)),
        ...feeds.map((one, i) => layer('feed', one.id, 'feed', sources.length + i, one)),
      ],
      annotations: {
        'org.opencontainers.image.created': '2024-07-01T12:00:00.000Z',
        'vnd.sluice.version': '9.8.7',
      },
    });
    expect(manifest.layers).toHaveLength(5);
    expect(blob(manifest.config.digest).equals(snapshot)).toBe(true);
    for (const { digest, annotations } of manifest.layers) {
      const unpacked = gunzipSync(blob(digest));
      expect(`sha256:${hash('sha256', unpacked)}`).toBe(annotations['vnd.sluice.data.file.digest']);
    }
    expect(given).toMatchObject({ snapshot: manifest.config.digest, layers: 5, movedLayers: 5 });
    expect((await exported(cache)).bytes.equals(bytes)).toBe(true);
  });

  test('is what an empty cache has in force after the import, under the same digest', async () => {
    const cache = await builder();
    addFeed(cache, 'kev');
    addFeed(cache, 'debian');
    const { bytes, given } = await exported(cache);
    const there = scratch();
    const taken = await imported(bytes, there);
    expect(taken).toMatchObject({ ...pick(given), layers: 6 });
    expect(taken.parts.map(({ name, outcome, checkedAt }) => [name, outcome, checkedAt])).toEqual(
      ['AlmaLinux', 'Debian', 'PyPI', 'npm', 'the feed debian', 'the feed kev'].map((name) => [
        name,
        'replaced',
        '2024-07-01T12:00:00.000Z',
      ]),
    );
    expect(inForce(there)).toEqual(inForce(cache));
    expect(encodeSnapshot(readCurrent(storeFolder(there))!)).toEqual(encodeSnapshot(readCurrent(storeFolder(cache))!));
    expect(found(there)).toEqual(found(cache));
    expect(found(there)).toContain('GHSA-aaaa-bbbb-cccc');
    // What only the builder remembers stays there.
    expect(readFileSync(`${there}/db/current.json`, 'utf8')).not.toMatch(/"(?:export|validator|pack)"/);
  });

  test('needs data that is whole', async () => {
    expect(await failure(exported(scratch()))).toBe('advisory/nothing-to-give: there is no vulnerability data here');
    const cache = await builder();
    const { digest } = dataStatus(cache).sources[0]!;
    const path = filePath(storeFolder(cache), digest, 'index');
    const bytes = readFileSync(path);
    bytes[20] = bytes[20]! ^ 1;
    writeFileSync(path, bytes);
    expect(await failure(exported(cache))).toBe(
      'advisory/index-damaged: a file of the data in force is missing or damaged',
    );
    expect(Object.keys(storeOf(cache)).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });
});

function pick({ manifest, snapshot }: { manifest: string; snapshot: string }) {
  return { manifest, offered: snapshot, inForce: snapshot };
}

describe('data that is pushed', () => {
  test('is what an empty cache has in force after the pull, and the same artifact as an exported one', async () => {
    const cache = await builder();
    addFeed(cache, 'epss');
    const given = await push(cache);
    expect(given.manifest).toBe((await exported(cache)).given.manifest);
    const there = scratch();
    expect(await takeFrom(source(), there)).toMatchObject({ ...pick(given), layers: 5 });
    expect(inForce(there)).toEqual(inForce(cache));
    const pinned = parseArtifactReference(`oci://${registry.host}/team/data@${given.manifest}`);
    expect((await takeFrom(new RegistrySource(pinned, access), scratch())).inForce).toBe(given.snapshot);
    const other = parseArtifactReference(`${registry.host}/team/data@sha256:${'0'.repeat(64)}`);
    expect(await failure(takeFrom(new RegistrySource(other, access), scratch()))).toMatch(/^registry\/not-found: /);
  });

  test('moves only what changed: one ecosystem is the manifest, the snapshot and one layer', async () => {
    const cache = await builder();
    const there = scratch();
    await push(cache);
    await takeFrom(source(), there);
    const more = { ...fixtureExport(), npm: [...fixtureExport().npm!, record('GHSA-new', 'npm', 'fresh')] };
    await update(exportFolder(more), cache, { now: () => later });
    const given = await push(cache);
    expect([given.layers, given.movedLayers]).toEqual([4, 1]);
    const heads = requests().filter((line) => line.startsWith('HEAD ')).length;
    // Each of five blobs is asked for, and the two new ones once more when they are uploaded.
    expect([heads, requests().filter((line) => line.startsWith('PUT ')).length]).toEqual([7, 3]);

    registry.log.length = 0;
    const taken = await takeFrom(source(), there);
    const pulled = requests();
    const { layers } = JSON.parse(await manifestText(given.manifest)) as { layers: { digest: string }[] };
    expect(pulled).toEqual(['GET manifests/1', `GET blobs/${given.snapshot}`, `GET blobs/${layers[3]!.digest}`]);
    expect(taken.parts.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['AlmaLinux', 'checked'],
      ['Debian', 'checked'],
      ['PyPI', 'checked'],
      ['npm', 'replaced'],
    ]);
    expect(taken.inForce).toBe(given.snapshot);
    expect(inForce(there)).toEqual(inForce(cache));

    registry.log.length = 0;
    expect(await takeFrom(source(), there)).toMatchObject({ layers: 0, layerBytes: 0, inForce: given.snapshot });
    expect(requests()).toEqual(['GET manifests/1', `GET blobs/${given.snapshot}`]);
  });

  test('goes on where a pull was cut: files that are whole are not fetched again', async () => {
    const cache = await builder();
    const { given } = await exported(cache);
    await push(cache);
    const there = scratch();
    const { layers } = JSON.parse(await manifestText(given.manifest)) as { layers: { digest: string }[] };
    registry.fault(layers[3]!.digest, ({ response }) => response.writeHead(418).end());
    expect(await failure(takeFrom(source(), there))).toMatch(/^registry\/http-status: /);
    expect(dataStatus(there).sources).toEqual([]);
    expect(Object.keys(storeOf(there)).every((name) => /^[0-9a-f]{64}\.index$/.test(name))).toBe(true);
    expect((await takeFrom(source(), there)).layers).toBe(1);
    expect(inForce(there)).toEqual(inForce(cache));
  });
});

async function manifestText(digest: string): Promise<string> {
  return (await fetch(`${registry.url}/v2/team/data/manifests/${digest}`)).text();
}

describe('data that is taken', () => {
  test('is only of the ecosystems that are named, with the feeds that concern them', async () => {
    const cache = await builder();
    for (const id of ['kev', 'debian', 'alpine'] as const) addFeed(cache, id);
    const { bytes, given } = await exported(cache);
    const there = scratch();
    const taken = await imported(bytes, there, { ecosystems: ['Debian:12'] });
    expect(taken.parts.map(({ name }) => name)).toEqual(['Debian', 'the feed debian', 'the feed kev']);
    expect([taken.layers, taken.inForce === given.snapshot]).toEqual([3, false]);
    expect(dataStatus(there).sources.map(({ ecosystem }) => ecosystem)).toEqual(['Debian']);
    expect(await failure(imported(bytes, there, { ecosystems: ['Go'] }))).toBe(
      'advisory/not-offered: the data has no advisories for Go',
    );
    // What the artifact does not have stays.
    const other = await exported(await builder(later, { npm: fixtureExport().npm! }));
    await imported(other.bytes, there);
    expect(dataStatus(there).sources.map(({ ecosystem }) => ecosystem)).toEqual(['Debian', 'npm']);
  });

  test('never takes the place of newer data, unless it is asked to', async () => {
    const old = await exported(await builder());
    const cache = await builder(later, { ...fixtureExport(), npm: [record('GHSA-new', 'npm', 'fresh')] });
    const before = inForce(cache);
    const taken = await imported(old.bytes, cache);
    expect(taken.parts.map(({ name, outcome, checkedAt }) => [name, outcome, checkedAt])).toEqual([
      ['AlmaLinux', 'checked', later.toISOString()],
      ['Debian', 'checked', later.toISOString()],
      ['PyPI', 'checked', later.toISOString()],
      ['npm', 'kept', later.toISOString()],
    ]);
    expect(inForce(cache)).toEqual(before);
    expect(taken.inForce).not.toBe(old.given.snapshot);
    const forced = await imported(old.bytes, cache, { allowOlder: true });
    expect(forced.parts.map(({ outcome }) => outcome)).toEqual(['checked', 'checked', 'checked', 'replaced']);
    expect(forced.inForce).toBe(old.given.snapshot);
  });

  test('takes the place of newer data that is missing', async () => {
    const { bytes, given } = await exported(await builder());
    const cache = await builder(later, { npm: [record('GHSA-new', 'npm', 'fresh')] });
    writeFileSync(filePath(storeFolder(cache), dataStatus(cache).sources[0]!.digest, 'index'), '');
    expect((await imported(bytes, cache)).inForce).toBe(given.snapshot);
  });

  test('that is the same lets the machine go on to remember how it got its own', async () => {
    const from = exportFolder(fixtureExport());
    const cache = scratch();
    await update(from, cache);
    const remembered = readCurrent(storeFolder(cache))!.sources[0]!;
    expect(remembered.export).toBeDefined();
    await imported((await exported(await builder(later))).bytes, cache);
    expect(readCurrent(storeFolder(cache))!.sources[0]).toEqual({ ...remembered, checkedAt: later.toISOString() });
  });
});

test('an artifact is named with its registry', () => {
  expect(parseArtifactReference('oci://Example.org:5000/a/b')).toEqual({
    registry: 'example.org:5000',
    repository: 'a/b',
    tag: 'latest',
  });
  expect(() => parseArtifactReference('team/data')).toThrow('"team/data" names no registry');
});
