import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seenEntries } from '../../../src/catalog/collect/entries.ts';
import { fileFacts } from '../../../src/catalog/collect/facts.ts';
import { readyQueries, selectEntries } from '../../../src/catalog/collect/select.ts';
import { squash } from '../../../src/catalog/squash.ts';
import { decodeSurvey, encodeSurvey } from '../../../src/catalog/survey-codec.ts';
import { isSoundSurvey } from '../../../src/catalog/survey-shape.ts';
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

describe('what is told of an entry beside its own header', () => {
  const made = (at: string, type: TarEntry['type'], mode: number, more: Partial<TarEntry> = {}): TarEntry => ({
    ...{ path: at, type, mode, size: 0, uid: 0, gid: 0, link: '' },
    ...more,
  });
  const seenIn = (...layers: readonly TarEntry[][]) => {
    const surveys = layers.map(surveyOfEntries);
    return seenEntries(
      squash(surveys, () => undefined),
      surveys,
    );
  };

  test('whether everybody may write the folder that it is in', () => {
    const seen = seenIn(
      [made('open', 'dir', 0o777), made('open/a', 'file', 0o644), made('open/in', 'dir', 0o755)],
      [made('open/in/b', 'file', 0o644), made('tmp', 'dir', 0o1777), made('tmp/c', 'file', 0o644)],
      [made('shut', 'dir', 0o777), made('shut/d', 'file', 0o644)],
      [made('shut', 'dir', 0o755)],
    );
    expect(seen.filter(({ inOpenFolder }) => inOpenFolder).map(({ path }) => path)).toEqual(['open/a', 'open/in']);
    expect(seen).toHaveLength(8);
  });

  test('which capabilities it gets, also by a hard link and of the layer that counts', () => {
    const [ping, tool] = [{ capabilities: 'cap_net_raw' }, { capabilities: 'cap_chown cap_kill' }];
    const seen = seenIn(
      [made('a', 'file', 0o755, ping), made('b', 'hardlink', 0o755, { link: 'a' }), made('c', 'file', 0o755, tool)],
      [made('c', 'file', 0o755), made('d', 'symlink', 0o777, { link: 'a' })],
    );
    expect(seen.map(({ path, capabilities }) => [path, capabilities])).toEqual([
      ['a', 'cap_net_raw'],
      ['b', 'cap_net_raw'],
      ['c', ''],
      ['d', ''],
    ]);
  });

  test('capabilities are kept with a survey', () => {
    const survey = surveyOfEntries([
      made('a', 'file', 0o755, { capabilities: 'cap_net_raw' }),
      made('b', 'file', 0o755),
    ]);
    const kept = decodeSurvey(encodeSurvey(survey));
    expect(kept?.entries.capabilities).toEqual(new Map([[0, 'cap_net_raw']]));
    expect(kept && isSoundSurvey(kept)).toBe(true);
    const beyond = { ...survey, entries: { ...survey.entries, capabilities: new Map([[7, 'cap_net_raw']]) } };
    expect(isSoundSurvey(beyond)).toBe(false);
    expect(decodeSurvey(encodeSurvey(surveyOfEntries([made('b', 'file', 0o755)])))?.entries).not.toHaveProperty(
      'capabilities',
    );
  });

  test('a query for programs with capabilities selects those alone', () => {
    const surveys = [[made('a', 'file', 0o755, { capabilities: 'cap_net_raw' }), made('b', 'file', 0o4755)]].map(
      surveyOfEntries,
    );
    const tree = squash(surveys, () => undefined);
    const entries = seenEntries(tree, surveys);
    const told = (id: string, { message }: { readonly message: string }) => expect(`${id} ${message}`).toBe('');
    const queries = readyQueries([{ id: 'q', paths: ['/**'], modes: ['capable'] }], tree, entries, told);
    const selected = selectEntries(entries, queries, tree, told);
    const facts = fileFacts(selected, {
      found: new Map(),
      baseLayers: 0,
      ownerOf: () => undefined,
      isAnswered: () => true,
    });
    expect(facts).toEqual([
      {
        ...{ path: '/a', kind: 'file', size: 0, mode: 0o755, uid: 0, gid: 0, layer: 0, from: 'own' },
        ...{ capabilities: ['cap_net_raw'], queries: ['q'] },
      },
    ]);
  });
});
