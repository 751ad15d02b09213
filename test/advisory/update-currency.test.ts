import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { readCurrent } from '../../src/advisory/read-current.ts';
import type { OsvMirror } from '../support/osv-mirror.ts';
import { advisory, fromScratch, good, ids, indexes, quick, startMirror, unreadable } from './mirror-support.ts';
import { noon, scratch, update } from './support.ts';

const list = 'npm/modified_id.csv';
const zip = 'npm/all.zip';
const later = '2024-06-30T00:00:00.000Z';
const dayMs = 24 * 3_600_000;
let mirror: OsvMirror;
let cache: string;

beforeEach(async () => {
  cache = scratch();
  mirror = await startMirror();
});

/** A mirror whose record number `i` is of minute `i` before noon, the last the latest. */
async function minutes(count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, i) => {
    const id = `X-${i}`;
    return [id, Buffer.from(advisory(id, 'npm', { modified: minute(count - i), name: `p${i}` }))] as const;
  });
  mirror.offer('npm', new Map(records));
  await good(run());
}

function minute(before: number): string {
  return new Date(noon.getTime() - before * 60_000).toISOString();
}

/** An update some minutes after the first one. */
const run = (after = 5) =>
  update(mirror.base, cache, { ...quick, now: () => new Date(noon.getTime() + after * 60_000) });

function change(id: string, modified = later): void {
  mirror.put('npm', id, advisory(id, 'npm', { modified, fixed: '9', name: 'changed' }));
}

/** Changes something while the export stays as it was. */
function behind(work: () => void): void {
  const before = mirror.body(zip)!;
  work();
  mirror.serve(zip, before);
}

const checkedAt = () => readCurrent(join(cache, 'db'))!.sources[0]!.checkedAt;
const askedRecords = () => mirror.asked.filter((path) => path.endsWith('.json'));

