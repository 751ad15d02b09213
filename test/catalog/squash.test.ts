import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NameFilter } from '../../src/catalog/name-filter.ts';
import { keptNames, squash } from '../../src/catalog/squash.ts';
import { type FileTree, OmittedFile, type TreeNode, visiblePath } from '../../src/catalog/tree.ts';
import type { TarEntry } from '../../src/format/tar/contract.ts';
import { type ModelEntry, ModelFileSystem } from './file-system.ts';
import { surveyOfEntries } from './support.ts';

function tarEntry({ path, kind, link }: ModelEntry, spelling = path): TarEntry {
  return { path: spelling, type: kind, size: 0, mode: 0o644, uid: 0, gid: 0, link };
}

function listing(tree: FileTree): string[] {
  const out: string[] = [];
  const waiting: [TreeNode, string][] = [[tree.root, '']];
  for (let item = waiting.pop(); item; item = waiting.pop()) {
    const [node, path] = item;
    if (node.kind === 'file')
      out.push(`${path} file ${node.layer}:${node.entry} body ${node.bodyLayer}:${node.bodyEntry}`);
    else if (node.kind === 'symlink') out.push(`${path} symlink ${node.layer}:${node.entry} to ${node.link}`);
    else if (path !== '') out.push(`${path} dir`);
    for (const [name, child] of node.children ?? []) waiting.push([child, path === '' ? name : `${path}/${name}`]);
  }
  return out.sort();
}

function squashed(layers: readonly (readonly ModelEntry[])[]): string[] {
  const surveys = layers.map((entries) => surveyOfEntries(entries.map((entry) => tarEntry(entry))));
  return listing(squash(surveys, () => undefined));
}

const segment = fc.constantFrom('a', 'b', 'c');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const target = fc.oneof(
  { weight: 3, arbitrary: path },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '.',
      '..',
      '/',
      '../a',
      '../../b',
      '/a/b',
      '/c',
      'a/../b',
      './c/',
      'missing/x',
      '../../../../a',
    ),
  },
);
/** Names of which no folder or link is, so that files of these names may get no node. */
const plain = fc
  .tuple(fc.array(segment, { maxLength: 2 }), fc.constantFrom('p', 'q'))
  .map(([folders, name]): ModelEntry => ({ path: [...folders, name].join('/'), kind: 'file', link: '' }));
const behindPlain = fc
  .tuple(plain, fc.constantFrom('/a', '/p'))
  .map(([{ path: p }, name]): ModelEntry => ({ path: p + name, kind: 'file', link: '' }));
const entry: fc.Arbitrary<ModelEntry> = fc.oneof(
  { weight: 3, arbitrary: plain },
  { weight: 1, arbitrary: behindPlain },
  { weight: 4, arbitrary: path.map((p): ModelEntry => ({ path: p, kind: 'file', link: '' })) },
  { weight: 3, arbitrary: path.map((p): ModelEntry => ({ path: p, kind: 'dir', link: '' })) },
  { weight: 3, arbitrary: fc.tuple(path, target).map(([p, link]): ModelEntry => ({ path: p, kind: 'symlink', link })) },
  { weight: 2, arbitrary: fc.tuple(path, path).map(([p, link]): ModelEntry => ({ path: p, kind: 'hardlink', link })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.array(segment, { maxLength: 2 }), fc.oneof(segment, fc.constant('.wh..opq')))
      .map(([folders, name]): ModelEntry => ({ path: [...folders, `.wh.${name}`].join('/'), kind: 'file', link: '' })),
  },
);
const stacks = fc.array(fc.array(entry, { maxLength: 7 }), { minLength: 1, maxLength: 4 });

