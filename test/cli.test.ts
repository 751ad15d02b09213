import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from './support/cli.ts';
import { closure, cutShort, node } from './support/shipped.ts';
import { buildZip } from './support/zip.ts';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const folder = scratchFolder();
/** Source trees that declare one npm package each. */
const trees = {
  bad: tree('bad', 'lodash', '4.17.4'),
  mild: tree('mild', 'left', '1.0.0'),
  good: tree('good', 'right', '1.0.0'),
};
/** A cache with advisories for npm: one critical, one low. */
const cache = join(folder, 'cache');
const empty = join(folder, 'empty-cache');

function tree(name: string, dependency: string, at: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  const packages = { '': {}, [`node_modules/${dependency}`]: { version: at } };
  writeFileSync(join(path, 'package-lock.json'), JSON.stringify({ name, lockfileVersion: 3, packages }));
  return path;
}

function advisory(id: string, name: string, vector: string): { name: string; body: string } {
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '9.0.0' }] }];
  const affected = [{ package: { ecosystem: 'npm', name }, ranges }];
  const severity = [{ type: 'CVSS_V3', score: vector }];
  return { name: `${id}.json`, body: JSON.stringify({ id, modified: '2024-01-01T00:00:00Z', severity, affected }) };
}

function scan(tree: string, ...flags: readonly string[]): ReturnType<typeof sluice> {
  return sluice(['scan', tree, '--offline', '--cache-dir', cache, ...flags]);
}

