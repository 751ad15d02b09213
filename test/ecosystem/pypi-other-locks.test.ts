import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/pypi/index.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'pypi');
const fixture = (...parts: string[]): Buffer => readFileSync(join(fixtures, ...parts));
const parse = (name: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path: `app/${name}`, bytes, size: bytes.length, mode: 0o644 });
};
const record = (name: string, version: string, more: object = {}) => ({ name, version, presence: 'declared', ...more });
const hex = (digit: string): string => digit.repeat(64);

describe('Pipfile.lock', () => {
  test('categories, digests, and what has no version', () => {
    const lock = {
      _meta: { hash: { sha256: 'x' }, default: {} },
      develop: {
        a: { version: '==1.0' },
        b: { version: '==2.0', hashes: [`sha256:${hex('a')}`, 'md5:x', 7] },
      },
      default: {
        a: { version: '==1.0', hashes: [`sha256:${hex('b')}`, `sha256:${hex('a')}`] },
        c: { git: 'https://host.example/c.git', ref: 'abc' },
        d: { editable: true, path: '.' },
        e: { version: '*' },
        f: { version: '===3.0+x' },
        g: 'odd',
        '': { version: '==1' },
      },
      docs: { h: { version: '==4.0' } },
      prod: { i: { version: '==5.0' } },
      odd: 7,
    };
    expect(parse('Pipfile.lock', JSON.stringify(lock))).toEqual({
      packages: [
        record('a', '1.0', { hashes: [`sha256:${hex('a')}`, `sha256:${hex('b')}`] }),
        record('b', '2.0', { hashes: [`sha256:${hex('a')}`], dev: true }),
        record('f', '3.0+x'),
        record('h', '4.0', { dev: true }),
        record('i', '5.0'),
      ],
      problems: [],
    });
  });

  test('too many digests to mean anything are none', () => {
    const hashes = Array.from({ length: 17 }, (_, i) => `sha256:${i.toString(16).padStart(64, '0')}`);
    const lock = (count: number) =>
      JSON.stringify({ _meta: {}, default: { a: { version: '==1', hashes: hashes.slice(0, count) } } });
    expect(parse('Pipfile.lock', lock(16)).packages).toEqual([record('a', '1', { hashes: hashes.slice(0, 16) })]);
    expect(parse('Pipfile.lock', lock(17)).packages).toEqual([record('a', '1')]);
  });
});

describe('pylock.toml', () => {
  test('tables and inline tables, sources of every kind', () => {
    const text = `lock-version = "1.0"
created-by = "x"

[[packages]]
name = "a"
version = "1.0"
dependencies = [{ name = "b" }, { name = "c", marker = "x" }]
sdist = { url = "x", hashes = { sha256 = "${hex('a')}" } }
wheels = [
    { url = "x", hashes = { sha256 = "${hex('b')}" } },
]

[[packages]]
name = "b"
version = "2.0"

[[packages.dependencies]]
name = "a"

[[packages.wheels]]
name = "b.whl"

[packages.wheels.hashes]
sha256 = "${hex('c')}"
sha512 = "${hex('d')}${hex('d')}"

[packages.tool.x]
version = "9"

[[packages]]
name = "own"
version = "0.1"
directory = { path = ".", editable = true }

[[packages]]
name = "other"
version = "0.2"

[packages.directory]
path = "other"

[[packages]]
name = "unversioned"
directory = { path = "." }

[tool.x]
name = "no"
`;
    expect(parse('pylock.toml', text)).toEqual({
      packages: [
        record('a', '1.0', { hashes: [`sha256:${hex('a')}`, `sha256:${hex('b')}`], needs: ['b', 'c'] }),
        record('b', '2.0', { hashes: [`sha256:${hex('c')}`, `sha512:${hex('d')}${hex('d')}`], needs: ['a'] }),
        { name: 'own', version: '0.1', presence: 'application' },
        { name: 'other', version: '0.2', presence: 'application' },
      ],
      problems: [],
    });
  });

  test('one that locks nothing', () => {
    expect(parse('pylock.dev.toml', 'lock-version = "1.0"\npackages = []\n')).toEqual({ packages: [], problems: [] });
  });
});

