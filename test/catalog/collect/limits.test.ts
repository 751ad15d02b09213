import { describe, expect, test } from 'vitest';
import { BodyRequests } from '../../../src/catalog/body-pass.ts';
import { ContentReader } from '../../../src/catalog/collect/content.ts';
import type { SeenEntry } from '../../../src/catalog/collect/entries.ts';
import { PackageFileCheck } from '../../../src/catalog/collect/package-files.ts';
import { type ReadyQuery, readyQueries, selectEntries } from '../../../src/catalog/collect/select.ts';
import { FileTree } from '../../../src/catalog/tree.ts';
import type { FileQuery } from '../../../src/model/collected.ts';
import { compareText } from '../../../src/util/compare-text.ts';

const tree = new FileTree();
const seen = (path: string, size: number, bodyEntry: number): SeenEntry => ({
  ...{ path, kind: 'file', layer: 0, bodyLayer: 0, bodyEntry, size, mode: 0o644, uid: 0, gid: 0, link: '' },
  ...{ capabilities: '', inOpenFolder: false },
});
const many = (count: number, size: number): SeenEntry[] =>
  Array.from({ length: count }, (_, i) => seen(`f${i}`, size, i));

/** Makes queries ready that nothing is wrong with. */
const ready = (...queries: FileQuery[]): ReadyQuery[] =>
  readyQueries(queries, tree, [], (id, { message }) => expect(`${id}: ${message}`).toBe(''));

/** How many bodies are asked for when queries look into entries, and what is told of it. */
async function asked(entries: readonly SeenEntry[], ...queries: FileQuery[]) {
  const told: string[] = [];
  const reader = await ContentReader.open(ready(...queries), ({ query }, { code, path }) =>
    told.push(`${query.id} ${code} ${path ?? ''}`.trim()),
  );
  const wanted = new BodyRequests();
  for (const entry of entries) reader.request({ entry, queries: ready(...queries) }, wanted);
  return { bodies: wanted.byLayer.get(0)?.size ?? 0, told: [...new Set(told)] };
}

describe('the limits of what is collected', () => {
  const mebibyte = 1024 * 1024;

  test('of the files that are selected hold for all queries together, and say which is too much', () => {
    const entries = many(100_001, 1).sort((a, b) => compareText(a.path, b.path));
    const told: string[] = [];
    const queries = ready(
      { id: 'all', paths: ['/**'] },
      { id: 'one', paths: ['/f7'] },
      { id: 'rest', paths: ['/f{1,2,3,4,5,6,7,8,9}**'] },
    );
    const selected = selectEntries(entries, queries, tree, (id, { code, message }) =>
      told.push(`${id} ${code} ${message}`),
    );
    expect(selected).toHaveLength(100_000);
    expect(told).toEqual(['all files/too-many rules ask for more than 100000 files: narrow their paths']);
    expect(selected.find(({ entry }) => entry.path === 'f7')?.queries.map(({ query }) => query.id)).toEqual([
      ...['one', 'rest'],
    ]);
  });

  test('of one file and of all content that is searched are told', async () => {
    const search: FileQuery = { id: 's', paths: ['/**'], matches: { a: 'a', b: 'b' } };
    expect(await asked(many(32, 32 * mebibyte), search)).toEqual({ bodies: 32, told: [] });
    expect(await asked(many(33, 32 * mebibyte), search)).toEqual({ bodies: 32, told: ['s files/too-many'] });
    expect(await asked([seen('x', 32 * mebibyte + 1, 0), seen('y', 1, 1)], search)).toEqual({
      bodies: 1,
      told: ['s files/too-large /x'],
    });
    expect(await asked(many(500, 8 * mebibyte), { id: 'd', paths: ['/**'], digest: true })).toEqual({
      bodies: 500,
      told: [],
    });
  });

  test('of what a long expression may cost are told', async () => {
    // A thousand steps: each byte counts sixteen times, and two million of them are the most of one file.
    const long: FileQuery = { id: 'l', paths: ['/**'], matches: { a: '[a-z]{1000}[0-9]' } };
    expect(await asked(many(129, mebibyte), long)).toEqual({ bodies: 128, told: ['l files/too-many'] });
    expect(await asked([seen('x', 2 * mebibyte, 0)], long)).toEqual({ bodies: 0, told: ['l files/too-large /x'] });
  });

  test('of the configuration files that are read are told', async () => {
    const values = { v: { format: 'json', at: '/a' } } as const;
    const reads: FileQuery = { id: 'r', paths: ['/**'], values };
    expect(await asked(many(16, mebibyte), reads)).toEqual({ bodies: 16, told: [] });
    expect(await asked(many(17, mebibyte), reads)).toEqual({ bodies: 16, told: ['r files/too-many'] });
  });

  test('of what is not the body of a file ask for none', async () => {
    const entry: SeenEntry = { ...seen('x', 0, 0), kind: 'device' };
    expect(await asked([entry], { id: 'd', paths: ['/**'], digest: true })).toEqual({ bodies: 0, told: [] });
  });

  test('of expressions are told', () => {
    const told: string[] = [];
    const matches = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`m${i}`, 'a']));
    const queries: FileQuery[] = [
      { id: 'many', paths: ['/a'], matches },
      { id: 'long', paths: ['/a'], matches: { m: 'a'.repeat(2_001) } },
      { id: 'back', paths: ['/a'], matches: { m: '(a)\\1' } },
      { id: 'glob', paths: ['/{a'] },
    ];
    expect(readyQueries(queries, tree, [], (id, { code }) => told.push(`${id} ${code}`))).toEqual([]);
    expect(told).toEqual([
      'many files/expression',
      'long files/expression',
      'back files/expression',
      'glob glob/brace',
    ]);
  });

  test('of the files that packages miss', () => {
    const listed = (count: number) =>
      new Map(
        Array.from({ length: count }, (_, i) => [
          `usr/f${i}`,
          { path: `usr/f${i}`, ecosystem: 'apk', owner: { name: 'a' }, list: 'lib/apk/db/installed', database: true },
        ]),
      );
    const missing = (count: number) =>
      new PackageFileCheck({ listed: listed(count), entries: new Map(), tree, ownerOf: () => 'pkg:apk/a@1' }).facts();
    expect(missing(100_000)).toHaveLength(100_000);
    expect(missing(100_001)).toBeUndefined();
  });
});
