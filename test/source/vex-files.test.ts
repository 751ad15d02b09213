import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readVex } from '../../src/source/vex-files.ts';
import { SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';

const documents = join(import.meta.dirname, '..', 'fixtures', 'vex', 'documents');
const shop = join(documents, 'shop.openvex.json');
let serial = 0;

/** A new folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(scratchFolder(), `vex-${++serial}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function vex(id: string, product: string): string {
  const statements = [{ vulnerability: { name: 'CVE-1' }, products: [{ '@id': product }], status: 'fixed' }];
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': id,
    author: 'A',
    timestamp: '2024-01-01T00:00:00Z',
    statements,
  });
}

/** Names of the documents and their products, and what was warned of; or the failure. */
function outcome(...paths: string[]): unknown {
  const warnings: string[] = [];
  try {
    const given = readVex(paths, (message) => warnings.push(message));
    const told = given.map(({ document, name }) => {
      const products = document.statements.flatMap((statement) => statement.products.map(({ ids }) => ids[0]));
      return `${document.id} (${name}): ${products.join(' ')}`;
    });
    return [told, warnings];
  } catch (thrown) {
    if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
}

describe('files', () => {
  test('one is read, believed, and named by its name and digest', () => {
    const [only, ...others] = readVex([shop]);
    const digest = `sha256:${createHash('sha256').update(readFileSync(shop)).digest('hex')}`;
    expect([only?.name, only?.digest, only?.believed, only?.document.statements.length, others]).toEqual([
      'shop.openvex.json',
      digest,
      true,
      5,
      [],
    ]);
  });

  test('of several each is read once, in one order', () => {
    const again = folderOf({});
    cpSync(shop, join(again, 'copy.json'));
    const paths = [shop, join(documents, 'shop.cdx.json'), join(again, 'copy.json')];
    const names = (list: readonly string[]): string[] => readVex(list).map(({ document }) => document.id);
    expect(names(paths)).toEqual([
      'https://openvex.dev/docs/example/vex-shop-1',
      'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    ]);
    expect(names([...paths].reverse())).toEqual(names(paths));
  });

  test.each([
    ['one that is not there', 'gone.json', 'file/missing: gone.json does not exist'],
    ['one that is no VEX', 'other.json', 'vex/unknown: other.json: it is no VEX document that is known'],
    ['one that is empty', 'empty.json', 'vex/empty: empty.json: the file is empty'],
    [
      'a bill of materials',
      'bom.json',
      'vex/no-analysis: bom.json: the bill of materials analyses no vulnerability: it is no VEX',
    ],
  ])('%s is refused', (_what, name, failure) => {
    const folder = folderOf({ 'other.json': '{}', 'empty.json': '', 'bom.json': '{"bomFormat":"CycloneDX"}' });
    expect(outcome(join(folder, name))).toBe(failure);
  });
});

describe('a plain folder', () => {
  test('all JSON files that are VEX are read, and the others are counted', () => {
    const folder = folderOf({
      'a.json': vex('a', 'pkg:npm/a'),
      'deep/er/b.openvex.json': vex('b', 'pkg:npm/b'),
      'bom.cdx.json': '{"bomFormat":"CycloneDX"}',
      'package.json': '{"name":"x"}',
      'broken.json': '{',
      'notes.txt': 'x',
      '.hidden/c.json': vex('c', 'pkg:npm/c'),
    });
    expect(outcome(folder)).toEqual([
      ['a (a.json): pkg:npm/a', 'b (b.openvex.json): pkg:npm/b'],
      [`${basename(folder)}: skipped 3 JSON files that are no VEX`],
    ]);
  });

  test('one that is meant to be VEX and can not be read is not passed over', () => {
    expect(outcome(folderOf({ 'a.openvex.json': '{}' }))).toBe(
      'vex/unknown: a.openvex.json: it is no VEX document that is known',
    );
    expect(outcome(folderOf({ 'a.csaf.json': '{' }))).toMatch(/^json\/malformed: a\.csaf\.json: not JSON/);
    expect(outcome(folderOf({ 'a.vex.json': '{"bomFormat":"CycloneDX"}' }))).toEqual([
      [],
      [
        expect.stringMatching(/^vex-\d+: the folder has no VEX in it$/),
        expect.stringMatching(/^vex-\d+: skipped 1 JSON file that is no VEX$/),
      ],
    ]);
  });

  test('links are not followed', () => {
    const folder = folderOf({ 'a.json': vex('a', 'pkg:npm/a') });
    symlinkSync('..', join(folder, 'up'));
    symlinkSync(shop, join(folder, 'shop.json'));
    expect(outcome(folder)).toEqual([['a (a.json): pkg:npm/a'], []]);
  });

  test('one without any VEX is told of', () => {
    expect(outcome(folderOf({}))).toEqual([[], [expect.stringMatching(/^vex-\d+: the folder has no VEX in it$/)]]);
  });
});

describe('a VEX repository', () => {
  const manifest = { 'vex-repository.json': '{"name":"x","description":"","versions":[]}' };
  const index = (packages: unknown): string => JSON.stringify({ updated_at: '2024-01-01T00:00:00Z', packages });

  test('its list says what is read, and each document speaks of its package alone', () => {
    const folder = folderOf({
      ...manifest,
      'index.json': index([
        { id: 'pkg:npm/a', location: 'pkg/npm/a/vex.json' },
        { id: 'pkg:npm/b', location: 'pkg/npm/b/vex.json', format: 'openvex' },
        { id: 'pkg:npm/c', location: 'pkg/npm/a/vex.json' },
      ]),
      'pkg/npm/a/vex.json': vex('a', 'pkg:npm/a@1'),
      'pkg/npm/b/vex.json': vex('b', 'pkg:npm/other'),
      'pkg/npm/unlisted/vex.json': vex('c', 'pkg:npm/c'),
    });
    expect(outcome(folder)).toEqual([['a (vex.json): pkg:npm/a@1', 'b (vex.json): '], []]);
    expect(readVex([folder])[1]?.document.unread).toEqual([
      '1 products are not pkg:npm/b, which the document is listed for',
    ]);
  });

  test('a document that is listed for several packages speaks of each of them', () => {
    const both = JSON.parse(vex('ab', 'pkg:npm/a')) as { statements: { products: object[] }[] };
    both.statements[0]?.products.push({ '@id': 'pkg:npm/b' }, { '@id': 'pkg:npm/c' });
    const folder = folderOf({
      'index.json': index([
        { id: 'pkg:npm/a', location: 'x.json' },
        { id: 'pkg:npm/b', location: 'x.json' },
      ]),
      'x.json': JSON.stringify(both),
    });
    expect(outcome(folder)).toEqual([['ab (x.json): pkg:npm/a pkg:npm/b'], []]);
    expect(outcome(folder, join(folder, 'x.json'))).toEqual([['ab (x.json): pkg:npm/a pkg:npm/b pkg:npm/c'], []]);
  });

  test('it may be in the folder of its version', () => {
    const folder = folderOf({
      ...manifest,
      '0.1/index.json': index([{ id: 'pkg:npm/a', location: 'a.json' }]),
      '0.1/a.json': vex('a', 'pkg:npm/a'),
    });
    expect(outcome(folder)).toEqual([['a (a.json): pkg:npm/a'], []]);
  });

  test('nothing outside of it is read', () => {
    const outside = folderOf({ 'secret.json': vex('secret', 'pkg:npm/a') });
    const locations = [
      '../secret.json',
      '/etc/passwd',
      'pkg/../../secret.json',
      'link.json',
      'folder/secret.json',
      '..\\secret.json',
      '',
      'a\0b',
    ];
    const folder = folderOf({
      ...manifest,
      'index.json': index([
        ...locations.map((location) => ({ id: 'pkg:npm/a', location })),
        { id: 'no purl', location: 'x' },
        5,
      ]),
    });
    symlinkSync(join(outside, 'secret.json'), join(folder, 'link.json'));
    symlinkSync(outside, join(folder, 'folder'));
    expect(outcome(folder)).toEqual([
      [],
      [
        `${basename(folder)}: 10 entries of index.json name no package, or no file inside of the folder`,
        `${basename(folder)}: the VEX repository lists no document`,
      ],
    ]);
  });

  test.each(['index.json', '0.1'])('a link out of it is refused: %s', (name) => {
    const outside = folderOf({ 'index.json': index([{ id: 'pkg:npm/a', location: 'a.json' }]), 'a.json': '{' });
    const folder = folderOf(manifest);
    symlinkSync(name === '0.1' ? outside : join(outside, name), join(folder, name));
    expect(outcome(folder)).toBe('vex/repository: index.json of the VEX repository is a link out of its folder');
  });

  test('a document that is listed for many packages is read once, and kept apart by what it is listed for', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `pkg:npm/p${i}`);
    const products = ids.map((id) => ({ '@id': id }));
    const statements = [{ vulnerability: 'CVE-1', status: 'fixed', products }];
    const document = { '@context': 'https://openvex.dev/ns', '@id': 'many', statements, padding: ' '.repeat(100_000) };
    const listing = (of: readonly string[]): string => index(of.map((id) => ({ id, location: 'x.json' })));
    const folder = folderOf({ 'index.json': listing(ids), 'x.json': JSON.stringify(document) });
    const [all] = readVex([folder]);
    expect([all?.document.statements[0]?.products.length, all?.listedFor?.length]).toEqual([20_000, 20_000]);
    writeFileSync(join(folder, 'index.json'), listing(['pkg:npm/p1']));
    const [one] = readVex([folder]);
    expect([one?.digest === all?.digest, one?.listedFor]).toEqual([true, ['pkg:npm/p1']]);
  });

  test('a document that can not be read stops nobody', () => {
    const listed = ['gone.json', 'broken.json', 'a.json'].map((location) => ({ id: 'pkg:npm/a', location }));
    const folder = folderOf({
      ...manifest,
      'index.json': index(listed),
      'broken.json': '{',
      'a.json': vex('a', 'pkg:npm/a'),
    });
    expect(outcome(folder)).toEqual([
      ['a (a.json): pkg:npm/a'],
      [`${basename(folder)}: 2 documents can't be read, such as gone.json: gone.json does not exist`],
    ]);
  });

  test.each([
    ['without a list', {}, 'vex/repository: the VEX repository has no index.json'],
    [
      'whose list is none',
      { 'index.json': '{}' },
      'vex/repository: index.json of the VEX repository lists no packages',
    ],
    [
      'whose list is broken',
      { 'index.json': '{' },
      /^vex\/repository: index\.json of the VEX repository can't be read: not JSON/,
    ],
  ])('one %s is refused', (_what, files, failure) => {
    expect(outcome(folderOf({ ...manifest, ...files }))).toEqual(
      typeof failure === 'string' ? failure : expect.stringMatching(failure),
    );
  });

  test('an index.json of something else makes no repository', () => {
    const folder = folderOf({ 'index.json': '{"manifests":[]}', 'a.json': vex('a', 'pkg:npm/a') });
    expect(outcome(folder)).toEqual([
      ['a (a.json): pkg:npm/a'],
      [`${basename(folder)}: skipped 1 JSON file that is no VEX`],
    ]);
  });
});
