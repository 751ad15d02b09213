import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/npm/index.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '..', 'fixtures', 'npm', name));
const parse = (name: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path: `app/${name}`, bytes, size: bytes.length, mode: 0o644 });
};
/** What was found, one text a package: `name@version`, with what isn't plainly declared behind it. */
const found = (name: string, content: string | Buffer): string[] => {
  const { packages, problems } = parse(name, content);
  expect(problems).toEqual([]);
  return packages
    .map((p) => `${p.name}@${p.version}${p.presence === 'declared' ? '' : ` ${p.presence}`}${p.dev ? ' dev' : ''}`)
    .sort();
};
const unreadable = (name: string, message: string) => ({
  packages: [],
  problems: [{ code: 'npm/unreadable', message, path: `app/${name}`, blinding: false }],
});

/** What every tool locked for the same package.json: an alias, a scope, a local folder, an optional and two dev packages. */
const runtime = [
  '@sindresorhus/is@4.6.0',
  'ajv-keywords@3.5.2',
  'ajv@6.12.6',
  'debug@2.6.9',
  'fast-deep-equal@3.1.3',
  'fast-json-stable-stringify@2.1.0',
  'fsevents@2.3.2',
  'json-schema-traverse@0.4.1',
  'minimist@0.0.8',
  'mkdirp@0.5.1',
  'ms@2.0.0',
  'punycode@2.3.1',
  'uri-js@4.4.1',
];
const development = ['isexe@2.0.0', 'which@1.3.1'];
const withDev = [...runtime, ...development.map((text) => `${text} dev`)].sort();
const withoutDev = [...runtime, ...development].sort();

describe('package-lock.json', () => {
  test.each(['package-lock-v2.json', 'package-lock-v3.json'])('%s, as npm writes it', (name) => {
    const own = ['local-lib@0.0.1 application', 'lock-sample@3.2.1 application'];
    expect(found('package-lock.json', fixture(name))).toEqual([...withDev, ...own].sort());
  });

  test('version 1, as npm writes it, under either name', () => {
    const expected = [...withDev, 'lock-sample@3.2.1 application'].sort();
    expect(found('package-lock.json', fixture('package-lock-v1.json'))).toEqual(expected);
    expect(found('npm-shrinkwrap.json', fixture('package-lock-v1.json'))).toEqual(expected);
  });

  test('nested places, links, members of a workspace, and one package needed both ways', () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { name: 'root' },
        'libs/one': { name: '@own/one', version: '1.0.0' },
        'node_modules/@own/one': { resolved: 'libs/one', link: true },
        'node_modules/a/node_modules/@s/b': { version: '2.0.0', dev: true },
        'libs/one/node_modules/@s/b': { version: '2.0.0' },
        'node_modules/c': { version: '3.0.0' },
        'node_modules/d/node_modules/c': { version: '3.0.0', dev: true },
        'node_modules/e': { version: 'git+ssh://git@host/e.git#abc' },
        'node_modules/f': null,
        'node_modules/g': { version: 7 },
        'node_modules/h': {},
      },
    };
    expect(found('package-lock.json', JSON.stringify(lock))).toEqual([
      '@own/one@1.0.0 application',
      '@s/b@2.0.0',
      'c@3.0.0',
    ]);
  });

  test('version 1: a tree with aliases and places', () => {
    const lock = {
      lockfileVersion: 1,
      dependencies: {
        a: { version: '1.0.0', dependencies: { b: { version: '2.0.0', dev: true } } },
        b: { version: 'npm:@s/real@3.0.0', dev: true },
        c: { version: 'git+https://host/c.git#abc' },
        d: { version: 'file:../d' },
        e: 'odd',
        f: { version: 'npm:nothing' },
      },
    };
    expect(found('package-lock.json', JSON.stringify(lock))).toEqual(['@s/real@3.0.0 dev', 'a@1.0.0', 'b@2.0.0 dev']);
  });

  test('nothing locked is nothing wrong', () => {
    expect(found('package-lock.json', '{"name":"a","version":"1.0.0","lockfileVersion":1}')).toEqual([
      'a@1.0.0 application',
    ]);
    expect(found('package-lock.json', '{"lockfileVersion":3,"packages":{}}')).toEqual([]);
  });

  test.each([
    ['{"lockfileVersion":99,"packages":[]}', 'the lock file has neither packages nor dependencies'],
    ['{}', 'the lock file has neither packages nor dependencies'],
    ['{"lockfileVersion":1,"dependencies":[]}', 'the lock file has neither packages nor dependencies'],
    ['[]', 'the lock file is not an object'],
    ['', 'not JSON: Unexpected end of JSON input'],
    ['[['.repeat(101), 'JSON nested deeper than 200 levels'],
  ])('%.40s: a problem', (content, message) => {
    expect(parse('package-lock.json', content)).toEqual(unreadable('package-lock.json', message));
  });

  test('keys called __proto__ and constructor are packages like others', () => {
    const lock =
      '{"lockfileVersion":1,"dependencies":{"__proto__":{"version":"1.0.0"},"constructor":{"version":"2.0.0"}}}';
    expect(found('package-lock.json', lock)).toEqual(['__proto__@1.0.0', 'constructor@2.0.0']);
  });

  test('too many packages: the first hundred thousand, and a problem', () => {
    const entries = Array.from({ length: 100_001 }, (_, i) => `"node_modules/p${i}":{"version":"1.0.0"}`);
    const { packages, problems } = parse('package-lock.json', `{"packages":{${entries.join(',')}}}`);
    expect(packages.length).toBe(100_000);
    expect(problems).toEqual([
      {
        code: 'npm/too-many-packages',
        message: 'the lock file names more than 100000 packages; the rest is left out',
        path: 'app/package-lock.json',
        blinding: false,
      },
    ]);
  });
});

