import { describe, expect, test } from 'vitest';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { dir, file, symlink } from '../support/tar-writer.ts';
import { inventoryOf, lines } from './support.ts';

const { native: _native, ...foreign } = lines;
/** Packages that folders in `store` name: `store/x-1`. */
const store: Ecosystem = {
  ...foreign,
  id: 'store',
  database: false,
  databasePaths: [],
  claims: () => false,
  claimsFolder: (path) => /^store\/[^/]+-\d+$/.test(path),
  parse: ({ path }) => {
    const [name = '', version = ''] = path.slice('store/'.length).split('-');
    return { packages: [{ name, version, presence: 'installed' }], problems: [] };
  },
  purl: ({ name, version }) => `pkg:store/${name}@${version}`,
};

const packagesOf = async (...layers: (readonly Buffer[])[]) => (await inventoryOf(layers, [lines, store])).packages;
const x = dir('store/x-1');
const content = file('store/x-1/bin', 'x');

describe('a folder whose name tells a package', () => {
  test('is one, also where what stands in it comes first', async () => {
    expect(await packagesOf([x, content])).toEqual(['x 1 /store/x-1 0']);
    expect(await packagesOf([content, x])).toEqual(['x 1 /store/x-1 0']);
    expect(await packagesOf([content], [x])).toEqual(['x 1 /store/x-1 1']);
    expect(await packagesOf([file('store/other', '')], [dir('store/y-2'), x, x])).toEqual([
      'x 1 /store/x-1 1',
      'y 2 /store/y-2 1',
    ]);
  });

  test('stays one when a later layer names it again or takes what is in it', async () => {
    expect(await packagesOf([x, content], [x])).toEqual(['x 1 /store/x-1 1']);
    expect(await packagesOf([x, content], [file('store/x-1/.wh..wh..opq', '')])).toEqual(['x 1 /store/x-1 0']);
  });

  test.each<[string, Buffer]>([
    ['removes it', file('store/.wh.x-1', '')],
    ['empties the folder above', file('store/.wh..wh..opq', '')],
    ['removes the folder above', file('.wh.store', '')],
    ['puts a file in its place', file('store/x-1', '')],
    ['puts a link in its place', symlink('store/x-1', 'nowhere')],
  ])('is gone when a later layer %s', async (_what, entry) => {
    expect(await packagesOf([x, content], [entry])).toEqual([]);
  });

  test('is there again when a still later layer brings it back', async () => {
    expect(await packagesOf([x], [file('store/.wh.x-1', '')], [content, x])).toEqual(['x 1 /store/x-1 2']);
    expect(await packagesOf([x], [file('store/x-1', '')], [x])).toEqual(['x 1 /store/x-1 2']);
  });
});
