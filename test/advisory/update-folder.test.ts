import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { advisoryStatus } from '../../src/advisory/status.ts';
import { exportFolder, fixtureExport, noon, record, scratch, update, writeExport } from './support.ts';

const later = new Date(noon.getTime() + 60_000);
const nextWeek = new Date(noon.getTime() + 7 * 24 * 60 * 60_000);

/** The ids that the data in force has for one package. */
function ids(cacheDir: string, ecosystem: string, name: string): string[] | undefined {
  const db = openAdvisoryDb(cacheDir);
  try {
    return db?.lookup(ecosystem, name).map((advisory) => advisory.id);
  } finally {
    db?.close();
  }
}

describe('an update from a folder', () => {
  test('takes everything that the folder offers', async () => {
    const cache = scratch();
    expect(openAdvisoryDb(cache)).toBeUndefined();
    expect(advisoryStatus(cache)).toEqual([]);
    const result = await update(exportFolder(fixtureExport()), cache);
    expect(result).toMatchObject({ replaced: ['AlmaLinux', 'Debian', 'PyPI', 'npm'], unchanged: [], failed: [] });
    expect(result.sources.find((source) => source.ecosystem === 'npm')).toEqual({
      ecosystem: 'npm',
      records: 2,
      releases: ['npm'],
      withdrawn: 1,
      unreadable: 0,
      newest: '2024-06-02T03:04:05Z',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      checkedAt: '2024-07-01T12:00:00.000Z',
      origin: 'osv-export',
    });
    const db = openAdvisoryDb(cache)!;
    expect(db.sources).toEqual(result.sources);
    expect([db.has('npm'), db.has('Debian'), db.has('Debian:12'), db.has('Go')]).toEqual([true, true, false, false]);
    expect(db.lookup('Go', 'example.com/x')).toEqual([]);
    expect(db.lookup('npm', '@example/merge').map(({ id, withdrawn }) => [id, withdrawn !== undefined])).toEqual([
      ['GHSA-aaaa-bbbb-cccc', false],
      ['GHSA-dddd-eeee-ffff', true],
    ]);
    db.close();
    expect(() => db.lookup('npm', '@example/merge')).toThrow(/closed/);
    expect(advisoryStatus(cache).map((one) => [one.ecosystem, one.size > 0, one.unreadableNames])).toEqual([
      ['AlmaLinux', true, []],
      ['Debian', true, []],
      ['PyPI', true, []],
      ['npm', true, []],
    ]);
    expect(readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });

  test('takes the list where there is one, without releases, paths and commits', async () => {
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')], Debian: [record('X-2', 'Debian:12', 'a')] });
    writeFileSync(join(from, 'ecosystems.txt'), 'npm\r\nnpm:1\nGIT\n../npm\n[EMPTY]\n\n');
    expect(await update(from, scratch())).toMatchObject({ replaced: ['npm'], failed: [] });
  });

  test('takes only what is named; a release stands for its base', async () => {
    const cache = scratch();
    const from = exportFolder({ ...fixtureExport(), 'Rocky Linux': [record('X-1', 'Rocky Linux:9', 'a')] });
    const result = await update(from, cache, { ecosystems: ['Debian:12', 'Rocky Linux', 'Debian'], offline: true });
    expect(result).toMatchObject({ replaced: ['Debian', 'Rocky Linux'], failed: [] });
    expect(ids(cache, 'Rocky Linux:9', 'a')).toEqual(['X-1']);
    await expect(update(from, cache, { ecosystems: ['../npm'] })).rejects.toMatchObject({
      code: 'advisory/ecosystem-name',
    });
  });

  test('the same export again is only checked, and the index is the same file', async () => {
    const cache = scratch();
    const from = exportFolder(fixtureExport());
    await update(from, cache);
    const before = advisoryStatus(cache);
    const result = await update(from, cache, { now: () => later });
    expect(result).toMatchObject({ replaced: [], unchanged: ['AlmaLinux', 'Debian', 'PyPI', 'npm'], failed: [] });
    expect(advisoryStatus(cache)).toEqual(before.map((one) => ({ ...one, checkedAt: later.toISOString() })));
  });

  test('one ecosystem that fails keeps its old data while the others advance', async () => {
    const cache = scratch();
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')], PyPI: [record('X-2', 'PyPI', 'a')] });
    await update(from, cache);
    writeExport(from, { npm: [record('X-3', 'npm', 'a')], PyPI: Buffer.from('not a zip') });
    const result = await update(from, cache, { now: () => later });
    expect(result).toMatchObject({ replaced: ['npm'], unchanged: [] });
    expect(result.failed).toEqual([
      { ecosystem: 'PyPI', error: expect.objectContaining({ code: 'advisory/export-unreadable' }) },
    ]);
    expect([ids(cache, 'npm', 'a'), ids(cache, 'PyPI', 'a')]).toEqual([['X-3'], ['X-2']]);
    expect(advisoryStatus(cache).map((one) => one.checkedAt)).toEqual([noon.toISOString(), later.toISOString()]);
  });

  test('an ecosystem that is not there, and a folder that is not there, are clear errors', async () => {
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')] });
    const { failed } = await update(from, scratch(), { ecosystems: ['Go'] });
    expect(failed).toEqual([{ ecosystem: 'Go', error: expect.objectContaining({ code: 'advisory/not-offered' }) }]);
    await expect(update(join(from, 'absent'), scratch())).rejects.toMatchObject({ code: 'advisory/no-folder' });
    await expect(update(scratch(), scratch())).rejects.toMatchObject({ code: 'advisory/not-the-export' });
  });

  test('repairs what is damaged, even when the export is the same', async () => {
    const cache = scratch();
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')] });
    await update(from, cache);
    const index = join(cache, 'db', readdirSync(join(cache, 'db')).find((name) => name.endsWith('.index'))!);
    writeFileSync(index, 'damaged');
    expect(() => ids(cache, 'npm', 'a')).toThrow(expect.objectContaining({ code: 'advisory/index-damaged' }));
    expect(await update(from, cache)).toMatchObject({ replaced: ['npm'] });
    expect(ids(cache, 'npm', 'a')).toEqual(['X-1']);
    for (const body of [
      '{',
      '{"schema":"other/v9","sources":[]}',
      '{"schema":"sluice-advisories/v1","sources":[{}]}',
    ]) {
      writeFileSync(join(cache, 'db', 'current.json'), body);
      expect(() => openAdvisoryDb(cache)).toThrow(
        expect.objectContaining({ code: 'advisory/current-damaged', hint: 'run: sluice db update' }),
      );
      await update(from, cache);
      expect(ids(cache, 'npm', 'a')).toEqual(['X-1']);
    }
  });

  test('a cache folder that is a file is a clear error', async () => {
    const cache = join(scratch(), 'file');
    writeFileSync(cache, '');
    await expect(update(exportFolder(fixtureExport()), cache)).rejects.toMatchObject({
      code: 'advisory/cache-unwritable',
    });
    expect(openAdvisoryDb(cache)).toBeUndefined();
  });

  test('a digest in the list of sources never becomes a path', async () => {
    const cache = scratch();
    await update(exportFolder({ npm: [record('X-1', 'npm', 'a')] }), cache);
    const path = join(cache, 'db', 'current.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"digest": "sha256:[0-9a-f]+"/, '"digest": "sha256:../../../etc/passwd"'));
    expect(() => openAdvisoryDb(cache)).toThrow(/a digest is malformed/);
  });

  test('removes leftovers only when nobody can be using them', async () => {
    const cache = scratch();
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')] });
    await update(from, cache);
    const db = join(cache, 'db');
    const [first] = readdirSync(db).filter((name) => name.endsWith('.index'));
    const old = new Date(noon.getTime() - 48 * 60 * 60_000);
    for (const name of ['.tmp-1-old', '.tmp-1-young', 'other.txt']) writeFileSync(join(db, name), '');
    for (const name of ['.tmp-1-old', 'other.txt', first!]) utimesSync(join(db, name), old, old);
    utimesSync(join(db, '.tmp-1-young'), noon, noon);
    writeExport(from, { npm: [record('X-2', 'npm', 'a')] });
    await update(from, cache);
    // The superseded index is as old as the leftover, but a scan may have begun a moment ago.
    expect(readdirSync(db).sort()).toEqual(
      [
        '.tmp-1-young',
        first!,
        'current.json',
        'other.txt',
        readdirSync(db).find((n) => n.endsWith('.index') && n !== first)!,
        'snapshots',
      ].sort(),
    );
    await update(from, cache, { now: () => nextWeek });
    expect(readdirSync(db)).not.toContain(first);
    expect(readdirSync(db)).toHaveLength(4);
    expect(ids(cache, 'npm', 'a')).toEqual(['X-2']);
  });

  test('a database that is open goes on with the data it was opened with', async () => {
    const cache = scratch();
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')] });
    await update(from, cache);
    const db = openAdvisoryDb(cache)!;
    writeExport(from, { npm: [record('X-2', 'npm', 'a')] });
    await update(from, cache);
    expect(db.lookup('npm', 'a').map((advisory) => advisory.id)).toEqual(['X-1']);
    db.close();
    expect(ids(cache, 'npm', 'a')).toEqual(['X-2']);
  });
});

describe('several updates at once', () => {
  test('all come into force', async () => {
    const cache = scratch();
    const names = ['Go', 'Maven', 'PyPI', 'npm', 'NuGet', 'RubyGems'];
    const from = exportFolder(Object.fromEntries(names.map((name) => [name, [record('X-1', name, 'a')]])));
    await Promise.all(names.map((name) => update(from, cache, { ecosystems: [name] })));
    expect(advisoryStatus(cache).map((one) => one.ecosystem)).toEqual([...names].sort());
    for (const name of names) expect(ids(cache, name, 'a')).toEqual(['X-1']);
  });
});

describe('an update that is stopped', () => {
  test('at any step leaves the old data in force, and the next one works', async () => {
    const cache = scratch();
    const from = exportFolder({ npm: [record('X-1', 'npm', 'a')], PyPI: [record('X-1', 'PyPI', 'a')] });
    await update(from, cache);
    writeExport(from, { npm: [record('X-2', 'npm', 'a')], PyPI: [record('X-2', 'PyPI', 'a')] });
    const before = advisoryStatus(cache);
    for (let stopAt = 0, stopped = true; stopped; stopAt++) {
      let step = 0;
      stopped = false;
      const crash = () => {
        if (step++ !== stopAt) return;
        stopped = true;
        throw new Error('stopped');
      };
      const running = update(from, cache, { onProgress: crash, now: () => later });
      if (stopAt > 7) await running;
      else await expect(running).rejects.toThrow('stopped');
      expect(stopped).toBe(stopAt <= 7);
      if (stopped) {
        expect(advisoryStatus(cache)).toEqual(before);
        expect([ids(cache, 'npm', 'a'), ids(cache, 'PyPI', 'a')]).toEqual([['X-1'], ['X-1']]);
      }
    }
    expect([ids(cache, 'npm', 'a'), ids(cache, 'PyPI', 'a')]).toEqual([['X-2'], ['X-2']]);
  });

  test('by kill -9 leaves whole data: the old or the new', async () => {
    const cache = scratch();
    const work = scratch();
    const [one, two] = ['1.0', '2.0'].map((fixed) =>
      exportFolder({
        npm: Array.from({ length: 400 }, (_, i) => record(`X-${fixed}-${i}`, 'npm', `p${i % 50}`, fixed)),
      }),
    );
    const script = join(work, 'update.mjs');
    await bundleUpdater(script);
    mkdirSync(join(cache, 'db'), { recursive: true });
    await update(one!, cache);
    const whole = new Set([one, two].map((_, i) => `X-${i + 1}.0-`));
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [script, cache, one!, two!], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 7 + round * 19));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const db = openAdvisoryDb(cache)!;
      const found = Array.from({ length: 50 }, (_, i) =>
        db.lookup('npm', `p${i}`).map((advisory) => advisory.id),
      ).flat();
      db.close();
      expect(found).toHaveLength(400);
      const generations = new Set(found.map((id) => id.slice(0, 6)));
      expect(generations.size).toBe(1);
      expect(whole).toContain([...generations][0]);
    }
    await update(two!, cache, { now: () => nextWeek });
    await update(two!, cache, { now: () => new Date(statSync(join(cache, 'db')).mtimeMs + 49 * 60 * 60_000) });
    expect(readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.tmp'))).toEqual([]);
    expect(ids(cache, 'npm', 'p0')).toHaveLength(8);
  });
});

/** A program that updates from two exports in turn, without end. */
async function bundleUpdater(outfile: string): Promise<void> {
  const root = join(import.meta.dirname, '..', '..');
  await build({
    stdin: {
      contents: `
        import { updateAdvisories } from './src/advisory/update.ts';
        const [cacheDir, ...places] = process.argv.slice(2);
        console.log('ready');
        for (let i = 0; ; i++) await updateAdvisories({ from: places[i % 2], cacheDir, offline: true, now: () => new Date() });
      `,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
}
