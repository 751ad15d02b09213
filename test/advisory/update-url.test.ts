import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { advisoryStatus } from '../../src/advisory/status.ts';
import type { UpdateOptions } from '../../src/advisory/update.ts';
import { makeZip, noon, record, scratch, update } from './support.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine without lists of changes; answers by path, and notes what was asked. */
async function serve(answers: Readonly<Record<string, Answer>>): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('/modified_id.csv')) asked.push(request.url ?? '');
    const answer = answers[request.url ?? ''];
    if (answer) answer(response, request);
    else response.writeHead(404).end('no such file');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const zipOf = (id: string, ecosystem = 'npm') => makeZip([record(id, ecosystem, 'a')]);
const send =
  (body: string | Buffer): Answer =>
  (response) =>
    void response.end(body);
const fail =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end('<html>no</html>');

/** The first answers once each, the last for ever. */
function inTurn(...answers: Answer[]): Answer {
  let next = 0;
  return (response, request) => answers[Math.min(next++, answers.length - 1)]!(response, request);
}

const quick: Partial<UpdateOptions> = { limits: { pauseMs: 1, idleMs: 300, totalMs: 3000, maxPauseMs: 5 } };

async function onlyError(answer: Answer, more: Partial<UpdateOptions> = {}) {
  const cache = scratch();
  const { base, asked } = await serve({ '/npm/all.zip': answer });
  const { failed, sources } = await update(base, cache, { ...quick, ecosystems: ['npm'], ...more });
  expect(sources).toEqual([]);
  expect(failed).toHaveLength(1);
  expect(readdirSync(join(cache, 'db'))).toEqual([]);
  return { error: failed[0]!.error, tries: asked.length, url: `${base}/npm/all.zip` };
}

