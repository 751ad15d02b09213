import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startRegistry, type TestRegistry, type TestRegistryOptions } from '../../support/registry.ts';
import { body, drip, endless, redirect, status } from '../../support/registry-faults.ts';
import { basicHeader } from '../../support/registry-guard.ts';
import { appOf, errorOf, manifestBytes, manifestType, patternOf, probe, readAll } from './support.ts';

const user = { username: 'robot', password: 'se:cret:1' };
const userEnv = { SLUICE_REGISTRY_USERNAME: user.username, SLUICE_REGISTRY_PASSWORD: user.password };
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(options: TestRegistryOptions): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  cleanups.push(registry.close);
  registry.putManifest('team/app', '1', manifestBytes, manifestType);
  return registry;
}

/** A docker configuration with this entry for the registry. */
function config(registry: TestRegistry, entry: Record<string, string>): { dockerConfigPath: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-auth-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ auths: { [registry.host]: entry } }));
  return { dockerConfigPath: path };
}

const statuses = (registry: TestRegistry) => registry.log.map((entry) => `${entry.method} ${entry.status}`);

describe('a token', () => {
  test('without credentials, once for a repository', async () => {
    const registry = await start({ token: {} });
    const blob = registry.putBlob('team/app', patternOf(10));
    registry.putManifest('team/other', '1', manifestBytes, manifestType);
    const { client } = probe();
    await client.manifest(appOf(registry));
    await readAll((await client.blob(appOf(registry), blob, 10)).stream);
    expect(statuses(registry)).toEqual(['GET 401', 'GET 200', 'GET 200', 'GET 200']);
    expect(registry.log[1]?.path).toBe('/token?service=test+registry&scope=repository%3Ateam%2Fapp%3Apull');
    expect(registry.log[1]?.headers.authorization).toBeUndefined();
    await client.manifest({ ...appOf(registry), repository: 'team/other' });
    expect(registry.log.slice(4).map(({ path }) => path.split('?')[0])).toEqual([
      '/v2/team/other/manifests/1',
      '/token',
      '/v2/team/other/manifests/1',
    ]);
  });

  test('is asked for once by requests that run side by side', async () => {
    const registry = await start({ token: {} });
    const { client } = probe();
    await Promise.all(Array.from({ length: 5 }, () => client.manifest(appOf(registry))));
    expect(registry.log.filter(({ path }) => path.startsWith('/token'))).toHaveLength(1);
  });

  test('by user name and password, whose colons are kept', async () => {
    const registry = await start({ token: { user, field: 'access_token' } });
    await probe({ env: userEnv }).client.manifest(appOf(registry));
    expect(registry.log[1]?.headers.authorization).toBe(basicHeader(user));
    const second = probe(config(registry, { auth: basicHeader(user).slice(6) })).client;
    await second.manifest(appOf(registry));
    expect(statuses(registry)).toEqual(['GET 401', 'GET 200', 'GET 200', 'GET 401', 'GET 200', 'GET 200']);
  });

  test('that has run out is replaced', async () => {
    const registry = await start({ token: { uses: 2 } });
    const { client } = probe();
    for (let i = 0; i < 3; i++) await client.manifest(appOf(registry));
    const tokens = registry.log.filter(({ path }) => path.startsWith('/token'));
    expect(tokens).toHaveLength(2);
  });

  test('for an identity token by POST', async () => {
    const registry = await start({ token: { refreshToken: 'refresh-me' } });
    await probe(config(registry, { identitytoken: 'refresh-me' })).client.manifest(appOf(registry));
    expect(statuses(registry)).toEqual(['GET 401', 'POST 200', 'GET 200']);
    expect(registry.log[1]).toMatchObject({
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(registry.log[1]?.headers.authorization).toBeUndefined();
  });

  test.each([404, 405])('for an identity token by GET where POST is answered %d', async (postStatus) => {
    const registry = await start({ token: { refreshToken: 'refresh-me', postStatus } });
    await probe(config(registry, { identitytoken: 'refresh-me' })).client.manifest(appOf(registry));
    expect(statuses(registry)).toEqual(['GET 401', `POST ${postStatus}`, 'GET 200', 'GET 200']);
  });

  test('from the configuration is sent as it is', async () => {
    const registry = await start({ token: {} });
    const error = await errorOf(probe(config(registry, { registrytoken: 'my-own' })).client.manifest(appOf(registry)));
    expect(registry.log.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer my-own']);
    expect(error.code).toBe('registry/unauthorized');
    expect(error.message).not.toContain('my-own');
  });

  test.each([
    ['no JSON', 'x'],
    ['none', '{}'],
    ['null', 'null'],
    ['a number', '{"token":5}'],
    ['a line break', '{"token":"a\\r\\nx: y"}'],
    ['too long', JSON.stringify({ token: 'x'.repeat(20_000) })],
  ])('that is unusable: %s', async (_name, answer) => {
    const registry = await start({ token: {} });
    registry.fault('/token', body(answer));
    const error = await errorOf(probe().client.manifest(appOf(registry)));
    expect(error).toMatchObject({ code: 'registry/token', message: expect.stringContaining('without a usable token') });
    expect(registry.log).toHaveLength(2);
  });

  test('service without an end or without an answer', async () => {
    const registry = await start({ token: {} });
    registry.fault('/token', endless());
    expect((await errorOf(probe().client.manifest(appOf(registry)))).code).toBe('registry/too-large');
    registry.fault('/token', drip(10), 5);
    const { client, pauses } = probe({ timing: { totalMs: 100 } });
    expect((await errorOf(client.manifest(appOf(registry)))).code).toBe('registry/timeout');
    expect(pauses).toEqual([500, 1000, 2000, 4000]);
  });

  test('service that is overloaded for a moment', async () => {
    const registry = await start({ token: {} });
    registry.fault('/token', status(503));
    const { client, pauses } = probe();
    await client.manifest(appOf(registry));
    expect(pauses).toEqual([500]);
  });
});

describe('Basic', () => {
  test('user name and password', async () => {
    const registry = await start({ basic: user });
    const { client } = probe({ env: userEnv });
    await client.manifest(appOf(registry));
    await client.manifest(appOf(registry));
    expect(statuses(registry)).toEqual(['GET 401', 'GET 200', 'GET 200']);
  });

  test('without credentials', async () => {
    const registry = await start({ basic: user });
    const error = await errorOf(probe().client.manifest(appOf(registry)));
    expect(error).toMatchObject({
      code: 'registry/unauthorized',
      message: expect.stringContaining('asks for a user name and a password'),
      hint: expect.stringContaining('docker login'),
    });
    expect(registry.log).toHaveLength(1);
  });

  test('wrong ones are not tried twice, and appear nowhere', async () => {
    const registry = await start({ basic: { ...user, username: 'other' } });
    const secret = basicHeader(user).slice(6);
    registry.fault('manifests', (context) => context.pass());
    registry.fault('manifests', status(401, undefined, `you sent ${secret} and ${user.password}`));
    const { client, events } = probe({ env: userEnv });
    const error = await errorOf(client.manifest(appOf(registry)));
    expect(error.code).toBe('registry/unauthorized');
    expect(error.message).toContain('you sent *** and ***');
    expect(JSON.stringify([error.message, error.hint, error.stack, events])).not.toContain(user.password);
    expect(registry.log).toHaveLength(2);
  });

  test('403 after that', async () => {
    const registry = await start({});
    registry.fault('manifests', status(403, undefined, 'not\u001b[31m for\n\u202eyou'));
    expect(await errorOf(probe().client.manifest(appOf(registry)))).toMatchObject({
      code: 'registry/denied',
      message: `cannot pull ${registry.host}/team/app:1 from ${registry.host}: it denies access (HTTP 403: not [31m for you)`,
    });
  });
});

describe('credentials stay where they belong', () => {
  test('a redirect to another host gets none, and none come back on a second one', async () => {
    const registry = await start({ basic: user });
    const cdn = await start({});
    const blob = registry.putBlob('team/app', patternOf(10));
    registry.fault('/blobs/', (context) => context.pass());
    registry.fault('/blobs/', redirect(cdn.url));
    cdn.fault('/blobs/', redirect(registry.url));
    const { client } = probe({ env: userEnv });
    const error = await errorOf(client.blobBytes(appOf(registry), blob, 10));
    expect(cdn.log[0]?.headers.authorization).toBeUndefined();
    expect(registry.log.map(({ headers }) => headers.authorization)).toEqual([undefined, basicHeader(user), undefined]);
    expect(error.code).toBe('registry/unauthorized');
  });

  test('a redirect within the host keeps them', async () => {
    const registry = await start({ basic: user });
    const blob = registry.putBlob('team/app', patternOf(10));
    registry.fault('manifests/1', (context) => context.pass());
    registry.fault('manifests/1', redirect(`/v2/team/app/blobs/${blob}`));
    const error = await errorOf(probe({ env: userEnv }).client.manifest(appOf(registry)));
    expect(error.code).toBe('registry/media-type');
    expect(registry.log.at(-1)).toMatchObject({ status: 200, headers: { authorization: basicHeader(user) } });
  });

  test('a host behind a redirect that asks for them gets none', async () => {
    const registry = await start({});
    const thief = await start({ basic: user });
    registry.fault('manifests', redirect(thief.url));
    const error = await errorOf(probe({ env: userEnv }).client.manifest(appOf(registry)));
    expect(error.code).toBe('registry/unauthorized');
    expect(thief.log.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('a host behind a redirect cannot name a realm, nor after a redirect of its own', async () => {
    const registry = await start({});
    const thief = await start({ token: { user } });
    registry.fault('manifests', redirect(thief.url));
    thief.fault('manifests', redirect(thief.url));
    const error = await errorOf(probe({ env: userEnv }).client.manifest(appOf(registry)));
    expect(error.code).toBe('registry/unauthorized');
    expect(thief.log.map(({ path }) => path)).toEqual(['/v2/team/app/manifests/1', '/v2/team/app/manifests/1']);
    expect([...registry.log, ...thief.log].map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a secret is taken out before a text is cut', async () => {
    const registry = await start({ basic: { ...user, username: 'other' } });
    registry.fault('manifests', (context) => context.pass());
    registry.fault('manifests', status(401, undefined, `${'x'.repeat(195)}${user.password}`));
    const error = await errorOf(probe({ env: userEnv }).client.manifest(appOf(registry)));
    expect(error.message).toMatch(/x\*\*\*\)/);
    expect(error.message).not.toContain('se:');
  });

  test('a token service that redirects a POST is not followed', async () => {
    const registry = await start({ token: { refreshToken: 'refresh-me' } });
    const thief = await start({});
    registry.fault('/token', redirect(thief.url, 308));
    const error = await errorOf(
      probe(config(registry, { identitytoken: 'refresh-me' })).client.manifest(appOf(registry)),
    );
    expect(error.code).toBe('registry/redirect');
    expect(thief.log).toEqual([]);
  });

  test.each([
    ['http://token.example/t', 'registry/insecure', 'over plain http'],
    ['ftp://token.example/t', 'registry/insecure', 'neither http nor https'],
    ['https://me:pw@token.example/t', 'registry/auth-challenge', 'has a user name'],
    ['not an address', 'registry/auth-challenge', 'without saying where'],
  ])('a realm that is refused: %s', async (realm, code, words) => {
    const registry = await start({ token: { realm } });
    const error = await errorOf(probe({ env: userEnv }).client.manifest(appOf(registry)));
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test.each([['Negotiate abc='], ['garbage"'], ['Bearer realm="x", realm="y"'], ['']])(
    'a challenge that cannot be met: %s',
    async (challenge) => {
      const registry = await start({});
      registry.fault('manifests', ({ response }) => {
        response.writeHead(401, challenge === '' ? {} : { 'www-authenticate': challenge }).end();
      });
      const error = await errorOf(probe({ env: userEnv }).client.manifest(appOf(registry)));
      expect(error.code).toBe('registry/auth-challenge');
      expect(registry.log).toHaveLength(1);
    },
  );

  test('a scope that asks for more than pulling is not passed on', async () => {
    const registry = await start({});
    const realm = `${registry.url}/realm`;
    registry.fault('manifests', ({ response }) => {
      const scope = 'repository:team/app:pull,push repository:other/secret:pull';
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",scope="${scope}"` }).end();
    });
    registry.fault('/realm', body('{"token":"t"}'));
    await probe().client.manifest(appOf(registry));
    expect(registry.log[1]?.path).toBe('/realm?scope=repository%3Ateam%2Fapp%3Apull');
  });
});
