import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type FeedSource, type UpdateFeedsOptions, updateFeeds } from '../../../src/advisory/feed/update-feeds.ts';
import { openFeeds } from '../../../src/advisory/open-feeds.ts';
import { readCurrent } from '../../../src/advisory/read-current.ts';
import { filePath, storeFolder } from '../../../src/advisory/store-files.ts';
import { fixture, fixtureBytes, scratch } from './support.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine that answers by path. */
async function serve(answers: Record<string, Answer>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer) answer(response, request);
    else response.writeHead(404).end('no such file');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with an entity tag, and 304 to who has it. */
function tagged(body: () => Buffer, sent: number[]): Answer {
  return (response, request) => {
    const bytes = body();
    const etag = `"${bytes.length}"`;
    const same = request.headers['if-none-match'] === etag;
    sent.push(same ? 0 : bytes.length);
    if (same) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(bytes);
  };
}

const noon = new Date('2026-01-02T12:00:00Z');
const later = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);

function update(cacheDir: string, sources: readonly FeedSource[], more: Partial<UpdateFeedsOptions> = {}) {
  const limits = { pauseMs: 1, idleMs: 2000, totalMs: 5000, retries: 1 };
  return updateFeeds({ cacheDir, sources, offline: false, now: () => noon, limits, ...more });
}

function feedsIn(cacheDir: string) {
  return openFeeds(storeFolder(cacheDir), readCurrent(storeFolder(cacheDir))?.feeds ?? []);
}

const kev = (from: string = fixture('kev.json')): FeedSource => ({ id: 'kev', from: [from] });
const log4shell = { added: '2021-12-10', due: '2021-12-24', ransomware: true };

/** Scores of so many CVEs, of one day. */
function scoresOf(count: number, day = '2026-01-01'): string {
  const rows = Array.from({ length: count }, (_, at) => `CVE-2024-${10_000 + at},0.5,0.5\n`);
  return `#model_version:v1,score_date:${day}T00:00:00Z\ncve,epss,percentile\n${rows.join('')}`;
}

function write(text: string | Buffer, name = 'feed'): string {
  const path = join(scratch(), name);
  writeFileSync(path, text);
  return path;
}