describe('yarn.lock', () => {
  test('version 1, as Yarn writes it', () => {
    expect(found('yarn.lock', fixture('yarn-v1.lock'))).toEqual(withoutDev);
  });

  test('Berry, as Yarn writes it: aliases by their real name, patches by what they patch, no workspace', () => {
    const names = found('yarn.lock', fixture('yarn-berry.lock'));
    expect(names.filter((name) => withoutDev.includes(name))).toEqual(withoutDev);
    // Berry adds node-gyp for fsevents, and what node-gyp needs.
    expect(names.length).toBe(35);
    expect(names.filter((name) => /local-lib|lock-sample|old-debug|use\.local/.test(name))).toEqual([]);
    expect(found('yarn.lock', fixture('yarn-berry.lock').toString().replaceAll('\n', '\r\n'))).toEqual(names);
  });

  test('version 1: patterns of every kind', () => {
    const lock = `# yarn lockfile v1


a@^1.0.0, a@^1.1.0:
  version "1.2.0"
  dependencies:
    version "9.9.9"

"@s/b@>= 1 < 3", "@s/b@2":
  version "2.0.0"
"c@npm:@t/real@^4":
  version "4.0.0"
"d@npm:plain":
  version "5.0.0"
e@file:../e:
  version "6.0.0"
"f@git+ssh://git@host/f.git#v7":
  version "7.0.0"
g@1.0.0:
  resolved "x"
h@link:./h:
  version "0.0.0"
"unclosed@1:
  version "8.0.0"
noversion:
  version "8.0.0"
`;
    expect(found('yarn.lock', lock)).toEqual(['@s/b@2.0.0', '@t/real@4.0.0', 'a@1.2.0', 'f@7.0.0', 'plain@5.0.0']);
  });

  test('Berry: locators of every kind, and a key too long for one line', () => {
    const lock = `__metadata:
  version: 8

"a@npm:^1, a@npm:^2":
  version: 1.0.0
  resolution: "a@npm:1.0.0::__archiveUrl=x"
"b@patch:b@npm%3A2.0.0#~/b.patch":
  version: 2.0.0
  resolution: "b@patch:b@npm%3A2.0.0#~/b.patch::version=2.0.0&hash=1"
"c@patch:c@patch%3Ac@npm%253A3.0.0%23one#two":
  version: 3.0.0
  resolution: "c@patch:c@patch%3Ac@npm%253A3.0.0%23one#two"
"d@https://host/d.git#commit=1":
  version: 4.0.0
  resolution: "d@https://host/d.git#commit=1"
"e@patch:%E0%A4%A":
  version: 5.0.0
  resolution: "e@patch:%E0%A4%A"
? "long@npm:^6, ${'long@npm:^6, '.repeat(100)}"
:
  version: 6.0.0
  resolution: "long@npm:6.0.0"
"w@workspace:w":
  version: 0.0.0-use.local
  resolution: "w@workspace:w"
"x@link:../x::locator=w":
  version: 0.0.0-use.local
  resolution: "x@link:../x::locator=w"
`;
    expect(found('yarn.lock', lock)).toEqual(['a@1.0.0', 'b@2.0.0', 'c@3.0.0', 'd@4.0.0', 'long@6.0.0']);
  });

  test("an entry that has neither Yarn's mark nor a place it came from is not Yarn's", () => {
    expect(found('yarn.lock', 'a@1.0.0:\n  version "1.0.0"\n  integrity sha512-x\n')).toEqual([]);
    expect(found('yarn.lock', 'a@1.0.0:\n  version "1.0.0"\n  resolved "x"\n')).toEqual(['a@1.0.0']);
  });

  test.each(['', '\n\n', '  \n', '# yarn lockfile v1\n\n', '__metadata:\n  version: 8\n'])(
    '%j locks nothing',
    (content) => {
      expect(found('yarn.lock', content)).toEqual([]);
    },
  );

  test.each(['\0\0\0', '{"name":"a"}', 'just text', '<<<<<<< HEAD\n'])('%j is not a yarn.lock', (content) => {
    expect(parse('yarn.lock', content)).toEqual(unreadable('yarn.lock', 'this is not a yarn.lock'));
  });
});