describe('a change that stands low in the list', () => {
  test('is seen when a record of the future stands above all', async () => {
    await minutes(10);
    const many = Array.from({ length: 2000 }, (_, i) => `Y-${'0'.repeat(50)}${i}`);
    for (const id of many) mirror.recordsOf('npm').set(id, Buffer.from(advisory(id, 'npm')));
    change('X-1', '2099-01-01T00:00:00Z');
    await good(run());
    const modified = '2024-07-01T12:06:00Z';
    for (const id of many.slice(0, 350)) {
      mirror.recordsOf('npm').set(id, Buffer.from(advisory(id, 'npm', { modified, fixed: '9' })));
    }
    change('X-2', modified);
    await good(run(10));
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('is seen when its source was taken in hours late', async () => {
    await minutes(1000);
    change('X-3', minute(900));
    await good(run());
    expect(ids(cache, 'npm', 'changed')).toEqual(['X-3']);
  });

  test('is seen when what stood above it is gone from there', async () => {
    await minutes(2500);
    change('X-3', minute(-3));
    await good(run());
    mirror.put('npm', 'X-3', advisory('X-3', 'npm', { modified: minute(2497), name: 'p3' }));
    await good(run(6));
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('is seen the next day, also when the list is the same by then', async () => {
    await minutes(3000);
    change('X-3', minute(2500));
    change('X-2999', minute(-1));
    await good(run());
    expect(ids(cache, 'npm', 'changed')).toEqual(['X-2999']);
    await good(run(24 * 60));
    expect(ids(cache, 'npm', 'changed')).toEqual(['X-2999', 'X-3']);
    mirror.count();
    await good(run(48 * 60));
    expect(mirror.sent).toBeLessThan(1000);
  });
});

describe('an export that is behind its list', () => {
  test('is made up for, however many records are older', async () => {
    mirror.offer(
      'npm',
      new Map(Array.from({ length: 500 }, (_, i) => [`X-${i}`, Buffer.from(advisory(`X-${i}`, 'npm'))])),
    );
    behind(() => {
      for (let i = 0; i < 300; i++) change(`X-${i}`);
    });
    await good(run());
    expect(ids(cache, 'npm', 'changed')).toHaveLength(300);
    mirror.count();
    await good(run());
    expect(askedRecords()).toEqual([]);
  });

  test('is believed when the list has counted from another moment all along', async () => {
    const records = Array.from({ length: 250 }, (_, i) => `X-${i}`);
    mirror.offer('npm', new Map());
    for (const id of records) mirror.put('npm', id, advisory(id, 'npm'), later);
    await good(run());
    expect(askedRecords()).toHaveLength(200);
    mirror.count();
    await good(run());
    expect(askedRecords()).toEqual([]);
  });

  test('and does not change is made up for, also when much changed', async () => {
    await minutes(60);
    behind(() => {
      for (let i = 0; i < 30; i++) change(`X-${i}`);
    });
    expect((await good(run())).replaced).toEqual(['npm']);
    expect(ids(cache, 'npm', 'changed')).toHaveLength(30);
  });

  test('and has records that the list never names is made up for', async () => {
    mirror.offer('npm', new Map(['X-1', 'X-2', 'X-3'].map((id) => [id, Buffer.from(advisory(id, 'npm'))])));
    const partly = () =>
      mirror.serve(
        list,
        mirror
          .body(list)!
          .toString('utf8')
          .replace(/.*,X-1\n/, ''),
      );
    partly();
    await good(run());
    behind(() => change('X-2'));
    partly();
    expect((await good(run())).replaced).toEqual(['npm']);
    expect(ids(cache, 'npm', 'changed')).toEqual(['X-2']);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-1', 'X-3']);
  });

  test('and does not change, with a list of something else, was not checked', async () => {
    await minutes(60);
    const before = checkedAt();
    const lines = Array.from({ length: 60 }, (_, i) => `${later},Z-${i}\n`);
    mirror.serve(list, lines.join(''));
    const { failed, unchanged } = await run();
    expect(failed).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/list-mismatch' } }]);
    expect(failed[0]!.error.message).toContain('the export is that of before, and names other records');
    expect([unchanged, checkedAt()]).toEqual([[], before]);
    expect(unreadable(cache, 'npm')).toEqual([]);
  });

  test('and still has what the list no longer names is asked after again', async () => {
    await minutes(60);
    mirror.serve(
      list,
      mirror
        .body(list)!
        .toString('utf8')
        .replace(/.*,X-7\n/, ''),
    );
    for (let round = 0; round < 2; round++) {
      const { notes, failed } = await run();
      expect(notes.map(({ error }) => error.message)).toEqual([expect.stringContaining('X-7 is there and not in it')]);
      expect([failed, ids(cache, 'npm', 'p7')]).toEqual([[], ['X-7']]);
    }
  });
});

describe('what is known of a record', () => {
  test('is the same when its time is written in another way', async () => {
    await minutes(60);
    mirror.serve(list, mirror.body(list)!.toString('utf8').replaceAll('Z,', '000+00:00,'));
    mirror.count();
    expect((await good(run())).unchanged).toEqual(['npm']);
    expect([...askedRecords(), ...mirror.asked.filter((path) => path === zip)]).toEqual([]);
  });

  test('is asked for again when it could not be read', async () => {
    await minutes(60);
    change('X-1');
    mirror.serve('npm/X-1.json', '{"error":"try again"}');
    await good(run());
    expect(unreadable(cache, 'npm')).toEqual([expect.stringMatching(/^X-1\.json: /)]);
    mirror.serve('npm/X-1.json', mirror.record('npm', 'X-1')!);
    await good(run(6));
    expect([unreadable(cache, 'npm'), ids(cache, 'npm', 'changed')]).toEqual([[], ['X-1']]);
  });

  test.each([list, 'npm/X-1.json', zip])('is never taken from a packed answer: %s', async (path) => {
    await minutes(60);
    change('X-1');
    if (path === zip) mirror.lists = false;
    mirror.fault = (request, response) => {
      if (request.url !== `/${path}`) return false;
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(mirror.body(path)!));
      return true;
    };
    const { notes, failed } = await run();
    const told = path === zip ? failed : notes.slice(0, 1);
    const message = `${mirror.base}/${path}: the server sent it packed, unasked (content-encoding: gzip)`;
    expect(told).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/encoded', message } }]);
    expect(ids(cache, 'npm', 'changed')).toEqual(path === zip ? [] : ['X-1']);
    expect(unreadable(cache, 'npm')).toEqual([]);
  });
});

test('data is current as of the moment in which it was asked for, and not of the one in which it came', async () => {
  await minutes(60);
  change('X-1');
  let now = noon.getTime() + dayMs;
  mirror.fault = () => {
    now += 60_000;
    return false;
  };
  await good(update(mirror.base, cache, { ...quick, ecosystems: ['npm'], now: () => new Date(now) }));
  expect(checkedAt()).toBe(new Date(noon.getTime() + dayMs).toISOString());
});
