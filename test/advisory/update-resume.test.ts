import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { claimPart, dropPart } from '../../src/advisory/partial-download.ts';
import { digestOfUrl } from '../../src/advisory/resumable-download.ts';
import type { OsvMirror } from '../support/osv-mirror.ts';
import { advisory, fromScratch, good, ids, indexes, quick, soon, startMirror } from './mirror-support.ts';
import { scratch, update } from './support.ts';

const path = 'npm/all.zip';
const once = { limits: { ...quick.limits, retries: 0 } };
let mirror: OsvMirror;
let cache: string;

beforeEach(async () => {
  cache = scratch();
  mirror = await startMirror();
  // What can't be made smaller, so that the export is large.
  const details = randomBytes(200_000).toString('hex');
  mirror.offer('npm', new Map([['X-1', Buffer.from(advisory('X-1', 'npm', { details }))]]));
});

const asked = () => mirror.asked.filter((one) => one.startsWith(path));
const parts = () => readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.part-'));

/** Cuts the first so many answers for the export after some bytes. */
function cut(times: number, after = 150_000): void {
  mirror.fault = (request, response) => {
    if (!request.url?.endsWith(path) || times-- <= 0) return false;
    const body = mirror.body(path)!;
    const first = Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers = { etag: mirror.etag(path)!, 'content-length': body.length - first };
    const range = { 'content-range': `bytes ${first}-${body.length - 1}/${body.length}` };
    response.writeHead(first > 0 ? 206 : 200, first > 0 ? { ...headers, ...range } : headers);
    response.write(body.subarray(first, first + after), () => response.destroy());
    return true;
  };
}

/** An update that is cut and not tried again. */
async function cutOnce(): Promise<void> {
  cut(1);
  const { failed } = await update(mirror.base, cache, once);
  expect(failed).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/download' } }]);
  mirror.fault = undefined;
}

describe('a download that is cut', () => {
  test('goes on from there, and the whole is what it would have been', async () => {
    cut(1);
    await good(update(mirror.base, cache, quick));
    expect(asked()).toEqual([path, expect.stringMatching(/^npm\/all\.zip bytes=\d{5,6}-$/)]);
    expect(mirror.sent).toBeLessThan(mirror.body(path)!.length + 10_000);
    expect(parts()).toEqual([]);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('is gone on with by the next update', async () => {
    await cutOnce();
    expect(parts()).toEqual([expect.stringMatching(/^\.part-[0-9a-f]{32}-free-/)]);
    mirror.count();
    await good(update(mirror.base, cache, soon));
    expect(asked()).toEqual([expect.stringMatching(/ bytes=\d{5,6}-$/)]);
    expect(mirror.sent).toBeLessThan(mirror.body(path)!.length - 100_000);
    expect(parts()).toEqual([]);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('is begun anew when the file is another one by then', async () => {
    await cutOnce();
    mirror.put('npm', 'X-2', advisory('X-2', 'npm'));
    await good(update(mirror.base, cache, soon));
    expect(ids(cache, 'npm', 'a')).toEqual(['X-1', 'X-2']);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
    expect(parts()).toEqual([]);
  });

  test('is begun anew when the server answers with another part, another tag or none, or a wrong length', async () => {
    const etag = () => ({ etag: mirror.etag(path)! });
    const wrong: ((size: number, total: number) => Record<string, string>)[] = [
      (size, total) => ({ ...etag(), 'content-range': `bytes ${size - 5}-${total - 1}/${total}` }),
      (size, total) => ({ 'content-range': `bytes ${size}-${total - 1}/${total}`, etag: '"another"' }),
      (size, total) => ({ ...etag(), 'content-range': `bytes ${size}-${total - 1}/${total + 1}` }),
      (size, total) => ({ 'content-range': `bytes ${size}-${total - 1}/${total}` }),
      () => ({ ...etag(), 'content-range': 'lines 1-2' }),
      () => etag(),
    ];
    for (const headers of wrong) {
      cache = scratch();
      await cutOnce();
      mirror.fault = (request, response) => {
        const size = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
        if (!request.url?.endsWith(path) || size === 0) return false;
        const body = mirror.body(path)!;
        response.writeHead(206, headers(size, body.length)).end(body.subarray(size));
        return true;
      };
      mirror.count();
      await good(update(mirror.base, cache, soon));
      expect(asked()).toEqual([expect.stringContaining('bytes='), path]);
      expect(indexes(cache)).toEqual(await fromScratch(mirror));
      mirror.fault = undefined;
    }
  });

  test('of a server without strong tags is begun anew', async () => {
    mirror.fault = (_request, response) => {
      const { writeHead } = response;
      response.writeHead = ((status: number, headers: Record<string, string>) =>
        writeHead.call(response, status, { ...headers, etag: `W/${headers.etag}` })) as typeof writeHead;
      return false;
    };
    const weak = mirror.fault;
    let times = 1;
    mirror.fault = (request, response) => {
      weak(request, response);
      if (!request.url?.endsWith(path) || times-- <= 0) return false;
      response.writeHead(200, { etag: '"x"', 'content-length': 400_000 });
      response.write(mirror.body(path)!.subarray(0, 150_000), () => response.destroy());
      return true;
    };
    await good(update(mirror.base, cache, quick));
    expect(asked()).toEqual([path, path]);
    expect(parts()).toEqual([]);
  });

  test('is left alone while its owner may live, and taken by one alone when it does not', async () => {
    await cutOnce();
    const folder = join(cache, 'db');
    const url = digestOfUrl(new URL(`${mirror.base}/${path}`));
    const [free] = parts();
    const owned = free!.replace('-free-', '-4711-');
    renameSync(join(folder, free!), join(folder, owned));
    expect(claimPart(folder, url)).toBeUndefined();
    const old = new Date(Date.now() - 61_000);
    utimesSync(join(folder, owned), old, old);
    const part = claimPart(folder, url)!;
    expect(part.size).toBeGreaterThan(64 * 1024);
    expect(claimPart(folder, url)).toBeUndefined();
    expect(part.hash.copy().digest('hex')).toHaveLength(64);
    dropPart(part);
    expect(parts()).toEqual([]);
  });

  test('is not gone on with when the file is damaged, or older than the start of the machine', async () => {
    const folder = join(cache, 'db');
    const url = digestOfUrl(new URL(`${mirror.base}/${path}`));
    for (const spoil of [(bytes: Buffer) => bytes.fill(0, 0, 30), (bytes: Buffer) => bytes.subarray(0, 1025)]) {
      await cutOnce();
      const file = join(folder, parts()[0]!);
      writeFileSync(file, spoil(readFileSync(file)));
      expect(claimPart(folder, url)).toBeUndefined();
      expect(parts()).toEqual([]);
    }
    await cutOnce();
    utimesSync(join(folder, parts()[0]!), 1, 1);
    expect(claimPart(folder, url)).toBeUndefined();
  });
});
