import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../support/cli.ts';
import { fix, flaw, flawsIn, patched, writeFiles } from './make.ts';

const scratch = scratchFolder();

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly records: readonly object[];
  readonly found: readonly string[];
  /** The files that the patch changes. */
  readonly changed: readonly string[];
  /** What the first of them says afterwards. */
  readonly says: readonly string[];
}

const json = (value: unknown, indent: number | string = 2): string => `${JSON.stringify(value, undefined, indent)}\n`;
const lodash = flaw('CVE-2021-1', 'npm', 'lodash', [['0', '4.17.21']]);
const registry = 'https://npm.example.com/lodash/-/lodash-4.17.20.tgz';
const lodashEntry = { version: '4.17.20', resolved: registry, integrity: 'sha512-AAAA', license: 'MIT' };
const lock3 = (asked: string, extra: object = {}) => ({
  name: 'shop',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': { name: 'shop', version: '1.0.0', dependencies: { lodash: asked } },
    'node_modules/lodash': lodashEntry,
    ...extra,
  },
});
const pom = (body: string): string => `<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <!-- <dependencies> of old -->
  <groupId>shop</groupId><artifactId>shop</artifactId><version>1.10.0</version>
${body}
</project>
`;
/** A placeholder of Maven's. */
const property = `\${${'text.version'}}`;
const text4 = flaw('CVE-2022-4', 'Maven', 'org.apache.commons:commons-text', [['0', '1.10.0']]);
const dependency = (version: string): string =>
  `<dependency><groupId>org.apache.commons</groupId><artifactId>commons-text</artifactId>${version}</dependency>`;

