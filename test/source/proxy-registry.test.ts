import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseReference } from '../../src/model/reference.ts';
import type { RegistryClientOptions } from '../../src/source/registry/client.ts';
import { startProxy, type TestProxy, type TestProxyOptions } from '../support/proxy.ts';
import { sendError, startRegistry, type TestRegistry, type TestRegistryOptions } from '../support/registry.ts';
import { redirect, silence } from '../support/registry-faults.ts';
import { errorOf, manifestBytes, manifestType, type Probe, patternOf, probe, readAll } from './registry/support.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'registry');
const pem = (name: string) => readFileSync(join(fixtures, name), 'utf8');
const cert = pem('registry.test.cert.pem');
const tls = { key: pem('registry.test.key.pem'), cert };
const localhost = { key: pem('localhost.key.pem'), cert: pem('localhost.cert.pem') };
const basic = `Basic ${Buffer.from('user:hunter2').toString('base64')}`;
const robot = { SLUICE_REGISTRY_USERNAME: 'robot', SLUICE_REGISTRY_PASSWORD: 'secret' };
const app = parseReference('registry.test/team/app:1');
const plainApp = parseReference('registry.test:5000/team/app:1');

const running: { close(): void | Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

async function registryWith(options: TestRegistryOptions = { tls }): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  running.push(registry);
  registry.putManifest('team/app', '1', manifestBytes, manifestType);
  return registry;
}

async function proxyWith(options: TestProxyOptions): Promise<TestProxy & { url: string }> {
  const proxy = await startProxy(options);
  running.push(proxy);
  return { ...proxy, url: `http://user:hunter2@127.0.0.1:${proxy.port}` };
}

function clientOf(options: Partial<RegistryClientOptions>): Probe {
  const made = probe({ ca: cert, ...options });
  running.push(made.client);
  return made;
}

const portOf = (registry: TestRegistry) => Number(registry.host.split(':')[1]);
const failure = (rest: string, host = 'registry.test') => `cannot pull ${host}/team/app:1 from ${host}: ${rest}`;

