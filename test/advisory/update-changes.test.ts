import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { offerExport } from '../support/osv-mirror.ts';
import { hasShared, shared } from '../support/shared.ts';
import {
  advisory,
  fromScratch,
  good,
  ids,
  indexes,
  quick,
  soon,
  startMirror,
  syntheticMirror,
  unreadable,
} from './mirror-support.ts';
import { noon, scratch, update } from './support.ts';

describe('an update by the list of changes', () => {
  test('that tells of nothing is three small questions', async () => {
    const mirror = await syntheticMirror(600);
    const cache = scratch();
    expect((await good(update(mirror.base, cache, quick))).replaced).toEqual(['PyPI', 'npm']);
    mirror.count();
    const again = await good(update(mirror.base, cache, soon));
    expect(again).toMatchObject({ replaced: [], unchanged: ['PyPI', 'npm'] });
    expect(mirror.asked.sort()).toEqual([
      'PyPI/modified_id.csv bytes=0-16383',
      'ecosystems.txt',
      'npm/modified_id.csv bytes=0-16383',
    ]);
    expect(mirror.sent).toBeLessThan(1500);
    expect(again.sources.map((one) => one.checkedAt)).toEqual(Array(2).fill(soon.now().toISOString()));
  });

  test('fetches the records that changed or were added, and makes the index that the whole export would', async () => {
    const mirror = await syntheticMirror(600);
    const cache = scratch();
    await good(update(mirror.base, cache, quick));
    mirror.put(
      'npm',
      'X-npm-7',
      advisory('X-npm-7', 'npm', { modified: '2024-06-30T00:00:00Z', fixed: '9', name: 'p7' }),
    );
    mirror.put('npm', 'X-new', advisory('X-new', 'npm', { modified: '2024-06-30T00:00:00.5Z', name: 'p7' }));
    mirror.count();
    expect((await good(update(mirror.base, cache, soon))).replaced).toEqual(['npm']);
    expect(mirror.asked.sort()).toEqual([
      'PyPI/modified_id.csv bytes=0-16383',
      'ecosystems.txt',
      'npm/X-new.json',
      'npm/X-npm-7.json',
      'npm/modified_id.csv bytes=0-16383',
    ]);
    expect(mirror.sent).toBeLessThan(20_000);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
    expect(ids(cache, 'npm', 'p7')).toContain('X-new');
  });

  test('notices what was deleted by the length of the list', async () => {
    const mirror = await syntheticMirror(600);
    const cache = scratch();
    await good(update(mirror.base, cache, quick));
    mirror.remove('PyPI', 'X-PyPI-3');
    mirror.count();
    expect((await good(update(mirror.base, cache, soon))).replaced).toEqual(['PyPI']);
    expect(mirror.asked).toContain('PyPI/modified_id.csv bytes=16384-65535');
    expect(mirror.asked).not.toContain('PyPI/all.zip');
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
    expect(ids(cache, 'PyPI', 'p3')).not.toContain('X-PyPI-3');
    mirror.count();
    expect((await good(update(mirror.base, cache, soon))).unchanged).toEqual(['PyPI', 'npm']);
    expect(mirror.sent).toBeLessThan(1500);
  });

  test('goes on for many rounds of additions, changes and deletions', async () => {
    const mirror = await syntheticMirror(200);
    const cache = scratch();
    await good(update(mirror.base, cache, quick));
    for (let round = 1; round <= 6; round++) {
      const modified = `2024-07-0${round}T00:00:00Z`;
      mirror.put('npm', `X-new-${round}`, advisory(`X-new-${round}`, 'npm', { modified, name: `n${round}` }));
      const changed = round === 3 ? '{"id":' : advisory(`X-npm-${round}`, 'npm', { modified });
      mirror.put('npm', `X-npm-${round}`, changed, modified);
      if (round % 2 === 0) mirror.remove('npm', `X-npm-${round + 100}`);
      if (round === 5) mirror.put('npm', 'X-npm-3', advisory('X-npm-3', 'npm', { modified }));
      mirror.count();
      expect((await good(update(mirror.base, cache, soon))).replaced).toEqual(['npm']);
      expect(mirror.asked).not.toContain('npm/all.zip');
      expect(indexes(cache)).toEqual(await fromScratch(mirror));
      const named = round === 3 || round === 4 ? [expect.stringMatching(/^X-npm-3\.json: not JSON/)] : [];
      expect([unreadable(cache, 'npm'), unreadable(cache, 'PyPI')]).toEqual([named, []]);
    }
  });

  test('takes the whole export when more changed than one fetches one by one', async () => {
    const mirror = await syntheticMirror(200);
    const cache = scratch();
    await good(update(mirror.base, cache, quick));
    for (let i = 0; i < 50; i++) {
      mirror.put('npm', `X-npm-${i}`, advisory(`X-npm-${i}`, 'npm', { modified: '2024-06-30T00:00:00Z', fixed: '3' }));
    }
    mirror.count();
    expect((await good(update(mirror.base, cache, soon))).replaced).toEqual(['npm']);
    expect(mirror.asked.filter((path) => path.startsWith('npm/'))).toEqual([
      'npm/modified_id.csv bytes=0-16383',
      'npm/modified_id.csv',
      'npm/all.zip',
    ]);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('needs no ranges', async () => {
    const mirror = await syntheticMirror(600);
    mirror.ranges = false;
    const cache = scratch();
    await good(update(mirror.base, cache, quick));
    mirror.put('npm', 'X-new', advisory('X-new', 'npm', { modified: '2024-06-30T00:00:00.5Z' }));
    mirror.remove('npm', 'X-npm-8');
    expect((await good(update(mirror.base, cache, soon))).replaced).toEqual(['npm']);
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });

  test('makes the data anew when the pack or the index is damaged', async () => {
    const mirror = await syntheticMirror(100);
    const cache = scratch();
    for (const [round, kind] of ['.pack', '.index', 'none'].entries()) {
      await good(update(mirror.base, cache, quick));
      const folder = join(cache, 'db');
      for (const name of readdirSync(folder)) {
        if (name.endsWith(kind)) writeFileSync(join(folder, name), readFileSync(join(folder, name)).fill(7, 40, 90));
      }
      mirror.put('npm', 'X-new', advisory('X-new', 'npm', { modified: `2024-06-30T00:00:0${round}Z`, name: kind }));
      await good(update(mirror.base, cache, soon));
      expect(indexes(cache)).toEqual(await fromScratch(mirror));
    }
  });

  test('reads the whole list once a day', async () => {
    const mirror = await syntheticMirror(600);
    const cache = scratch();
    await good(update(mirror.base, cache, quick));
    // A change with an early time that leaves the length of the list as it was.
    mirror.put('npm', 'X-npm-1', advisory('X-npm-1', 'npm', { modified: '2020-01-01T01:30:00.000Z', fixed: '7' }));
    mirror.put('npm', 'X-npm-599', advisory('X-npm-599', 'npm', { modified: '2024-01-01T01:30:00.000Z' }));
    await good(update(mirror.base, cache, soon));
    expect(indexes(cache)).not.toEqual(await fromScratch(mirror));
    mirror.put('npm', 'X-npm-599', advisory('X-npm-599', 'npm', { modified: '2024-02-01T01:30:00.000Z' }));
    const tomorrow = { ...quick, now: () => new Date(noon.getTime() + 24 * 3_600_000) };
    await good(update(mirror.base, cache, tomorrow));
    expect(indexes(cache)).toEqual(await fromScratch(mirror));
  });
});

describe.skipIf(!hasShared)('the reference data behind HTTP', () => {
  test('changed by one record moves under 100 KB and is what the whole export would make', async () => {
    const mirror = await startMirror();
    const names = readdirSync(shared('osv'), { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => name)
      .sort();
    offerExport(mirror, shared('osv'), names);
    const cache = scratch();
    expect((await good(update(mirror.base, cache))).replaced).toEqual(names);
    const id = 'DSA-3041-1';
    const record = JSON.parse(mirror.record('Debian', id)!.toString('utf8'));
    record.modified = '2026-11-01T00:00:00Z';
    record.affected[0].ranges[0].events.push({ fixed: '99:1' });
    mirror.put('Debian', id, JSON.stringify(record));
    const before = indexes(cache);
    mirror.count();
    expect((await good(update(mirror.base, cache))).replaced).toEqual(['Debian']);
    expect(mirror.sent).toBeLessThan(100_000);
    const { Debian } = await fromScratch(mirror, ['Debian']);
    expect(Debian).not.toBe(before.Debian);
    expect(indexes(cache)).toEqual({ ...before, Debian });
  }, 120_000);
});
