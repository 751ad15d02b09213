import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readyQueries } from '../../../src/catalog/collect/select.ts';
import { FileTree } from '../../../src/catalog/tree.ts';
import { compileGlob } from '../../../src/util/glob.ts';

const name = fc.constantFrom('a', 'b', 'ab', 'a.b', 'etc');
const piece = fc.oneof(name, fc.constantFrom('*', '**', 'a*', '*b', '?', '{a,b}', '{a/b,c}', '\\a', 'a{b,}', '**b'));
const glob = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('which files a query picks', () => {
  test('is told by its globs and by nothing else, however quickly', () => {
    fc.assert(
      fc.property(glob, fc.array(path, { minLength: 1, maxLength: 8 }), (pattern, paths) => {
        const [query] = readyQueries([{ id: 'q', paths: [pattern] }], new FileTree(), [], (_, { message }) => {
          throw new Error(message);
        });
        const matches = compileGlob(pattern);
        for (const one of paths) {
          const entry = { path: one, kind: 'file' as const, layer: 0, bodyLayer: 0, bodyEntry: 0, size: 0, mode: 0 };
          const picked = query?.picks({ ...entry, uid: 0, gid: 0, link: '', capabilities: '', inOpenFolder: false });
          expect(picked).toBe(matches(`/${one}`));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
