import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSurvey, encodeSurvey } from '../../src/catalog/survey-codec.ts';
import { isSoundSurvey } from '../../src/catalog/survey-shape.ts';
import { blinding, warning } from '../../src/model/problem.ts';
import type { EntryTable, LayerSurvey, PathTable } from '../../src/model/survey.ts';
import { dir, file, hardlink, symlink } from '../support/tar-writer.ts';
import { surveyOf } from './support.ts';

const full: LayerSurvey = {
  ...surveyOf([
    dir('bin'),
    file('bin/tool', '#!lines\ntool 1\n', { mode: 0o755 }),
    symlink('bin/sh', 'tool'),
    hardlink('bin/same', 'bin/tool'),
    dir('var'),
    file('var/lib/lines/db', 'a 1\nb 2\nbroken\n'),
    file('etc/os-release', 'ID=lineos\nVERSION_ID=1\nID_LIKE="a b"\nVERSION_CODENAME=x\n'),
  ]),
  problems: [warning('tar/odd', 'odd', 'bin'), { ...blinding('tar/worse', 'worse'), layer: 3 }],
};
const match = {
  ...{ rule: 'secret/x', fingerprint: '0a', shown: 'x_…(20)', score: 80, notes: ['a note'], expires: '2026-01-01' },
  ...{ line: 1, column: 1, endLine: 1, endColumn: 9 },
};
/** With all that may be found beside packages. */
const beside: LayerSurvey = {
  ...full,
  secrets: [{ entry: 1, matches: [match], digests: ['md5:00'] }],
  documents: [{ entry: 1, text: 'a = 1\n'.repeat(30_000) }],
  licences: [{ entry: 1, expression: 'MIT', likeness: 0.9 }],
  looked: { secrets: 'a', documents: 'b' },
  owners: { owners: [{ ecosystem: 'deb', owner: { name: 'bash' } }], rows: 'AAAA' },
  unlooked: [warning('secrets/x', 'y', 'z')],
};
const withMatch = (change: Odd): LayerSurvey => ({
  ...beside,
  secrets: [{ entry: 1, matches: [{ ...match, ...change } as never] }],
});
const record = {
  name: 'a',
  version: '1',
  presence: 'declared',
  origin: { name: 'b', version: '2' },
  arch: 'amd64',
  inside: '!/x',
  module: 'm',
  vendor: 'v',
  license: 'MIT',
  dev: true,
} as const;

type Odd = Record<string, unknown>;
const withFile = (change: Odd): LayerSurvey => {
  const [first, ...rest] = full.files;
  return { ...full, files: [{ ...first, ...change } as never, ...rest] };
};
const withPackage = (change: Odd) => withFile({ packages: [{ ...record, ...change }] });
const withProblem = (change: Odd): LayerSurvey => ({
  ...full,
  problems: [{ ...warning('a/b', 'c'), ...change } as never],
});
const withTable = (change: Partial<EntryTable>): LayerSurvey => ({ ...full, entries: { ...full.entries, ...change } });
const withPaths = (change: Partial<PathTable>): LayerSurvey => {
  const { folders, folderPaths, nameBytes, nameEnds, length } = full.entries.paths;
  return withTable({ paths: { folders, folderPaths, nameBytes, nameEnds, length, ...change } as PathTable });
};

