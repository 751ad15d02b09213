import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { TarEntry } from '../../src/format/tar/contract.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { walkDirectory } from '../../src/source/directory.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { noRegistry, scratch, written } from './support.ts';

const fresh = scratch();

function tree(files: Readonly<Record<string, string>>): string {
  const root = fresh('tree');
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    written(join(root, name), text);
  }
  return root;
}

interface Told {
  readonly entries: TarEntry[];
  readonly bodies: ReadonlyMap<string, string>;
  readonly problems: ReturnType<typeof walkDirectory>;
}

function told(root: string): Told {
  const entries: TarEntry[] = [];
  const bodies = new Map<string, string>();
  const problems = walkDirectory(root, {
    entry(entry) {
      entries.push(entry);
      if (entry.type !== 'file') return undefined;
      let text = '';
      return {
        write: (bytes) => {
          text += bytes.toString('latin1');
          return true;
        },
        end: () => {
          bodies.set(entry.path, text);
        },
      };
    },
  });
  return { entries, bodies, problems };
}

function look(path: string) {
  return scan(identifyTarget(path), {
    ecosystems,
    access: noRegistry,
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
  });
}

describe('a folder', () => {
  test('is told of whole, links and pipes as what they are', () => {
    const root = tree({ 'a/x': 'one', 'a/y': 'x'.repeat(600_000), b: '' });
    symlinkSync('../../etc/passwd', join(root, 'a/link'));
    symlinkSync('/', join(root, 'root'));
    symlinkSync('.', join(root, 'self'));
    linkSync(join(root, 'b'), join(root, 'c'));
    chmodSync(join(root, 'b'), 0o4750);
    expect(spawnSync('mkfifo', [join(root, 'pipe')]).status).toBe(0);
    const { entries, bodies, problems } = told(root);
    const shown = entries.map(({ path, type, size, link }) => [path, type, size, link]);
    expect(shown.sort()).toEqual([
      ['a', 'dir', 0, ''],
      ['a/link', 'symlink', 0, '../../etc/passwd'],
      ['a/x', 'file', 3, ''],
      ['a/y', 'file', 600_000, ''],
      ['b', 'file', 0, ''],
      ['c', 'file', 0, ''],
      ['pipe', 'fifo', 0, ''],
      ['root', 'symlink', 0, '/'],
      ['self', 'symlink', 0, '.'],
    ]);
    expect(entries.find(({ path }) => path === 'b')?.mode).toBe(0o4750);
    expect([...bodies].map(([path, text]) => [path, text.length]).sort()).toEqual([
      ['a/x', 3],
      ['a/y', 600_000],
      ['b', 0],
      ['c', 0],
    ]);
    expect(problems).toEqual([]);
  });

  test('may hold names that are no text', () => {
    const root = tree({ plain: '' });
    const odd = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x64, 0xff])]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/é\\')]), 'found');
    const { entries, bodies, problems } = told(root);
    expect(entries.map(({ path }) => path).sort()).toEqual(['d\\xff', 'd\\xff/é\\x5c', 'plain']);
    expect([bodies.get('d\\xff/é\\x5c'), problems]).toEqual(['found', []]);
  });
});

describe('the packages of a folder', () => {
  const release = 'ID=alpine\nVERSION_ID=3.18.0\n';
  const installed = 'P:musl\nV:1.2.4-r0\nA:x86_64\n\n';

  test('of a distribution are installed, through links within it and none out of it', async () => {
    const root = tree({ 'usr/lib/os-release': release, 'opt/apk/db/installed': installed });
    mkdirSync(join(root, 'etc'));
    mkdirSync(join(root, 'lib'));
    symlinkSync('../usr/lib/os-release', join(root, 'etc/os-release'));
    symlinkSync('/opt/apk', join(root, 'lib/apk'));
    const found = await look(root);
    expect(found.target).toMatchObject({ kind: 'rootfs', distribution: { id: 'alpine', version: '3.18.0' } });
    expect(found.packages.map(({ name, version, presence, paths }) => [name, version, presence, paths])).toEqual([
      ['musl', '1.2.4-r0', 'installed', ['/opt/apk/db/installed']],
    ]);

    const outside = tree({ 'db/installed': installed });
    const empty = tree({ 'etc/os-release': release });
    mkdirSync(join(empty, 'lib'));
    symlinkSync(outside, join(empty, 'lib/apk'));
    const none = await look(empty);
    expect(none.packages).toEqual([]);
    expect(none.problems.map(({ code, blinding }) => [code, blinding])).toEqual([['distribution/no-packages', true]]);
  });

  test('of a source tree are those that it declares, also below a folder dev', async () => {
    const lock = JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'app' },
        'node_modules/left-pad': { version: '1.3.0', resolved: 'https://example.org/x.tgz' },
      },
    });
    const found = await look(
      tree({ 'dev/tool/package-lock.json': lock, 'package.json': '{"name":"app","version":"1.0.0"}' }),
    );
    expect(found.target).toEqual({ kind: 'source', layers: [] });
    expect(
      found.packages.filter(({ presence }) => presence === 'declared').map(({ name, paths }) => [name, paths]),
    ).toEqual([['left-pad', ['/dev/tool/package-lock.json']]]);
  });

  test('a pipe where a package database should be is passed over', async () => {
    const root = tree({ 'etc/os-release': release, 'lib/apk/db/x': '' });
    expect(spawnSync('mkfifo', [join(root, 'lib/apk/db/installed')]).status).toBe(0);
    const found = await look(root);
    expect([found.packages, found.problems.map(({ code }) => code)]).toEqual([[], ['distribution/no-packages']]);
  });
});

describe.skipIf(process.getuid?.() === 0)('what may not be read', () => {
  test('blinds the gate where something could be in it, and else is told', () => {
    const root = tree({ 'open/x': 'x', 'shut/secret': 'x', 'open/file': 'x' });
    chmodSync(join(root, 'shut'), 0);
    chmodSync(join(root, 'open/file'), 0);
    const { bodies, problems } = told(root);
    chmodSync(join(root, 'shut'), 0o700);
    expect([...bodies.keys()]).toEqual(['open/x']);
    expect(problems.map(({ code, path, blinding }) => [code, path, blinding]).sort()).toEqual([
      ['directory/unreadable', 'open/file', true],
      ['directory/unreadable', 'shut', true],
    ]);
  });

  test('is the folder itself: an error', async () => {
    const root = tree({ x: '' });
    chmodSync(root, 0);
    await expect(look(root)).rejects.toThrow("the folder can't be read (EACCES)");
    chmodSync(root, 0o700);
  });
});
