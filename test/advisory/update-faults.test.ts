import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { UpdateResult } from '../../src/advisory/update.ts';
import type { OsvMirror } from '../support/osv-mirror.ts';
import { buildZip } from '../support/zip.ts';
import {
  advisory,
  fromScratch,
  good,
  ids,
  indexes,
  quick,
  soon,
  syntheticMirror,
  unreadable,
} from './mirror-support.ts';
import { noon, scratch, update } from './support.ts';

const page = '<!doctype html><title>Login</title>';
const later = '2024-06-30T00:00:00Z';
let mirror: OsvMirror;
let cache: string;

/** A mirror of 60 records each, and a cache that has them. */
beforeEach(async () => {
  cache = scratch();
  mirror = await syntheticMirror(60);
  await good(update(mirror.base, cache, quick));
  mirror.count();
});

function change(id = 'X-npm-1', more = {}): void {
  mirror.put('npm', id, advisory(id, 'npm', { modified: later, fixed: '9', ...more }));
}

function only(result: UpdateResult, what: 'notes' | 'failed'): string {
  expect(result[what]).toHaveLength(1);
  const { ecosystem, error } = result[what][0]!;
  return `${ecosystem}: ${error.message} [${error.code}]`.replace(mirror.base, 'MIRROR');
}

const run = () => update(mirror.base, cache, soon);
const leftovers = () => readdirSync(join(cache, 'db')).filter((name) => /^\.(?:tmp|part)-/.test(name));

