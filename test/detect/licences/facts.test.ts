import { expect, test } from 'vitest';
import { licenceFacts, type PlacedLicenceFile } from '../../../src/detect/licences/facts.ts';
import type { Package } from '../../../src/model/package.ts';

function made(name: string, license: string | undefined, more: Partial<Package> = {}): Package {
  const paths = [`/app/node_modules/${name}/package.json`];
  const plain = { name, version: '1.0.0', presence: 'installed' as const, ecosystem: 'npm', layer: 1, paths };
  return { ...plain, purl: `pkg:npm/${name}@1.0.0`, ...(license === undefined ? {} : { license }), ...more };
}

function file(path: string, expression: string, more: Partial<PlacedLicenceFile> = {}): PlacedLicenceFile {
  return { path, expression, likeness: 0.98, layer: 2, from: 'own', ...more };
}

test('a package has what it states, with its class, and what was written where that is something else', () => {
  expect(
    licenceFacts([made('a', 'MIT'), made('b', 'GPLv2+ or ASL 2.0'), made('c', 'Acme terms', { layer: 0 })], [], 1),
  ).toEqual([
    { expression: 'MIT', class: 'notice', package: 'pkg:npm/a@1.0.0', layer: 1, from: 'own' },
    {
      expression: 'GPL-2.0-or-later OR Apache-2.0',
      stated: 'GPLv2+ or ASL 2.0',
      class: 'notice',
      package: 'pkg:npm/b@1.0.0',
      layer: 1,
      from: 'own',
    },
    {
      expression: 'NOASSERTION',
      stated: 'Acme terms',
      class: 'unknown',
      package: 'pkg:npm/c@1.0.0',
      layer: 0,
      from: 'base',
    },
  ]);
});

test('a file says what its package does not; what says nothing is NONE', () => {
  const facts = licenceFacts(
    [made('a', 'MIT'), made('b', undefined), made('c', undefined), made('d', 'SEE LICENSE IN LICENSE')],
    [
      file('/app/node_modules/a/LICENSE', 'MIT'),
      file('/app/node_modules/a/vendor/LICENSE', 'GPL-3.0-only'),
      file('/app/node_modules/a/COPYING', 'AGPL-3.0-only'),
      file('/app/node_modules/b/LICENSE', 'ISC'),
      file('/app/node_modules/d/LICENSE', 'NOASSERTION', { likeness: 0 }),
    ],
    0,
  );
  expect(facts.map(({ expression, package: purl, path }) => [purl, path, expression])).toEqual([
    ['pkg:npm/a@1.0.0', undefined, 'MIT'],
    ['pkg:npm/a@1.0.0', '/app/node_modules/a/COPYING', 'AGPL-3.0-only'],
    ['pkg:npm/b@1.0.0', '/app/node_modules/b/LICENSE', 'ISC'],
    ['pkg:npm/c@1.0.0', undefined, 'NONE'],
    ['pkg:npm/d@1.0.0', undefined, 'NOASSERTION'],
    [undefined, '/app/node_modules/a/vendor/LICENSE', 'GPL-3.0-only'],
  ]);
  expect(facts.find(({ expression }) => expression === 'ISC')).toEqual({
    expression: 'ISC',
    class: 'notice',
    package: 'pkg:npm/b@1.0.0',
    path: '/app/node_modules/b/LICENSE',
    likeness: 0.98,
    layer: 2,
    from: 'own',
  });
});

test('a text alone does not tell whether later versions will do: it says what its package says', () => {
  const [only, ...more] = licenceFacts(
    [made('a', 'GPL-3.0-or-later')],
    [file('/usr/share/licenses/a/COPYING', 'GPL-3.0-only', { owner: 'pkg:npm/a@1.0.0' })],
    0,
  );
  expect([only?.expression, more]).toEqual(['GPL-3.0-or-later', []]);
});

test('files are of the package whose folder they stand in, where it is of one package alone', () => {
  const wheel = { ecosystem: 'pypi', purl: 'pkg:pypi/w@1', paths: ['/site/w-1.dist-info/METADATA'] };
  const locked = ['x', 'y'].map((name) => made(name, undefined, { paths: ['/app/yarn.lock'] }));
  const facts = licenceFacts(
    [made('w', undefined, wheel), ...locked],
    [
      file('/site/w-1.dist-info/licenses/LICENSE', 'MIT'),
      file('/app/LICENSE', 'Apache-2.0'),
      file('/usr/share/doc/z/copyright', 'ISC', { owner: 'pkg:deb/debian/z@1' }),
    ],
    0,
  );
  expect(facts.map(({ package: purl, expression }) => [purl, expression])).toEqual([
    ['pkg:deb/debian/z@1', 'ISC'],
    ['pkg:npm/x@1.0.0', 'NONE'],
    ['pkg:npm/y@1.0.0', 'NONE'],
    ['pkg:pypi/w@1', 'MIT'],
    [undefined, 'Apache-2.0'],
  ]);
});

test('a package that is there many times is told once, from its first layer', () => {
  const many = [3, 1, 2].map((layer) => made('a', 'MIT', { layer }));
  expect(licenceFacts(many, [], 2)).toEqual([
    { expression: 'MIT', class: 'notice', package: 'pkg:npm/a@1.0.0', layer: 1, from: 'base' },
  ]);
});

test('a statement that is a whole text is told by its beginning', () => {
  const [fact] = licenceFacts([made('a', `Own\nterms ${'x'.repeat(500)}`)], [], 0);
  expect(fact?.stated).toBe(`Own terms ${'x'.repeat(189)}…`);
});
