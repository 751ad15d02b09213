import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sluiceCheck } from '../report/schemas.ts';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, type ImageSpec, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const folder = scratchFolder();
const cache = join(folder, 'cache');
const apk = (...names: string[]) =>
  file('lib/apk/db/installed', names.map((name) => `P:${name}\nV:1.0-r0\nA:x86_64\n\n`).join(''));
const release = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.0\n');
const passwd = 'root:x:0:0:root:/root:/bin/sh\n';
const elf = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(600)]);

function archive(name: string, spec: ImageSpec): string {
  const path = join(folder, `${name}.tar`);
  writeFileSync(path, archiveOf(ociFiles(buildImage(spec))));
  return path;
}

async function run(...args: string[]) {
  return sluice([...args, '--offline', '--cache-dir', cache, '--quiet']);
}

const low = { tar: tar(release, apk('musl'), file('etc/passwd', passwd)) };
const before = archive('before', { layers: [low], config: { config: { User: 'app', Env: ['A=1'] } } });
const after = archive('after', {
  layers: [
    low,
    {
      tar: tar(
        apk('musl', 'curl'),
        file('etc/passwd', `${passwd}evil:x:0:0::/:/bin/sh\n`),
        file('usr/bin/su', elf, { mode: 0o4755 }),
      ),
    },
  ],
  config: { config: { Env: ['A=2'], ExposedPorts: { '22/tcp': {} } } },
});

describe('sluice diff', () => {
  test('tells packages, configuration, users and files', async () => {
    const { code, stdout, stderr } = await run('diff', before, after, '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(sluiceCheck('sluice-diff-v1')(JSON.parse(stdout))).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'sluice-diff/v1',
      packages: [{ ecosystem: 'apk', name: 'curl', before: [], after: ['1.0-r0'], change: 'added' }],
      settings: [
        { setting: 'env A', before: '1', after: '2' },
        { setting: 'port 22/tcp', after: 'exposed' },
        { setting: 'user', before: 'app' },
      ],
      users: [{ name: 'evil', after: { uid: '0', shell: '/bin/sh' } }],
      files: [
        { path: '/etc/passwd', change: 'changed', changed: ['content'] },
        { path: '/lib/apk/db/installed', change: 'changed', changed: ['content'] },
        { path: '/usr/bin/su', change: 'added', newSetId: true, after: { mode: '4755', bytes: 604 } },
      ],
    });
  });

  test('says the same for people', async () => {
    const { stdout } = await run('diff', before, after);
    for (const text of ['before.tar → after.tar', '+  apk  curl  1.0-r0', '-  user', 'new setuid file of user 0']) {
      expect(stdout).toContain(text);
    }
  });

  test('of an image with itself there is none', async () => {
    const { code, stdout } = await run('diff', before, before);
    expect(code).toBe(0);
    expect(stdout).toContain('There is no difference.');
  });

  test('takes two targets', async () => {
    expect(await run('diff', before)).toMatchObject({ code: 1, stderr: expect.stringContaining('usage/operands') });
    const bad = await run('diff', before, after, '-o', 'xml');
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining('there are table and json') });
  });
});

describe('sluice inventory', () => {
  test('accounts for every byte', async () => {
    const { code, stdout, stderr } = await run('inventory', after, '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(sluiceCheck('sluice-inventory-v1')(report)).toEqual([]);
    const sum = report.categories.reduce((total: number, { bytes }: { bytes: number }) => total + bytes, 0);
    expect(sum).toBe(report.total.bytes);
    expect(report).toMatchObject({
      schema: 'sluice-inventory/v1',
      total: { files: 4 },
      unknownExecutables: [{ path: '/usr/bin/su', bytes: 604, program: 'ELF', layer: 1 }],
      hidden: { files: 2 },
    });
  });

  test('of a folder too, and the same twice', async () => {
    const [one, other] = [await run('inventory', join(folder)), await run('inventory', join(folder))];
    expect(one.code).toBe(0);
    expect(one.stdout).toBe(other.stdout);
  });
});

describe('--base', () => {
  test('tells what the base brought, and refuses an image that is not below', async () => {
    const args = ['scan', after, '--base', before, '-o', 'json', '--fail-on', 'never'];
    const { stdout } = await run(...args);
    expect(JSON.parse(stdout).target.base).toMatchObject({ layers: 1, by: 'flag' });
    const other = await run('scan', before, '--base', after);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('base/not-below') });
    // The answer is kept with the base that was named.
    expect(
      JSON.parse((await run(...args.filter((arg) => arg !== '--base' && arg !== before))).stdout).target.base,
    ).toBe(undefined);
  });
});
