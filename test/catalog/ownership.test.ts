import { describe, expect, test } from 'vitest';
import { takeInventory } from '../../src/catalog/inventory.ts';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { dir, file, symlink } from '../support/tar-writer.ts';
import { lines, surveyOf } from './support.ts';

/** The package manager with a list of files for each package, as dpkg has. */
const listing: Ecosystem = {
  ...lines,
  ownership: {
    limit: 10_000,
    claims: (path) => path.startsWith('var/lib/lines/lists/'),
    read({ path, bytes }, owns) {
      const owner = { name: path.slice('var/lib/lines/lists/'.length) };
      if (bytes.toString() === 'throw') throw new Error('a bug');
      for (const line of bytes.toString().split('\n')) if (line !== '') owns(owner, line);
    },
  },
};

/** Modules: files that end in `.mod` and hold `name version`. */
const modules: Ecosystem = {
  ...lines,
  id: 'modules',
  database: false,
  databasePaths: [],
  claims: (path) => path.endsWith('.mod'),
  parse: ({ bytes }) => {
    const [name = '', version = ''] = bytes.toString().split(' ');
    return { packages: [{ name, version, presence: 'installed' }], problems: [] };
  },
  purl: ({ name, version }) => `pkg:modules/${name}@${version}`,
};
const looks: Ecosystem = { ...modules, id: 'looks', unownedOnly: true, purl: ({ name }) => `pkg:looks/${name}` };
const { native: _native, ...foreign } = modules;

async function inventory(layers: readonly (readonly Buffer[])[], kinds: readonly Ecosystem[] = [listing, foreign]) {
  const surveys = layers.map((entries) => surveyOf(entries, kinds));
  const { packages, problems } = await takeInventory(surveys, kinds, async () => []);
  return {
    packages: packages.map(({ purl, ownedBy }) => (ownedBy ? `${purl} of ${ownedBy}` : purl)),
    problems: problems.map(({ code, message, blinding }) => `${code} ${blinding}: ${message}`),
  };
}

const database = file('var/lib/lines/db', 'python-x 1\n');
const list = (text: string, name = 'python-x') => file(`var/lib/lines/lists/${name}`, text);
const x = file('usr/lib/x.mod', 'x 1');

describe('a module that the distribution installed', () => {
  test('is noted as its package', async () => {
    expect(await inventory([[database, list('usr/lib/x.mod\n'), x]])).toEqual({
      packages: ['pkg:lines/python-x@1', 'pkg:modules/x@1 of pkg:lines/python-x@1'],
      problems: [],
    });
  });

  test('is found by a way over a link, and in whatever layer its list stands', async () => {
    const layers = [
      [dir('usr/lib'), symlink('lib', 'usr/lib'), x],
      [database, list('lib/x.mod\n')],
    ];
    expect((await inventory(layers)).packages).toContain('pkg:modules/x@1 of pkg:lines/python-x@1');
  });

  test('is itself where it stands in a place of its own too', async () => {
    const other = file('opt/x.mod', 'x 1');
    expect((await inventory([[database, list('usr/lib/x.mod\n'), x, other]])).packages).toContain('pkg:modules/x@1');
  });

  test('is itself where its list is gone, or names a package that is not there', async () => {
    const gone = file('var/lib/lines/lists/.wh.python-x', '');
    expect((await inventory([[database, list('usr/lib/x.mod\n'), x], [gone]])).packages).toContain('pkg:modules/x@1');
    const stranger = [database, list('usr/lib/x.mod\n', 'stranger'), x];
    expect((await inventory([stranger])).packages).toContain('pkg:modules/x@1');
  });

  test('is left out where it is only known by its looks', async () => {
    const owned = [database, list('usr/lib/x.mod\n'), x];
    expect((await inventory([owned], [listing, looks])).packages).toEqual(['pkg:lines/python-x@1']);
    const elsewhere = [database, list('usr/lib/y.mod\n'), x];
    expect((await inventory([elsewhere], [listing, looks])).packages).toEqual(['pkg:lines/python-x@1', 'pkg:looks/x']);
  });

  test('is taken for the distribution where that lists no files at all, in its own folders', async () => {
    const local = file('usr/local/lib/y.mod', 'y 1');
    expect((await inventory([[database, x, local]], [listing, looks])).packages).toEqual([
      'pkg:lines/python-x@1',
      'pkg:looks/y',
    ]);
    expect((await inventory([[x]], [listing, looks])).packages).toEqual(['pkg:looks/x']);
  });

  test('is itself where the list can not be read', async () => {
    expect((await inventory([[database, list('throw'), x]])).packages).toContain('pkg:modules/x@1');
  });
});

