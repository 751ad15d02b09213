import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkedBodies, repeatedPaths } from '../../src/catalog/hard-links.ts';
import { NameFilter } from '../../src/catalog/name-filter.ts';
import { PathTableBuilder, StoredPaths } from '../../src/catalog/path-table.ts';
import { type EntryTable, entryKinds } from '../../src/model/survey.ts';

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'a.b', 'ä', '名', 'x'.repeat(300)),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter((text) => !/[\0/]/.test(text) && text.isWellFormed()),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

function tableOf(paths: readonly string[]): StoredPaths {
  const builder = new PathTableBuilder();
  for (const one of paths) builder.add(one);
  return builder.build();
}

function entriesOf(paths: readonly string[], links: ReadonlyMap<number, string> = new Map()): EntryTable {
  const count = paths.length;
  const kinds = Uint8Array.from(paths, (_, i) => entryKinds.indexOf(links.has(i) ? 'hardlink' : 'file'));
  const numbers = () => new Uint32Array(count);
  const modes = new Uint16Array(count);
  return {
    paths: tableOf(paths),
    kinds,
    sizes: new Float64Array(count),
    modes,
    uids: numbers(),
    gids: numbers(),
    links,
  };
}

describe('the table of paths', () => {
  test('gives back every path and its name, and holds each folder once', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 40 }), (paths) => {
        const table = tableOf(paths);
        expect(Array.from({ length: table.length }, (_, i) => table.at(i))).toEqual(paths);
        expect(paths.map((_, i) => table.nameOf(i))).toEqual(paths.map((one) => one.slice(one.lastIndexOf('/') + 1)));
        expect(new Set(table.folderPaths).size).toBe(table.folderPaths.length);
        expect(table.at(paths.length)).toBeUndefined();
        expect(table.at(-1)).toBeUndefined();
      }),
    );
  });

  test('grows with what is added, and what was built stays as it was', () => {
    const builder = new PathTableBuilder();
    const paths = Array.from({ length: 5_000 }, (_, i) => `folder-${i >> 3}/of/${'n'.repeat(i % 50)}${i}`);
    for (const one of paths.slice(0, 100)) builder.add(one);
    const early = builder.build();
    for (const one of paths.slice(100)) builder.add(one);
    const all = builder.build();
    expect(Array.from({ length: early.length }, (_, i) => early.at(i))).toEqual(paths.slice(0, 100));
    expect(Array.from({ length: all.length }, (_, i) => all.at(i))).toEqual(paths);
  });
});

describe('the filter of names', () => {
  test('holds every name that was added, and few others', () => {
    const filter = new NameFilter();
    const paths = Array.from({ length: 3_000 }, (_, i) => `usr/lib-${i}/of/name-${i % 7}`);
    filter.addFolders(tableOf(paths.map((one) => `${one}/file`)));
    filter.addPath('some/ä/link');
    for (const segment of new Set([...paths.join('/').split('/'), 'some', 'ä', 'link'])) {
      expect(filter.mayHoldName(segment), segment).toBe(true);
    }
    const others = Array.from({ length: 10_000 }, (_, i) => `other-${i}`).filter((one) => filter.mayHoldName(one));
    expect(others.length).toBeLessThan(200);
    expect(filter.mayHoldName('file')).toBe(false);
  });

  test('takes folders that are cut off for none', () => {
    const none = new Uint32Array(0);
    const filter = new NameFilter();
    const folderBytes = Buffer.from('a\0b');
    filter.addFolders(new StoredPaths({ folders: none, nameEnds: none, nameBytes: Buffer.alloc(0), folderBytes }));
    expect([filter.mayHoldName('a'), filter.mayHoldName('b')]).toEqual([true, false]);
  });
});

describe('what stands several times in a layer', () => {
  test('is told by paths as by a set of texts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })), (all) => {
        const paths = all.map((segments) => segments.join('/'));
        const repeated = paths.filter((one, i) => paths.indexOf(one) !== i);
        expect(repeatedPaths(entriesOf(paths))).toEqual(new Set(repeated));
      }),
    );
  });

  test('hard links share the body that stood under their target before them', () => {
    const links = new Map([
      [2, 'd/a'],
      [4, 'd/a'],
      [5, 'e/link'],
      [6, 'nowhere'],
    ]);
    const paths = ['d/a', 'd/other', 'e/link', 'd/a', 'e/second', 'e/third', 'e/fourth'];
    expect(linkedBodies(entriesOf(paths, links))).toEqual(
      new Map([
        [2, 0],
        [4, 3],
        [5, 0],
      ]),
    );
  });
});
