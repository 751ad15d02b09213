import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readCurrent } from '../../src/advisory/read-current.ts';
import type { OsvMirror } from '../support/osv-mirror.ts';
import { advisory, good, ids, indexes, quick, soon, syntheticMirror } from './mirror-support.ts';
import { exportFolder, noon, record, scratch, update } from './support.ts';

const later = '2024-06-30T00:00:00Z';
let mirror: OsvMirror;
let cache: string;

beforeEach(async () => {
  cache = scratch();
  mirror = await syntheticMirror(30);
  await good(update(mirror.base, cache, quick));
  mirror.count();
});

const failures = () =>
  readCurrent(join(cache, 'db'))!.sources.map(({ ecosystem, checkedAt, failed }) => [ecosystem, checkedAt, failed]);
const at = (hours: number) => ({ ...quick, now: () => new Date(noon.getTime() + hours * 3_600_000) });

describe('an update that fails', () => {
  test('is noted with the data in force, and forgotten with the next that works', async () => {
    mirror.put('npm', 'X-npm-1', advisory('X-npm-1', 'npm', { modified: later }));
    mirror.fault = (request, response) => {
      if (!request.url?.startsWith('/npm/')) return false;
      response.writeHead(503).end();
      return true;
    };
    const { failed, sources } = await update(mirror.base, cache, at(1));
    const message = `${mirror.base}/npm/modified_id.csv: the server answered 503 (tried 2 times)`;
    expect(failed).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/download', message } }]);
    expect(failures()).toEqual([
      ['PyPI', at(1).now().toISOString(), undefined],
      ['npm', noon.toISOString(), { at: at(1).now().toISOString(), message }],
    ]);
    expect(sources[1]!.failed).toEqual({ at: at(1).now().toISOString(), message });
    mirror.fault = undefined;
    await good(update(mirror.base, cache, at(2)));
    expect(failures().map(([, , failed]) => failed)).toEqual([undefined, undefined]);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-1']);
  });

  test('is noted also when the data was found to be current before', async () => {
    mirror.fault = (_request, response) => void response.writeHead(500).end() === undefined;
    await update(mirror.base, cache, { ...at(1), ecosystems: ['npm'] });
    mirror.fault = undefined;
    expect((await good(update(mirror.base, cache, at(2)))).unchanged).toEqual(['PyPI', 'npm']);
    expect(failures().map(([, , failed]) => failed)).toEqual([undefined, undefined]);
  });

  test('because the place is out of reach is noted with all that is in force', async () => {
    mirror.close();
    const { failed, replaced, unchanged } = await update(mirror.base, cache, at(1));
    expect([replaced, unchanged]).toEqual([[], []]);
    const message = `${mirror.base}/ecosystems.txt: the connection failed (ECONNREFUSED) (tried 2 times)`;
    expect(failed.map(({ ecosystem, error }) => [ecosystem, error.message])).toEqual([
      ['PyPI', message],
      ['npm', message],
    ]);
    const noted = { at: at(1).now().toISOString(), message };
    expect(failures()).toEqual([
      ['PyPI', noon.toISOString(), noted],
      ['npm', noon.toISOString(), noted],
    ]);
    await expect(update(mirror.base, scratch(), quick)).rejects.toMatchObject({ code: 'advisory/download' });
  });

  test('of a record that one server does not give is made good by the export', async () => {
    mirror.put('npm', 'X-npm-1', advisory('X-npm-1', 'npm', { modified: later }));
    mirror.fault = (request, response) => {
      if (!request.url?.endsWith('X-npm-1.json')) return false;
      response.writeHead(500).end();
      return true;
    };
    const { failed, notes, replaced } = await update(mirror.base, cache, at(1));
    expect([failed, replaced]).toEqual([[], ['npm']]);
    expect(notes).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/record-download' } }]);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-1']);
  });
});

