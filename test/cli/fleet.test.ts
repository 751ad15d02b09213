import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, type BuiltImage, buildImage, dockerFiles } from '../support/image-writer.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { silence } from '../support/registry-faults.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');
const folder = scratchFolder();
/** The data of all tests; what they know of layers is apart. */
const cache = join(folder, 'cache');
let registry: TestRegistry;

const worst = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const least = 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N';

function advisory(id: string, name: string, vector: string): { name: string; body: string } {
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '9.0.0' }] }];
  const affected = [{ package: { ecosystem: 'npm', name }, ranges }];
  const severity = [{ type: 'CVSS_V3', score: vector }];
  return { name: `${id}.json`, body: JSON.stringify({ id, modified: '2024-01-01T00:00:00Z', severity, affected }) };
}

/** A layer with one npm package. */
function npmLayer(name: string, at: string, filler = 0): { tar: Buffer } {
  const path = `srv/node_modules/${name}/package.json`;
  const body = JSON.stringify({ name, version: at });
  return { tar: tar(file(path, body), file(`srv/${name}.bin`, Buffer.alloc(filler, name))) };
}

const layers = {
  common: npmLayer('right', '1.0.0', 300_000),
  bad: npmLayer('lodash', '4.17.4', 200_000),
  mild: npmLayer('left', '1.0.0', 100_000),
  // There is no data for Python here.
  unknown: {
    tar: tar(file('usr/lib/python3/site-packages/flask-3.0.0.dist-info/METADATA', 'Name: flask\nVersion: 3.0.0\n')),
  },
};
const kinds = ['bad', 'mild', 'unknown', 'common'] as const;

/** Twenty images on four bases, each with a layer of its own. */
const images = Array.from({ length: 20 }, (_, i) => {
  const base = kinds[i % 4] ?? 'common';
  const bases = base === 'common' ? [layers.common] : [layers.common, layers[base]];
  // Of their settings none is to be warned of.
  const config = { config: { User: 'app' } };
  return buildImage({ layers: [...bases, npmLayer(`own-${i}`, '1.0.0', 1000)], config });
});

function push({ blobs, manifest }: BuiltImage, repository: string): string {
  for (const [digest, bytes] of blobs) {
    if (digest === manifest.digest) registry.putManifest(repository, '1', bytes, manifest.mediaType);
    else registry.putBlob(repository, bytes);
  }
  return `${registry.host}/${repository}:1`;
}