describe('an update of feeds', () => {
  test('puts them in force together, and they answer', async () => {
    const cache = scratch();
    const result = await update(cache, [
      kev(),
      { id: 'epss', from: [fixture('epss.csv')] },
      { id: 'debian', from: [fixture('debian.json')] },
      { id: 'redhat', from: [fixture('redhat')] },
      { id: 'alpine', from: [fixture('secdb')] },
    ]);
    expect(result.feeds.map(({ id, records, unreadable, newest }) => [id, records, unreadable, newest])).toEqual([
      ['alpine', 3, 2, ''],
      ['debian', 7, 3, ''],
      ['epss', 4, 2, '2025-08-25T12:55:00Z'],
      ['kev', 2, 2, '2024-03-02T15:00:00.1234Z'],
      ['redhat', 6, 1, '2024-05-02T00:00:00+00:00'],
    ]);
    expect(result.replaced).toEqual(['alpine', 'debian', 'epss', 'kev', 'redhat']);
    expect([result.unchanged, result.failed]).toEqual([[], []]);
    expect(result.unreadable.map(({ feed, count, names }) => [feed, count, names.length])).toEqual([
      ['alpine', 2, 2],
      ['debian', 3, 3],
      ['epss', 2, 2],
      ['kev', 2, 2],
      ['redhat', 1, 1],
    ]);
    const feeds = feedsIn(cache);
    expect(feeds.infos).toEqual(result.feeds);
    expect(feeds.exploited('CVE-2021-44228')).toEqual(log4shell);
    expect(feeds.exploited('CVE-2021-44229')).toBeUndefined();
    expect(feeds.score('CVE-2021-44228')).toEqual({ score: 0.94358, percentile: 0.99958 });
    expect(feeds.standing('Debian:12', 'openssl', 'CVE-2024-2001')).toEqual({
      state: 'not-affected',
      severity: 'negligible',
    });
    expect(feeds.standing('Debian:13', 'openssl', 'CVE-2024-2001')).toBeUndefined();
    expect(feeds.standing('Red Hat:9', 'openssl', 'CVE-2024-3001')?.state).toBe('wont-fix');
    expect(feeds.standing('Alpine:v3.20', 'qemu', 'CVE-2024-4005')).toEqual({ state: 'not-affected' });
    expect(feeds.standing('Ubuntu:22.04:LTS', 'openssl', 'CVE-2024-2001')).toBeUndefined();
    expect(feeds.standing('npm', 'openssl', 'CVE-2024-2001')).toBeUndefined();
    feeds.close();
    expect(() => feeds.exploited('CVE-2021-44228')).toThrow(expect.objectContaining({ code: 'advisory/closed' }));
    expect(readdirSync(storeFolder(cache)).filter((name) => name.startsWith('.tmp-'))).toEqual([]);
  });

  test('of the same file changes nothing but when it was checked', async () => {
    const cache = scratch();
    const first = await update(cache, [kev()]);
    const second = await update(cache, [kev()], { now: () => later(5) });
    expect([second.replaced, second.unchanged]).toEqual([[], ['kev']]);
    expect(second.feeds).toEqual([{ ...first.feeds[0], checkedAt: later(5).toISOString() }]);
  });

  test('asks a server only for what changed, and leaves what is young alone', async () => {
    const cache = scratch();
    let body = gzipSync(scoresOf(200));
    const sent: number[] = [];
    const base = await serve({ '/epss.csv.gz': tagged(() => body, sent) });
    const sources: FeedSource[] = [{ id: 'epss', from: [`${base}/epss.csv.gz`] }];
    expect((await update(cache, sources)).replaced).toEqual(['epss']);
    expect((await update(cache, sources, { now: () => later(1) })).unchanged).toEqual(['epss']);
    expect(sent).toEqual([body.length, 0]);
    const young = await update(cache, sources, { now: () => later(2), maxAgeMs: 3 * 3_600_000 });
    expect([young.unchanged, young.feeds[0]?.checkedAt]).toEqual([['epss'], later(1).toISOString()]);
    expect(sent.length).toBe(2);
    // A clock that went back makes nothing young.
    await update(cache, sources, { now: () => later(0), maxAgeMs: 3 * 3_600_000 });
    expect(sent.length).toBe(3);
    body = gzipSync(scoresOf(201, '2026-01-02'));
    expect((await update(cache, sources, { now: () => later(9) })).feeds).toMatchObject([{ records: 201 }]);
  });

  test('makes a damaged file anew although the feed is the same', async () => {
    const cache = scratch();
    const body = fixtureBytes('kev.json');
    const sent: number[] = [];
    const base = await serve({ '/kev.json': tagged(() => body, sent) });
    const { feeds } = await update(cache, [kev(`${base}/kev.json`)]);
    const path = filePath(storeFolder(cache), feeds[0]!.digest, 'feed');
    const whole = readFileSync(path);
    truncateSync(path, whole.length - 1);
    expect(() => feedsIn(cache).exploited('CVE-2021-44228')).toThrow(
      expect.objectContaining({ code: 'advisory/feed-damaged', hint: 'run: sluice db update' }),
    );
    expect((await update(cache, [kev(`${base}/kev.json`)])).replaced).toEqual(['kev']);
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect(sent).toEqual([body.length, body.length]);
  });

  const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '), { level: 1 });
  const broken: [string, Answer, string][] = [
    ['HTML with status 200', (response) => void response.end('<html>log in</html>'), 'advisory/feed-unreadable'],
    ['nothing', (response) => void response.end(), 'advisory/feed-unreadable'],
    [
      'half of it',
      (response) => void response.end(fixtureBytes('kev.json').subarray(0, 700)),
      'advisory/feed-unreadable',
    ],
    ['no entry', (response) => void response.end('{"vulnerabilities": []}'), 'advisory/feed-unreadable'],
    [
      'entries of another schema',
      (response) => void response.end('{"vulnerabilities": [{"cve": "CVE-2024-1000"}, {"cve": "CVE-2024-1001"}]}'),
      'advisory/feed-unreadable',
    ],
    ['a bomb', (response) => void response.end(bomb), 'advisory/feed-unreadable'],
    ['an error', (response) => void response.writeHead(500).end(), 'advisory/download'],
    [
      'a cut connection',
      (response) => void response.writeHead(200, { 'content-length': 9 }).destroy(),
      'advisory/download',
    ],
    [
      'an older one',
      (response) => void response.end(fixtureBytes('kev.json').toString().replace('2024-03-02T15', '2023-03-02T15')),
      'advisory/feed-suspicious',
    ],
  ];

  test.each(broken)('that gets %s keeps what is in force, and notes the failure', async (_, answer, code) => {
    const cache = scratch();
    const before = await update(cache, [kev()]);
    const base = await serve({ '/kev.json': answer });
    const result = await update(cache, [kev(`${base}/kev.json`), { id: 'alpine', from: [fixture('secdb')] }], {
      now: () => later(3),
    });
    expect(result.failed.map(({ feed, error }) => [feed, error.code])).toEqual([['kev', code]]);
    const { message } = result.failed[0]!.error;
    expect(message).not.toMatch(/\n/);
    expect(result.replaced).toEqual(['alpine']);
    expect(result.feeds[1]).toEqual({ ...before.feeds[0], failed: { at: later(3).toISOString(), message } });
    expect(feedsIn(cache).exploited('CVE-2021-44228')).toEqual(log4shell);
    const again = await update(cache, [kev()], { now: () => later(4) });
    expect(again.feeds[1]).toEqual({ ...before.feeds[0], checkedAt: later(4).toISOString() });
  });

  test('refuses a feed of which more than half is missing, unless it is told to take it', async () => {
    const cache = scratch();
    const from = (count: number): FeedSource[] => [{ id: 'epss', from: [write(scoresOf(count))] }];
    await update(cache, from(300));
    const { failed } = await update(cache, from(149));
    expect(failed[0]?.error).toMatchObject({
      code: 'advisory/feed-suspicious',
      message: 'it has 149 entries where the one in force has 300',
      hint: 'if that is right: --force-feed',
    });
    expect((await update(cache, from(150))).feeds).toMatchObject([{ records: 150 }]);
    expect((await update(cache, from(3), { force: true })).feeds).toMatchObject([{ records: 3 }]);
    expect((await update(cache, from(1))).feeds).toMatchObject([{ records: 1 }]);
    const nothing = await update(cache, [{ id: 'epss', from: [write(scoresOf(0))] }], { force: true });
    expect(nothing.failed[0]?.error.message).toBe("it holds no entry of use; 0 can't be read");
  });

  test('offline takes files and no URL; plain http to others is refused', async () => {
    const cache = scratch();
    const offline = await update(
      cache,
      [kev('https://example.org/kev.json'), { id: 'epss', from: [fixture('epss.csv')] }],
      {
        offline: true,
      },
    );
    expect(offline.failed.map(({ error }) => error.code)).toEqual(['advisory/offline']);
    expect(offline.replaced).toEqual(['epss']);
    const codes = async (from: string) => (await update(cache, [kev(from)])).failed.map(({ error }) => error.code);
    expect(await codes('http://example.org/kev.json')).toEqual(['advisory/insecure-url']);
    expect(await codes('ftp://example.org/kev.json')).toEqual(['advisory/url']);
    expect(await codes(join(scratch(), 'nothing'))).toEqual(['advisory/no-feed']);
    expect(await codes(fixture())).toEqual(['advisory/feed-unreadable']);
  });

  test('of several files that servers have is one feed', async () => {
    const cache = scratch();
    const sent: number[] = [];
    const base = await serve({
      '/v3.20/main.json': tagged(() => fixtureBytes('secdb', 'main.json'), sent),
      '/v3.20/community.json': tagged(() => fixtureBytes('secdb', 'community.json'), sent),
    });
    const sources: FeedSource[] = [{ id: 'alpine', from: [`${base}/v3.20/main.json`, `${base}/v3.20/community.json`] }];
    expect((await update(cache, sources)).feeds).toMatchObject([{ id: 'alpine', records: 3 }]);
    expect((await update(cache, sources)).unchanged).toEqual(['alpine']);
    expect(sent.every((bytes) => bytes > 0)).toBe(true);
  });

  test('side by side with another neither fails nor loses what the other did', async () => {
    const cache = scratch();
    await Promise.all([
      update(cache, [kev()]),
      update(cache, [{ id: 'epss', from: [fixture('epss.csv')] }]),
      update(cache, [{ id: 'alpine', from: [fixture('secdb')] }]),
    ]);
    expect(feedsIn(cache).infos.map(({ id }) => id)).toEqual(['alpine', 'epss', 'kev']);
  });

  test('a stored file that is gone is damage, and its feed alone is not to be asked', async () => {
    const cache = scratch();
    const { feeds } = await update(cache, [kev(), { id: 'epss', from: [fixture('epss.csv')] }]);
    rmSync(filePath(storeFolder(cache), feeds[0]!.digest, 'feed'));
    const opened = feedsIn(cache);
    expect(opened.exploited('CVE-2021-44228')).toEqual(log4shell);
    expect(() => opened.score('CVE-2021-44228')).toThrow(expect.objectContaining({ code: 'advisory/feed-damaged' }));
  });
});
