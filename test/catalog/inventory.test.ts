import { describe, expect, test } from 'vitest';
import { dir, entry, file, hardlink, pax, symlink } from '../support/tar-writer.ts';
import { inventoryOf } from './support.ts';

const db = 'var/lib/lines/db';
const osRelease = 'ID=lineos\nVERSION_ID=1\n';

describe('which layer brought a package', () => {
  test('the lowest from which on every version of the database names it', async () => {
    const found = await inventoryOf([
      [file(db, 'a 1\nb 1\nc 1\n')],
      [file(db, 'a 1\nb 2\nd 1\n')],
      [file('unrelated')],
      [file(db, 'a 1\nb 2\nc 1\n')],
    ]);
    expect(found.packages).toEqual([`a 1 /${db} 0`, `b 2 /${db} 1`, `c 1 /${db} 3`]);
  });

  test('a database that was removed and written anew begins anew', async () => {
    const found = await inventoryOf([
      [file(db, 'a 1')],
      [file('var/lib/lines/.wh.db')],
      [file(db, 'a 1')],
      [file(db, 'a 1\nb 1')],
    ]);
    expect(found.packages).toEqual([`a 1 /${db} 2`, `b 1 /${db} 3`]);
  });

  test('two entries of one path in a layer: the last is there, and both are one version', async () => {
    const found = await inventoryOf([[file(db, 'a 1')], [file(db, 'old 1'), file(`./${db}`, 'a 1\nb 1')]]);
    expect(found.packages).toEqual([`a 1 /${db} 0`, `b 1 /${db} 1`]);
  });

  test('a database that turns into a link to the same content', async () => {
    const found = await inventoryOf([
      [file(db, 'a 1')],
      [file(db, 'a 1\nb 1')],
      [file('copy', 'c 1'), hardlink(db, 'copy')],
    ]);
    expect(found.packages).toEqual([`c 1 /${db} 2`]);
  });
});

describe('what is visible', () => {
  test('absolute names and those with ./ in front', async () => {
    expect((await inventoryOf([[file(`/${db}`, 'a 1')], [file(`.//${db}`, 'a 1\nb 1')]])).packages).toEqual([
      `a 1 /${db} 0`,
      `b 1 /${db} 1`,
    ]);
  });

  test('nothing of what a whiteout hides, a folder replaces or a file replaces', async () => {
    expect((await inventoryOf([[file(db, 'a 1')], [file('var/.wh.lib')]])).packages).toEqual([]);
    expect((await inventoryOf([[file(db, 'a 1')], [dir(db)]])).packages).toEqual([]);
    expect((await inventoryOf([[file(db, 'a 1')], [file('var/lib')]])).packages).toEqual([]);
    expect((await inventoryOf([[file(db, 'a 1')], [file('var/lib/.wh..wh..opq')]])).packages).toEqual([]);
  });

  test('a problem has the path that is visible and the number of its layer', async () => {
    const { problems, packages } = await inventoryOf([[file('x')], [file(db, 'broken\na 1')]]);
    expect(packages).toEqual([`a 1 /${db} 1`]);
    expect(problems).toEqual([
      { code: 'lines/broken', message: 'a line is broken', path: `/${db}`, layer: 1, blinding: true },
    ]);
  });

  test('a reader that fails, and a file that is too large, blind the gate', async () => {
    const { problems } = await inventoryOf([[file(db, 'throw')], [file(`${db}.d/x`, 'x'.repeat(10_001))]]);
    expect(problems.map(({ code, layer, blinding }) => [code, layer, blinding])).toEqual([
      ['lines/reader-failed', 0, true],
      ['lines/too-large', 1, true],
    ]);
  });

  test("another package manager's broken database does not blind where the distribution's own was read", async () => {
    const foreign = { code: 'lines/broken', blinding: true };
    expect((await inventoryOf([[file(db, 'broken'), file('etc/os-release', 'ID=other\n')]])).problems).toMatchObject([
      foreign,
    ]);
    expect((await inventoryOf([[file(db, 'broken\na 1'), file('etc/os-release', osRelease)]])).problems).toMatchObject([
      foreign,
    ]);
  });
});