describe('pnpm-lock.yaml', () => {
  test.each(['5.2', '5.4', '6'])('version %s, as pnpm writes it', (version) => {
    expect(found('pnpm-lock.yaml', fixture(`pnpm-lock-${version}.yaml`))).toEqual(withDev);
  });

  test('version 9, as pnpm writes it, with either line end', () => {
    expect(found('pnpm-lock.yaml', fixture('pnpm-lock-9.yaml'))).toEqual(withoutDev);
    expect(found('pnpm-lock.yaml', fixture('pnpm-lock-9.yaml').toString().replaceAll('\n', '\r\n'))).toEqual(
      withoutDev,
    );
  });

  test('version 5: scopes, peers, other hosts, sources other than a registry', () => {
    const lock = `lockfileVersion: 5.1
packages:
  /a/1.0.0:
    dev: true
  /@s/b/2.0.0_react@16.0.0:
    dev: false
  /c/3.0.0/react@16.0.0:
    resolution: {integrity: x}
  host.example/@s/d/4.0.0:
    resolution: {tarball: x}
  github.com/owner/e/5abcdef:
    name: e
    version: 5.0.0
    dev: true
  file:../f:
    resolution: {directory: ../f, type: directory}
    name: f
    version: 6.0.0
  file:../g:
    resolution:
      directory: ../g
      type: directory
    name: g
    version: 7.0.0
  /broken:
    dev: true
  broken/:
    dev: true
settings:
  /not/1.0.0:
    dev: true
`;
    expect(found('pnpm-lock.yaml', lock)).toEqual([
      '@s/b@2.0.0',
      '@s/d@4.0.0',
      'a@1.0.0 dev',
      'c@3.0.0',
      'e@5.0.0 dev',
    ]);
  });

  test('version 6 and 9: peers, hosts, sources other than a registry, a key too long for one line', () => {
    const six = `lockfileVersion: '6.0'
packages:
  '@host.example/x@1':
  /a@1.0.0(b@2.0.0)(@s/c@3.0.0):
    dev: true
  /@s/c@3.0.0:
  ? /long@4.0.0(${'peer@1.0.0'.repeat(110)})
  : resolution: {integrity: x}
    dev: true
  host.example/d@5.0.0:
  '@github.com/owner/e/abc':
    name: e
    version: 6.0.0
`;
    expect(found('pnpm-lock.yaml', six)).toEqual([
      '@s/c@3.0.0',
      'a@1.0.0 dev',
      'd@5.0.0',
      'e@6.0.0',
      'long@4.0.0 dev',
      'x@1',
    ]);
    const nine = `---
lockfileVersion: '9.0'
packages:
  a@1.0.0:
    resolution: {integrity: x}
---
lockfileVersion: '9.0'

packages:

  '@s/b@2.0.0':
    resolution: {integrity: x}
  c@https://host.example/c/tar.gz/abc:
    resolution: {tarball: x}
    version: 3.0.0
  d@file:d:
    resolution: {directory: d, type: directory}
  e@file:e.tgz:
    resolution: {tarball: file:e.tgz}
    version: 4.0.0

snapshots:

  not@1.0.0(react@16.0.0): {}
  not@2.0.0:
    dependencies:
      a: 1.0.0
`;
    expect(found('pnpm-lock.yaml', nine)).toEqual(['@s/b@2.0.0', 'a@1.0.0', 'c@3.0.0', 'e@4.0.0']);
  });

  test.each(['', '\n', "lockfileVersion: '9.0'\n"])('%j locks nothing', (content) => {
    expect(found('pnpm-lock.yaml', content)).toEqual([]);
  });

  test.each(['a: &a [*a, *a]\n: : :\n', '\0\0\0', '{}', 'packages:\n  /a/1.0.0:\n'])(
    '%j is no pnpm lock file',
    (content) => {
      const result = parse('pnpm-lock.yaml', content);
      expect(result).toEqual(unreadable('pnpm-lock.yaml', 'this is not a pnpm lock file'));
    },
  );
});