describe('data that is young enough', () => {
  const named = { ecosystems: ['npm', 'PyPI:1'], maxAgeMs: 4 * 3_600_000 };

  test('is left alone, without a connection when all of it is', async () => {
    mirror.close();
    const result = await update(mirror.base, cache, { ...at(3.9), ...named, offline: true });
    expect(result).toMatchObject({ fresh: ['PyPI', 'npm'], replaced: [], unchanged: [], failed: [] });
    expect(result.sources.map((one) => one.ecosystem)).toEqual(['PyPI', 'npm']);
  });

  test('is only that which is there, and not of a time that lies ahead', async () => {
    expect(await good(update(mirror.base, cache, { ...at(4), ...named }))).toMatchObject({ fresh: [] });
    mirror.count();
    await good(update(mirror.base, cache, { ...at(5), ...named, ecosystems: ['npm'] }));
    expect(mirror.asked).toEqual([]);
    expect(await good(update(mirror.base, cache, { ...at(3), ...named }))).toMatchObject({ fresh: [], failed: [] });
    const folder = join(cache, 'db');
    for (const name of readdirSync(folder)) if (name.endsWith('.index')) rmSync(join(folder, name));
    expect((await good(update(mirror.base, cache, { ...at(3), ...named }))).replaced).toEqual(['PyPI', 'npm']);
  });

  test('is told apart from the rest of what the place offers', async () => {
    await good(update(mirror.base, cache, { ...at(5), ecosystems: ['npm'] }));
    mirror.count();
    const result = await good(update(mirror.base, cache, { ...at(6), maxAgeMs: 2 * 3_600_000 }));
    expect(result).toMatchObject({ fresh: ['npm'], unchanged: ['PyPI'] });
    expect(mirror.asked).toEqual(['ecosystems.txt', 'PyPI/modified_id.csv bytes=0-16383']);
  });
});

test('a clock that goes back changes nothing but the time of the check', async () => {
  mirror.put('npm', 'X-npm-1', advisory('X-npm-1', 'npm', { modified: later }));
  expect(await good(update(mirror.base, cache, at(-500)))).toMatchObject({ replaced: ['npm'], unchanged: ['PyPI'] });
  expect(failures().map(([, checkedAt]) => checkedAt)).toEqual(Array(2).fill(at(-500).now().toISOString()));
  expect(ids(cache, 'npm', 'a')).toEqual(['X-npm-1']);
  await good(update(mirror.base, cache, soon));
  expect(failures().map(([, checkedAt]) => checkedAt)).toEqual(Array(2).fill(soon.now().toISOString()));
});

/** Whether a command of the system did what it was told. */
function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** A file system in memory that is full soon; undefined where one can't be had. */
function smallDisk(kilobytes: number): string | undefined {
  const folder = scratch();
  return run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder) ? folder : undefined;
}

const canMount = (() => {
  const folder = smallDisk(64);
  if (folder) run('umount', folder);
  return folder !== undefined;
})();

describe.skipIf(!canMount)('a disk that is full', () => {
  test('leaves the data in force, names the cause, and leaves nothing behind', async () => {
    const disk = smallDisk(600)!;
    try {
      cache = join(disk, 'cache');
      await good(update(mirror.base, cache, quick));
      const before = indexes(cache);
      const many = Array.from({ length: 4000 }, (_, i) => record(`X-${i}`, 'npm', `package-${i}`));
      for (const from of [exportFolder({ npm: many }), await bigMirror()]) {
        const { failed } = await update(from, cache, { ...soon, ecosystems: ['npm'] });
        expect(failed).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/cache-unwritable' } }]);
        expect(failed[0]!.error.message).toMatch(/\bENOSPC\b/);
        expect(indexes(cache)).toEqual(before);
        expect(readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.'))).toEqual([]);
        expect(statSync(join(cache, 'db', 'current.json')).size).toBeGreaterThan(100);
      }
      await good(update(mirror.base, cache, soon));
      fill(disk);
      const { failed } = await update(exportFolder({ npm: many }), cache, { ...soon, ecosystems: ['npm'] });
      expect(failed).toMatchObject([{ ecosystem: 'npm', error: { code: 'advisory/cache-unwritable' } }]);
      expect(indexes(cache)).toEqual(before);
      const both = Array(2).fill({ error: { code: 'advisory/cache-unwritable' } });
      expect((await update(mirror.base, cache, soon)).failed).toMatchObject(both);
      expect(indexes(cache)).toEqual(before);
    } finally {
      run('umount', disk);
    }
  });

  /** Leaves not a byte. */
  function fill(disk: string): void {
    try {
      for (;;) appendFileSync(join(disk, 'filler'), Buffer.alloc(4096));
    } catch {
      // It is full.
    }
  }

  /** A place whose export is larger than the disk. */
  async function bigMirror(): Promise<string> {
    const big = await syntheticMirror(1);
    big.serve('npm/all.zip', Buffer.alloc(3_000_000, 'PK\u0003\u0004'));
    return big.base;
  }
});