describe('what lock files say besides', () => {
  test('poetry.lock: digests, and what is needed but for extras', () => {
    const text = `[[package]]
name = "a"
version = "1.0"
files = [
    {file = "a.whl", hash = "sha256:${hex('a')}"},
]

[package.dependencies]
b = ">=1"
C = {version = "*", markers = "x"}
d = {version = "*", optional = true, markers = "extra == \\"x\\""}
e = [
    {version = ">=1", markers = "python_version < '3'"},
]
"f.g" = "*"

[package.extras]
x = ["d"]
`;
    expect(parse('poetry.lock', text).packages).toEqual([
      record('a', '1.0', { hashes: [`sha256:${hex('a')}`], needs: ['C', 'b', 'e', 'f.g'] }),
    ]);
  });

  test('pdm.lock: a package with extras is the same package, and does not need itself', () => {
    const entry = (groups: string, more = '') =>
      `[[package]]\nname = "a"\nversion = "1.0"\ngroups = ${groups}\n${more}`;
    const text = `${entry('["dev"]')}${entry('["default", "dev"]', 'extras = ["x"]\ndependencies = [\n    "a==1.0",\n    "b>=1; extra == \\"x\\"",\n    "c",\n]\n')}`;
    expect(parse('pdm.lock', text).packages).toEqual([record('a', '1.0', { needs: ['c'] })]);
    const file = `[[package]]\nname = "a"\nversion = "1.0"\npath = "./a-1.0.tar.gz"\n`;
    expect(parse('pdm.lock', file).packages).toEqual([record('a', '1.0')]);
  });

  test('requirements.txt: the digests behind each requirement', () => {
    const text = `a==1.0 \\
    --hash=sha256:${hex('a')} \\
    --hash=sha256:${hex('b')}
b==2.0 --hash=sha512:${hex('c')}${hex('c')}
c==3.0
`;
    expect(parse('requirements.txt', text).packages).toEqual([
      record('a', '1.0', { hashes: [`sha256:${hex('a')}`, `sha256:${hex('b')}`] }),
      record('b', '2.0', { hashes: [`sha512:${hex('c')}${hex('c')}`] }),
      record('c', '3.0'),
    ]);
  });

  test('METADATA: what it needs', () => {
    const text = `Name: a
Version: 1.0
License-Expression: MIT OR Apache-2.0
Requires-Dist: b (>=1)
Requires-Dist: c[x]>=2 ; python_version < "3"
Requires-Dist: d ; extra == 'x'
Requires-Dist: e; python_version < "3" and extra=="x"
Requires-Dist: extra-tool ; "x" in extra-name
Requires-Dist: b
Requires-Dist: ;
`;
    expect(parse('site-packages/a-1.0.dist-info/METADATA', text).packages).toEqual([
      {
        name: 'a',
        version: '1.0',
        presence: 'installed',
        license: 'MIT OR Apache-2.0',
        needs: ['b', 'c', 'extra-tool'],
      },
    ]);
  });
});