const cases: readonly Case[] = [
  {
    title: 'package-lock.json of version 3, whose project asks for a range',
    files: { 'package-lock.json': json(lock3('^4.17.0')), 'package.json': json({ name: 'shop', dependencies: {} }) },
    records: [lodash],
    found: ['CVE-2021-1 lodash 4.17.20'],
    changed: ['package-lock.json'],
    says: [
      '"version": "4.17.21",\n      "resolved": "https://npm.example.com/lodash/-/lodash-4.17.21.tgz",\n      "license"',
    ],
  },
  {
    title: 'package-lock.json and package.json, whose project asks for one version',
    files: {
      'api/package-lock.json': json(lock3('4.17.20'), '\t'),
      'api/package.json': json({ name: 'shop', version: '1.0.0', dependencies: { lodash: '4.17.20' } }),
    },
    records: [lodash],
    found: ['CVE-2021-1 lodash 4.17.20'],
    changed: ['api/package-lock.json', 'api/package.json'],
    says: ['"lodash": "4.17.21"', '"version": "4.17.21"'],
  },
  {
    title: 'package-lock.json, and package.json of the workspace that asks for one version',
    files: {
      'package-lock.json': json({
        lockfileVersion: 3,
        packages: {
          '': { workspaces: ['api'] },
          api: { version: '1.0.0', dependencies: { lodash: '4.17.20' } },
          'node_modules/api': { resolved: 'api', link: true },
          'node_modules/lodash': { ...lodashEntry, deprecated: 'take 5' },
        },
      }),
      'api/package.json': json({ name: 'api', version: '1.0.0', dependencies: { lodash: '4.17.20' } }),
    },
    records: [lodash],
    found: ['CVE-2021-1 lodash 4.17.20'],
    changed: ['api/package.json', 'package-lock.json'],
    says: ['"lodash": "4.17.21"'],
  },
  {
    title: 'package-lock.json of version 2 with its tree for older npm, twice nested',
    files: {
      'package-lock.json': json({
        ...lock3('^4.0.0', {
          'node_modules/a': { version: '1.0.0', dependencies: { lodash: '~4.17.1' } },
          'node_modules/a/node_modules/lodash': lodashEntry,
        }),
        lockfileVersion: 2,
        dependencies: {
          lodash: { version: '4.17.20', resolved: registry, integrity: 'sha512-AAAA' },
          a: { version: '1.0.0', dependencies: { lodash: { version: '4.17.20', integrity: 'sha512-AAAA' } } },
        },
      }),
    },
    records: [lodash],
    found: ['CVE-2021-1 lodash 4.17.20'],
    changed: ['package-lock.json'],
    says: ['"lodash": {\n          "version": "4.17.21"\n        }'],
  },
  {
    title: 'npm-shrinkwrap.json',
    files: { 'npm-shrinkwrap.json': json(lock3('*')) },
    records: [lodash],
    found: ['CVE-2021-1 lodash 4.17.20'],
    changed: ['npm-shrinkwrap.json'],
    says: ['lodash-4.17.21.tgz'],
  },
  {
    title: 'requirements.txt with extras, markers, comments and lines that end in CR LF',
    files: {
      'requirements.txt':
        '# pinned\r\nJinja2 == 2.10 ; python_version > "3"\r\nrequests[socks]===2.19.1 # old\r\nflask>=1\r\n',
    },
    records: [
      flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']]),
      flaw('CVE-2018-1', 'PyPI', 'requests', [['0', '2.20.0']]),
    ],
    found: ['CVE-2019-1 Jinja2 2.10', 'CVE-2018-1 requests 2.19.1'],
    changed: ['requirements.txt'],
    says: ['Jinja2 == 2.10.1 ; python_version > "3"\r\nrequests[socks]===2.20.0 # old\r\nflask>=1\r\n'],
  },
  {
    title: 'Pipfile.lock that keeps no digests',
    files: {
      'Pipfile.lock': json(
        { _meta: { hash: {} }, default: { jinja2: { index: 'pypi', version: '==2.10' } }, develop: {} },
        4,
      ),
    },
    records: [flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']])],
    found: ['CVE-2019-1 jinja2 2.10'],
    changed: ['Pipfile.lock'],
    says: ['"version": "==2.10.1"'],
  },
  {
    title: 'go.mod with blocks, comments and a replacement',
    files: {
      'go.mod': `module example.com/shop

go 1.22

require (
\tgithub.com/gogo/protobuf v1.3.1 // indirect
\tgolang.org/x/text v0.3.6
)

require example.com/old v1.0.0

replace example.com/old => example.com/new v1.1.0

exclude golang.org/x/text v0.3.5
`,
    },
    records: [
      flaw('CVE-2021-2', 'Go', 'github.com/gogo/protobuf', [['0', '1.3.2']]),
      flaw('CVE-2021-3', 'Go', 'golang.org/x/text', [['0', '0.3.7']]),
      flaw('CVE-2021-4', 'Go', 'example.com/new', [['0', '1.2.0']]),
    ],
    found: [
      'CVE-2021-4 example.com/new v1.1.0',
      'CVE-2021-2 github.com/gogo/protobuf v1.3.1',
      'CVE-2021-3 golang.org/x/text v0.3.6',
    ],
    changed: ['go.mod'],
    says: [
      'protobuf v1.3.2 // indirect\n\tgolang.org/x/text v0.3.7\n',
      'example.com/new v1.2.0\n',
      'exclude golang.org/x/text v0.3.5',
    ],
  },
  {
    title: 'pom.xml that states the version itself',
    files: { 'pom.xml': pom(`  <dependencies>${dependency('<version> 1.9 </version>')}</dependencies>`) },
    records: [text4],
    found: ['CVE-2022-4 org.apache.commons:commons-text 1.9'],
    changed: ['pom.xml'],
    says: ['<version> 1.10.0 </version>', '<version>1.10.0</version>\n'],
  },
  {
    title: 'pom.xml that states it in a property, and manages it',
    files: {
      'pom.xml': pom(`  <properties><text.version>1.9</text.version></properties>
  <dependencyManagement><dependencies>${dependency(`<version>${property}</version>`)}</dependencies></dependencyManagement>
  <dependencies>${dependency('')}</dependencies>`),
    },
    records: [text4],
    found: ['CVE-2022-4 org.apache.commons:commons-text 1.9'],
    changed: ['pom.xml'],
    says: ['<text.version>1.10.0</text.version>', `<version>${property}</version>`],
  },
  {
    title: 'Gemfile.lock with dependents, platforms and digests',
    files: {
      'Gemfile.lock': `GEM
  remote: https://gems.example.com/
  specs:
    rack (2.0.6)
    rack-test (1.1.0)
      rack (>= 1.0, < 3)
    sass-embedded (1.0.0-x86_64-linux-gnu)

PLATFORMS
  ruby

DEPENDENCIES
  rack (~> 2.0)
  rack-test

CHECKSUMS
  rack (2.0.6) sha256=${'0'.repeat(64)}
  rack-test (1.1.0) sha256=${'1'.repeat(64)}

BUNDLED WITH
   2.5.0
`,
    },
    records: [flaw('CVE-2022-5', 'RubyGems', 'rack', [['0', '2.0.9.1']])],
    found: ['CVE-2022-5 rack 2.0.6'],
    changed: ['Gemfile.lock'],
    says: ['    rack (2.0.9.1)\n    rack-test (1.1.0)', `  rack (2.0.9.1)\n  rack-test (1.1.0) sha256=1`],
  },
  {
    title: 'gradle.lockfile',
    files: {
      'gradle.lockfile': '# locked\norg.apache.commons:commons-text:1.9=compileClasspath,runtimeClasspath\nempty=\n',
    },
    records: [text4],
    found: ['CVE-2022-4 org.apache.commons:commons-text 1.9'],
    changed: ['gradle.lockfile'],
    says: ['org.apache.commons:commons-text:1.10.0=compileClasspath,runtimeClasspath\n'],
  },
];

describe('a patch, applied to the sources and scanned again, leaves nothing that stops the gate', () => {
  test.each(cases)('$title', async ({ files, records, found, changed, says }) => {
    const folder = mkdtempSync(join(scratch, 'before-'));
    writeFiles(folder, files);
    expect(await flawsIn(folder, records)).toEqual(found);
    const { plan } = await fix({ kind: 'source', path: folder }, records);
    expect(plan).toMatchObject({
      outcome: 'green',
      before: { decision: 'stop' },
      after: { decision: 'pass' },
      remains: [],
    });
    expect(plan.patches.map(({ path }) => path)).toEqual(changed);
    expect([...new Set(plan.changes.flatMap((change) => change.files))].sort()).toEqual(changed);
    const after = patched(files, plan.patches);
    expect(plan.patches.map(({ path, text }) => [path, text])).toEqual(changed.map((path) => [path, after[path]]));
    for (const text of says) expect(after[changed[0]!]).toContain(text);
    const again = mkdtempSync(join(scratch, 'after-'));
    writeFiles(again, after);
    expect(await flawsIn(again, records)).toEqual([]);
  });
});

const tooled: readonly (readonly [string, Readonly<Record<string, string>>, readonly object[], readonly string[]])[] = [
  [
    'Cargo.lock, which pins digests',
    {
      'Cargo.lock': `version = 3\n\n[[package]]\nname = "regex"\nversion = "1.5.4"\nsource = "registry+https://crates.example.com/index"\nchecksum = "${'a'.repeat(64)}"\n`,
    },
    [flaw('CVE-2022-6', 'crates.io', 'regex', [['0', '1.5.5']])],
    ['cargo update -p regex@1.5.4 --precise 1.5.5'],
  ],
  [
    'composer.lock, which pins commits',
    { 'web/composer.lock': json({ packages: [{ name: 'twig/twig', version: 'v2.4.4' }], 'packages-dev': [] }) },
    [flaw('CVE-2019-7', 'Packagist', 'twig/twig', [['0', '2.7.0']])],
    ['(cd web && composer update twig/twig --with twig/twig:v2.7.0 --with-dependencies)'],
  ],
  [
    'poetry.lock, which pins digests',
    { 'poetry.lock': '[[package]]\nname = "jinja2"\nversion = "2.10"\n\n[metadata]\nlock-version = "2.0"\n' },
    [flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']])],
    ['poetry add jinja2@2.10.1'],
  ],
  [
    'uv.lock',
    {
      'uv.lock':
        'version = 1\n\n[[package]]\nname = "jinja2"\nversion = "2.10"\nsource = { registry = "https://pypi.example.com/simple" }\n',
    },
    [flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']])],
    ['uv lock --upgrade-package jinja2==2.10.1'],
  ],
  [
    'yarn.lock of Yarn 1',
    {
      'yarn.lock':
        '# yarn lockfile v1\n\n\nlodash@^4.0.0:\n  version "4.17.20"\n  resolved "https://x/lodash-4.17.20.tgz#00"\n',
    },
    [lodash],
    ['yarn upgrade lodash@4.17.21'],
  ],
  [
    'requirements.txt with digests, made by a tool',
    { 'requirements.txt': `# autogenerated by pip-compile\njinja2==2.10 --hash=sha256:${'0'.repeat(64)}\n` },
    [flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']])],
    ['pip-compile --generate-hashes --upgrade-package jinja2==2.10.1 requirements.in'],
  ],
  [
    'requirements.txt whose constraints hold it',
    { 'requirements.txt': '-c base/limits.txt\njinja2==2.10\n', 'base/limits.txt': 'Jinja2==2.10\n' },
    [flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']])],
    [],
  ],
  [
    'requirements.txt that asks for more than a version',
    { 'requirements.txt': 'jinja2==2.10,<2.10.1\n' },
    [flaw('CVE-2019-1', 'PyPI', 'jinja2', [['0', '2.10.1']])],
    [],
  ],
  [
    'go.mod that leaves out the very version that is the fix',
    { 'go.mod': 'module m\nrequire example.com/x v1.2.0\nexclude example.com/x v1.2.1\n' },
    [flaw('CVE-2023-4', 'Go', 'example.com/x', [['0', '1.2.1']])],
    [],
  ],
  [
    'go.mod whose module has another path from the fix on',
    { 'go.mod': 'module m\nrequire example.com/x v1.2.0\n' },
    [flaw('CVE-2023-4', 'Go', 'example.com/x', [['0', '2.0.1']])],
    ['go get example.com/x@v2.0.1', 'go mod tidy'],
  ],
  [
    'package-lock.json whose project has its own word on the package',
    {
      'package-lock.json': json(lock3('^4.0.0')),
      'package.json': json({ overrides: { a: { 'lodash@^4': '4.17.20' } } }),
    },
    [lodash],
    [],
  ],
  [
    'package-lock.json whose package only others ask for',
    {
      'package-lock.json': json({
        lockfileVersion: 3,
        packages: {
          'node_modules/a': { version: '1.0.0', dependencies: { lodash: '^4.0.0' } },
          'node_modules/lodash': { ...lodashEntry, dependencies: { b: '1' } },
        },
      }),
    },
    [lodash],
    ['npm update lodash'],
  ],
  [
    'package-lock.json whose package another one holds back',
    {
      'package-lock.json': json(
        lock3('^4.0.0', { 'node_modules/a': { version: '1.0.0', dependencies: { lodash: '4.17.20' } } }),
      ),
    },
    [lodash],
    ['npm install lodash@4.17.21', "npm pkg set 'overrides[lodash]=$lodash'", 'npm install'],
  ],
  [
    'package-lock.json whose package needs others',
    {
      'package-lock.json': json({
        ...lock3('^4.0.0'),
        packages: {
          '': { dependencies: { lodash: '^4.0.0' } },
          'node_modules/lodash': { ...lodashEntry, dependencies: { a: '1' } },
        },
      }),
    },
    [lodash],
    ['npm install lodash@4.17.21'],
  ],
];

describe('what only its own tool can write is left as it is, and the command is told', () => {
  test.each(tooled)('%s', async (_title, files, records, commands) => {
    const folder = mkdtempSync(join(scratch, 'tooled-'));
    writeFiles(folder, files);
    const { plan } = await fix({ kind: 'source', path: folder }, records);
    expect(plan.outcome).toBe('green');
    expect(plan.patches).toEqual([]);
    expect(plan.changes.map((change) => [change.files, change.commands, change.notes.length])).toEqual([
      [[], commands, 1],
    ]);
  });
});

describe('what stands for several versions', () => {
  const name = 'org.apache.commons:commons-';
  const files = {
    'pom.xml': pom(
      `<properties><text.version>1.9</text.version></properties><dependencies>${dependency(
        `<version>${property}</version>`,
      )}${dependency(`<version>${property}</version>`).replace('commons-text', 'commons-io')}</dependencies>`,
    ),
  };
  const made = async (io: readonly (readonly [string, string?])[]) => {
    const folder = mkdtempSync(join(scratch, 'along-'));
    writeFiles(folder, files);
    const records = [text4, flaw('CVE-2024-9', 'Maven', `${name}io`, io)];
    const { plan, write } = await fix({ kind: 'source', path: folder }, records);
    write();
    return { plan, left: await flawsIn(folder, records) };
  };

  test('moves all of them, and is judged by what comes of it', async () => {
    // The text's fix is 1.10.0, and the flaw of what moves with it begins there.
    const { plan, left } = await made([['1.10.0']]);
    expect(left).toEqual([`CVE-2024-9 ${name}io 1.10.0`]);
    expect(plan).toMatchObject({ outcome: 'stop', after: { decision: 'stop' }, remains: [{ id: 'CVE-2024-9' }] });
    expect(plan.changes.map(({ notes }) => notes)).toEqual([
      [`moved with it: ${name}io; see that there is a 1.10.0 of each`],
    ]);
  });

  test('is raised once more where another change needs more', async () => {
    const { plan, left } = await made([['0', '1.9.5']]);
    expect(left).toEqual([]);
    expect(plan.outcome).toBe('green');
    expect(plan.patches.map(({ text }) => text.includes('<text.version>1.10.0<'))).toEqual([true]);
  });
});

test('a change is patched in all of its files or in none', async () => {
  const folder = mkdtempSync(join(scratch, 'none-'));
  // A sign that turns what a terminal shows stands beside what the project asks for.
  writeFiles(folder, {
    'package-lock.json': json(lock3('4.17.20')),
    'package.json': '{\n  "dependencies": {\n    "lodash": "4.17.20"\n  },\n  "name": "\u202eshop"\n}\n',
  });
  const { plan, write } = await fix({ kind: 'source', path: folder }, [lodash]);
  write();
  expect(plan.patches).toEqual([]);
  expect(await flawsIn(folder, [lodash])).toEqual(['CVE-2021-1 lodash 4.17.20']);
  expect(plan.changes.map(({ files, commands, notes }) => [files, commands, notes])).toEqual([
    [
      [],
      [],
      [
        'package.json: no patch can be printed: too much of it differs, or its name or text would do something to a terminal',
      ],
    ],
  ]);
});
