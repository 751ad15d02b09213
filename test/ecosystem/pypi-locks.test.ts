import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/pypi/index.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '..', 'fixtures', 'pypi', name));
const parse = (name: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path: `app/${name}`, bytes, size: bytes.length, mode: 0o644 });
};
/** What was found, one text a package: `name==version`, with what isn't plainly declared behind it. */
const found = (name: string, content: string | Buffer): string[] => {
  const { packages, problems } = parse(name, content);
  expect(problems).toEqual([]);
  return packages.map(
    (p) => `${p.name}==${p.version}${p.presence === 'declared' ? '' : ` ${p.presence}`}${p.dev ? ' dev' : ''}`,
  );
};
const problem = (name: string, what: 'unreadable' | 'too-many-packages', message: string) => ({
  code: `pypi/${what}`,
  message,
  path: `app/${name}`,
  blinding: false,
});

describe('requirements.txt', () => {
  test('with hashes on continued lines, as uv and pip-compile write it', () => {
    const expected = ['click==8.5.1', 'jinja2==3.1.2', 'uvicorn==0.15.0'];
    expect(found('requirements.txt', fixture('requirements-hashed.txt'))).toEqual(expected);
    const crlf = fixture('requirements-hashed.txt').toString().replaceAll('\n', '\r\n');
    expect(found('requirements.txt', crlf)).toEqual(expected);
    expect(found('requirements.txt', Buffer.from(`\ufeff${crlf}`, 'utf16le'))).toEqual(expected);
    expect(found('requirements.txt', `\ufeff${crlf}`)).toEqual(expected);
  });

  test('exact pins of every shape', () => {
    const text = `
Django==4.2.1
  zope.interface == 6.0   # why
a[x,y]==1.0;python_version<"3"
b [x] (==2.0)
c===3.0+local.1
d==1!4.0rc1 --hash=sha256:00
e==5.0,>=1
f==\\
6.0
g\\
==7.0 \\
    --hash=x \\
    --hash=y
# a comment is never continued \\
h==8.0
i==9.0`;
    expect(found('requirements.txt', text)).toEqual([
      'Django==4.2.1',
      'zope.interface==6.0',
      'a==1.0',
      'b==2.0',
      'c==3.0+local.1',
      'd==1!4.0rc1',
      'e==5.0',
      'f==6.0',
      'g==7.0',
      'h==8.0',
      'i==9.0',
    ]);
  });

  test('what pins nothing', () => {
    const text = `-r other.txt
-c constraints.txt
-e ./local==1.0
--index-url=https://index.example/==1
# a==1.0
b>=1.0
c~=1.0
d
e @ https://host.example/e-1.0.tar.gz
https://host.example/f==1.0
./g==1.0
h==1.*
i!=1.0
j==
k[x==1.0
l==1.0@x
==1.0
-m==1.0
n=1.0
\${NAME}==1.0
${'x'.repeat(1001)}==1.0
`;
    expect(found('requirements.txt', text)).toEqual([]);
    expect(found('requirements.txt', '')).toEqual([]);
  });

  test.each([
    ['requirements.txt', false],
    ['requirements-dev.txt', true],
    ['requirements_test.txt', true],
    ['requirements-latest.txt', false],
    ['requirements-device.txt', false],
  ])('%s: only for development? %s', (name, dev) => {
    expect(found(name, 'a==1.0\n')).toEqual([dev ? 'a==1.0 dev' : 'a==1.0']);
  });

  test('what is not text: a problem', () => {
    expect(parse('requirements.txt', 'a==1.0\0')).toEqual({
      packages: [],
      problems: [problem('requirements.txt', 'unreadable', 'the requirements file is not text')],
    });
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const { packages, problems } = parse('requirements.txt', 'a==1\n'.repeat(100_001));
    expect(packages.length).toBe(100_000);
    expect(problems).toEqual([
      problem(
        'requirements.txt',
        'too-many-packages',
        'the file names more than 100000 packages; the rest is left out',
      ),
    ]);
  });
});