describe('claims and folders', () => {
  const claims = (path: string): boolean => ecosystem.claims(path, { size: 10, mode: 0o644 });
  const site = 'usr/lib/python3/site-packages';

  test.each([
    'app/Pipfile.lock',
    'pdm.lock',
    'pylock.toml',
    'app/pylock.dev.toml',
    `${site}/pip/_vendor/vendor.txt`,
    `${site}/setuptools/_vendor/vendored.txt`,
  ])('%s', (path) => {
    expect(claims(path)).toBe(true);
  });

  test.each([
    `${site}/a/Pipfile.lock`,
    `${site}/a/pylock.toml`,
    'app/pylock.a.b.toml',
    'app/xpylock.toml',
    'app/pylock.tom',
    'app/vendor.txt',
    'app/x_vendor/vendor.txt',
    'app/node_modules/a/requirements.txt',
    'usr/lib/ruby/gems/a/pdm.lock',
  ])('not %s', (path) => {
    expect(claims(path)).toBe(false);
  });

  test.each([
    [`${site}/a-1.dist-info/METADATA`, `${site}/a-1.dist-info`],
    [`${site}/a-1.egg-info/PKG-INFO`, `${site}/a-1.egg-info`],
    [`${site}/a-1.egg/EGG-INFO/PKG-INFO`, `${site}/a-1.egg`],
    ['EGG-INFO/PKG-INFO', undefined],
    [`${site}/a-1.egg-info`, undefined],
    [`${site}/a-1.egg`, undefined],
    ['app/poetry.lock', undefined],
  ])('the folder of %s', (path, folder) => {
    expect(ecosystem.folder?.(path)).toBe(folder);
  });
});

describe('ownership', () => {
  const owned = (path: string, content: string | Buffer): unknown[] => {
    const bytes = Buffer.from(content);
    const told: unknown[] = [];
    const owns: Parameters<NonNullable<typeof ecosystem.ownership>['read']>[1] = ({ name, version }, file, digest) => {
      told.push([`${name} ${version}`, file, ...(digest === undefined ? [] : [digest])]);
    };
    ecosystem.ownership?.read({ path, bytes, size: bytes.length, mode: 0o644 }, owns, true);
    return told;
  };
  const site = 'usr/lib/python3.11/site-packages';
  const digest = `sha256:${'07'.repeat(32)}`;
  const written = `sha256=${Buffer.alloc(32, 7).toString('base64url')}`;

  test('RECORD, as pip writes it: the digests are those of the files', () => {
    const info = ['pip-26.3', 'in', 'usr', 'local', 'lib', 'python3.11', 'site-packages', 'six-1.17.0.dist-info'];
    const told = owned(`${site}/six-1.17.0.dist-info/RECORD`, fixture(...info, 'RECORD'));
    const names = ['INSTALLER', 'LICENSE', 'METADATA', 'RECORD', 'WHEEL', 'top_level.txt'];
    const sha256 = (name: string) =>
      `sha256:${createHash('sha256')
        .update(fixture(...info, name))
        .digest('hex')}`;
    expect((told as string[][]).map(([, path]) => path)).toEqual([
      `${site}/__pycache__/six.cpython-311.pyc`,
      ...names.map((name) => `${site}/six-1.17.0.dist-info/${name}`),
      `${site}/six.py`,
    ]);
    expect(told[0]).toEqual(['six 1.17.0', `${site}/__pycache__/six.cpython-311.pyc`]);
    expect(told[1]).toEqual(['six 1.17.0', `${site}/six-1.17.0.dist-info/INSTALLER`, sha256('INSTALLER')]);
    expect(told[3]).toEqual(['six 1.17.0', `${site}/six-1.17.0.dist-info/METADATA`, sha256('METADATA')]);
    expect(told[4]).toEqual(['six 1.17.0', `${site}/six-1.17.0.dist-info/RECORD`]);
  });

  test('paths of every kind', () => {
    const lines = `a/__init__.py,${written},10
../../../bin/a,${written},10
"a/with,comma ""quoted"".py",${written},3
/usr/share/man/a.1,,
a/./b//c.py,sha256=short,1
a/d.py,md5=${Buffer.alloc(32, 7).toString('base64url')},1
../../../../../etc/passwd,${written},1
/../etc/passwd,,
"unclosed,,
,,
nocomma
../../../..,,
`;
    expect(owned(`${site}/a-1.0.dist-info/RECORD`, lines)).toEqual([
      ['a 1.0', `${site}/a/__init__.py`, digest],
      ['a 1.0', 'usr/bin/a', digest],
      ['a 1.0', `${site}/a/with,comma "quoted".py`, digest],
      ['a 1.0', 'usr/share/man/a.1'],
      ['a 1.0', `${site}/a/b/c.py`],
      ['a 1.0', `${site}/a/d.py`],
    ]);
  });

  test('installed-files.txt of an egg-info', () => {
    const lines = '../a/__init__.py\nPKG-INFO\n../a/\r\n../../../../bin/a\n../../../../../../x\n\n';
    expect(owned(`${site}/a-1.0-py3.8.egg-info/installed-files.txt`, lines)).toEqual([
      ['a 1.0', `${site}/a/__init__.py`],
      ['a 1.0', `${site}/a-1.0-py3.8.egg-info/PKG-INFO`],
      ['a 1.0', 'usr/bin/a'],
    ]);
  });

  test('a folder that names no package owns nothing', () => {
    expect(owned('odd.dist-info/RECORD', 'a.py,,\n')).toEqual([]);
  });

  test('claims', () => {
    const claims = (path: string) => ecosystem.ownership?.claims(path, { size: 1, mode: 0o644 }, true);
    const good = [`${site}/a-1.dist-info/RECORD`, `${site}/a-1.egg-info/installed-files.txt`];
    const bad = ['RECORD', `${site}/a/RECORD`, `${site}/a-1.dist-info/RECORD.jws`, 'a/installed-files.txt', ''];
    expect([...good, ...bad].filter(claims)).toEqual(good);
  });

  test('any bytes: clean paths, linear time', () => {
    const piece = fc.constantFrom('../', 'a', '/', ',', '"', '""', '\n', written, '.', '\0', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        for (const [, path] of owned(`${site}/a-1.0.dist-info/RECORD`, parts.join('')) as [string, string][]) {
          expect(path).not.toMatch(/^\/|\/$|\/\/|\0|(^|\/)\.\.?(\/|$)|^$/);
        }
      }),
      { numRuns: 500 },
    );
    const started = process.cpuUsage();
    for (const text of ['"', '"a""', '../', ',', 'a\n', 'a/'])
      owned(`${site}/a-1.0.dist-info/RECORD`, text.repeat(300_000));
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
  });
});