describe('a package that was taken out of the database', () => {
  const blinding =
    'lines/packages-unlisted true: files of packages are there that the lines database does not name: hidden';

  test('blinds while its files are there', async () => {
    const layer = [database, list('usr/lib/x.mod\n', 'hidden'), x];
    expect((await inventory([layer])).problems).toEqual([blinding]);
  });

  test('does not when its files are gone, or only configuration is left', async () => {
    const gone = [database, list('usr/lib/y.mod\n', 'hidden'), x];
    expect((await inventory([gone])).problems).toEqual([]);
    const left = [database, list('etc/x.mod\n', 'hidden'), file('etc/x.mod', 'x 1')];
    expect((await inventory([left])).problems).toEqual([]);
  });
});

describe('a file that the owner did not bring', () => {
  const owned = [database, list('usr/lib/x.mod\n'), x];
  const twin = 'pkg:modules/x@1 of pkg:lines/python-x@1';

  test('in a later layer than the owner is itself: it was replaced in place, or put where there was none', async () => {
    expect((await inventory([owned, [file('usr/lib/x.mod', 'x 2')]])).packages).toContain('pkg:modules/x@2');
    expect((await inventory([owned, [file('usr/lib/x.mod', 'x 1 patched')]])).packages).toContain('pkg:modules/x@1');
    const without = [database, list('usr/lib/x.mod\n')];
    expect((await inventory([without, [x]])).packages).toContain('pkg:modules/x@1');
  });

  test('is still of the owner where it was only given other permissions, or the owner was updated with it', async () => {
    expect((await inventory([owned, [file('usr/lib/x.mod', 'x 1', { mode: 0o600 })]])).packages).toContain(twin);
    const update = [file('var/lib/lines/db', 'python-x 2\n'), file('usr/lib/x.mod', 'x 2')];
    expect((await inventory([owned, update])).packages).toContain('pkg:modules/x@2 of pkg:lines/python-x@2');
  });

  test('counts as itself where it is only known by its looks', async () => {
    const kinds = [listing, looks];
    const replaced = [owned, [file('usr/lib/x.mod', 'x 1 patched')]];
    expect((await inventory(replaced, kinds)).packages).toContain('pkg:looks/x');
    const stranger = [database, list('usr/lib/x.mod\n', 'stranger'), x];
    expect((await inventory([stranger], kinds)).packages).toContain('pkg:looks/x');
    // Without lists, a layer that brought no package of the distribution brought none of its files.
    expect((await inventory([[database], [x]], kinds)).packages).toContain('pkg:looks/x');
  });
});

test('lists that name more than is ever installed own no more than is kept', async () => {
  const many = Array.from({ length: 80 }, (_, i) => `f/${'x'.repeat(1024 * 1024)}${i}.mod`);
  const endless: Ecosystem = {
    ...listing,
    ownership: {
      limit: 10,
      claims: (path) => path === 'lists',
      read: (_file, owns) => {
        for (const path of many) owns({ name: 'python-x' }, path);
      },
    },
  };
  const [found] = surveyOf([file('lists', 'x')], [endless, foreign]).files;
  expect(found?.owned?.[0]?.paths).toHaveLength(64);
});