describe('a survey from elsewhere', () => {
  test('is sound as it was made', () => {
    expect(full.files.length).toBeGreaterThanOrEqual(3);
    expect(isSoundSurvey(full)).toBe(true);
    expect(isSoundSurvey(decodeSurvey(encodeSurvey(full)) as LayerSurvey)).toBe(true);
    expect(isSoundSurvey(withPackage({}))).toBe(true);
    expect(isSoundSurvey(withPaths({}))).toBe(true);
    expect(isSoundSurvey(surveyOf([]))).toBe(true);
    expect(isSoundSurvey(decodeSurvey(encodeSurvey(beside)) as LayerSurvey)).toBe(true);
  });

  test.each<[string, LayerSurvey]>([
    ['files that are no list', { ...full, files: 5 as never }],
    ['a secret itself', withMatch({ value: 'x' })],
    ['a secret more than sure', withMatch({ score: 101 })],
    ['a secret whose fingerprint is a text', withMatch({ fingerprint: 'the secret' })],
    ['a secret on half a line', withMatch({ line: 0.5 })],
    ['secrets of no entry', { ...beside, secrets: [{ entry: 99, matches: [] }] }],
    ['secrets that are no list', { ...beside, secrets: {} as never }],
    ['a document that is too long', { ...beside, documents: [{ entry: 1, text: 'a'.repeat(1024 * 1024 + 1) }] }],
    ['documents out of order', { ...beside, documents: [2, 1].map((entry) => ({ entry, text: '' })) }],
    ['a licence more than alike', { ...beside, licences: [{ entry: 1, expression: 'MIT', likeness: 2 }] }],
    ['something else that was looked for', { ...beside, looked: { more: 'x' } as never }],
    ['owners without rows', { ...beside, owners: { owners: [] } as never }],
    [
      'an owner without a name',
      { ...beside, owners: { owners: [{ ecosystem: 'deb', owner: {} as never }], rows: '' } },
    ],
    ['capabilities of no entry', withTable({ capabilities: new Map([[99, 'cap_chown']]) })],
    ['capabilities that are no text', withTable({ capabilities: new Map([[0, 5 as never]]) })],
    ['a file that is none', { ...full, files: [null as never] }],
    ['a file of no entry', withFile({ entry: full.entries.paths.length })],
    ['a file of half an entry', withFile({ entry: 0.5 })],
    ['files out of order', { ...full, files: [...full.files].reverse() }],
    ['an ecosystem that is no text', withFile({ ecosystem: 5 })],
    ['packages that are no list', withFile({ packages: { length: 1 } })],
    ['a distribution without a name', withFile({ distribution: { id: 'x', version: '', like: [] } })],
    ['a distribution like a number', withFile({ distribution: { id: 'x', version: '', like: [5], name: '' } })],
    ['a package without a name', withPackage({ name: undefined })],
    ['a package with a name that is a list', withPackage({ name: ['a'] })],
    ['a package with too long a name', withPackage({ name: 'a'.repeat(100_000) })],
    ['a package that is somehow there', withPackage({ presence: 'somehow' })],
    ['a package that knows its layer', withPackage({ layer: 3 })],
    ['a package with another prototype', withPackage(JSON.parse('{"__proto__": {"name": "x"}}') as Odd)],
    ['an origin that is a text', withPackage({ origin: 'b' })],
    ['a package for development, maybe', withPackage({ dev: 'yes' })],
    ['a problem without a code', withProblem({ code: 'x' })],
    ['a problem that may blind', withProblem({ blinding: 1 })],
    ['a problem of layer -1', withProblem({ layer: -1 })],
    ['a size that is none', { ...full, unpacked: Number.NaN }],
    ['an unknown kind of entry', withTable({ kinds: full.entries.kinds.map(() => 9) })],
    ['a column that is short', withTable({ uids: full.entries.uids.subarray(1) })],
    ['a negative size', withTable({ sizes: full.entries.sizes.map(() => -1) })],
    ['a link of no entry', withTable({ links: new Map([[1000, 'a']]) })],
    ['a link to a number', withTable({ links: new Map([[1, 5 as never]]) })],
    ['an entry in no folder', withPaths({ folders: full.entries.paths.folders.map(() => 1000) })],
    ['a folder outside', withPaths({ folderPaths: full.entries.paths.folderPaths.map((path) => `../${path}`) })],
    ['names that overlap', withPaths({ nameEnds: full.entries.paths.nameEnds.map((end) => 50 - end) })],
    ['names behind the end', withPaths({ nameEnds: full.entries.paths.nameEnds.map((end) => end + 10_000) })],
    ['a name that is a path', withPaths({ nameBytes: Buffer.from(full.entries.paths.nameBytes).fill('/') })],
    ['a name that leads up', withPaths({ nameBytes: Buffer.from(full.entries.paths.nameBytes).fill('.') })],
  ])('with %s is not', (_what, survey) => {
    expect(isSoundSurvey(survey)).toBe(false);
  });

  test('of any JSON is judged without an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (files, problems, unpacked) => {
        const survey = { ...full, files, problems, unpacked } as never as LayerSurvey;
        expect(typeof isSoundSurvey(survey)).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});
