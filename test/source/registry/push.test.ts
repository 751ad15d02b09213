import { afterEach, describe, expect, test } from 'vitest';
import { digestOf, startRegistry, type TestRegistry, type TestRegistryOptions } from '../../support/registry.ts';
import { hangUp, redirect, status } from '../../support/registry-faults.ts';
import { appOf, errorOf, manifestType, patternOf, probe } from './support.ts';

const user = { username: 'robot', password: 'se:cret:1' };
const userEnv = { SLUICE_REGISTRY_USERNAME: user.username, SLUICE_REGISTRY_PASSWORD: user.password };
const bytes = patternOf(1000);
const digest = digestOf(bytes);
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startRegistry({ pushes: true, ...options });
  cleanups.push(registry.close);
  return registry;
}

const done = (registry: TestRegistry) =>
  registry.log.map(({ method, path, status }) => `${method} ${path.replace(/\?.*/, '')} ${status}`);
const scopes = (registry: TestRegistry) =>
  registry.log
    .filter(({ path }) => path.startsWith('/token'))
    .map(({ path }) => new URL(path, registry.url).searchParams.getAll('scope'));

/** A manifest over the blob above. */
function manifestOf(): Buffer {
  const descriptor = { mediaType: 'application/octet-stream', digest, size: bytes.length };
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: descriptor, layers: [] }));
}

describe('a push', () => {
  test('leaves a blob and a manifest that can be pulled', async () => {
    const registry = await start();
    const { client, events } = probe();
    const reference = appOf(registry);
    expect(await client.pushBlob(reference, bytes)).toBe(digest);
    await client.pushManifest(reference, manifestOf(), manifestType);
    expect(done(registry)).toEqual([
      `HEAD /v2/team/app/blobs/${digest} 404`,
      'POST /v2/team/app/blobs/uploads/ 202',
      'PUT /v2/team/app/blobs/uploads/1 201',
      'PUT /v2/team/app/manifests/1 201',
    ]);
    expect(await client.blobBytes(reference, digest, 1000)).toEqual(bytes);
    expect((await client.manifest(reference)).bytes).toEqual(manifestOf());
    expect(events).toEqual([]);
  });

  test('sends no blob that is there', async () => {
    const registry = await start();
    registry.putBlob('team/app', bytes);
    const { client } = probe();
    expect(await client.pushBlob(appOf(registry), bytes)).toBe(digest);
    expect(registry.log.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('finds a blob that lies on another host', async () => {
    const [registry, other] = [await start(), await start()];
    other.putBlob('team/app', bytes);
    registry.fault('/blobs/', redirect(other.url));
    expect(await probe().client.pushBlob(appOf(registry), bytes)).toBe(digest);
    expect([registry, other].map(({ log }) => log.map(({ method }) => method))).toEqual([['HEAD'], ['HEAD']]);
  });

  test('asks for a token of its own, and for no more', async () => {
    const registry = await start({ token: { pusher: user } });
    registry.putManifest('team/app', '1', manifestOf(), manifestType);
    const { client } = probe({ env: userEnv });
    await client.manifest(appOf(registry));
    await client.pushBlob(appOf(registry), bytes);
    await client.manifest(appOf(registry));
    expect(scopes(registry)).toEqual([['repository:team/app:pull'], ['repository:team/app:pull,push']]);
    const authorizations = registry.log
      .filter(({ method, status }) => method !== 'HEAD' && status < 300)
      .map(({ headers }) => headers.authorization)
      .filter((text) => text?.startsWith('Bearer'));
    expect(authorizations).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2', 'Bearer token-1']);
  });

  test('that is not allowed says so', async () => {
    const registry = await start({ token: { pusher: user } });
    const error = await errorOf(probe().client.pushBlob(appOf(registry), bytes));
    expect(error.code).toBe('registry/unauthorized');
    expect(error.message).toMatch(/^cannot push blob sha256:\w+ of [^ ]+ to 127\.0\.0\.1:\d+: it does not accept/);
    expect(done(registry).at(-1)).toBe('POST /v2/team/app/blobs/uploads/ 401');
  });

  test('to a registry that takes none fails', async () => {
    const registry = await start({ pushes: false });
    const error = await errorOf(probe().client.pushBlob(appOf(registry), bytes));
    expect(error.code).toBe('registry/not-found');
  });

  test('that breaks begins with a new upload', async () => {
    const registry = await start();
    registry.fault('_state=', hangUp);
    registry.fault('_state=', status(503));
    const { client, pauses, events } = probe();
    expect(await client.pushBlob(appOf(registry), bytes)).toBe(digest);
    expect(registry.log.map(({ method }) => method).join(' ')).toBe('HEAD POST PUT POST PUT POST PUT');
    expect(done(registry).at(-1)).toBe('PUT /v2/team/app/blobs/uploads/3 201');
    expect(pauses).toEqual([500, 1000]);
    expect(events.map(({ kind }) => kind)).toEqual(['retry', 'retry']);
  });

  test('of a manifest is repeated', async () => {
    const registry = await start();
    registry.putBlob('team/app', bytes);
    registry.fault('/manifests/', status(429, 3));
    const { client, pauses } = probe();
    await client.pushManifest(appOf(registry), manifestOf(), manifestType);
    expect(pauses).toEqual([3000]);
    expect((await client.manifest(appOf(registry))).bytes).toEqual(manifestOf());
  });

  test('opens no connection when that is forbidden', async () => {
    const registry = await start();
    const { client } = probe({ offline: true });
    expect((await errorOf(client.pushBlob(appOf(registry), bytes))).code).toBe('registry/offline');
    expect((await errorOf(client.pushManifest(appOf(registry), manifestOf(), manifestType))).code).toBe(
      'registry/offline',
    );
    expect(registry.log).toEqual([]);
  });

  test.each([
    ['no address', undefined],
    ['a malformed one', 'http://['],
    ['another service of this machine', 'http://127.0.0.1:9/v2/x'],
    ['a file', 'file:///etc/passwd'],
  ])('is not sent to %s', async (_what, location) => {
    const registry = await start();
    registry.fault('/uploads/', ({ response }) => {
      response.writeHead(202, location === undefined ? {} : { location }).end();
    });
    const error = await errorOf(probe().client.pushBlob(appOf(registry), bytes));
    expect(error.code).toBe('registry/upload');
    expect(registry.log.map(({ method }) => method)).toEqual(['HEAD', 'POST']);
  });

  test('is not redirected', async () => {
    const [registry, other] = [await start(), await start()];
    registry.fault('_state=', redirect(other.url));
    expect((await errorOf(probe().client.pushBlob(appOf(registry), bytes))).code).toBe('registry/redirect');
    expect(other.log).toEqual([]);
  });
});
