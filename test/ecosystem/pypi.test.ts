import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/pypi/index.ts';
import { buildZip } from '../support/zip.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '..', 'fixtures', 'pypi', name));
const claims = (path: string): boolean => ecosystem.claims(path, { size: 10, mode: 0o644 });
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const site = 'usr/lib/python3.12/site-packages';
const distInfo = `${site}/demo_pkg-1.0.dist-info/METADATA`;

describe('claims', () => {
  test.each([
    distInfo,
    'Jinja2-3.1.2.dist-info/METADATA',
    `${site}/bleach/_vendor/html5lib-1.0.1.dist-info/METADATA`,
    `${site}/a-1.0-py3.8.egg-info/PKG-INFO`,
    `${site}/a-1.0-py3.8.egg-info`,
    `${site}/a-1.0-py3.8.egg/EGG-INFO/PKG-INFO`,
    'EGG-INFO/PKG-INFO',
    `${site}/a-1.0-py3.8.egg`,
    'app/eggs/a-1.0-py2.7.egg',
    'app/requirements.txt',
    'requirements-dev.txt',
    'app/requirements_test.txt',
    'app/poetry.lock',
    'uv.lock',
  ])('%s', (path) => {
    expect(claims(path)).toBe(true);
  });

  test.each([
    'METADATA',
    'app/METADATA',
    `${site}/a-1.0.dist-info/RECORD`,
    `${site}/a-1.0.dist-info/licenses/METADATA`,
    'app/PKG-INFO',
    'app/NOT-EGG-INFO/PKG-INFO',
    `${site}/a/requirements.txt`,
    'usr/lib/python3/dist-packages/a/poetry.lock',
    `${site}/a/uv.lock`,
    'app/test-requirements.txt',
    'app/requirements.txt.bak',
    'app/requirements.in',
    'app/Cargo.lock',
    'app/xuv.lock',
    '',
  ])('not %s', (path) => {
    expect(claims(path)).toBe(false);
  });
});