describe('hard links', () => {
  const read = [`a 1 /${db} 0`];

  test('to a file of the same layer', async () => {
    const found = await inventoryOf([[file('store/1', 'a 1'), hardlink(db, 'store/1')]]);
    expect([found.packages, found.late]).toEqual([read, []]);
  });

  test('to a link, by another spelling, and through a linked folder', async () => {
    expect(
      (await inventoryOf([[file('s/1', 'a 1'), hardlink('s/2', './s/1'), hardlink(db, '/s//2')]])).packages,
    ).toEqual(read);
    const through = await inventoryOf([[file('s/1', 'a 1'), symlink('t', 's'), hardlink(db, 't/1')]]);
    expect([through.packages, through.late]).toEqual([read, [0]]);
  });

  test("to a lower layer's file", async () => {
    const found = await inventoryOf([[file('store/1', 'a 1')], [hardlink(db, 'store/1')]]);
    expect([found.packages, found.late]).toEqual([[`a 1 /${db} 1`], [0]]);
  });

  test("to a lower layer's file that this layer replaces behind the link: the lower one's body counts", async () => {
    const found = await inventoryOf([[file('store/1', 'a 1')], [hardlink(db, 'store/1'), file('store/1', 'clean 1')]]);
    expect(found.packages).toEqual([`a 1 /${db} 1`]);
  });

  test('to a file that stands twice: the one before the link counts', async () => {
    const found = await inventoryOf([[file('s', 'a 1'), hardlink(db, 's'), file('s', 'b 1')]]);
    expect(found.packages).toEqual(read);
    const later = await inventoryOf([[file('s', 'b 1'), file('s', 'a 1')], [hardlink(db, 's')]]);
    expect(later.packages).toEqual([`a 1 /${db} 1`]);
  });

  test('to a symbolic link is one itself', async () => {
    const found = await inventoryOf([[file('opt/db', 'a 1'), symlink('s', '/opt/db'), hardlink(db, 's')]]);
    expect(found.packages).toEqual(['a 1 /opt/db 0']);
  });

  test('to nothing, to a folder and to itself are no files', async () => {
    for (const target of ['nothing', 'var', db, `${db}/x`, '..']) {
      expect((await inventoryOf([[dir('var'), hardlink(db, target)]])).packages, target).toEqual([]);
    }
  });

  test("of a program have the program's mode, or the link's", async () => {
    const program = '#!lines\np 1\n';
    const linked = await inventoryOf([[file('opt/p', program, { mode: 0o755 })], [hardlink('bin/p', 'opt/p')]]);
    expect(linked.packages).toEqual(['p 1 /bin/p 1']);
    const own = await inventoryOf([[file('opt/p', program)], [hardlink('bin/p', 'opt/p', { mode: 0o755 })]]);
    expect(own.packages).toEqual(['p 1 /bin/p 1']);
    const not = await inventoryOf([[file('opt/p', 'no program', { mode: 0o755 })], [hardlink('bin/p', 'opt/p')]]);
    expect(not.packages).toEqual([]);
  });

  test('a body that was refused under a path does not stand for the next one there', async () => {
    const found = await inventoryOf([
      [
        file('bin/p', 'no program', { mode: 0o755 }),
        file('bin/p', '#!lines\np 1\n', { mode: 0o755 }),
        hardlink('bin/q', 'bin/p', { mode: 0o755 }),
      ],
      [file('bin/.wh.p')],
    ]);
    expect(found.packages).toEqual(['p 1 /bin/q 0']);
  });

  test('more of them than are read blind the gate', async () => {
    const big = entry('0', 'store', '#!lines\np 1\n', { mode: 0o755 });
    const links = Array.from({ length: 30 }, (_, i) => hardlink(`bin/p${i}`, 'store', { mode: 0o755 }));
    expect((await inventoryOf([[big, ...links]])).packages).toHaveLength(1);
    // Each link to a sparse file of 100 MiB may cost reading it again.
    const huge = Buffer.concat([
      pax(['GNU.sparse.major', '0'], ['GNU.sparse.minor', '1'], ['GNU.sparse.size', '104857600']),
      file('store', ''),
    ]);
    const { lines, programs } = await import('./support.ts');
    const patient = {
      ...programs,
      limit: 200 * 1024 * 1024,
      sniff: () => false,
      parse: () => ({ packages: [], problems: [] }),
    };
    const { problems } = await inventoryOf([[huge, ...links]], [lines, patient]);
    expect(problems.length).toBeGreaterThan(0);
    expect(new Set(problems.map(({ code, blinding }) => `${code} ${blinding}`))).toEqual(
      new Set(['layer/too-many-links true']),
    );
  });
});