describe('an update from a URL', () => {
  test('reads the list and then each export, names encoded', async () => {
    const cache = scratch();
    const { base, asked } = await serve({
      '/osv/ecosystems.txt': send('npm\nRocky Linux\nRocky Linux:9\n'),
      '/osv/npm/all.zip': send(zipOf('X-1')),
      '/osv/Rocky%20Linux/all.zip': send(zipOf('X-2', 'Rocky Linux:9')),
    });
    expect(await update(`${base}/osv`, cache)).toMatchObject({ replaced: ['Rocky Linux', 'npm'], failed: [] });
    expect(asked.sort()).toEqual(['/osv/Rocky%20Linux/all.zip', '/osv/ecosystems.txt', '/osv/npm/all.zip']);
    const db = openAdvisoryDb(cache)!;
    expect(db.lookup('Rocky Linux:9', 'a').map((one) => one.id)).toEqual(['X-2']);
    db.close();
    expect(readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });

  test('one that is not there fails; the others come into force', async () => {
    const cache = scratch();
    const { base } = await serve({
      '/ecosystems.txt': send('npm\nPyPI\n'),
      '/npm/all.zip': send(zipOf('X-1')),
    });
    const result = await update(base, cache, quick);
    expect(result.replaced).toEqual(['npm']);
    expect(result.failed).toEqual([
      {
        ecosystem: 'PyPI',
        error: expect.objectContaining({
          code: 'advisory/http-status',
          message: `${base}/PyPI/all.zip: the server answered 404`,
        }),
      },
    ]);
    expect(advisoryStatus(cache).map((one) => one.ecosystem)).toEqual(['npm']);
  });

  test('tries again what may pass', async () => {
    const zip = zipOf('X-1');
    const cut: Answer = (response) => {
      response.writeHead(200, { 'content-length': zip.length });
      response.write(zip.subarray(0, 50), () => response.destroy());
    };
    const cutChunked: Answer = (response) => {
      response.write(zip.subarray(0, 50), () => response.destroy());
    };
    const { base, asked } = await serve({
      '/npm/all.zip': inTurn(fail(503), fail(429, { 'retry-after': '9999' }), cut, cutChunked, send(zip)),
    });
    const cache = scratch();
    expect(await update(base, cache, { ...quick, ecosystems: ['npm'] })).toMatchObject({ replaced: ['npm'] });
    expect(asked).toHaveLength(5);
    const db = openAdvisoryDb(cache)!;
    expect(db.lookup('npm', 'a')).toHaveLength(1);
    db.close();
  });

  test('gives up after four retries and says how it failed', async () => {
    const { error, tries, url } = await onlyError(fail(503));
    expect(tries).toBe(5);
    expect(error).toMatchObject({
      code: 'advisory/download',
      message: `${url}: the server answered 503 (tried 5 times)`,
    });
  });

  test('a silent server and a dripping one are given up', async () => {
    const silent = await onlyError(() => {}, { limits: { idleMs: 50, pauseMs: 1, retries: 1 } });
    expect(silent.error.message).toBe(`${silent.url}: no byte for 0.05 s (tried 2 times)`);
    const drip: Answer = (response) => {
      const timer = setInterval(() => response.write('PK'), 10);
      response.on('close', () => clearInterval(timer));
    };
    const { error, url } = await onlyError(drip, { limits: { idleMs: 500, totalMs: 100, retries: 0 } });
    expect(error.message).toBe(`${url}: not done after 0 s`);
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['an HTML page', '<!doctype html><title>Login</title>', /an HTML or XML page/],
    ['a text', 'hello', /something that is no zip/],
    ['nothing', '', /nothing instead of advisories/],
  ])('%s with status 200 is not taken for advisories', async (_what, body, message) => {
    const { error, tries, url } = await onlyError(send(body));
    expect(error.code).toBe('advisory/not-the-export');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(url);
    expect(tries).toBe(1);
  });

  test('a zip that is cut off without a trace in HTTP is refused', async () => {
    const { error } = await onlyError(send(zipOf('X-1').subarray(0, 100)));
    expect(error.code).toBe('advisory/export-unreadable');
  });

  test('a list that is a page fails the update as a whole', async () => {
    const { base } = await serve({ '/ecosystems.txt': send('<html>\n') });
    await expect(update(base, scratch(), quick)).rejects.toMatchObject({ code: 'advisory/not-the-export' });
  });

  test('what is too large is refused, announced or not', async () => {
    const body = Buffer.alloc(2000, 'PK');
    const limits = { bytes: 1000 };
    expect((await onlyError(send(body), { limits })).error.code).toBe('advisory/download-too-large');
    const unannounced: Answer = (response) => {
      response.write(body.subarray(0, 900));
      response.end(body);
    };
    expect((await onlyError(unannounced, { limits })).error.code).toBe('advisory/download-too-large');
  });

  test('follows redirects, but not for ever and not to other schemes', async () => {
    const { base } = await serve({
      '/npm/all.zip': fail(302, { location: '/real/npm.zip' }),
      '/real/npm.zip': send(zipOf('X-1')),
    });
    expect(await update(base, scratch(), { ecosystems: ['npm'] })).toMatchObject({ replaced: ['npm'] });
    const round = await onlyError(fail(302, { location: '/npm/all.zip' }));
    expect(round.error).toMatchObject({ code: 'advisory/redirect' });
    expect(round.tries).toBe(6);
    expect((await onlyError(fail(302, { location: 'file:///etc/passwd' }))).error.code).toBe('advisory/redirect');
    expect((await onlyError(fail(302))).error.code).toBe('advisory/redirect');
    const away = await onlyError(fail(302, { location: 'http://mirror.invalid/npm.zip' }));
    expect(away.error.code).toBe('advisory/insecure-url');
  });

  test('does not download again what the server says is the same', async () => {
    const cache = scratch();
    const answer: Answer = (response, request) => {
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end(zipOf('X-1'));
    };
    const { base } = await serve({ '/npm/all.zip': answer });
    await update(base, cache, { ecosystems: ['npm'] });
    const later = new Date(noon.getTime() + 1000);
    let downloaded = 0;
    const result = await update(base, cache, {
      ecosystems: ['npm'],
      now: () => later,
      onProgress: ({ bytes }) => {
        downloaded += bytes ?? 0;
      },
    });
    expect(result).toMatchObject({ replaced: [], unchanged: ['npm'], failed: [] });
    expect(downloaded).toBe(0);
    expect(advisoryStatus(cache)[0]?.checkedAt).toBe(later.toISOString());
    // Another place may use the same tag for something else.
    const other = await serve({
      '/npm/all.zip': (response, request) => {
        expect(request.headers['if-none-match']).toBeUndefined();
        send(zipOf('X-2'))(response, request);
      },
    });
    expect(await update(other.base, cache, { ecosystems: ['npm'] })).toMatchObject({ replaced: ['npm'], failed: [] });
  });

  test('secrets of the URL are sent, and never shown or kept', async () => {
    const { base, asked } = await serve({ '/npm/all.zip?key=hidden': fail(403) });
    const from = `${base.replace('http://', 'http://user:secret@')}/?key=hidden`;
    const { failed } = await update(from, scratch(), { ...quick, ecosystems: ['npm'] });
    expect(asked).toEqual(['/npm/modified_id.csv?key=hidden', '/npm/all.zip?key=hidden']);
    expect(failed[0]?.error.message).toBe(`${base}/npm/all.zip: the server answered 403`);
  });

  test.each<[string, Partial<UpdateOptions>, string]>([
    ['https://mirror.invalid/osv', { offline: true }, 'advisory/offline'],
    ['http://mirror.invalid/osv', {}, 'advisory/insecure-url'],
    ['ftp://mirror.invalid/osv', {}, 'advisory/url'],
    ['https://', {}, 'advisory/url'],
  ])('%s %j is refused before anything is asked', async (from, more, code) => {
    const cache = scratch();
    await expect(update(from, cache, more)).rejects.toMatchObject({ code });
    expect(readdirSync(cache)).toEqual([]);
  });

  test('a server that is not there is a failed connection', async () => {
    const { base } = await serve({});
    servers[0]!.close();
    const { failed } = await update(base, scratch(), { ...quick, ecosystems: ['npm'] });
    expect(failed[0]?.error.message).toMatch(/the connection failed \(ECONNREFUSED\) \(tried 5 times\)$/);
  });
});