describe('a registry behind a proxy', () => {
  test('is reached through one kept tunnel; the proxy alone gets the credentials of the proxy', async () => {
    const registry = await registryWith();
    const bytes = patternOf(100_000);
    const digest = registry.putBlob('team/app', bytes);
    const proxy = await proxyWith({ to: portOf(registry) });
    const { client } = clientOf({ env: { HTTPS_PROXY: proxy.url } });
    expect((await client.manifest(app)).bytes).toEqual(manifestBytes);
    expect(await readAll((await client.blob(app, digest, bytes.length)).stream)).toEqual(bytes);
    expect(proxy.log).toEqual([
      {
        method: 'CONNECT',
        target: 'registry.test:443',
        headers: {
          host: 'registry.test:443',
          'user-agent': 'sluice',
          'proxy-authorization': basic,
          connection: expect.any(String),
        },
      },
    ]);
    expect(registry.log.map(({ headers }) => [headers.host, headers['proxy-authorization']])).toEqual([
      ['registry.test', undefined],
      ['registry.test', undefined],
    ]);
  });

  test('authenticates as without one', async () => {
    const registry = await registryWith({ tls, basic: { username: 'robot', password: 'secret' } });
    const proxy = await proxyWith({ to: portOf(registry) });
    expect((await clientOf({ env: { ...robot, https_proxy: proxy.url } }).client.manifest(app)).bytes).toEqual(
      manifestBytes,
    );
    expect(proxy.log.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('sends on to another host through another tunnel', async () => {
    const registry = await registryWith();
    const digest = registry.putBlob('team/app', Buffer.from('layer'));
    const proxy = await proxyWith({ to: portOf(registry) });
    registry.fault('/blobs/', redirect('https://cdn.test'));
    const { client } = clientOf({ env: { HTTPS_PROXY: proxy.url } });
    expect(await client.blobBytes(app, digest, 100)).toEqual(Buffer.from('layer'));
    expect(proxy.log.map(({ target }) => target)).toEqual(['registry.test:443', 'cdn.test:443']);
  });

  test('must show its own certificate', async () => {
    const registry = await registryWith({ tls: localhost });
    const proxy = await proxyWith({ to: portOf(registry) });
    const { client } = clientOf({ env: { HTTPS_PROXY: proxy.url }, ca: localhost.cert });
    expect(await errorOf(client.manifest(app))).toMatchObject({
      code: 'registry/certificate',
      message: expect.stringContaining('its certificate cannot be trusted (ERR_TLS_CERT_ALTNAME_INVALID)'),
    });
    expect(registry.log).toEqual([]);
  });

  test('can be asked through a proxy that speaks TLS itself, if its certificate is good', async () => {
    const registry = await registryWith();
    const proxy = await proxyWith({ to: portOf(registry), tls: localhost });
    const env = { HTTPS_PROXY: `https://localhost:${proxy.port}` };
    expect((await clientOf({ env, ca: cert + localhost.cert }).client.manifest(app)).bytes).toEqual(manifestBytes);
    expect(await errorOf(clientOf({ env }).client.manifest(app))).toMatchObject({
      code: 'registry/proxy',
      message: failure(
        `the connection to the proxy https://localhost:${proxy.port} failed (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      ),
    });
  });

  test('that is on this machine is asked without it', async () => {
    const registry = await registryWith({});
    const proxy = await proxyWith({ to: portOf(registry) });
    const { client } = clientOf({ env: { ALL_PROXY: proxy.url } });
    const reference = parseReference(`${registry.host}/team/app:1`);
    expect((await client.manifest(reference)).bytes).toEqual(manifestBytes);
    expect(proxy.log).toEqual([]);
  });
});

describe('a registry in clear, allowed by the insecure option', () => {
  test('is named to the proxy by its whole URL, after TLS was tried', async () => {
    const registry = await registryWith({});
    const proxy = await proxyWith({ to: portOf(registry) });
    const { client } = clientOf({ insecure: true, env: { ALL_PROXY: proxy.url } });
    expect((await client.manifest(plainApp)).bytes).toEqual(manifestBytes);
    expect(proxy.log.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'CONNECT registry.test:5000',
      'GET http://registry.test:5000/v2/team/app/manifests/1',
    ]);
    expect(proxy.log[1]?.headers).toMatchObject({ host: 'registry.test:5000', 'proxy-authorization': basic });
  });

  test('keeps TLS where the server speaks it', async () => {
    const proxy = await proxyWith({ to: portOf(await registryWith()) });
    const { client } = clientOf({ insecure: true, env: { ALL_PROXY: proxy.url } });
    expect((await client.manifest(app)).bytes).toEqual(manifestBytes);
    expect(proxy.log.map(({ method }) => method)).toEqual(['CONNECT', 'CONNECT']);
  });

  test.each([403, 407, 503])('is not taken for one because the proxy answers %i', async (code) => {
    const proxy = await proxyWith({ onConnect: (socket) => void socket.end(`HTTP/1.1 ${code} No\r\n\r\n`) });
    const { client } = clientOf({ insecure: true, env: { ALL_PROXY: proxy.url } });
    expect(await errorOf(client.manifest(plainApp))).toMatchObject({ code: 'registry/proxy' });
    expect(new Set(proxy.log.map(({ method }) => method))).toEqual(new Set(['CONNECT']));
  });

  test('a proxy that refuses is told from a registry that does, and cannot get its password printed', async () => {
    const registry = await registryWith({});
    const open = await proxyWith({ to: portOf(registry) });
    const proxy = await proxyWith({
      onRequest: (response, { headers }) =>
        proxy.log.length === 1
          ? sendError(response, 407, 'DENIED', 'no')
          : sendError(response, 403, 'DENIED', `you sent hunter2 and ${headers['proxy-authorization']}`),
    });
    const { client } = clientOf({ insecure: true, env: { HTTPS_PROXY: open.url, HTTP_PROXY: proxy.url } });
    expect(await errorOf(client.manifest(plainApp))).toMatchObject({
      code: 'registry/proxy',
      message: failure(
        `the proxy http://127.0.0.1:${proxy.port} refuses the user name or password (HTTP 407)`,
        'registry.test:5000',
      ),
    });
    const echoed = failure('it denies access (HTTP 403: you sent *** and Basic ***)', 'registry.test:5000');
    expect((await errorOf(client.manifest(plainApp))).message).toBe(echoed);
  });
});

describe('a proxy that fails', () => {
  async function failing(onConnect: (socket: Socket) => void) {
    const proxy = await proxyWith({ onConnect });
    const { client, pauses } = clientOf({ env: { ...robot, HTTPS_PROXY: proxy.url } });
    const error = await errorOf(client.manifest(app));
    expect(`${error.message} ${error.hint}`).not.toMatch(/hunter2|user:|dXNlcj/);
    return { error, pauses, proxy, shown: `http://127.0.0.1:${proxy.port}` };
  }
  const answer = (head: string) => (socket: Socket) => void socket.end(`HTTP/1.1 ${head}\r\n\r\n`);

  test('refuses the credentials', async () => {
    const { error, pauses, shown } = await failing(answer('407 No\r\nProxy-Authenticate: Basic realm="x"'));
    expect(error).toMatchObject({
      code: 'registry/proxy',
      message: failure(`the proxy ${shown} refuses the user name or password (HTTP 407)`),
      hint: 'put them into the URL of the proxy: http://USER:PASSWORD@HOST:PORT',
    });
    expect(pauses).toEqual([]);
  });

  test('wants credentials where none are set', async () => {
    const proxy = await proxyWith({ onConnect: answer('407 No') });
    const { client } = clientOf({ env: { HTTPS_PROXY: `127.0.0.1:${proxy.port}` } });
    expect((await errorOf(client.manifest(app))).message).toBe(
      failure(`the proxy http://127.0.0.1:${proxy.port} wants a user name and a password (HTTP 407)`),
    );
    expect(proxy.log[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test.each([
    ['403 Forbidden', 403, 0],
    ['502 Bad Gateway', 502, 4],
    ['302 Found\r\nLocation: https://evil.test/', 302, 0],
    ['401 No\r\nWWW-Authenticate: Basic realm="give me"', 401, 0],
  ])('answers %j: nothing of it passes for the registry', async (head, code, retries) => {
    const { error, pauses, shown, proxy } = await failing(answer(head));
    expect(error).toMatchObject({
      code: 'registry/proxy',
      message: failure(`the proxy ${shown} does not connect to registry.test:443 (HTTP ${code})`),
      hint: 'a host that is reached without the proxy belongs into NO_PROXY',
    });
    expect(pauses).toHaveLength(retries);
    expect(proxy.log).toHaveLength(retries + 1);
    expect(proxy.log.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([]);
  });

  test.each<[string, (socket: Socket) => void, RegExp]>([
    [
      'speaks first in the tunnel',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n'),
      /sent bytes of its own/,
    ],
    ['answers nonsense', (socket) => void socket.end('SSH-2.0-x\r\n\r\n'), /failed \(HPE_INVALID_CONSTANT\)/],
    ['hangs up', (socket) => socket.destroy(), /failed \(ECONNRESET\)/],
    [
      'sends headers without end',
      (socket) => {
        const line = `X: ${'x'.repeat(1000)}\r\n`;
        const more = (): void => void (socket.writable && socket.write(line, () => setImmediate(more)));
        socket.write('HTTP/1.1 200 OK\r\n');
        more();
      },
      /failed \(HPE_HEADER_OVERFLOW\)/,
    ],
  ])('%s', async (_what, onConnect, expected) => {
    const { error, proxy } = await failing(onConnect);
    expect(error.code).toBe('registry/proxy');
    expect(error.message).toMatch(expected);
    await expect.poll(() => proxy.open()).toBe(0);
  });

  test('is not there', async () => {
    const proxy = await startProxy();
    await proxy.close();
    const { client, pauses } = clientOf({ env: { HTTPS_PROXY: `http://user:hunter2@127.0.0.1:${proxy.port}` } });
    expect((await errorOf(client.manifest(app))).message).toBe(
      failure(`the connection to the proxy http://127.0.0.1:${proxy.port} failed (ECONNREFUSED)`),
    );
    expect(pauses).toEqual([]);
  });

  test('is set in a way that cannot be used', async () => {
    const { client } = clientOf({ env: { ALL_PROXY: 'socks5://user:hunter2@a.test' } });
    expect(await errorOf(client.manifest(app))).toMatchObject({
      code: 'registry/proxy',
      message: failure('ALL_PROXY is not the URL of an HTTP proxy'),
    });
  });

  test.each(['https', 'http'])('says nothing, asked for %s: it is named, and no connection stays', async (scheme) => {
    const registry = await registryWith({});
    const silent = await proxyWith({ onConnect: () => {}, onRequest: () => {} });
    const honest = await proxyWith({ to: portOf(registry) });
    const env = { HTTPS_PROXY: scheme === 'https' ? silent.url : honest.url, HTTP_PROXY: silent.url };
    const timing = { idleMs: 100, totalMs: 1000 };
    const { client, pauses } = clientOf({ env, timing, insecure: scheme === 'http' });
    const error = await errorOf(client.manifest(scheme === 'http' ? plainApp : app));
    const shown = `the proxy http://127.0.0.1:${silent.port}`;
    const said = [`${shown} sent nothing within 0.1 s`, `it sent nothing within 0.1 s through ${shown}`];
    // The bounds of the tunnel and of the whole request end in the same moment.
    expect(scheme === 'https' ? said : said.slice(1)).toContain(error.message.replace(/^.* from [^ ]+: /, ''));
    expect(pauses).toHaveLength(4);
    await expect.poll(() => silent.open()).toBe(0);
  });

  test('opens the tunnel, and the host behind it says nothing', async () => {
    const registry = await registryWith();
    registry.fault('/manifests/', silence, 5);
    const proxy = await proxyWith({ to: portOf(registry) });
    const timing = { idleMs: 200, totalMs: 1000 };
    const slow = clientOf({ env: { HTTPS_PROXY: proxy.url }, timing });
    expect((await errorOf(slow.client.manifest(app))).message).toBe(
      failure(`it sent nothing within 0.2 s through the proxy http://127.0.0.1:${proxy.port}`),
    );
    const mute = await proxyWith({ onConnect: (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n') });
    const { client } = clientOf({ env: { HTTPS_PROXY: mute.url }, timing });
    expect((await errorOf(client.manifest(app))).message).toBe(
      failure(`it sent nothing within 0.2 s through the proxy http://127.0.0.1:${mute.port}`),
    );
    await expect.poll(() => mute.open()).toBe(0);
  });
});