function listFile(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Scans a list with a layer cache of its own name. */
function fleet(list: string, state: string, ...flags: readonly string[]): ReturnType<typeof sluice> {
  const own = join(folder, state);
  if (!existsSync(own)) {
    mkdirSync(own);
    // The data is the same for all: what was downloaded never changes.
    cpSync(join(cache, 'db'), join(own, 'db'), { recursive: true });
  }
  return sluice(['scan', '--from-file', list, '--cache-dir', own, ...flags]);
}

function jsonLines(text: string) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** How often each layer blob was asked for, by digest. */
function layerRequests(): Map<string, number> {
  const all = new Set(images.flatMap((image) => image.layers.map(({ digest }) => digest)));
  const counted = new Map<string, number>();
  for (const { path } of registry.blobRequests()) {
    const digest = path.slice(path.lastIndexOf('/') + 1);
    if (all.has(digest)) counted.set(digest, (counted.get(digest) ?? 0) + 1);
  }
  return counted;
}

beforeAll(async () => {
  registry = await startRegistry();
  mkdirSync(join(folder, 'export', 'npm'), { recursive: true });
  const zip = buildZip([advisory('TEST-1', 'lodash', worst), advisory('TEST-2', 'left', least)]);
  writeFileSync(join(folder, 'export', 'npm', 'all.zip'), zip);
  const update = await sluice(['db', 'update', '--from', join(folder, 'export'), '--cache-dir', cache]);
  expect([update.code, update.stderr]).toEqual([0, '']);
});
afterAll(() => registry.close());

describe('twenty images that share bases', () => {
  let refs: string[];
  let list: string;
  const decisions = ['stop', 'warn', 'undecided', 'pass'];

  beforeAll(() => {
    refs = images.map((image, i) => push(image, `team/app-${i}`));
    list = listFile('twenty.txt', refs);
  });

  test.each([
    ['with a cache', 'shared', []],
    ['without one', 'unkept', ['--no-layer-cache']],
    ['on one thread', 'single', ['-j', '1']],
  ])('have each layer fetched once: %s', async (_, state, flags) => {
    registry.log.length = 0;
    const run = await fleet(list, state, '-o', 'json', ...flags);
    expect([run.code, run.stderr]).toEqual([2, '']);
    const counted = layerRequests();
    expect([...counted.values()]).toEqual(Array(24).fill(1));
    expect(registry.log.filter(({ path }) => path.includes('/manifests/'))).toHaveLength(20);
    const lines = jsonLines(run.stdout);
    expect(lines.map(({ line, target, report }) => [line, target, report.verdict.decision])).toEqual(
      refs.map((ref, i) => [i + 1, ref, decisions[i % 4]]),
    );
    if (flags.length === 1) expect(readdirSync(join(folder, state))).toEqual(['db']);
  });

  test('say the same as a scan of each, and the same again', async () => {
    const run = await fleet(list, 'same', '-o', 'json');
    const again = await fleet(list, 'same', '-o', 'json', '-j', '1');
    expect(again.stdout).toBe(run.stdout);
    for (const [i, { report }] of jsonLines(run.stdout).entries()) {
      if (i % 5 > 0) continue;
      const alone = await sluice(['scan', refs[i] ?? '', '-o', 'json', '--cache-dir', join(folder, 'same')]);
      expect(report).toEqual(JSON.parse(alone.stdout));
    }
  });

  test('fill a table, worst first, with one line for all', async () => {
    const first = await fleet(list, 'table');
    const row = (decision: string, counts: string, packages: number, i: number) =>
      `${decision.padEnd(9)}  ${counts}  ${String(packages).padStart(8)}  ${refs[i]}`;
    const none = '       -     -       -    -      -';
    const every = (from: number) => [0, 1, 2, 3, 4].map((n) => from + 4 * n);
    const named = (from: number) =>
      `5 images: ${every(from)
        .slice(0, 4)
        .map((i) => refs[i])
        .join(', ')} and 1 more`;
    const expected = [
      'DECISION   CRITICAL  HIGH  MEDIUM  LOW  OTHER  PACKAGES  IMAGE',
      ...every(0).map((i) => row('stop', '       1     -       -    -      -', 3, i)),
      ...every(2).map((i) => row('undecided', none, 3, i)),
      ...every(1).map((i) => row('warn', '       -     -       -    1      -', 3, i)),
      ...every(3).map((i) => row('pass', none, 2, i)),
      '',
      'Why',
      'stop begin with lodash 4.17.4: update to 9.0.0',
      named(0),
      'undecided there is no vulnerability data for PyPI',
      'run: sluice db update',
      named(2),
      '',
      'STOP 20 images: 5 stop, 5 undecided, 5 warn, 5 pass · 24 layers: 24 surveyed, 4 in more than one image',
    ];
    const rows = first.stdout.split('\n');
    expect(rows.slice(0, 22)).toEqual(expected.slice(0, 22));
    // The rest is wrapped by the length of a port's number.
    const told = expected.slice(22).filter((line) => line !== '');
    expect(rows.slice(22).join(' ').replace(/ +/g, ' ').trim()).toBe(told.join(' '));
    expect([first.code, first.stderr]).toEqual([2, '']);
    const again = await fleet(list, 'table', '--fail-on', 'never');
    expect(again.code).toBe(3);
    expect(again.stdout.replace(/\s+/g, ' ')).toContain('· 24 layers: 24 known before, 4 in more than one image');
  });

  test('are reported to files: tables, lines, and a report each', async () => {
    const out = join(folder, 'out');
    const formats = ['json', 'sarif', 'cyclonedx', 'table', 'audit'];
    const folders = formats.flatMap((format) => ['-o', `${format}=${out}/${format}/`]);
    const run = await fleet(
      list,
      'files',
      ...folders,
      '-o',
      `json=${out}/all.ndjson`,
      '-o',
      `table=${out}/all.txt`,
      '-q',
    );
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: '' });
    const endings = { json: 'json', sarif: 'sarif', cyclonedx: 'cdx.json', table: 'txt', audit: 'audit.json' };
    for (const [format, ending] of Object.entries(endings)) {
      const names = refs.map((ref) => `${encodeURIComponent(ref)}.${ending}`).sort();
      expect(readdirSync(join(out, format)).sort()).toEqual(names);
    }
    expect(readdirSync(out).sort()).toEqual(['all.ndjson', 'all.txt', 'audit', 'cyclonedx', 'json', 'sarif', 'table']);
    const lines = jsonLines(readFileSync(join(out, 'all.ndjson'), 'utf8'));
    for (const [i, ref] of refs.entries()) {
      const own = readFileSync(join(out, 'json', `${encodeURIComponent(ref)}.json`), 'utf8');
      expect(lines[i].report).toEqual(JSON.parse(own));
    }
    expect(readFileSync(join(out, 'all.txt'), 'utf8')).toMatch(/^DECISION .*\n(?:.*\n)+STOP {2}20 images: /);
  });
});