describe('a list of changes', () => {
  test.each<[string, string, string]>([
    ['an HTML page', page, 'line 1, byte 0: an HTML or XML page'],
    ['lines of another form', `${later},X-npm-1\nX-npm-2;${later}\n`, 'line 2, byte 29: no time and id'],
  ])('that is %s is told of, and the whole export is taken', async (_what, body, where) => {
    change();
    mirror.serve('npm/modified_id.csv', body);
    const result = await run();
    expect(only(result, 'notes')).toBe(
      `npm: MIRROR/npm/modified_id.csv: the list of changes, ${where} [advisory/list-malformed]`,
    );
    expect(result).toMatchObject({ replaced: ['npm'], unchanged: ['PyPI'], failed: [] });
    mirror.serve('npm/modified_id.csv', '');
    mirror.put('npm', 'X-npm-1', mirror.record('npm', 'X-npm-1')!);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
    // With the list there again, the next update makes a pack, and the one after goes by changes.
    await good(run());
    change('X-npm-3');
    mirror.count();
    await good(run());
    expect(mirror.asked).not.toContain('npm/all.zip');
  });

  test('that is gone leaves the whole export', async () => {
    change();
    mirror.lists = false;
    mirror.put('PyPI', 'X-PyPI-1', mirror.record('PyPI', 'X-PyPI-1')!);
    expect(await good(run())).toMatchObject({ replaced: ['npm'], unchanged: ['PyPI'] });
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('with a malformed id never asks for it, counts it, and goes on with the rest', async () => {
    change();
    const list = mirror.body('npm/modified_id.csv')!;
    const evil = ['../../PyPI/X-PyPI-1', 'a/b', '..', '%2e%2e'];
    mirror.serve('npm/modified_id.csv', `${evil.map((id) => `${later},${id}\n`).join('')}${list}`);
    expect(await good(run())).toMatchObject({ replaced: ['npm'], failed: [] });
    expect(mirror.asked.sort()).toEqual([
      'PyPI/modified_id.csv bytes=0-16383',
      'ecosystems.txt',
      'npm/X-npm-1.json',
      'npm/modified_id.csv bytes=0-16383',
    ]);
    const why = 'its id in the list of changes is malformed';
    expect(unreadable(cache, 'npm')).toEqual([...evil].sort().map((id) => `${id}.json: ${why}`));
    expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-1']);
    const again = scratch();
    await good(update(mirror.base, again, quick));
    expect(indexes(cache)).toEqual(indexes(again));
  });

  test('that was cut at a line does not delete what it no longer names', async () => {
    const lines = mirror.body('npm/modified_id.csv')!.toString('utf8').split('\n');
    mirror.serve('npm/modified_id.csv', `${lines.slice(0, 55).join('\n')}\n`);
    const before = indexes(cache);
    const result = await run();
    expect(only(result, 'notes')).toMatch(
      /^npm: the list of changes of npm can't be right: X-npm-\d is there and not in it/,
    );
    expect(indexes(cache)).toEqual(before);
  });

  test('of something else is told of, and not believed', async () => {
    mirror.serve('npm/modified_id.csv', mirror.body('PyPI/modified_id.csv')!);
    change('X-npm-4');
    mirror.serve('npm/modified_id.csv', mirror.body('PyPI/modified_id.csv')!);
    const result = await run();
    expect(only(result, 'notes')).toContain('it and the export name different records');
    expect(result.replaced).toEqual(['npm']);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-4']);
  });

  test('that is not sorted is read whole', async () => {
    for (const [round, id] of ['X-npm-5', 'X-npm-6'].entries()) {
      mirror.put('npm', id, advisory(id, 'npm', { modified: `2024-06-0${round + 1}T00:00:00Z` }));
      const lines = mirror.body('npm/modified_id.csv')!.toString('utf8').trim().split('\n');
      mirror.serve('npm/modified_id.csv', `${lines.reverse().join('\n')}\n`);
      expect((await good(run())).replaced).toEqual(['npm']);
      expect(ids(cache, 'npm', 'a')).toContain(id);
    }
  });

  test('that is ahead of the records is asked after again, but not for ever', async () => {
    mirror.put('npm', 'X-npm-7', mirror.record('npm', 'X-npm-7')!, later);
    for (const [round, expected] of [1, 1, 1, 1, 0, 0].entries()) {
      mirror.count();
      // Two updates an hour: tries within one hour count as one.
      const now = () => new Date(noon.getTime() + (round + 1) * 30 * 60_000);
      await good(update(mirror.base, cache, { ...quick, now }));
      expect(mirror.asked.filter((path) => path.startsWith('npm/X'))).toHaveLength(expected);
    }
  });

  test('that changes while it is read is read as one or the other', async () => {
    const big = await syntheticMirror(2500);
    await good(update(big.base, cache, { ...quick, ecosystems: ['npm'] }));
    big.remove('npm', 'X-npm-9');
    let changes = 2;
    big.fault = (request) => {
      if (request.headers.range?.startsWith('bytes=16384-') && changes-- > 0) {
        big.put('npm', `X-new-${changes}`, advisory(`X-new-${changes}`, 'npm', { modified: later }));
      }
      return false;
    };
    await good(update(big.base, cache, { ...soon, ecosystems: ['npm'] }));
    await good(update(big.base, cache, { ...soon, ecosystems: ['npm'] }));
    expect(indexes(cache).npm).toEqual((await fromScratch(big, ['npm'])).npm);
  });
});

describe('a changed record', () => {
  test.each<[string, (mirror: OsvMirror) => void, string]>([
    ['is an HTML page', (m) => m.serve('npm/X-npm-1.json', page), 'the server sent an HTML or XML page'],
    ['is not there', (m) => m.missing('npm/X-npm-1.json'), 'X-npm-1 is in it and not there'],
  ])('that %s is taken from the whole export', async (_what, spoil, message) => {
    change();
    spoil(mirror);
    const result = await run();
    expect(only({ ...result, notes: result.notes.slice(0, 1) }, 'notes')).toContain(message);
    expect(result).toMatchObject({ replaced: ['npm'], failed: [] });
    expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-1']);
    expect(unreadable(cache, 'npm')).toEqual([]);
  });

  test('that is nowhere is counted once the export says the same as before', async () => {
    const zip = mirror.body('npm/all.zip')!;
    mirror.put('npm', 'X-new', '{}', later);
    mirror.serve('npm/all.zip', zip);
    mirror.missing('npm/X-new.json');
    const result = await run();
    expect(result).toMatchObject({ replaced: ['npm'], failed: [] });
    expect(unreadable(cache, 'npm')).toEqual(['X-new.json: the list of changes names it, and it is not there']);
  });

  test.each<[string, string, RegExp]>([
    ['of another schema', '{"vuln_id":"X-npm-1"}', /^X-npm-1\.json: .*its id is missing/],
    ['that is not JSON', '{"id":', /^X-npm-1\.json: not JSON/],
    ['of JSON without end', '['.repeat(10_000), /^X-npm-1\.json: JSON nested deeper/],
    ['with a path for an id', '{"id":"../../x","modified":"2024-01-01T00:00:00Z"}', /its id is missing or malformed/],
  ])('%s is counted and named, and the others are taken', async (_what, body, named) => {
    mirror.put('npm', 'X-npm-1', body, later);
    change('X-npm-2');
    expect((await good(run())).replaced).toEqual(['npm']);
    expect(unreadable(cache, 'npm')).toEqual([expect.stringMatching(named)]);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-2']);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });
});

describe('an export', () => {
  /** An update that has to take the whole export of npm, which is served as these bytes. */
  async function whole(zip: Buffer | string): Promise<UpdateResult> {
    mirror.lists = false;
    change();
    mirror.serve('npm/all.zip', zip);
    return run();
  }

  test('that is a page or cut leaves the data in force, and the message says so', async () => {
    const before = indexes(cache);
    const zip = mirror.body('npm/all.zip')!;
    for (const [bytes, message] of [
      [page, 'MIRROR/npm/all.zip: the server sent an HTML or XML page'],
      [zip.subarray(0, zip.length - 30), "the export of npm can't be read"],
    ] as const) {
      const result = await whole(Buffer.from(bytes));
      expect(only(result, 'failed')).toContain(message);
      expect(indexes(cache)).toEqual(before);
      expect(leftovers()).toEqual([]);
    }
  });

  test('names a bomb, what is damaged and what has a path for a name, and takes the rest', async () => {
    const bomb = deflateRawSync(Buffer.alloc(80 * 1024 * 1024, ' '));
    const record = advisory('X-good', 'npm');
    const zip = buildZip([
      { name: 'X-good.json', body: record },
      { name: 'X-huge.json', body: Buffer.alloc(65 * 1024 * 1024, ' ') },
      { name: 'X-lies.json', body: bomb, stored: true, method: 8, size: 100 },
      { name: '../../etc/x.json', body: '{"id":"../../etc/x","modified":"2024-01-01T00:00:00Z"}' },
      { name: 'X-crc.json', body: record.replace('X-good', 'X-crc'), crc32: 1 },
    ]);
    expect((await whole(zip)).failed).toEqual([]);
    expect(unreadable(cache, 'npm')).toEqual([
      expect.stringMatching(/^\.\.\/\.\.\/etc\/x\.json: .*its id is missing or malformed/),
      expect.stringMatching(/^X-crc\.json: .*CRC-32/),
      expect.stringMatching(/^X-huge\.json: .*more than the limit/),
      expect.stringMatching(/^X-lies\.json: .*unpacks to more than its size/),
    ]);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-good']);
  });

  test('that is behind its list is completed by single records', async () => {
    const old = scratch();
    const zip = mirror.body('npm/all.zip')!;
    change();
    change('X-new');
    mirror.serve('npm/all.zip', zip);
    await good(update(mirror.base, old, { ...quick, now: () => noon }));
    expect(ids(old, 'npm', 'a')).toEqual(['X-new', 'X-npm-1']);
    expect(mirror.asked).toContain('npm/X-new.json');
    mirror.put('npm', 'X-new', mirror.record('npm', 'X-new')!);
    mirror.count();
    expect((await good(update(mirror.base, old, soon))).unchanged).toEqual(['PyPI', 'npm']);
    expect(indexes(old)).toEqual(await fromScratch(mirror));
  });
});