describe('databases behind links', () => {
  test.each([
    [
      'the folder, relative',
      [symlink('var/lib/lines', '../../opt/lines'), file('opt/lines/db', 'a 1')],
      'opt/lines/db',
    ],
    ['the folder, absolute', [symlink('var/lib/lines', '/opt/lines'), file('opt/lines/db', 'a 1')], 'opt/lines/db'],
    ['a folder above', [symlink('var', 'private/var'), file('private/var/lib/lines/db', 'a 1')], `private/${db}`],
    ['the file', [symlink(db, '../../../opt/x'), file('opt/x', 'a 1')], 'opt/x'],
    [
      'a chain',
      [symlink('var', 'a'), symlink('a', './b/'), symlink('b/lib', '../c'), file('c/lines/db', 'a 1')],
      'c/lines/db',
    ],
    ['links written behind the file', [file('opt/x', 'a 1'), symlink(db, '/opt/x')], 'opt/x'],
    ['a link that leaves the root', [symlink(db, '../../../../../../opt/x'), file('opt/x', 'a 1')], 'opt/x'],
  ])('%s', async (_what, entries, path) => {
    expect((await inventoryOf([entries])).packages).toEqual([`a 1 /${path} 0`]);
  });

  test('a folder of files behind a link', async () => {
    const entries = [
      symlink('var/lib/lines', '/opt'),
      file('opt/db.d/x', 'a 1'),
      file('opt/db.d/y', 'b 1'),
      dir('opt/db.d/z'),
    ];
    expect((await inventoryOf([entries])).packages).toEqual(['a 1 /opt/db.d/x 0', 'b 1 /opt/db.d/y 0']);
  });

  test('links that lead in a circle, to themselves, to folders and nowhere', async () => {
    for (const entries of [
      [symlink(db, 'db')],
      [symlink('var', 'a'), symlink('a', 'var')],
      [symlink(db, '/')],
      [symlink(db, '/nowhere')],
      [symlink('var/lib/lines', '.'), file('var/lib/lines/db/x', '')],
    ]) {
      expect(await inventoryOf([entries])).toMatchObject({ packages: [], problems: [] });
    }
  });

  test("written through a lower layer's link: the name in the layer is not the database's", async () => {
    const base = [file(db, 'old 1'), symlink('z', 'var/lib/lines')];
    const found = await inventoryOf([base, [file('z/db', 'a 1')]]);
    expect([found.packages, found.late]).toEqual([[`a 1 /${db} 1`], [1]]);
    const program = [symlink('sbin', 'bin')];
    const linked = await inventoryOf([program, [file('sbin/p', '#!lines\np 1', { mode: 0o755 })]]);
    expect(linked.packages).toEqual(['p 1 /bin/p 1']);
    // Under its own name the program was already looked at, and is none.
    const refused = await inventoryOf([[symlink('bin/sub', '.')], [file('bin/sub/p', 'no program', { mode: 0o755 })]]);
    expect([refused.packages, refused.late]).toEqual([[], []]);
  });

  test("a hard link to another layer's file, in a folder behind a link", async () => {
    const found = await inventoryOf([
      [file('store', 'a 1'), symlink('var/lib/lines', '/opt/lines')],
      [hardlink('opt/lines/db', 'store')],
    ]);
    expect(found.packages).toEqual(['a 1 /opt/lines/db 1']);
  });
});

describe('the distribution', () => {
  test.each([
    ['its own file', [[file('etc/os-release', osRelease)]]],
    ['the usual link', [[symlink('etc/os-release', '../usr/lib/os-release'), file('usr/lib/os-release', osRelease)]]],
    ['only below usr', [[file('usr/lib/os-release', osRelease)]]],
    ['a link elsewhere', [[symlink('etc/os-release', '/opt/release'), file('opt/release', osRelease)]]],
    ['a linked folder', [[symlink('etc', 'private/etc'), file('private/etc/os-release', osRelease)]]],
    ['a hard link to a lower layer', [[file('opt/release', osRelease)], [hardlink('etc/os-release', 'opt/release')]]],
    ['the last of several', [[file('etc/os-release', 'ID=old\n')], [file('etc/os-release', osRelease)]]],
    ['the first of two places', [[file('etc/os-release', osRelease), file('usr/lib/os-release', 'ID=other\n')]]],
    ['a broken link, and the second place', [[symlink('etc/os-release', 'x'), file('usr/lib/os-release', osRelease)]]],
  ])('from %s', async (_what, layers) => {
    expect((await inventoryOf(layers)).distribution).toBe('lineos');
  });

  test('is unknown when it was removed', async () => {
    expect(
      (await inventoryOf([[file('etc/os-release', osRelease)], [file('etc/.wh.os-release')]])).distribution,
    ).toBeUndefined();
  });
});