describe('squash', () => {
  test('shows what layers unpacked one after another leave', () => {
    fc.assert(
      fc.property(stacks, (layers) => {
        const model = new ModelFileSystem();
        layers.forEach((entries, layer) => {
          model.apply(layer, entries);
        });
        expect(squashed(layers).filter((line) => !line.endsWith(' dir'))).toEqual(model.listing());
      }),
      { numRuns: 2000 },
    );
  });

  test('tells of every file that it puts into the tree, with the node that is there', () => {
    fc.assert(
      fc.property(stacks, (layers) => {
        const told: TreeNode[] = [];
        const surveys = layers.map((entries) => surveyOfEntries(entries.map((item) => tarEntry(item))));
        const tree = squash(surveys, (node) => told.push(node));
        const files = listing(tree).filter((line) => / file /.test(line)).length;
        const visible = new Set(told.filter((node) => isVisible(node)));
        expect(visible.size).toBe(files);
      }),
      { numRuns: 300 },
    );
  });

  test('does the same without nodes for files that nobody read, or says that it can not', () => {
    let refused = 0;
    let omitted = 0;
    let runs = 0;
    const readers = fc.array(fc.array(fc.nat(6), { maxLength: 2 }), { maxLength: 4 });
    fc.assert(
      fc.property(stacks, readers, fc.array(path, { maxLength: 2 }), (layers, read, looked) => {
        const surveys = layers.map((entries, layer) => {
          const survey = surveyOfEntries(entries.map((item) => tarEntry(item)));
          const numbers = (read[layer] ?? []).filter((entry) => entry < entries.length);
          return { ...survey, files: numbers.map((entry) => ({ entry, ecosystem: 'x', packages: [], problems: [] })) };
        });
        const of = (kept?: NameFilter) => {
          const told: string[] = [];
          const tree = squash(
            surveys,
            (node, moved) => {
              const own = node.bodyLayer === node.layer && node.bodyEntry === node.entry;
              if (!own || moved || isRead(node)) told.push(`${node.layer}:${node.entry} ${moved} ${history(node)}`);
            },
            kept,
          );
          return { told, tree, found: looked.map((item) => placeOf(tree.resolve(item))) };
        };
        const isRead = (node: TreeNode) =>
          surveys[node.layer]?.files.some((item) => item.entry === node.entry) === true;
        const history = (node: TreeNode) => {
          const all: string[] = [];
          for (let at = node.before; at && isRead(at); at = at.before) all.push(`${at.layer}:${at.entry}`);
          return all.join(' ');
        };
        const whole = of();
        const lines = listing(whole.tree);
        runs++;
        let pruned: ReturnType<typeof of>;
        try {
          pruned = of(keptNames(surveys, looked));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OmittedFile);
          refused++;
          return;
        }
        const left = new Set(listing(pruned.tree));
        omitted += lines.length - left.size;
        expect(pruned.told).toEqual(whole.told);
        expect(pruned.found).toEqual(whole.found);
        const files = new Set(lines.filter((line) => / file /.test(line)));
        expect([...left].filter((line) => !files.has(line))).toEqual(lines.filter((line) => !files.has(line)));
      }),
      { numRuns: 2000 },
    );
    expect(omitted).toBeGreaterThan(runs / 10);
    expect(refused).toBeLessThan(runs / 10);
  });

  test('a link whose target leads up behind a name is joined as text when layers are unpacked', () => {
    const base = [s('c', 'a/../b'), f('c/a')];
    expect(squashed([base]).filter((line) => !line.endsWith(' dir'))).toEqual([
      'b/a file 0:1 body 0:1',
      'c symlink 0:0 to a/../b',
    ]);
    expect(squashed([base, [f('c/.wh..wh..opq')]])).toEqual(['b dir', 'c symlink 0:0 to a/../b']);
    expect(squashed([[s('c', 'a/../b'), f('b/a')], [f('c/.wh.a')]])).toEqual(['b dir', 'c symlink 0:0 to a/../b']);
  });

  test('a program that looks follows such a link as the kernel does', () => {
    const survey = surveyOfEntries([s('c', 'a/../b'), f('b/x')].map((item) => tarEntry(item)));
    expect(squash([survey], () => undefined).resolve('c/x')).toBeUndefined();
    const there = surveyOfEntries(
      [d('d/e'), f('d/b/x'), s('a', 'd/e'), s('c', 'a/../b')].map((item) => tarEntry(item)),
    );
    expect(squash([there], () => undefined).resolve('c/x')?.entry).toBe(1);
  });

  function placeOf(node: TreeNode | undefined): string {
    return node ? `${node.kind} ${node.layer}:${node.entry} ${visiblePath(node)}` : '';
  }

  function isVisible(node: TreeNode): boolean {
    let at = node;
    while (at.parent) {
      if (at.parent.children?.get(at.name) !== at) return false;
      at = at.parent;
    }
    return true;
  }

  const f = (p: string): ModelEntry => ({ path: p, kind: 'file', link: '' });
  const d = (p: string): ModelEntry => ({ path: p, kind: 'dir', link: '' });
  const s = (p: string, link: string): ModelEntry => ({ path: p, kind: 'symlink', link });
  const h = (p: string, link: string): ModelEntry => ({ path: p, kind: 'hardlink', link });

  test('spellings of one path are one', () => {
    const survey = surveyOfEntries(
      ['./etc/a', '/etc/b', 'etc//c/', '../../etc/d', 'etc/x/../e'].map((p) => tarEntry(f(p), p)),
    );
    expect(listing(squash([survey], () => undefined))).toEqual([
      'etc dir',
      ...['a', 'b', 'c', 'd', 'e'].map((name, i) => `etc/${name} file 0:${i} body 0:${i}`),
    ]);
    expect(survey.problems.map(({ code, blinding }) => [code, blinding])).toEqual([['layer/path-escape', false]]);
  });

  test('a whiteout behind a link that its own layer replaces hides nothing where the link led', () => {
    const base = [f('lib/db'), s('z', 'lib')];
    expect(squashed([base, [d('z'), f('z/.wh.db')]])).toEqual(['lib dir', 'lib/db file 0:0 body 0:0', 'z dir']);
    expect(squashed([base, [f('z/.wh.db')]])).toEqual(['lib dir', 'z symlink 0:1 to lib']);
  });

  test('a whiteout hides nothing of its own layer, wherever it stands', () => {
    const kept = ['x dir', 'x/new file 1:1 body 1:1'];
    expect(squashed([[f('x/old')], [f('.wh.x'), f('x/new')]])).toEqual(kept);
    expect(squashed([[f('x/old')], [f('.wh.nothing'), f('x/new'), f('.wh.x')]])).toEqual(kept);
    expect(
      squashed([
        [f('x/old'), f('x/y/old')],
        [d('x'), f('x/new'), f('x/.wh..wh..opq')],
      ]),
    ).toEqual(kept);
    expect(squashed([[f('x/old')], [f('x/.wh.new'), f('x/new'), f('.wh..wh..opq')]])).toEqual(kept);
  });

  test('names that only look like records stay files; records at the root are none', () => {
    expect(squashed([[f('app/.wh..wh.x/package.json')]])).toEqual([
      'app dir',
      'app/.wh..wh.x dir',
      'app/.wh..wh.x/package.json file 0:0 body 0:0',
    ]);
    expect(squashed([[f('.wh..wh.aufs'), d('.wh..wh.plnk'), f('.wh..wh.plnk/1'), f('a')]])).toEqual([
      'a file 0:3 body 0:3',
    ]);
  });

  test("hard links to aufs's records have the records' bodies", () => {
    expect(squashed([[f('.wh..wh.plnk/12.34'), h('bin/x', '.wh..wh.plnk/12.34')]])).toEqual([
      'bin dir',
      'bin/x file 0:1 body 0:0',
    ]);
  });

  test('whiteouts of nothing, of the folder itself and of its parent hide nothing', () => {
    const kept = ['a dir', 'a/b file 0:0 body 0:0'];
    expect(squashed([[f('a/b')], [f('a/.wh.'), f('a/.wh..'), f('a/.wh...'), f('.wh.c'), f('c/d/.wh.e')]])).toEqual(
      kept,
    );
  });

  test('chains of links: 200 are unpacked through, 40 are looked through', () => {
    const chain = Array.from({ length: 200 }, (_, i) => s(`l${i}`, i === 0 ? 'real' : `l${i - 1}`));
    const survey = surveyOfEntries([d('real'), ...chain, f('l199/x')].map((item) => tarEntry(item)));
    const tree = squash([survey], () => undefined);
    expect(listing(tree)).toContain('real/x file 0:201 body 0:201');
    expect(tree.resolve('l39/x')?.name).toBe('x');
    expect(tree.resolve('l41/x')).toBeUndefined();
  });

  test('many whiteouts over many entries take no more than linear time', () => {
    const count = 20_000;
    const top = Array.from({ length: count }, (_, i) => f(`d/e/f${i}`));
    const whiteouts = Array.from({ length: count }, (_, i) => f(i % 2 === 0 ? '.wh.d' : 'd/.wh..wh..opq'));
    const started = performance.now();
    const surveys = [[f('d/e/old')], [...top, ...whiteouts]].map((items) =>
      surveyOfEntries(items.map((item) => tarEntry(item))),
    );
    expect(listing(squash(surveys, () => undefined))).toHaveLength(count + 2);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