describe('hostile files', () => {
  test.each([
    ['Pipfile.lock', fixture('pipenv-2026.10', 'in', 'app', 'Pipfile.lock')],
    ['pdm.lock', fixture('pdm-2', 'in', 'app', 'pdm.lock')],
    ['pylock.toml', fixture('pip-26.3-lock', 'in', 'app', 'pylock.toml')],
  ])('%s: any bytes give bounded records or one problem', (name, original) => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 10 });
    const mutated = fc.tuple(edits, fc.nat(100)).map(([changes, cut]) => {
      const bytes = Buffer.from(original.subarray(0, original.length - cut));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        const { packages, problems } = parse(name, bytes);
        expect(problems.length === 0 || (problems.length === 1 && packages.length === 0)).toBe(true);
        for (const { hashes = [], needs = [] } of packages) expect(hashes.length + needs.length).toBeLessThan(100);
      }),
      { numRuns: 200 },
    );
  });

  test('long lines take linear time', () => {
    const started = process.cpuUsage();
    for (const text of ['{ name = "a" }, ', '"a", ', 'sha256:', `sha256:${hex('a')} `, '{', 'extra', 'extra == ']) {
      parse(
        'pylock.toml',
        `[[packages]]\nname = "a"\nversion = "1"\ndependencies = [${text.repeat(100_000)}]\nwheels = [${text.repeat(100_000)}]\n`,
      );
      parse('site-packages/a-1.dist-info/METADATA', `Name: a\nVersion: 1\nRequires-Dist: b; ${text.repeat(100_000)}\n`);
      parse('requirements.txt', `a==1 --hash=${text.repeat(100_000)}`);
    }
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
  });
});