describe('poetry.lock', () => {
  test.each(['poetry-1.2.lock', 'poetry-2.lock'])('%s, as Poetry writes it', (name) => {
    const expected = ['iniconfig==2.0.0 dev', 'jinja2==3.1.2', 'local-lib==0.0.1 application', 'markupsafe==3.0.4'];
    expect(found('poetry.lock', fixture(name))).toEqual(expected);
    expect(found('poetry.lock', fixture(name).toString().replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test('groups, escapes, other sources, and keys of other tables', () => {
    const text = `[[package]]
name = "a"
version = "1.0"
groups = ["main", "dev"]

[package.dependencies]
name = "wrong"
version = ">=1"

[[package]]
name = 'b'
version = '2.0'
groups = ["test", "docs"]

[[package]]
name = "\\u0063"
version = "3.0"
groups = ["deploy"]

[package.source]
type = "git"
url = "x"
name = "wrong"

[[package]]
name = "d"
version = 4

[[package]]
name = "e\\x"
version = "5.0"

[[other]]
name = "f"
version = "6.0"

[package.source]
type = "directory"

[metadata]
name = "g"
version = "7.0"
`;
    expect(found('poetry.lock', text)).toEqual(['a==1.0', 'b==2.0 dev', 'c==3.0']);
  });
});

describe('uv.lock', () => {
  test('as uv writes it: the project and its members are the application', () => {
    expect(found('uv.lock', fixture('uv.lock'))).toEqual([
      'iniconfig==2.0.0',
      'jinja2==3.1.2',
      'local-lib==0.0.1 application',
      'lock-sample==0.1.0 application',
      'markupsafe==3.0.4',
    ]);
  });

  test('sources of every kind, and a project without a version', () => {
    const entry = (name: string, source: string) =>
      `[[package]]\nname = "${name}"\nversion = "1.0"\nsource = ${source}\n`;
    const text = [
      entry('a', '{ git = "https://host.example/a?rev=1#2" }'),
      entry('b', '{ url = "https://host.example/b.whl" }'),
      entry('c', '{ directory = "../c" }'),
      entry('d', '{ path = "../d.whl" }'),
      '[[package]]\nname = "e"\nsource = { editable = "." }\n',
      entry('f', '"odd"'),
    ].join('\n');
    const expected = ['a==1.0', 'b==1.0', 'c==1.0 application', 'd==1.0', 'f==1.0'];
    expect(found('uv.lock', text)).toEqual(expected);
  });
});

describe.each([
  ['poetry.lock', '[metadata]\n', ['poetry-1.2.lock', 'poetry-2.lock']],
  ['uv.lock', 'version = 1\n', ['uv.lock']],
])('%s: empty, corrupt, hostile, large', (name, empty, fixtures) => {
  test.each(['', '\n \n', empty, `# x\n${empty}`])('%j locks nothing', (content) => {
    expect(found(name, content)).toEqual([]);
  });

  test.each(['\0\0\0', '{"package": []}', '[package]\nname = "a"\n', 'name==1.0'])('%j is no lock file', (content) => {
    expect(parse(name, content)).toEqual({
      packages: [],
      problems: [problem(name, 'unreadable', 'this is not a lock file of Poetry or uv')],
    });
  });

  test('any bytes give bounded records or one problem', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...fixtures.map(fixture)),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(),
      )
      .map(([original, edits, length]) => {
        const bytes = Buffer.from(original);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        return bytes.subarray(0, bytes.length - (length % 100));
      });
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), fc.constantFrom(name, 'requirements.txt'), (bytes, path) => {
        const { packages, problems } = parse(path, bytes);
        expect(problems.length === 0 || (problems.length === 1 && packages.length === 0)).toBe(true);
        for (const { name: own, version } of packages) {
          expect(own.length > 0 && own.length <= 1000 && version.length > 0 && version.length <= 1000).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('1 MB takes milliseconds', () => {
    const entry = (i: number) =>
      `[[package]]\nname = "p${i}"\nversion = "1.${i}"\nfiles = [\n    {file = "${'x'.repeat(180)}"},\n]\n\n`;
    const bytes = Buffer.from(empty + Array.from({ length: 4200 }, (_, i) => entry(i)).join(''));
    expect(bytes.length).toBeGreaterThan(1_000_000);
    // Processor time, and the best of ten: other work on the machine doesn't count.
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 10; run++) {
      const started = process.cpuUsage();
      expect(parse(name, bytes).packages.length).toBe(4200);
      best = Math.min(best, process.cpuUsage(started).user / 1000);
    }
    expect(best).toBeLessThan(50);
  });

  test('long lines, continuations and line ends take linear time', () => {
    const started = performance.now();
    for (const text of ['[', 'name = "', '\n', 'a\\\n', ' ', '[[package]]\n', '==', 'a[']) {
      parse(name, text.repeat(150_000));
      parse('requirements.txt', text.repeat(150_000));
      parse(name, `[[package]]\nname = "a"\nversion = "1"\ngroups = [${text.repeat(50_000)}]\n`);
    }
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
