import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seenEntries } from '../../../src/catalog/collect/entries.ts';
import { squash } from '../../../src/catalog/squash.ts';
import { visibleFiles } from '../../../src/catalog/visible-files.ts';
import type { TarEntry } from '../../../src/format/tar/contract.ts';
import { surveyOfEntries } from '../support.ts';

const name = fc.constantFrom('a', 'b', 'c', '.wh.a', '.wh..wh..opq');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const kind = fc.constantFrom('file', 'dir', 'symlink', 'hardlink', 'char', 'fifo' as const);
const entry = fc.tuple(path, kind, path, fc.nat(0o7777), fc.nat(9)).map(
  ([at, type, link, mode, size]): TarEntry => ({
    path: at,
    type,
    link,
    mode,
    uid: 1,
    gid: 2,
    size: type === 'file' ? size : 0,
  }),
);

describe('all entries of an image', () => {
  test('are its files and links, and each folder once, whatever the layers are', () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 12 }), { maxLength: 4 }), (layers) => {
        const surveys = layers.map(surveyOfEntries);
        const tree = squash(surveys, () => undefined);
        const seen = seenEntries(tree, surveys);
        const paths = seen.map((one) => one.path);
        expect(paths).toEqual([...new Set(paths)].sort());
        const others = seen.filter((one) => one.kind !== 'folder');
        expect(others.map((one) => [one.path, one.layer, one.kind === 'symlink', one.size])).toEqual(
          visibleFiles(tree, surveys).map((one) => [one.path, one.layer, one.kind === 'symlink', one.size]),
        );
        for (const one of seen) {
          const slash = one.path.lastIndexOf('/');
          const parent = seen.find((other) => other.path === one.path.slice(0, Math.max(slash, 0)));
          expect(slash < 0 || parent?.kind === 'folder').toBe(true);
          expect(one.layer >= 0 && one.layer < layers.length).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
