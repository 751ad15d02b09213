import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const folder = scratchFolder();
const image = join(folder, 'image.tar');
const shared = join(folder, 'shared');
let serial = 0;

beforeAll(() => {
  const found = JSON.stringify({ name: 'lodash', version: '4.17.15' });
  const layers = [
    { tar: tar(file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.0\n')) },
    { tar: tar(file('app/node_modules/lodash/package.json', found)) },
  ];
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers }))));
});

const scan = (cacheDir: string) =>
  sluice(['scan', image, '-o', 'json', '--scanners', 'packages', '--cache-dir', cacheDir, '--cache', shared]);
const prune = (...args: string[]) => sluice(['cache', 'prune', ...args]);

describe('sluice cache prune', () => {
  test('keeps what a scan has just left, and without it the next scan says the same', async () => {
    const own = join(folder, 'own');
    mkdirSync(join(own, 'db'), { recursive: true });
    writeFileSync(join(own, 'db', 'kept'), '');
    const first = await scan(own);
    const kept = await prune('--cache-dir', own, '--max-size', '1GB');
    expect([kept.code, kept.stdout, kept.stderr]).toEqual([
      0,
      expect.stringMatching(/^removed 0 files, 0 B; 8 files, 32\.8 kB stay\n$/),
      '',
    ]);
    const all = await prune('--cache-dir', own, '--max-size', '0');
    expect(all.stdout).toBe('removed 8 files, 32.8 kB; 0 files, 0 B stay\n');
    expect(readdirSync(join(own, 'db'))).toEqual(['kept']);
    expect(await scan(own)).toMatchObject({ code: first.code, stdout: first.stdout, stderr: '' });
  });

  test('of a shared folder keeps what scans still find', async () => {
    await scan(join(folder, `own-${serial++}`));
    const entries = readdirSync(shared).map((name) => join(shared, name));
    const long = new Date(Date.now() - 40 * 86_400_000);
    for (const path of entries) utimesSync(path, long, long);
    // What is found is in use, however long ago it was written.
    await scan(join(folder, `own-${serial++}`));
    expect(entries.map((path) => Date.now() - statSync(path).mtimeMs < 3_600_000)).toEqual([true, true]);
    for (const path of entries.slice(1)) utimesSync(path, long, long);
    expect((await prune('--cache', shared)).stdout).toBe('removed 1 file, 4.1 kB; 1 file, 4.1 kB stay\n');
    expect(readdirSync(shared).map((name) => join(shared, name))).toEqual([entries[0]]);
  });

  test.each([
    [['--max-size', '5 apples'], '--max-size takes a size, not 5 apples [usage/size]'],
    [['--keep', 'long'], '--keep takes a time, not long [usage/time]'],
    [['--cache', 'oci://registry.example.org/team/cache'], 'a repository is not pruned from here'],
    [['more'], 'cache prune takes no more [usage/operands]'],
  ])('with %j says what is wrong', async (args, message) => {
    const { code, stderr } = await prune('--cache-dir', folder, ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
