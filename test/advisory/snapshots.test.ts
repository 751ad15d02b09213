import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStored } from '../../src/advisory/open.ts';
import { readCurrent } from '../../src/advisory/read-current.ts';
import { defaultKeepMs, findSnapshot, listSnapshots, prune } from '../../src/advisory/snapshots.ts';
import { dataStatus } from '../../src/advisory/status.ts';
import { exportFolder, noon, record, scratch, update, writeExport } from './support.ts';

const minute = 60_000;
const moment = (ms: number) => new Date(noon.getTime() + ms);

/** A cache whose data was replaced once, at noon. */
async function replacedOnce(): Promise<{ cache: string; folder: string }> {
  const cache = scratch();
  const from = exportFolder({ npm: [record('X-1', 'npm', 'a')] });
  await update(from, cache, { now: () => moment(-3 * minute) });
  writeExport(from, { npm: [record('X-2', 'npm', 'a')] });
  await update(from, cache);
  return { cache, folder: join(cache, 'db') };
}

function idsOf(cache: string, digest: string): string[] {
  const db = openStored(cache, findSnapshot(join(cache, 'db'), digest).data);
  try {
    return db.lookup('npm', 'a').map(({ id }) => id);
  } finally {
    db.close();
  }
}

test('the status has first what is in force, whatever the clock of the files says', async () => {
  const { cache, folder } = await replacedOnce();
  for (const name of readdirSync(join(folder, 'snapshots'))) {
    const time = name.startsWith(dataStatus(cache).snapshots[0]!.digest.slice(7)) ? noon : moment(minute);
    utimesSync(join(folder, 'snapshots', name), time, time);
  }
  const { snapshots } = dataStatus(cache);
  expect(snapshots.map(({ inForce }) => inForce)).toEqual([true, false]);
  expect(snapshots.map(({ digest }) => idsOf(cache, digest))).toEqual([['X-2'], ['X-1']]);
});

describe('pruning', () => {
  test('leaves snapshots with all that they name until they have been out of force for long enough', async () => {
    const { cache, folder } = await replacedOnce();
    const current = readCurrent(folder)!;
    expect(prune(folder, current, moment(defaultKeepMs), defaultKeepMs)).toEqual({ snapshots: 0, files: 0, bytes: 0 });
    const [now, before] = listSnapshots(folder).sort((a) =>
      a.data.sources[0]!.digest === current.sources[0]!.digest ? -1 : 1,
    );
    expect([idsOf(cache, now!.digest), idsOf(cache, before!.digest.slice(0, 20))]).toEqual([['X-2'], ['X-1']]);
    const { snapshots, files, bytes } = prune(folder, current, moment(defaultKeepMs + 1), defaultKeepMs);
    expect([snapshots, files, bytes > 0]).toEqual([1, 1, true]);
    expect(() => findSnapshot(folder, before!.digest)).toThrow(
      expect.objectContaining({ code: 'advisory/no-snapshot' }),
    );
    expect(idsOf(cache, now!.digest)).toEqual(['X-2']);
  });

  test('does not rob an update or a scan that runs, whatever it is told to keep', async () => {
    const { folder } = await replacedOnce();
    const current = readCurrent(folder)!;
    const name = (digit: string, kind: string) => `${digit.repeat(64)}.${kind}`;
    const young = [name('a', 'index'), name('a', 'pack'), name('a', 'feed'), '.tmp-1-a', '.part-1-a'];
    const old = [name('b', 'index'), name('b', 'pack'), name('b', 'feed'), '.tmp-1-b', '.part-1-b'];
    const write = (names: readonly string[], time: Date) => {
      for (const one of names) {
        writeFileSync(join(folder, one), '');
        utimesSync(join(folder, one), time, time);
      }
    };
    const there = (names: readonly string[]) => names.filter((one) => existsSync(join(folder, one)));
    write(young, moment(-9 * minute));
    write(old, moment(-11 * minute));
    prune(folder, current, noon, 0);
    // What is being written or downloaded has a day.
    expect(there(young)).toEqual(young);
    expect(there(old)).toEqual(old.slice(3));
    write([...old.slice(3), 'foreign.txt'], moment(-24 * 60 * minute - 1));
    prune(folder, current, noon, 0);
    expect(there(old)).toEqual([]);
    expect(there(['foreign.txt'])).toEqual(['foreign.txt']);
    // Packs are no part of snapshots: a long time to keep is not for them.
    write(young, moment(-11 * minute));
    prune(folder, current, noon, 30 * 24 * 60 * minute);
    expect(there(young)).toEqual(young.filter((one) => !one.endsWith('.pack')));
  });

  test('never touches what is in force', async () => {
    const { cache, folder } = await replacedOnce();
    const current = readCurrent(folder)!;
    for (const one of readdirSync(folder)) utimesSync(join(folder, one), 1, 1);
    prune(folder, current, moment(400 * 24 * 60 * minute), 0);
    expect(listSnapshots(folder)).toHaveLength(1);
    expect(idsOf(cache, listSnapshots(folder)[0]!.digest)).toEqual(['X-2']);
  });
});