beforeAll(async () => {
  mkdirSync(join(folder, 'export', 'npm'), { recursive: true });
  const worst = advisory('TEST-1', 'lodash', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H');
  const least = advisory('TEST-2', 'left', 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N');
  writeFileSync(join(folder, 'export', 'npm', 'all.zip'), buildZip([worst, least]));
  const update = await sluice(['db', 'update', '--from', join(folder, 'export'), '--cache-dir', cache]);
  expect([update.code, update.stderr]).toEqual([0, '']);
});

describe('exit codes', () => {
  test('0: nothing stands against it', async () => {
    const { code, stdout, stderr } = await scan(trees.good, '-o', 'json');
    expect([code, JSON.parse(stdout).verdict, stderr]).toEqual([0, { decision: 'pass', reasons: [] }, '']);
  });

  test('0: a warning alone', async () => {
    const { code, stdout } = await scan(trees.mild, '-o', 'json');
    expect([code, JSON.parse(stdout).verdict.decision]).toEqual([0, 'warn']);
  });

  test('1: the work could not be done', async () => {
    const { code, stdout, stderr } = await scan(join(folder, 'nothing.tar'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^sluice: .*nothing\.tar does not exist \[target\/missing\]\n {8}name an archive, .*\n$/);
  });

  test('2: the gate says stop', async () => {
    const { code, stdout } = await scan(trees.bad, '-o', 'json');
    expect([code, JSON.parse(stdout).verdict.decision]).toEqual([2, 'stop']);
  });

  test('3: there is no telling', async () => {
    const { code, stdout } = await sluice(['scan', trees.good, '-o', 'json', '--cache-dir', empty]);
    expect([code, JSON.parse(stdout).verdict.decision]).toEqual([3, 'undecided']);
  });

  test('--fail-on moves the line between 0 and 2', async () => {
    const codes = await Promise.all([
      scan(trees.bad, '-q', '--fail-on', 'never'),
      scan(trees.bad, '-q', '--fail-on', 'CRITICAL'),
      scan(trees.mild, '-q', '--fail-on', 'low'),
      scan(trees.mild, '-q', '--fail-on=medium'),
    ]);
    expect(codes.map(({ code }) => code)).toEqual([0, 2, 2, 0]);
  });
});

/** Arguments, and the two lines that they end with. */
const mistakes: readonly [args: string, line: string, hint: string][] = [
  ['scn x', 'there is no command scn [usage/unknown-command]', 'did you mean scan?'],
  ['frobnicate', 'there is no command frobnicate [usage/unknown-command]', 'see sluice --help'],
  ['toString', 'there is no command toString [usage/unknown-command]', 'see sluice --help'],
  ['scan', 'there is no target [usage/no-target]', 'usage: sluice scan TARGET [flags]'],
  ['scan a b', 'one target at a time, not also b [usage/operands]', ''],
  ['scan a --ofline', 'there is no flag --ofline [usage/unknown-flag]', 'did you mean --offline?'],
  ['scan a --zzzzzzzz', 'there is no flag --zzzzzzzz [usage/unknown-flag]', 'see --help'],
  ['scan a -z', 'there is no flag -z [usage/unknown-flag]', 'see --help'],
  ['scan a --platform', '--platform needs a value: --platform OS/ARCH|all [usage/flag-value]', ''],
  ['scan a --platform=', '--platform needs a value: --platform OS/ARCH|all [usage/flag-value]', ''],
  ['scan a --offline=yes', '--offline takes no value [usage/flag-value]', ''],
  [
    'scan a --fail-on hgih',
    '--fail-on takes a severity or never, not hgih [usage/fail-on]',
    'critical, high, medium, low, negligible or never',
  ],
  [
    'scan a --fail-on unknown',
    '--fail-on takes a severity or never, not unknown [usage/fail-on]',
    'critical, high, medium, low, negligible or never',
  ],
  ['scan a --jobs 0', '--jobs takes a whole number from 1 to 256, not 0 [usage/jobs]', ''],
  ['scan a -j many', '--jobs takes a whole number from 1 to 256, not many [usage/jobs]', ''],
  [
    'scan a --platform li/nu/x/y',
    'li/nu/x/y is no platform [usage/platform]',
    'a platform is such as linux/amd64 or linux/arm/v7',
  ],
  ['scan a -o jsn', 'there is no report format jsn [usage/output]', 'did you mean json?'],
  ['scan a -o json=', '-o json= names no file [usage/output]', ''],
  [
    'scan a -o json -o table',
    'only one report can go to standard output [usage/output]',
    'give the others a path: -o sarif=report.sarif',
  ],
  ['db upadte', 'db knows no upadte [usage/db]', 'did you mean sluice db update?'],
  ['db status extra', 'db status takes no extra [usage/operands]', 'see sluice db --help'],
];

describe('mistakes', () => {
  test.each(mistakes)('sluice %s', async (args, line, hint) => {
    const { code, stdout, stderr } = await sluice(args.split(' '));
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `sluice: ${line}\n        ${hint === '' ? 'sluice scan --help begins with examples' : hint}\n`,
    });
  });

  test.each([
    ['db', 'db needs to be told what to do'],
    ['db frobnicate', 'db knows no frobnicate'],
    ['db constructor', 'db knows no constructor'],
  ])('sluice %s names all that there is', async (args, line) => {
    const [{ code, stderr }, help] = await Promise.all([sluice(args.split(' ')), sluice(['db', '--help'])]);
    const actions = [...help.stdout.matchAll(/^ {2}(\w+) /gm)].map((match) => `sluice db ${match[1]}`);
    expect(actions).toEqual(expect.arrayContaining(['sluice db update', 'sluice db status', 'sluice db prune']));
    expect([code, stderr]).toEqual([1, `sluice: ${line} [usage/db]\n        there are ${actions.join(', ')}\n`]);
  });

  test('a stack trace is shown on demand alone', async () => {
    const { code, stderr } = await sluice(['scan', '--nonsense'], { SLUICE_DEBUG: '1' });
    expect([code, /\n {4}at /.test(stderr)]).toEqual([1, true]);
  });

  test('control characters of the arguments do not reach the terminal', async () => {
    const { stderr } = await sluice(['scan', 'a', '--\u001b[31mred\u202e']);
    expect(stderr).toBe('sluice: there is no flag --\\x1b[31mred\\u202e [usage/unknown-flag]\n        see --help\n');
  });
});

describe('help', () => {
  test.each(['--help', '-h', 'help'])('sluice %s', async (flag) => {
    const { code, stdout, stderr } = await sluice([flag]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^sluice \d[^\n]*\n\nUsage: sluice <command> TARGET \[flags\]\n/);
    for (const part of ['\n  scan ', '\n  db ', '\nExit codes: 0 pass or warn · 1 ']) expect(stdout).toContain(part);
  });

  test('without a command the same text, and a failure', async () => {
    const [bare, help] = await Promise.all([sluice([]), sluice(['--help'])]);
    expect([bare.code, bare.stdout]).toEqual([1, help.stdout]);
  });

  test.each(['--version', '-V'])('sluice %s', async (flag) => {
    expect(await sluice([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each(['scan', 'explain', 'db update', 'db pull', 'vex create'])(
    'sluice %s --help lists every flag once',
    async (text) => {
      const words = text.split(' ');
      const [long, short] = await Promise.all([sluice([...words, '--help']), sluice([...words, '--nonsense', '-h'])]);
      expect([long.code, long.stderr, short.stdout]).toEqual([0, '', long.stdout]);
      expect(long.stdout).toMatch(new RegExp(`^Usage: sluice ${text} `));
      const flags = [...long.stdout.matchAll(/^ {2}(?:-\w, | {4})(--[a-z-]+)/gm)].map((match) => match[1] ?? '');
      expect(flags.length).toBeGreaterThan(5);
      expect(new Set(flags).size).toBe(flags.length);
      expect(flags).toContain('--cache-dir');
    },
  );
});

test('db status tells of the data in force, to people and to programs', async () => {
  const [table, json] = await Promise.all([
    sluice(['db', 'status', '--cache-dir', cache]),
    sluice(['db', 'status', '--json', '--cache-dir', cache]),
  ]);
  const { schema, sources, feeds, snapshots } = JSON.parse(json.stdout);
  expect([table.code, table.stderr, json.code, json.stderr, schema, feeds]).toEqual([
    0,
    '',
    0,
    '',
    'sluice/db-status/v1',
    [],
  ]);
  expect(sources).toEqual([
    {
      ecosystem: 'npm',
      records: 2,
      withdrawn: 0,
      unreadable: 0,
      newest: '2024-01-01T00:00:00Z',
      releases: ['npm'],
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      checkedAt: expect.stringMatching(/Z$/),
      origin: 'osv-export',
      size: expect.any(Number),
      unreadableNames: [],
    },
  ]);
  const [source] = sources;
  expect(snapshots).toEqual([
    { digest: snapshots[0].digest, inForce: true, checkedAt: source.checkedAt, ecosystems: 1, records: 2 },
  ]);
  const short = (digest: string): string => digest.slice(0, 19);
  // How old it is depends on how busy the machine is.
  expect(
    table.stdout
      .replace(/(?:now|\d+ min) /g, 'AGO ')
      .replace(/ \d+ B /, ' SIZE ')
      .replace(/ {2,}/g, '  '),
  ).toBe(`\
ECOSYSTEM  RECORDS  NEWEST  AGE  SIZE  DIGEST
npm  2  2024-01-01  AGO  SIZE  ${short(source.digest)}

SNAPSHOT  RECORDS  ECOSYSTEMS  AGE
${short(snapshots[0].digest)}  2  1  AGO  in force
`);
});

describe('settings', () => {
  test('a flag can come from the environment, and the command line outranks it', async () => {
    const env = { SLUICE_CACHE_DIR: cache, SLUICE_FAIL_ON: 'never', SLUICE_OUTPUT: 'json', SLUICE_OFFLINE: '1' };
    const [quiet, loud] = await Promise.all([
      sluice(['scan', trees.bad], env),
      sluice(['scan', trees.bad, '--fail-on', 'high'], env),
    ]);
    expect([quiet.code, JSON.parse(quiet.stdout).verdict.decision]).toEqual([0, 'warn']);
    expect(loud.code).toBe(2);
  });

  test.each(['0', 'false', ''])('a switch is off when the environment says %j', async (value) => {
    const { stdout } = await sluice(['scan', trees.good, '--cache-dir', cache], { SLUICE_QUIET: value });
    expect(stdout).not.toBe('');
  });

  test('a wrong setting is refused like a wrong flag', async () => {
    const { code, stderr } = await sluice(['scan', trees.good], { SLUICE_FAIL_ON: 'sometimes' });
    expect([code, stderr.split('\n')[0]]).toEqual([
      1,
      'sluice: --fail-on takes a severity or never, not sometimes [usage/fail-on]',
    ]);
  });

  test('the cache stands below the XDG folder, unless that is relative', async () => {
    const home = join(folder, 'home');
    const xdg = join(folder, 'xdg');
    await sluice(['scan', trees.good, '-q'], { HOME: home, XDG_CACHE_HOME: xdg });
    const args = ['db', 'update', '-q', '--from', join(folder, 'export')];
    await sluice(args, { HOME: home, XDG_CACHE_HOME: xdg });
    await sluice(args, { HOME: home, XDG_CACHE_HOME: 'relative' });
    expect(readdirSync(xdg)).toEqual(['sluice']);
    expect(readdirSync(join(home, '.cache'))).toEqual(['sluice']);
  });
});

describe('output', () => {
  test('is plain when it goes to no terminal, coloured on demand, and plain again by NO_COLOR', async () => {
    const args = ['scan', trees.bad, '-o', 'table', '--cache-dir', cache];
    const [plain, forced, no] = await Promise.all([
      sluice(args),
      sluice(args, { FORCE_COLOR: '1' }),
      sluice(args, { FORCE_COLOR: '1', NO_COLOR: '1' }),
    ]);
    expect(forced.stdout).toContain('\x1b[');
    expect(forced.stdout.replace(/\x1b\[[\d;]*m/g, '')).toBe(plain.stdout);
    expect([no.stdout, plain.stdout.includes('\x1b')]).toEqual([plain.stdout, false]);
  });

  test('a machine-readable report is alone on stdout; what is quiet says nothing', async () => {
    const path = join(folder, 'report.json');
    const [loud, file] = await Promise.all([
      scan(trees.bad, '-o', 'json'),
      scan(trees.bad, '-q', '-o', `json=${path}`),
    ]);
    expect([file.stdout, file.stderr, loud.stderr]).toEqual(['', '', '']);
    expect(readFileSync(path, 'utf8')).toBe(loud.stdout);
    expect(JSON.parse(loud.stdout).schema).toBe('sluice/v1');
  });

  test('a report in a file leaves the table to the terminal', async () => {
    const [both, table] = await Promise.all([
      scan(trees.bad, '-o', `json=${join(folder, 'both.json')}`),
      scan(trees.bad),
    ]);
    expect(both.stdout).toBe(table.stdout);
    expect(table.stdout).toContain('TEST-1');
  });

  test('a report that cannot be written is a failure', async () => {
    const { code, stderr } = await scan(trees.good, '-q', '-o', `json=${join(folder, 'none', 'x.json')}`);
    expect([code, stderr.includes('[output/unwritable]')]).toEqual([1, true]);
  });

  test('a reader that goes away changes neither the exit code nor what is said', async () => {
    const names = Array.from({ length: 3000 }, (_, i) => [`node_modules/p${i}`, { version: '1.0.0' }] as const);
    const path = tree('long', 'lodash', '4.17.4');
    const packages = { '': {}, 'node_modules/lodash': { version: '4.17.4' }, ...Object.fromEntries(names) };
    writeFileSync(join(path, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
    const args = ['scan', path, '-o', 'json', '--cache-dir', cache];
    // More than a pipe holds, so that there is still something to write when the reader is gone.
    expect((await sluice(args)).stdout.length).toBeGreaterThan(500_000);
    expect(await cutShort(args)).toEqual({ code: 2, stderr: '' });
    expect(await cutShort(['--help'])).toEqual({ code: 0, stderr: '' });
  });
});

describe('start-up', () => {
  test('--help and --version load no command and no library: they work where nothing else was shipped', async () => {
    const alone = join(folder, 'alone');
    const loaded = closure(join(root, 'dist'), 'sluice.mjs');
    for (const part of ['bin', 'dist']) mkdirSync(join(alone, part), { recursive: true });
    copyFileSync(join(root, 'bin', 'sluice.mjs'), join(alone, 'bin', 'sluice.mjs'));
    for (const name of loaded) copyFileSync(join(root, 'dist', name), join(alone, 'dist', name));
    const bin = join(alone, 'bin', 'sluice.mjs');
    const [help, shown, missing] = await Promise.all([
      node(bin, '--help'),
      node(bin, '--version'),
      node(bin, 'scan', '--help'),
    ]);
    expect([help.code, help.stdout.split(':')[0], shown.code, shown.stdout]).toEqual([
      0,
      `sluice ${version}`,
      0,
      `${version}\n`,
    ]);
    // The copy really has no more than that: a command is not found in it.
    expect(missing.code).toBe(1);
    const size = loaded.reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0);
    expect(size).toBeLessThan(8 * 1024);
  });
});