describe('hostile and large files', () => {
  const kinds: [name: string, fixtures: string[]][] = [
    ['package-lock.json', ['package-lock-v1.json', 'package-lock-v3.json']],
    ['yarn.lock', ['yarn-v1.lock', 'yarn-berry.lock']],
    ['pnpm-lock.yaml', ['pnpm-lock-5.4.yaml', 'pnpm-lock-6.yaml', 'pnpm-lock-9.yaml']],
  ];

  test.each(kinds)('%s: any bytes give bounded records or one problem', (name, fixtures) => {
    const originals = fixtures.map(fixture);
    const mutated = fc
      .tuple(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.nat(),
        fc.nat(),
      )
      .map(([original, edits, from, length]) => {
        const bytes = Buffer.from(original);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        const cut = from % bytes.length;
        return Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut + (length % 40))]);
      });
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        const { packages, problems } = parse(name, bytes);
        expect(problems.length === 0 || (problems.length === 1 && packages.length === 0)).toBe(true);
        for (const { name: own, version } of packages) {
          expect(own.length > 0 && own.length <= 1000 && version.length > 0 && version.length <= 1000).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  const large: [name: string, make: (i: number) => string, before: string, after: string][] = [
    [
      'package-lock.json',
      (i) => `"node_modules/p${i}":{"version":"1.0.${i}","resolved":"${'x'.repeat(150)}"}`,
      '{"packages":{',
      '}}',
    ],
    [
      'yarn.lock',
      (i) => `"p${i}@^1.0.0":\n  version "1.0.${i}"\n  resolved "${'x'.repeat(150)}"\n\n`,
      '# yarn lockfile v1\n',
      '',
    ],
    [
      'pnpm-lock.yaml',
      (i) => `\n  p${i}@1.0.${i}:\n    resolution: {integrity: ${'x'.repeat(150)}}\n`,
      "lockfileVersion: '9.0'\npackages:\n",
      '',
    ],
  ];
  test.each(large)('a %s of 1 MB takes milliseconds', (name, make, before, after) => {
    const count = 5400;
    const entries = Array.from({ length: count }, (_, i) => make(i));
    const bytes = Buffer.from(before + entries.join(name.endsWith('.json') ? ',' : '') + after);
    expect(bytes.length).toBeGreaterThan(1_000_000);
    // Processor time, and the best of ten: other work on the machine doesn't count.
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 10; run++) {
      const started = process.cpuUsage();
      expect(parse(name, bytes).packages.length).toBe(count);
      best = Math.min(best, process.cpuUsage(started).user / 1000);
    }
    expect(best).toBeLessThan(50);
  });

  test.each(['yarn.lock', 'pnpm-lock.yaml'])('a %s of one long line, or of line ends, takes linear time', (name) => {
    const started = performance.now();
    for (const text of ['"a@', ' ', '\n', '  : ', '? ', '@patch:%3A', '/', '(']) {
      parse(name, text.repeat(500_000));
      parse(name, `lockfileVersion: 5.4\npackages:\n  ${text.repeat(200_000)}:\n    dev: true\n`);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
