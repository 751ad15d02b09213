import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Account, accountFor } from '../../src/catalog/accounting/account.ts';
import { isDerived, isDispensable } from '../../src/catalog/accounting/category.ts';
import { bodyPass } from '../../src/catalog/body-pass.ts';
import { takeInventory } from '../../src/catalog/inventory.ts';
import { squash } from '../../src/catalog/squash.ts';
import { visibleFiles } from '../../src/catalog/visible-files.ts';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { TarWalker } from '../../src/format/tar/walker.ts';
import { sumsOf } from '../../src/report/inventory/sums.ts';
import { dir, file, hardlink, header, symlink, tar } from '../support/tar-writer.ts';
import { lines, surveyOf } from './support.ts';

const md5 = (text: string): string => `md5:${createHash('md5').update(text).digest('hex')}`;

/** The package manager with lists of files and their digests. */
const listing: Ecosystem = {
  ...lines,
  ownership: {
    limit: 10_000,
    claims: (path) => path.startsWith('var/lib/dpkg/lists/'),
    read({ path, bytes }, owns) {
      // `a-tool.sums` is a list of the package `tool`.
      const name = path.startsWith('var/') ? path.slice(path.lastIndexOf('/') + 1) : path;
      const owner = { name: name.replace(/^[ab]-/, '').replace('.sums', '') };
      for (const line of bytes.toString().split('\n')) {
        const [listed, digest] = line.split(' ');
        if (listed) owns(owner, listed, digest);
      }
    },
  },
};
const { native: _native, ...rest } = lines;
const folders: Ecosystem = {
  ...rest,
  id: 'modules',
  database: false,
  databasePaths: [],
  claims: (path) => path.endsWith('/module'),
  folder: (path) => path.slice(0, -'/module'.length),
  purl: ({ name, version }) => `pkg:modules/${name}@${version}`,
};

const account = (...layers: (readonly Buffer[])[]): Promise<Account> => accountOf([listing, folders], ...layers);

async function accountOf(ecosystems: readonly Ecosystem[], ...layers: (readonly Buffer[])[]): Promise<Account> {
  const surveys = layers.map((entries) => surveyOf(entries, ecosystems));
  const { packages } = await takeInventory(surveys, ecosystems, async () => []);
  const tree = squash(surveys, () => undefined);
  return accountFor({
    ...{ tree, surveys, packages, ecosystems },
    files: visibleFiles(tree, surveys),
    async readBodies(wanted) {
      for (const [layer, bodies] of wanted) {
        new TarWalker(bodyPass(bodies)).write(tar(...(layers[layer] ?? [])));
      }
    },
  });
}

const said = ({ files }: Account) =>
  Object.fromEntries(
    files.map(({ file: { path }, category, owner, program, replaced }) => [
      path,
      [category, owner, program, replaced && 'replaced'].filter((part) => part).join(' '),
    ]),
  );

const elf = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(60)]);
const database = file('var/lib/lines/db', 'tool 1\n');

describe('every file is one thing', () => {
  test('a package owns it, a package manager wrote it, it is derived, unknown, or the application', async () => {
    const found = await account([
      database,
      file(
        'var/lib/dpkg/lists/tool',
        `bin/tool ${md5('tool')}\nbin/changed ${md5('tool')}\nbin/gone\nusr/share/doc/x/y\n`,
      ),
      file('bin/tool', 'tool'),
      file('bin/changed', 'evil'),
      symlink('bin/alias', 'tool'),
      symlink('bin/dangling', 'nowhere'),
      file('app/x/module', 'x 1\n'),
      file('app/x/data', 'data'),
      file('app/main.py', 'print()'),
      file('app/__pycache__/main.pyc', 'code'),
      file('opt/miner', elf, { mode: 0o755 }),
      file('usr/bin/script', '#!/bin/sh', { mode: 0o755 }),
      file('app/run', '#!/bin/sh', { mode: 0o755 }),
      file('var/cache/x', 'cached'),
    ]);
    expect(said(found)).toEqual({
      'app/__pycache__/main.pyc': 'derived',
      'app/main.py': 'application',
      'app/run': 'application',
      'app/x/data': 'owned pkg:modules/x@1',
      'app/x/module': 'owned pkg:modules/x@1',
      'bin/alias': 'owned pkg:lines/tool@1',
      'bin/changed': 'owned pkg:lines/tool@1 replaced',
      'bin/dangling': 'application',
      'bin/tool': 'owned pkg:lines/tool@1',
      'opt/miner': 'unknown-executable ELF',
      'usr/bin/script': 'unknown-executable script',
      'var/cache/x': 'derived',
      'var/lib/dpkg/lists/tool': 'database',
      'var/lib/lines/db': 'application',
    });
    expect(found.missing).toEqual([
      { path: 'bin/gone', owner: 'pkg:lines/tool@1', dispensable: false },
      { path: 'usr/share/doc/x/y', owner: 'pkg:lines/tool@1', dispensable: true },
    ]);
    expect(found.unlisted).toEqual([]);
    expect(found.hidden).toEqual({ files: 0, bytes: 0 });
  });

  test('by the final image: a later layer replaces, hides and removes', async () => {
    const found = await account(
      [
        database,
        file('var/lib/dpkg/lists/tool', `bin/tool ${md5('tool')}\n`),
        file('bin/tool', 'tool'),
        file('a', '12345'),
      ],
      [file('bin/tool', 'evil'), file('.wh.a', '')],
    );
    expect(said(found)['bin/tool']).toBe('owned pkg:lines/tool@1 replaced');
    expect(found.hidden).toEqual({ files: 2, bytes: 9 });
  });

  test('also by a way over a link, and through a hard link', async () => {
    const found = await account([
      database,
      dir('usr/bin'),
      symlink('bin', 'usr/bin'),
      file('var/lib/dpkg/lists/tool', `bin/tool ${md5('tool')}\nbin/same ${md5('tool')}\n`),
      file('usr/bin/tool', 'tool'),
      hardlink('usr/bin/same', 'usr/bin/tool'),
    ]);
    expect(said(found)).toMatchObject({
      'usr/bin/tool': 'owned pkg:lines/tool@1',
      'usr/bin/same': 'owned pkg:lines/tool@1',
    });
    expect(found.missing).toEqual([]);
  });

  test('a list of a package that the database does not name is told', async () => {
    const found = await account([database, file('var/lib/dpkg/lists/ghost', 'bin/ghost\n'), file('bin/ghost', elf)]);
    expect(found.unlisted).toEqual(['lines ghost']);
    expect(said(found)['bin/ghost']).toBe('owned lines ghost');
  });
});