describe('images that are not all well', () => {
  const good = join(folder, 'good.tar');
  const damaged = join(folder, 'damaged.tar');

  beforeAll(() => {
    const image = images[3];
    if (!image) throw new Error('there is no image');
    writeFileSync(good, archiveOf(dockerFiles(image)));
    writeFileSync(damaged, 'no archive');
    mkdirSync(join(folder, 'tree'));
    const lock = { lockfileVersion: 3, packages: { 'node_modules/lodash': { version: '4.17.4' } } };
    writeFileSync(join(folder, 'tree', 'package-lock.json'), JSON.stringify(lock));
  });

  test('are reported in their order, and stop no other', async () => {
    const bad = push(images[1] as BuiltImage, 'team/wrong');
    const missing = `${registry.host}/team/missing:1`;
    const lines = [
      good,
      missing,
      join(folder, 'gone.tar'),
      '',
      bad,
      damaged,
      `archive:${good}`,
      'NOT A REF',
      '--offline',
      good,
    ];
    const list = listFile('mixed.txt', [...lines, '# end', join(folder, 'tree')]);
    const run = await fleet(list, 'mixed', '-o', 'json', '-q', '--fail-on', 'never');
    const told = jsonLines(run.stdout).map(({ line, target, report, error }) => {
      return [line, target, report?.verdict.decision ?? error.code];
    });
    const outcomes = [
      [1, good, 'pass'],
      [2, missing, 'registry/not-found'],
      [3, join(folder, 'gone.tar'), 'target/missing'],
      [5, bad, 'warn'],
      [6, damaged, 'tar/truncated'],
      [7, `archive:${good}`, 'pass'],
      [8, 'NOT A REF', 'reference/malformed'],
      [9, '--offline', 'target/missing'],
      [12, join(folder, 'tree'), 'warn'],
    ];
    expect(told).toEqual(outcomes);
    expect(run.code).toBe(1);
    // Each failure is told once on standard error, for there is no table.
    const failed = run.stderr
      .trimEnd()
      .split('\n')
      .map((line) => /^sluice: line (\d+): .* \[[a-z/-]+\]$/.exec(line)?.[1]);
    expect(failed).toEqual(['2', '3', '6', '8', '9']);
  });

  test('are told in the table, and leave no report of an earlier run behind', async () => {
    const out = join(folder, 'stale');
    const list = listFile('stale.txt', [good, damaged]);
    mkdirSync(out);
    const old = join(out, `${encodeURIComponent(damaged)}.json`);
    writeFileSync(old, '{}');
    const run = await fleet(list, 'stale-state', '-o', `json=${out}/`);
    expect([run.code, run.stderr]).toEqual([1, '']);
    expect(run.stdout).toContain(`error                                                    ${damaged}\n`);
    expect(run.stdout).toContain(`${damaged} (line 2)`);
    expect(run.stdout).toMatch(/\nERROR {2}2 images: 1 could not be read, 1 pass · 2 layers: 2 surveyed\n$/);
    expect(readdirSync(out)).toEqual([`${encodeURIComponent(good)}.json`]);
  });

  test('have exit codes for all: 0, 3, 1, 2', async () => {
    const undecided = push(images[2] as BuiltImage, 'team/undecided');
    const codes: (number | null)[] = [];
    for (const lines of [[good], [good, undecided], [undecided, damaged], [undecided, damaged, join(folder, 'tree')]]) {
      codes.push((await fleet(listFile('codes.txt', lines), 'codes', '-q')).code);
    }
    expect(codes).toEqual([0, 3, 1, 2]);
  });

  test('may be listed on standard input', async () => {
    const args = [bin, 'scan', '--from-file', '-', '--cache-dir', join(folder, 'cache'), '-o', 'json'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end('good.tar\r\n# no more\r\n');
    let text = '';
    for await (const piece of child.stdout.setEncoding('utf8')) text += piece;
    expect(jsonLines(text).map(({ line, target, report }) => [line, target, report.verdict.decision])).toEqual([
      [1, 'good.tar', 'pass'],
    ]);
  });
});

test('data that cannot be read is told once, and not of every image', async () => {
  const refs = images.slice(0, 4).map((image, i) => push(image, `team/data-${i}`));
  const list = listFile('data.txt', refs);
  await fleet(listFile('nothing.txt', [join(folder, 'gone.tar')]), 'data', '-q');
  const db = join(folder, 'data', 'db');
  for (const name of readdirSync(db)) if (name.endsWith('.index')) writeFileSync(join(db, name), 'damaged');
  const run = await fleet(list, 'data', '-o', 'json');
  expect([run.code, run.stdout]).toEqual([1, '']);
  expect(run.stderr).toMatch(/^sluice: [^\n]+ \[advisory\/index-damaged\]\n {8}run: sluice db update\n$/);
});

describe('mistakes', () => {
  const list = join(folder, 'one.txt');

  beforeAll(() => {
    writeFileSync(list, 'x.tar\n');
    writeFileSync(join(folder, 'hostile.txt'), 'x.tar\ny\u001b[2J.tar\n');
    writeFileSync(join(folder, 'file'), '');
  });

  test.concurrent.each([
    [
      'one.txt',
      ['x.tar'],
      `the targets are those that ${list} lists, not also x.tar [usage/operands]\n        sluice scan --help begins with examples`,
    ],
    [
      'one.txt',
      ['-j', '0'],
      '--jobs takes a whole number from 1 to 256, not 0 [usage/jobs]\n        sluice scan --help begins with examples',
    ],
    [
      'none.txt',
      [],
      `${join(folder, 'none.txt')} can't be read (ENOENT) [fleet/list]\n        the list has one target a line; # begins a comment`,
    ],
    [
      'hostile.txt',
      [],
      "line 2 of hostile.txt holds a character that can't be seen: y\\x1b[2J.tar [fleet/list]\n        the list has one target a line; # begins a comment",
    ],
    [
      'one.txt',
      ['-o', `json=${folder}/file/`],
      `${folder}/file/ can't be written (ENOTDIR) [output/unwritable]\n        look at the path, the space that is left and who may write there`,
    ],
    [
      'one.txt',
      ['-o', `json=${folder}/none/x`],
      `${folder}/none/x can't be written (ENOENT) [output/unwritable]\n        look at the path, the space that is left and who may write there`,
    ],
    [
      'one.txt',
      ['-o', `json=${folder}`],
      `${folder} is a folder [output/unwritable]\n        with a slash at its end it takes one report an image`,
    ],
    [
      'one.txt',
      ['-o', 'sarif'],
      "-o sarif can't hold the reports of several images [usage/output]\n        a folder can: -o sarif=FOLDER/ writes one file an image",
    ],
  ])('%s %j', async (name, flags, message) => {
    const run = await sluice(['scan', '--from-file', join(folder, name), '--cache-dir', cache, ...flags]);
    expect({ code: run.code, stdout: run.stdout, stderr: run.stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `sluice: ${message}\n`,
    });
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it at once, and leaves no half file', async (signal) => {
  const refs = images.slice(0, 4).map((image, i) => push(image, `team/slow-${signal.toLowerCase()}-${i}`));
  registry.fault(`/slow-${signal.toLowerCase()}-2/blobs/`, silence, 100);
  const out = join(folder, `out-${signal}`);
  mkdirSync(out);
  const list = listFile(`${signal}.txt`, refs);
  const args = [bin, 'scan', '--from-file', list, '--cache-dir', join(folder, 'cache'), '-o', `json=${out}/all.ndjson`];
  const child = spawn(process.execPath, [...args, '-o', `json=${out}/each/`], { stdio: 'ignore' });
  const ended = new Promise((done) => child.on('exit', (code, by) => done(by ?? code)));
  await expect
    .poll(() => (existsSync(`${out}/each`) ? readdirSync(`${out}/each`).length : 0), { timeout: 20_000 })
    .toBe(3);
  const before = performance.now();
  child.kill(signal);
  expect(await ended).toBe(signal);
  expect(performance.now() - before).toBeLessThan(2000);
  expect(readdirSync(out)).toEqual(['each']);
});
