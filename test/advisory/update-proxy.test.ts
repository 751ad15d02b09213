import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { UpdateOptions } from '../../src/advisory/update.ts';
import { startProxy, type TestProxyOptions } from '../support/proxy.ts';
import { makeZip, record, scratch, update } from './support.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'registry');
const pem = (name: string) => readFileSync(join(fixtures, name), 'utf8');
const tls = { key: pem('registry.test.key.pem'), cert: pem('registry.test.cert.pem') };
const zip = makeZip([record('X-1', 'npm', 'a')]);
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const quick: Partial<UpdateOptions> = {
  ecosystems: ['npm'],
  limits: { pauseMs: 1, idleMs: 300, totalMs: 3000, retries: 1 },
};

const running: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of running.splice(0).reverse()) await close();
});

async function serve(answer: RequestListener, secure = false) {
  const seen: { path: string; host: string; authorization: string; forProxy: unknown }[] = [];
  const listener: RequestListener = (request, response) => {
    if (request.url?.includes('/modified_id.csv')) return void response.writeHead(404).end();
    const { host = '', authorization = '', 'proxy-authorization': forProxy } = request.headers;
    seen.push({ path: request.url ?? '', host, authorization, forProxy });
    answer(request, response);
  };
  const server = secure ? createTlsServer(tls, listener) : createServer(listener);
  running.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

async function proxyWith(options: TestProxyOptions) {
  const proxy = await startProxy(options);
  running.push(() => proxy.close());
  const shown = `http://127.0.0.1:${proxy.port}`;
  return { proxy, shown, url: shown.replace('http://', 'http://user:hunter2@') };
}

/** The one failure of an update of npm that leaves nothing behind. */
async function failureOf(from: string, more: Partial<UpdateOptions>) {
  const cache = scratch();
  const { failed, sources } = await update(from, cache, { ...quick, ...more });
  expect(sources).toEqual([]);
  expect(failed).toHaveLength(1);
  expect(readdirSync(join(cache, 'db'))).toEqual([]);
  const { error } = failed[0]!;
  expect(`${error.message} ${error.hint}`).not.toMatch(/hunter2|user:|dXNlcj/);
  return error;
}

describe('an update through a proxy', () => {
  test('in clear names the whole URL; each side gets the credentials that are for it', async () => {
    const server = await serve((_request, response) => void response.end(zip));
    const { proxy, url } = await proxyWith({ to: server.port });
    const from = 'http://robot:s%40crt@mirror.test:8080/osv?key=1#part';
    const result = await update(from, scratch(), { ...quick, allowInsecure: true, env: { http_proxy: url } });
    expect(result).toMatchObject({ replaced: ['npm'], failed: [] });
    const asked = (name: string) => ({
      method: 'GET',
      target: `http://mirror.test:8080/osv/npm/${name}?key=1`,
      headers: { 'proxy-authorization': basic('user:hunter2') },
    });
    expect(proxy.log).toMatchObject([asked('modified_id.csv'), asked('all.zip')]);
    expect(server.seen).toEqual([
      {
        path: '/osv/npm/all.zip?key=1',
        host: 'mirror.test:8080',
        authorization: basic('robot:s@crt'),
        forProxy: undefined,
      },
    ]);
  });

  test('over TLS asks for a tunnel, and looks at the certificate of the server', async () => {
    const server = await serve((_request, response) => void response.end(zip), true);
    const { proxy, url } = await proxyWith({ to: server.port });
    const error = await failureOf('https://registry.test/osv', { env: { HTTPS_PROXY: url } });
    expect(error).toMatchObject({
      code: 'advisory/tls',
      message:
        "https://registry.test/osv/npm/modified_id.csv: the server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
    });
    expect(proxy.log).toMatchObject([
      { method: 'CONNECT', target: 'registry.test:443', headers: { 'proxy-authorization': basic('user:hunter2') } },
    ]);
    expect(server.seen).toEqual([]);
  });

  test('is none on this machine, or for what NO_PROXY names', async () => {
    const server = await serve((_request, response) => void response.end(zip));
    const { proxy, url } = await proxyWith({ to: server.port });
    const straight = {
      ...quick,
      allowInsecure: true,
      env: { ALL_PROXY: url, NO_PROXY: `other.test,0.0.0.0:${server.port}` },
    };
    for (const host of ['127.0.0.1', 'localhost', '0.0.0.0']) {
      expect(await update(`http://${host}:${server.port}`, scratch(), straight)).toMatchObject({ failed: [] });
    }
    expect(proxy.log).toEqual([]);
    const all = { ...straight, env: { ALL_PROXY: url } };
    expect(await update(`http://0.0.0.0:${server.port}`, scratch(), all)).toMatchObject({ failed: [] });
    expect(proxy.log).toHaveLength(2);
  });

  const end = (head: string) => (socket: Socket) => void socket.end(`HTTP/1.1 ${head}\r\n\r\n`);
  test.each<[string, TestProxyOptions, string, number]>([
    ['407', { onConnect: end('407 No') }, 'refuses the user name or password (HTTP 407)', 1],
    ['403', { onConnect: end('403 No') }, 'does not connect to mirror.test:443 (HTTP 403)', 1],
    ['502', { onConnect: end('502 No') }, 'does not connect to mirror.test:443 (HTTP 502) (tried 2 times)', 2],
    [
      '302',
      { onConnect: end('302 No\r\nLocation: https://evil.test/') },
      'does not connect to mirror.test:443 (HTTP 302)',
      1,
    ],
    ['nothing', { onConnect: () => {} }, 'sent nothing within 0.3 s (tried 2 times)', 2],
  ])('that answers %s is an error of the proxy', async (_what, options, said, tries) => {
    const { proxy, shown, url } = await proxyWith(options);
    const error = await failureOf('https://mirror.test', { env: { HTTPS_PROXY: url } });
    expect(error).toMatchObject({
      code: 'advisory/proxy',
      message: `https://mirror.test/npm/modified_id.csv: the proxy ${shown} ${said}`,
    });
    expect(proxy.log).toHaveLength(tries);
    await expect.poll(() => proxy.open()).toBe(0);
  });

  test('in clear that answers 407, hangs up, hangs, or is not there', async () => {
    const inClear = async (options: TestProxyOptions, stop = false) => {
      const { proxy, shown, url } = await proxyWith(options);
      if (stop) await proxy.close();
      const { code, message } = await failureOf('http://mirror.test', { allowInsecure: true, env: { ALL_PROXY: url } });
      return `${code}: ${message.replace(shown, 'PROXY').replace('http://mirror.test/npm/modified_id.csv: ', '')}`;
    };
    expect(await inClear({ onRequest: (response) => void response.writeHead(407).end('no') })).toBe(
      'advisory/proxy: the proxy PROXY refuses the user name or password (HTTP 407)',
    );
    expect(await inClear({ onRequest: (response) => void response.destroy() })).toBe(
      'advisory/proxy: the connection to the proxy PROXY failed (ECONNRESET) (tried 2 times)',
    );
    expect(await inClear({ onRequest: () => {} })).toBe(
      'advisory/download: no byte for 0.3 s through the proxy PROXY (tried 2 times)',
    );
    expect(await inClear({}, true)).toBe('advisory/proxy: the connection to the proxy PROXY failed (ECONNREFUSED)');
  });

  test('that takes longer than the whole download may is given up with it', async () => {
    const { proxy, url } = await proxyWith({ onConnect: () => {} });
    const limits = { idleMs: 60_000, totalMs: 100, retries: 0 };
    const error = await failureOf('https://mirror.test', { env: { HTTPS_PROXY: url }, limits });
    expect(error).toMatchObject({
      code: 'advisory/download',
      message: 'https://mirror.test/npm/modified_id.csv: not done after 0 s',
    });
    await expect.poll(() => proxy.open()).toBe(0);
  });

  test('whose setting cannot be used is an error that does not show it', async () => {
    const error = await failureOf('https://mirror.test', { env: { https_proxy: 'http://user:hunter2/@a.test' } });
    expect(error).toMatchObject({
      code: 'advisory/proxy',
      message: 'https://mirror.test/npm/modified_id.csv: https_proxy is not the URL of an HTTP proxy',
      hint: expect.stringContaining('SOCKS is not supported'),
    });
  });
});