test.each([
  ['usr/lib/python3/__pycache__/a.cpython-311.pyc', true],
  ['etc/ld.so.cache', true],
  ['etc/passwd-', true],
  ['etc/passwd', false],
  ['app/cache.py', false],
])('%s is derived: %s', (path, derived) => {
  expect(isDerived(path)).toBe(derived);
});

test.each([
  ['usr/share/doc/bash/changelog.gz', true],
  ['usr/share/locale/de/LC_MESSAGES/bash.mo', true],
  ['usr/share/zoneinfo/UTC', false],
  ['usr/bin/bash', false],
])('images go without %s: %s', (path, dispensable) => {
  expect(isDispensable(path)).toBe(dispensable);
});

describe('who owns a file that several lists name', () => {
  /** A language's own lists, as Python's RECORD: paths and digests, named by the owner. */
  const records: Ecosystem = {
    ...folders,
    id: 'records',
    claims: () => false,
    ownership: {
      limit: 10_000,
      claims: (path) => path.endsWith('.record'),
      read: listing.ownership?.read ?? (() => {}),
    },
  };
  const kinds = [listing, folders, records];
  const both = file('var/lib/lines/db', 'tool 1\nnewer 1\n');

  test('is the distribution, and a forged list of a module does not vouch for what was replaced', async () => {
    const found = await accountOf(kinds, [
      database,
      file('app/evil.record', `bin/tool ${md5('evil')}\n`),
      file('var/lib/dpkg/lists/tool', `bin/tool ${md5('tool')}\n`),
      file('bin/tool', 'evil'),
    ]);
    expect(said(found)['bin/tool']).toBe('owned pkg:lines/tool@1 replaced');
  });

  test("gets no digest from a module, and what is no database's of the first", async () => {
    const found = await accountOf(kinds, [
      database,
      file('app/a.record', `bin/tool ${md5('other')}\napp/x ${md5('x')}\n`),
      file('app/b.record', `app/x ${md5('y')}\n`),
      file('var/lib/dpkg/lists/tool', 'bin/tool\n'),
      file('bin/tool', 'tool'),
      file('app/x', 'x'),
    ]);
    expect(said(found)).toMatchObject({
      'bin/tool': 'owned pkg:lines/tool@1',
      'app/x': 'owned records app/a.record',
    });
  });

  test('is the one whose list of names has it, where the digests of another have it still', async () => {
    for (const layers of [
      ['a-tool', 'b-newer'],
      ['b-tool', 'a-newer'],
    ]) {
      const [tool = '', newer = ''] = layers;
      const found = await accountOf(kinds, [
        both,
        file(`var/lib/dpkg/lists/${tool}.sums`, `bin/moved ${md5('old')}\n`),
        file(`var/lib/dpkg/lists/${newer}`, 'bin/moved\n'),
        file(`var/lib/dpkg/lists/${newer}.sums`, `bin/moved ${md5('new')}\n`),
        file('bin/moved', 'new'),
      ]);
      expect(said(found)['bin/moved']).toBe('owned pkg:lines/newer@1');
    }
  });
});

test('every byte is in one sum, or hidden', async () => {
  const layers = [
    [
      database,
      file('a', '1234567'),
      file('a', '123'),
      hardlink('b', 'a'),
      header('3', 'dev/null', 0),
      header('6', 'run/pipe', 0),
      file('c', 'ccccc'),
      dir('d'),
      file('d/x', 'dd'),
    ],
    [file('a', '12'), file('d/.wh..wh..opq', ''), file('.wh.c', '')],
    [],
  ];
  const found = await account(...layers);
  const sums = sumsOf(found.files);
  // The first `a` is hidden by the second, which the link `b` still shows; `c` and `d/x` are removed.
  expect(found.hidden).toEqual({ files: 3, bytes: 7 + 5 + 2 });
  expect(sums.all).toEqual({ files: 5, bytes: 'tool 1\n'.length + 3 + 2 });
  const parts = [...sums.byCategory.values()].reduce((all, { bytes }) => all + bytes, 0);
  expect(parts).toBe(sums.all.bytes);
});

test('an entry of an unknown type, or for the root, does not shift the bodies that are read again', async () => {
  const odd = header('V', 'odd', 0);
  const found = await account([
    dir('.'),
    odd,
    file('opt/miner', elf, { mode: 0o755 }),
    odd,
    file('opt/text', 'no program', { mode: 0o755 }),
    dir('.'),
    file('opt/other', elf, { mode: 0o755 }),
  ]);
  expect(said(found)).toMatchObject({
    'opt/miner': 'unknown-executable ELF',
    'opt/text': 'application',
    'opt/other': 'unknown-executable ELF',
  });
});
