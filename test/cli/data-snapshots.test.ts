import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';

const folder = scratchFolder();
const cache = join(folder, 'cache');
const image = join(folder, 'image.tar');
const from = join(folder, 'export');

/** One npm advisory in an export of its own. */
function writeExport(id: string): void {
  mkdirSync(join(from, 'npm'), { recursive: true });
  const events = [{ introduced: '0' }, { fixed: '9.0.0' }];
  const affected = [{ package: { ecosystem: 'npm', name: 'lodash' }, ranges: [{ type: 'SEMVER', events }] }];
  const body = JSON.stringify({ id, modified: '2026-01-01T00:00:00Z', affected });
  writeFileSync(join(from, 'npm', 'all.zip'), buildZip([{ name: `${id}.json`, body }]));
}

const run = (...args: string[]) => sluice([...args, '--cache-dir', cache]);
const scan = (...more: string[]) => run('scan', image, '-o', 'json', ...more);

interface Status {
  readonly snapshots: readonly { readonly digest: string; readonly inForce: boolean }[];
}

async function status(): Promise<Status> {
  return JSON.parse((await run('db', 'status', '--json')).stdout) as Status;
}

let first = '';
let before = '';

beforeAll(async () => {
  const manifest = file('app/node_modules/lodash/package.json', '{"name":"lodash","version":"4.17.4"}');
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers: [{ tar: tar(manifest) }] }))));
  writeExport('GHSA-old1-old1-old1');
  expect((await run('db', 'update', '--from', from)).code).toBe(0);
  first = (await status()).snapshots[0]!.digest;
  before = (await scan()).stdout;
  writeExport('GHSA-new2-new2-new2');
  expect((await run('db', 'update', '--from', from)).code).toBe(0);
});

describe('a snapshot of the data', () => {
  test('is kept when newer data comes into force', async () => {
    const { snapshots } = await status();
    expect(snapshots.map(({ inForce }) => inForce)).toEqual([true, false]);
    expect(snapshots[1]!.digest).toBe(first);
    expect((await scan()).stdout).toContain('GHSA-new2');
  });

  test('gives the same bytes again: by its digest, and by its first digits', async () => {
    expect(before).toContain('GHSA-old1');
    for (const named of [first, first.slice(0, 19), first.slice(7, 15)]) {
      const again = await scan('--data', named);
      expect([again.code, again.stdout]).toEqual([0, before]);
    }
    const cold = await scan('--data', first, '--no-layer-cache');
    expect(cold.stdout).toBe(before);
  });

  test('is judged as of then, however old it is by now', async () => {
    const later = await sluice(['scan', image, '-o', 'json', '--cache-dir', cache, '--data', first], {
      // A year on, the data in force would be too old.
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent('const now=Date.now;Date.now=()=>now()+3e10')}`,
    });
    expect(later.stdout).toBe(before);
  });

  test('that is not kept, or not named well, is a clear error', async () => {
    const absent = await scan('--data', `sha256:${'0'.repeat(64)}`);
    expect([absent.code, absent.stdout]).toEqual([1, '']);
    expect(absent.stderr).toBe(
      'sluice: no snapshot of the data with the digest 000000000000 is kept here [advisory/no-snapshot]\n' +
        '        sluice db status shows the snapshots that are kept\n',
    );
    for (const wrong of ['latest', 'sha256:abc', '../../etc/passwd']) {
      const run = await scan('--data', wrong);
      expect([run.code, run.stderr.split('\n')[0]]).toEqual([
        1,
        `sluice: ${JSON.stringify(wrong)} names no snapshot: sha256: and 8 digits or more [advisory/no-snapshot]`,
      ]);
    }
    const both = await scan('--data', first, '--update');
    expect([both.code, both.stderr]).toEqual([
      1,
      'sluice: --data goes by data as it was, and --update changes it [usage/data]\n' +
        '        sluice scan --help begins with examples\n',
    ]);
  });

  test('stays for as long as prune is told to keep it', async () => {
    const kept = await run('db', 'prune', '--keep', '2h');
    expect([kept.code, kept.stdout]).toEqual([0, 'removed 0 snapshots and 0 files, 0 B\n']);
    expect((await scan('--data', first)).stdout).toBe(before);
    const wrong = await run('db', 'prune', '--keep', 'long');
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      'sluice: --keep takes a time, not long [usage/time]\n        such as 30d, 12h or 90m\n',
    ]);
  });
});