describe('installed metadata', () => {
  test("a wheel's METADATA; the body can't pose as a header", () => {
    expect(parse(`${site}/Jinja2-3.1.2.dist-info/METADATA`, fixture('jinja2-METADATA'))).toEqual({
      packages: [
        { name: 'Jinja2', version: '3.1.2', presence: 'installed', license: 'BSD-3-Clause', needs: ['MarkupSafe'] },
      ],
      problems: [],
    });
  });

  test.each([
    [`${site}/old.dist_pkg-1.4-py3.11.egg-info/PKG-INFO`, 'installed'],
    [`${site}/old.dist_pkg.egg-info/PKG-INFO`, 'installed'],
    [`${site}/old.dist_pkg-1.4-py3.11.egg/EGG-INFO/PKG-INFO`, 'installed'],
    ['opt/libs/old.dist_pkg-1.4-py3.11.egg-info/PKG-INFO', 'installed'],
    ['app/old.dist_pkg.egg-info/PKG-INFO', 'application'],
  ] as const)("setuptools' PKG-INFO in %s: %s", (path, presence) => {
    expect(parse(path, fixture('setuptools-PKG-INFO'))).toEqual({
      packages: [{ name: 'old.dist-pkg', version: '1.4', presence, license: 'BSD' }],
      problems: [],
    });
  });

  test("distutils' single file", () => {
    expect(parse(`${site}/distutils_sample-0.9-py3.11.egg-info`, fixture('distutils-egg-info'))).toEqual({
      packages: [{ name: 'distutils-sample', version: '0.9', presence: 'installed' }],
      problems: [],
    });
  });

  test('the first of each field counts; case, line ends, marks and continuations do not matter', () => {
    const text =
      '\ufeffMETADATA-VERSION: 2.1\r\nname :  Demo.Pkg \r\n Name: continued\r\n\tVersion: 8\r\nVERSION:1!2.0.post1\r\nName: second\r\nVersion: 9\r\n\r\nVersion: 10';
    expect(parse(distInfo, text)).toEqual({
      packages: [{ name: 'Demo.Pkg', version: '1!2.0.post1', presence: 'installed' }],
      problems: [],
    });
  });

  test.each([
    ['License: MIT', 'MIT'],
    ['License: MIT\nLicense-Expression: Apache-2.0 OR MIT', 'Apache-2.0 OR MIT'],
    ['License: UNKNOWN\nClassifier: Topic :: X\nClassifier: License :: OSI Approved :: BSD License', 'BSD License'],
    [`License: ${'Permission is hereby granted '.repeat(10)}`, undefined],
    ['License:', undefined],
    ['Author: Andr\u00e9', undefined],
  ])('%j', (lines, license) => {
    const [record] = parse(distInfo, `Name: a\nVersion: 1\n${lines}\n`).packages;
    expect(record?.license).toBe(license);
  });

  test('Latin-1 is read as Latin-1', () => {
    const text = Buffer.from('Name: latin-1\nVersion: 2.0\nAuthor: Andr\u00e9\nLicense: Libert\u00e9\n', 'latin1');
    expect(parse(distInfo, text)).toEqual({
      packages: [{ name: 'latin-1', version: '2.0', presence: 'installed', license: 'Libert\u00e9' }],
      problems: [],
    });
  });

  test.each([
    ['', 'demo_pkg', '1.0'],
    ['Metadata-Version: 2.1\nName: Demo-Pkg\n', 'Demo-Pkg', '1.0'],
    ['Version: 3.0\n', 'demo_pkg', '3.0'],
    ['\n\nName: late\nVersion: 9\n', 'demo_pkg', '1.0'],
    [`Name: ${'x'.repeat(1001)}\nVersion: 1.0`, 'demo_pkg', '1.0'],
    ['\u0000\u0001\ufffd: \u0000', 'demo_pkg', '1.0'],
  ])("%j: the folder's name tells what is missing, and a problem says so", (text, name, version) => {
    expect(parse(distInfo, text)).toEqual({
      packages: [{ name, version, presence: 'installed' }],
      problems: [
        {
          code: 'pypi/unreadable',
          message: "name or version is missing; the folder's name tells it",
          path: distInfo,
          blinding: false,
        },
      ],
    });
  });

  test.each([
    `${site}/demo.dist-info/METADATA`,
    `${site}/-1.0.dist-info/METADATA`,
    `${site}/demo-x.dist-info/METADATA`,
    'EGG-INFO/PKG-INFO',
    '.egg-info',
  ])('nothing in %s, nor in the name: a problem alone', (path) => {
    expect(parse(path, 'Summary: nothing\n')).toEqual({
      packages: [],
      problems: [
        { code: 'pypi/unreadable', message: 'the metadata names no package and version', path, blinding: false },
      ],
    });
  });

  test('any bytes: one record of bounded texts, and at most one problem', () => {
    const line = fc.constantFrom('Name: ', 'Version: ', 'License: ', '\n', '\r\n', ' ', ':', 'a', '1.0', '\u00ff');
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.array(line, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        const { packages, problems } = parse(distInfo, bytes);
        expect(packages.length).toBe(1);
        expect(problems.length).toBeLessThanOrEqual(1);
        const { name, version } = packages[0] ?? { name: '', version: '' };
        expect(name.length > 0 && name.length <= 1000 && version.length > 0 && version.length <= 1000).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('megabytes of header take linear time', () => {
    const started = performance.now();
    for (const text of ['a', ' ', ':', 'Name:', 'Classifier: x\n', 'Name: a\n']) {
      parse(distInfo, text.repeat(150_000));
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('names elsewhere', () => {
  test.each([
    ['Django', '2.2', 'pkg:pypi/django@2.2', 'django'],
    ['ruamel.yaml_clib', '0.2', 'pkg:pypi/ruamel.yaml-clib@0.2', 'ruamel-yaml-clib'],
    ['A--b__c..d', '1!1.0+x', 'pkg:pypi/a--b--c..d@1%211.0%2Bx', 'a-b-c-d'],
    ['\u001b[2J', '1', 'pkg:pypi/%1B%5B2j@1', '\u001b[2j'],
  ])('%j %s', (name, version, purl, normalized) => {
    const record = { name, version, presence: 'installed' } as const;
    expect(ecosystem.purl(record, undefined)).toBe(purl);
    expect(ecosystem.advisories(record, undefined)).toEqual({ ecosystem: 'PyPI', name: normalized, version });
  });

  test('the plugin is what it says', () => {
    const { id, database, limit, order } = ecosystem;
    expect({ id, database, limit, order: order.id }).toEqual({
      id: 'pypi',
      database: false,
      limit: 67_108_864,
      order: 'pep440',
    });
  });
});

describe('a zipped egg', () => {
  const path = `${site}/Legacy.App-0.9.1-py3.8.egg`;
  const inside = '!/EGG-INFO/PKG-INFO';
  const metadata = 'Metadata-Version: 1.0\nName: Legacy.App\nVersion: 0.9.2\nLicense: MIT\n';
  const egg = buildZip([
    { name: 'legacy.py', body: '' },
    { name: 'vendored/EGG-INFO/PKG-INFO', body: 'Name: other\nVersion: 1\n' },
    { name: 'EGG-INFO/PKG-INFO', body: metadata },
  ]);

  test('is the package that its metadata names', () => {
    const record = { name: 'Legacy.App', version: '0.9.2', presence: 'installed', license: 'MIT', inside };
    expect(parse(path, egg)).toEqual({ packages: [record], problems: [] });
  });

  test('without metadata is what its own name says', () => {
    const message = "name or version is missing; the folder's name tells it";
    expect(parse(path, buildZip([{ name: 'legacy.py', body: '' }]))).toEqual({
      packages: [{ name: 'Legacy.App', version: '0.9.1', presence: 'installed', inside }],
      problems: [{ code: 'pypi/unreadable', message, path, blinding: false }],
    });
  });

  test('that is no zip is a problem', () => {
    const message = 'this is no zip archive: it has no end record';
    expect(parse(path, 'Name: a')).toEqual({
      packages: [],
      problems: [{ code: 'pypi/unreadable', message, path, blinding: false }],
    });
  });

  test('with any byte changed never throws', () => {
    fc.assert(
      fc.property(fc.nat(egg.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(egg);
        bytes[at] = byte;
        const { packages, problems } = parse(path, bytes);
        expect(packages.length + problems.length).toBeGreaterThan(0);
        expect(packages.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
