import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SharedRegistry } from '../../src/source/shared-registry.ts';
import { hasDockerRegistry, type RealRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { digestOf, startRegistry, type TestRegistry, type TestRegistryOptions } from '../support/registry.ts';
import { body, silence, status } from '../support/registry-faults.ts';

const bytes = Buffer.from('what is kept');
const name = `s1-${'a'.repeat(98)}`;
const user = { username: 'robot', password: 'se:cret:1' };
const userEnv = { SLUICE_REGISTRY_USERNAME: user.username, SLUICE_REGISTRY_PASSWORD: user.password };
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startRegistry({ pushes: true, ...options });
  cleanups.push(registry.close);
  return registry;
}

function storeIn({ host }: { host: string }, env: Record<string, string> = {}, offline = false): SharedRegistry {
  const access = { insecure: false, offline, env };
  const store = new SharedRegistry({ registry: host, repository: 'team/cache' }, access);
  cleanups.push(() => store.close());
  return store;
}

const requests = ({ log }: TestRegistry) => log.map(({ method, status: code }) => `${method} ${code}`).join(', ');

describe('a shared repository', () => {
  test('gives what was put by two requests, and 404 by one', async () => {
    const registry = await start();
    expect(await storeIn(registry).find(name, 100)).toBeUndefined();
    expect(requests(registry)).toBe('GET 404');
    await storeIn(registry).put(name, bytes);
    registry.log.length = 0;
    expect(await storeIn(registry).find(name, bytes.length)).toEqual(bytes);
    expect(requests(registry)).toBe('GET 200, GET 200');
    expect(await storeIn(registry).find(name, bytes.length - 1)).toBeUndefined();
  });

  test('holds artifacts that others can tell', async () => {
    const registry = await start();
    await storeIn(registry).put(name, bytes);
    const pulled = await (await fetch(`${registry.url}/v2/team/cache/manifests/${name}`)).json();
    const artifactType = 'application/vnd.sluice.survey.v1';
    expect(pulled).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType,
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
      },
      layers: [{ mediaType: artifactType, digest: digestOf(bytes), size: bytes.length }],
    });
  });

  test('is given the configuration once, and nothing that it has', async () => {
    const registry = await start();
    const store = storeIn(registry);
    await store.put(name, bytes);
    await store.put('b', Buffer.from('another'));
    expect(registry.log.filter(({ method }) => method === 'POST')).toHaveLength(3);
    registry.log.length = 0;
    await storeIn(registry).put(name, bytes);
    expect(requests(registry)).toBe('HEAD 200, HEAD 200, PUT 201');
  });

  test('takes what is new in place of what is there, from many at once', async () => {
    const registry = await start();
    const all = Array.from({ length: 8 }, (_, i) => Buffer.alloc(1000, i));
    await Promise.all(all.map((content) => storeIn(registry).put(name, content)));
    const found = await storeIn(registry).find(name, 1000);
    expect(all.filter((content) => found?.equals(content))).toHaveLength(1);
    await storeIn(registry).put(name, bytes);
    expect(await storeIn(registry).find(name, 1000)).toEqual(bytes);
  });

  test('can be read by those who may not write', async () => {
    const registry = await start({ token: { pusher: user } });
    await storeIn(registry, userEnv).put(name, bytes);
    const anybody = storeIn(registry);
    expect(await anybody.find(name, 100)).toEqual(bytes);
    await expect(anybody.put('b', bytes)).rejects.toMatchObject({
      code: 'registry/unauthorized',
      message: expect.stringMatching(/^it does not accept the credentials/),
    });
  });

  test.each([
    [
      'an image',
      { layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf(bytes), size: 12 }] },
    ],
    ['two layers', { layers: [1, 2].map(() => ({ mediaType: 'x', digest: digestOf(bytes), size: 12 })) }],
    ['nothing', { layers: [] }],
    ['no manifest', []],
  ])('whose tag stands for %s has no such entry', async (_what, given) => {
    const registry = await start();
    registry.putBlob('team/cache', bytes);
    const config = { mediaType: 'x', digest: digestOf(bytes), size: 12 };
    const manifest = Array.isArray(given) ? given : { schemaVersion: 2, config, ...given };
    const type = 'application/vnd.oci.image.manifest.v1+json';
    registry.putManifest('team/cache', name, Buffer.from(JSON.stringify(manifest)), type);
    expect(await storeIn(registry).find(name, 100)).toBeUndefined();
  });

  test.each([
    ['other bytes', body('something else')],
    ['more', body(Buffer.alloc(1000))],
    ['less', body('')],
    ['nothing any more', status(404)],
  ])('whose blob is %s has no such entry', async (_what, fault) => {
    const registry = await start();
    await storeIn(registry).put(name, bytes);
    registry.fault(`/blobs/${digestOf(bytes)}`, fault);
    expect(await storeIn(registry).find(name, 100)).toBeUndefined();
  });

  test('that forbids says why, in few words', async () => {
    const registry = await start();
    registry.fault('/manifests/', status(403, undefined, 'no tags here'), 2);
    const why = { code: 'registry/denied', message: 'it denies access (HTTP 403: no tags here)' };
    await expect(storeIn(registry).find(name, 100)).rejects.toMatchObject(why);
    await expect(storeIn(registry).put(name, bytes)).rejects.toMatchObject(why);
  });

  test('is not asked when connections are forbidden', async () => {
    const registry = await start();
    const store = storeIn(registry, {}, true);
    const why = { code: 'registry/offline', message: '--offline forbids connections' };
    await expect(store.find(name, 100)).rejects.toMatchObject(why);
    await expect(store.put(name, bytes)).rejects.toMatchObject(why);
    expect(registry.log).toEqual([]);
  });

  test('that is given up fails at once', async () => {
    const registry = await start();
    registry.fault('/manifests/', silence);
    const store = storeIn(registry);
    const finding = store.find(name, 100);
    while (registry.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    store.close();
    await expect(finding).rejects.toMatchObject({ code: 'registry/network' });
  });
});

describe.skipIf(!hasDockerRegistry)("a shared repository of Debian's docker-registry", () => {
  let registry: RealRegistry;

  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(() => registry?.close());

  test('gives what was put, and takes what is new', async () => {
    const large = Buffer.alloc(1_000_000, 'survey');
    expect(await storeIn(registry).find(name, 100)).toBeUndefined();
    await Promise.all([storeIn(registry).put(name, bytes), storeIn(registry).put('b', large)]);
    expect(await storeIn(registry).find(name, 100)).toEqual(bytes);
    expect((await storeIn(registry).find('b', 1_000_000))?.equals(large)).toBe(true);
    await storeIn(registry).put(name, large);
    expect((await storeIn(registry).find(name, 1_000_000))?.equals(large)).toBe(true);
  });
});
