import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordFailure } from '../../src/advisory/artifact/failed.ts';
import { LayoutSource } from '../../src/advisory/artifact/layout-source.ts';
import { decodeCurrent, encodeCurrent, snapshotDigest } from '../../src/advisory/current.ts';
import { updateFeeds } from '../../src/advisory/feed/update-feeds.ts';
import { readCurrent } from '../../src/advisory/read-current.ts';
import { listSnapshots } from '../../src/advisory/snapshots.ts';
import { dataStatus } from '../../src/advisory/status.ts';
import { filePath, storeFolder } from '../../src/advisory/store-files.ts';
import { openFile } from '../../src/source/file.ts';
import { SluiceError } from '../../src/util/error.ts';
import { addFeed, builder, exported, failure, forged, imported, takeFrom } from './artifact-support.ts';
import { fixtureExport, noon, record, scratch } from './support.ts';

const later = new Date(noon.getTime() + 60_000);

function indexOf(cache: string, ecosystem: string): string {
  const source = dataStatus(cache).sources.find((one) => one.ecosystem === ecosystem)!;
  return filePath(storeFolder(cache), source.digest, 'index');
}

test('what was not fetched, for there was newer, does not come into force when that is gone a moment later', async () => {
  const { bytes } = await exported(await builder());
  const cache = await builder(later, { npm: [record('GHSA-new', 'npm', 'fresh')] });
  const before = dataStatus(cache).sources;
  const path = join(scratch(), 'data.tar');
  writeFileSync(path, bytes);
  const source = new LayoutSource(openFile(path, 'data.tar'), 'data.tar');
  const open = source.open.bind(source);
  source.open = (descriptor) => {
    rmSync(indexOf(cache, 'npm'), { force: true });
    return open(descriptor);
  };
  const taken = await takeFrom(source, cache);
  expect(taken.parts.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['AlmaLinux', 'replaced'],
    ['Debian', 'replaced'],
    ['PyPI', 'replaced'],
    ['npm', 'kept'],
  ]);
  expect(dataStatus(cache).sources.find(({ ecosystem }) => ecosystem === 'npm')).toEqual(before[0]);
});

test('what goes out of force stays for as long as is asked for', async () => {
  const { bytes } = await exported(await builder(later, { npm: [record('GHSA-new', 'npm', 'fresh')] }));
  const twoDaysOn = () => new Date(Date.now() + 48 * 3_600_000);
  const kept = async (keepMs?: number) => {
    const cache = await builder();
    const old = snapshotDigest(readCurrent(storeFolder(cache))!);
    await imported(bytes, cache, { now: twoDaysOn, ...(keepMs === undefined ? {} : { keepMs }) });
    const hour = Date.now() / 1000;
    for (const one of listSnapshots(storeFolder(cache))) {
      utimesSync(join(storeFolder(cache), 'snapshots', `${one.digest.slice(7)}.json`), hour, hour);
    }
    await imported(bytes, cache, { now: twoDaysOn, ...(keepMs === undefined ? {} : { keepMs }) });
    return listSnapshots(storeFolder(cache)).some(({ digest }) => digest === old);
  };
  expect([await kept(), await kept(72 * 3_600_000)]).toEqual([false, true]);
});

describe('where nothing could be had', () => {
  const error = new SluiceError('registry/network', 'no connection');
  const when = { now: later, budgetMs: 3_600_000 };

  test('data that is there and young will do', async () => {
    const cache = await builder();
    const { goodEnough, checkedAt } = recordFailure(storeFolder(cache), [], error, when);
    expect([goodEnough, checkedAt]).toEqual([true, noon.toISOString()]);
    expect(dataStatus(cache).sources.map(({ failed }) => failed?.message)).toEqual(Array(4).fill('no connection'));
    expect(recordFailure(storeFolder(cache), ['npm'], error, { ...when, budgetMs: 59_000 }).goodEnough).toBe(false);
  });

  test('the age of feeds is not asked for: they find nothing by themselves', async () => {
    const cache = await builder();
    addFeed(cache, 'kev', new Date(noon.getTime() - 1000 * 3_600_000));
    expect(recordFailure(storeFolder(cache), [], error, when).goodEnough).toBe(true);
    expect(dataStatus(cache).feeds.map(({ failed }) => failed?.message)).toEqual(['no connection']);
  });

  test('data that scans could not use will not', async () => {
    const missing = await builder();
    rmSync(indexOf(missing, 'npm'));
    expect(recordFailure(storeFolder(missing), ['npm'], error, when)).toEqual({ goodEnough: false, checkedAt: '' });
    expect(recordFailure(storeFolder(missing), ['Debian'], error, when).goodEnough).toBe(true);
    const old = await builder();
    const path = join(storeFolder(old), 'current.json');
    const { sources, feeds } = readCurrent(storeFolder(old))!;
    writeFileSync(path, encodeCurrent({ sources: sources.map((one) => ({ ...one, indexVersion: 1 })), feeds }));
    expect(recordFailure(storeFolder(old), [], error, when)).toEqual({ goodEnough: false, checkedAt: '' });
  });
});

describe('what could not be read of a feed', () => {
  const catalogue = JSON.stringify({
    vulnerabilities: [
      { cveID: 'CVE-2024-1000', dateAdded: '2024-01-01', dueDate: '2024-02-01' },
      { cveID: 'CVE-2024-1001', dateAdded: 'soon', dueDate: '2024-02-01' },
    ],
  });

  test('is named in the status, after a check as well, and on a machine that takes the data', async () => {
    const cache = await builder();
    const from = [join(mkdtempSync(join(scratch(), 'kev-')), 'kev.json')];
    writeFileSync(from[0]!, catalogue);
    const run = (now: Date) =>
      updateFeeds({ cacheDir: cache, sources: [{ id: 'kev', from }], offline: true, now: () => now });
    const names = ['CVE-2024-1001: its CVE or one of its days is malformed'];
    expect((await run(noon)).unreadable).toEqual([{ feed: 'kev', count: 1, names }]);
    const checked = await run(later);
    expect([checked.unchanged, checked.unreadable]).toEqual([['kev'], []]);
    const there = scratch();
    await imported((await exported(cache)).bytes, there);
    for (const one of [cache, there]) {
      expect(dataStatus(one).feeds.map(({ unreadable, unreadableNames }) => [unreadable, unreadableNames])).toEqual([
        [1, names],
      ]);
    }
    const current = readCurrent(storeFolder(cache))!;
    expect(decodeCurrent(encodeCurrent(current))).toEqual(current);
  });

  test('is a few names: more than that is no snapshot of sluice', async () => {
    const { bytes } = await exported(await builder(noon, fixtureExport()));
    const flood = await forged(bytes, ({ snapshot }) => {
      snapshot.sources[0]!.unreadableNames = Array(21).fill('x: y');
    });
    expect(await failure(imported(flood, scratch()))).toBe(
      "advisory/artifact-malformed: the vulnerability data can't be used: its snapshot is damaged: it names too much that could not be read",
    );
  });
});
