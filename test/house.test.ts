import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ecosystemFacts } from '../src/ecosystem/facts.gen.ts';
import { ecosystems } from '../src/ecosystem/list.gen.ts';
import { reports } from '../src/report/list.gen.ts';
import { sluice } from './support/cli.ts';
import { keptFiles, type Lock, lockProblems, untidy } from './support/house.ts';

const root = resolve(import.meta.dirname, '..');
const files = keptFiles(root);
const documents = [...files].filter(([path]) => path.endsWith('.md') && !path.startsWith('test/'));

interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function parsed<T>(path: string): T {
  return JSON.parse(files.get(path) ?? 'null') as T;
}

const manifest = parsed<Manifest>('package.json');

const dbActions = ['update', 'status', 'prune', 'export', 'import', 'push', 'pull'];

describe('the repository', () => {
  test('is tidy (each line names a file and what is wrong with it)', () => {
    expect(files.size).toBeGreaterThan(100);
    expect([...files].flatMap(([path, text]) => untidy(path, text))).toEqual([]);
  });

  test('has fresh lists of plugins', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/gen.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('has the licence that package.json names', () => {
    const text = files.get('LICENSE') ?? '';
    expect(text.length).toBeGreaterThan(11_000);
    expect(text).toMatch(/^\s*Apache License\s+Version 2\.0, January 2004/);
    expect(text).toContain('END OF TERMS AND CONDITIONS');
    expect((manifest as { license?: string }).license).toBe('Apache-2.0');
  });

  test('says in the changelog what its version brings', () => {
    expect(files.get('CHANGELOG.md')).toMatch(
      new RegExp(`^## \\[${manifest.version.replaceAll('.', '\\.')}\\] - `, 'm'),
    );
  });
});

describe('dependencies', () => {
  test('are locked so that npm ci works on every platform, and run no code when they are installed', () => {
    expect(lockProblems(parsed<Lock>('package-lock.json'))).toEqual([]);
    expect(files.get('.npmrc')).toContain('ignore-scripts=true');
  });

  test('are named by one exact version', () => {
    const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

test('the repository holds no secret that counts', async () => {
  const { stdout, code } = await sluice(['secrets', root, '-o', 'json', '--quiet']);
  const { findings } = JSON.parse(stdout) as {
    findings: { id: string; answered?: unknown; place: { path: string } }[];
  };
  expect(findings.filter(({ answered }) => !answered).map(({ id, place }) => `${id} in ${place.path}`)).toEqual([]);
  // The keys of the tests' registry are there, and known: so it was really searched.
  expect(findings.length).toBeGreaterThan(0);
  expect(code).toBe(0);
});

describe('documents', () => {
  test('name only commands that are there', () => {
    const named = documents.flatMap(([path, text]) =>
      [...text.matchAll(/(?:^|[`$] ?)npm (?:run )?([a-z]+)/gm)].map((match) => `${path}: npm ${match[1]}`),
    );
    const ofNpm = ['ci', 'install', 'link'];
    const known = new Set([...Object.keys(manifest.scripts), ...ofNpm]);
    expect(named.filter((text) => !known.has(text.slice(text.lastIndexOf(' ') + 1)))).toEqual([]);
    expect(named).toContain('README.md: npm demo');
    expect(named).toContain('README.md: npm test');
  });

  test('name only flags that a command knows', async () => {
    const ours = [
      '',
      'scan',
      'secrets',
      'licences',
      'explain',
      'gate',
      'fix',
      'waive',
      'waive import',
      'completion',
      'man',
    ];
    const actions = [
      'rules list',
      'rules show',
      'rules test',
      'policy check',
      'policy test',
      'policy diff',
      'vex create',
      'vex explain',
    ];
    const helped = [...ours, ...actions, ...dbActions.map((action) => `db ${action}`)];
    const help = await Promise.all(helped.map((text) => sluice([...text.split(' ').filter(Boolean), '--help'])));
    const known = new Set(
      [
        ...help
          .map(({ stdout }) => stdout)
          .join('\n')
          .matchAll(/--[a-z][a-z-]+/g),
      ].map(([flag]) => flag),
    );
    // What programs printed is left out: it may quote flags of others.
    const told = ['README.md', 'docs/data.md', 'policies/policy.md'].map((path) => files.get(path)).join('\n');
    const readme = told.replace(/^```text$[\s\S]*?^```$/gm, '');
    const named = [...readme.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });

  test('tell of every report format and every kind of package', () => {
    const readme = files.get('README.md') ?? '';
    expect(reports.map(({ id }) => id).filter((id) => !readme.includes(`\`${id}\``))).toEqual([]);
    const used = [...readme.matchAll(/\bsluice scan .*-o ([a-z]+)/g)].map((match) => match[1] ?? '');
    expect(used.filter((name) => !reports.some(({ id }) => id === name))).toEqual([]);
    expect(ecosystems.map(({ id }) => id).filter((id) => !readme.includes(`\`${id}\``))).toEqual([]);
  });

  test('tell of every folder of the sources', () => {
    const folders = new Set(
      [...files.keys()].filter((path) => path.startsWith('src/')).map((path) => path.split('/')[1] ?? ''),
    );
    const architecture = files.get('docs/architecture.md') ?? '';
    expect([...folders].filter((folder) => !architecture.includes(`\`${folder}/\``))).toEqual([]);
  });

  test('link to files that are there', () => {
    const broken = documents.flatMap(([path, text]) => {
      // What stands in code is no link.
      const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
      const links = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
      const local = links.filter((link) => !/^[a-z]+:/.test(link));
      return local.filter((link) => !existsSync(join(root, dirname(path), link))).map((link) => `${path}: ${link}`);
    });
    expect(broken).toEqual([]);
  });
});

/** A file's path, its text, and what is found in it. */
const examples: readonly [path: string, text: string, found: readonly string[]][] = [
  ['src/a.ts', 'const a = 1;\n', []],
  ['src/a.ts', 'a\n'.repeat(300), []],
  ['src/a.ts', 'a\n'.repeat(301), ['src/a.ts has 301 lines, more than 300: it does more than one thing']],
  ['test/a.test.ts', 'a\n'.repeat(301), []],
  ['docs/a.md', `one\n${'TO'}DO: two`, [`docs/a.md:2 says ${'TO'}DO: finish it, or leave it out`]],
  ['scripts/a.mjs', `// ${'FIX'}ME`, [`scripts/a.mjs:1 says ${'FIX'}ME: finish it, or leave it out`]],
  ['README.md', `see /${'work'}/main/x`, [`README.md:1 names a path of one machine (/${'work'}/m…)`]],
  [
    'README.md',
    `see /${'home'}/jane/x and app/work/x`,
    [`README.md:1 names a path of one machine (/${'home'}/jane/x…)`],
  ],
  ['README.md', `C:${'\\'}Users\\jane`, [`README.md:1 names a path of one machine (C:\\Users\\…)`]],
  ['README.md', 'docker.io, registry-1.docker.io, https://storage.googleapis.com/osv-vulnerabilities', []],
  ['README.md', `from ghcr${'.'}io/a/b`, [`README.md:1 names ghcr${'.'}io, which is no constant of the product`]],
  [
    'README.md',
    `https://registry.npmjs${'.'}org/a`,
    [`README.md:1 names registry.npmjs${'.'}org, which is no constant of the product`],
  ],
  [
    'README.md',
    `mirror.docker${'.'}io`,
    [`README.md:1 names mirror.docker${'.'}io, which is no constant of the product`],
  ],
  ['test/fixtures/a.bin', `\0 ghcr${'.'}io`, []],
];

describe('the checks themselves', () => {
  test.each(examples)('%s: %j', (path, text, found) => {
    expect(untidy(path, text)).toEqual(found);
  });

  test('find every fault of a lock file', () => {
    const packages = {
      '': {},
      'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0', 'a-win32': '1.0.0' } },
      'node_modules/a/node_modules/a-linux': { optional: true },
      'node_modules/b': { resolved: 'https://example.org/b.tgz' },
      'node_modules/c': { hasInstallScript: true, dev: true },
      'node_modules/d': { optionalDependencies: { b: '1.0.0' } },
      'node_modules/esbuild': { hasInstallScript: true, dev: true },
    };
    expect(lockProblems({ packages })).toEqual([
      'node_modules/a wants a-win32, which the lock does not have: npm ci fails',
      'node_modules/b is bound to one registry by its resolved address',
      'node_modules/c has an install script: it would run foreign code at every npm ci',
    ]);
    expect(lockProblems({ packages: { 'node_modules/esbuild': { hasInstallScript: true } } })).toHaveLength(1);
  });
});

describe('the facts of the kinds of package', () => {
  test('are those of the plugins', () => {
    const facts = ecosystems.map(({ id, revision, database, order }) => ({ id, revision, database, order }));
    expect(ecosystemFacts).toEqual(facts);
  });
});
