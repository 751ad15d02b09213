import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { action as exportData } from '../../src/cli/db/export.ts';
import { action as importData } from '../../src/cli/db/import.ts';
import { action as pull } from '../../src/cli/db/pull.ts';
import { action as push } from '../../src/cli/db/push.ts';
import { readFlags } from '../../src/cli/flags.ts';
import { fixtureExport, record, writeExport } from '../advisory/support.ts';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { body, silence } from '../support/registry-faults.ts';
import { file, tar } from '../support/tar-writer.ts';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');
const folder = scratchFolder();
const exportDir = join(folder, 'osv');
const image = join(folder, 'image.tar');
const built = join(folder, 'builder');
const keys = { private: join(folder, 'key.pem'), public: join(folder, 'key.pub'), other: join(folder, 'other.pub') };
const unchecked = 'sluice: note: the signature of the data was not checked: no --key was given\n';
let registry: TestRegistry;
let serial = 0;

beforeAll(async () => {
  writeExport(exportDir, fixtureExport());
  const found = JSON.stringify({ name: '@example/merge', version: '1.0.0' });
  const layers = [
    { tar: tar(file('etc/os-release', 'ID=debian\nVERSION_ID=12\n')) },
    { tar: tar(file('app/node_modules/@example/merge/package.json', found)) },
  ];
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers }))));
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' } as const;
  writeFileSync(keys.private, pair.privateKey.export(encrypted));
  writeFileSync(keys.public, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(keys.other, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
  registry = await startRegistry({ pushes: true });
  await ok(['update', '--from', exportDir], built);
});
afterAll(() => registry.close());

/** A cache folder that is not there yet. */
const fresh = () => join(folder, `cache-${serial++}`);

function db(args: readonly string[], cache: string, env: Record<string, string> = {}) {
  return sluice(['db', ...args, '--cache-dir', cache], env);
}

/** Runs what must succeed, and returns what it printed. */
async function ok(args: readonly string[], cache: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await db(args, cache, env);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return { stdout, stderr };
}

async function status(cache: string) {
  const { sources, snapshots } = JSON.parse((await ok(['status', '--json'], cache)).stdout);
  return { sources, inForce: snapshots.find((one: { inForce: boolean }) => one.inForce)?.digest };
}

async function report(cache: string): Promise<string> {
  const { stdout } = await sluice(['scan', image, '-o', 'json', '--fail-on', 'never', '--cache-dir', cache]);
  return stdout;
}

/** What is half-written in a cache folder. */
function unfinished(cache: string): string[] {
  return readdirSync(join(cache, 'db')).filter((name) => name.startsWith('.'));
}

describe('data that one machine made', () => {
  test('is the same on another that pulls it: sources, snapshot and every byte of a report', async () => {
    const pushed = await ok(['push', `${registry.host}/team/data`], built);
    const manifest = /^pushed .*\/team\/data:latest@(sha256:[0-9a-f]{64})$/m.exec(pushed.stdout)?.[1];
    expect(pushed.stdout).toMatch(/^4 of 4 layers were new, [0-9.]+ kB moved$/m);
    const cache = fresh();
    const pulled = await ok(['pull', `${registry.host}/team/data`], cache);
    expect(pulled.stderr).toBe(unchecked);
    expect(pulled.stdout).toMatch(/: 4 taken, 0 unchanged, 0 kept; 4 layers read, [0-9.]+ kB\n/);
    expect(pulled.stdout).toContain(`manifest ${manifest}\n`);
    expect(await status(cache)).toEqual(await status(built));
    const there = await report(cache);
    expect(there).toContain('GHSA-aaaa-bbbb-cccc');
    expect(there).toBe(await report(built));
    expect((await ok(['push', `${registry.host}/team/data`, '-q'], built)).stdout).toBe('');
    const pinned = await ok(['pull', `oci://${registry.host}/team/data@${manifest}`, '-q'], cache);
    expect(pinned).toEqual({ stdout: '', stderr: '' });
  });

  test('is the same on another that imports it', async () => {
    const path = join(folder, 'data.tar');
    const { inForce } = await status(built);
    expect((await ok(['export', path], built)).stdout).toContain(`snapshot ${inForce}\n`);
    expect(readdirSync(folder).filter((name) => name.startsWith('data.tar'))).toEqual(['data.tar']);
    const cache = fresh();
    expect((await ok(['import', path, '--ecosystem', 'npm'], cache)).stdout).toMatch(/: 1 taken, 0 unchanged, 0 kept;/);
    expect((await ok(['import', path], cache)).stdout).toMatch(/: 3 taken, 1 unchanged, 0 kept; 3 layers read, /);
    expect(await status(cache)).toEqual(await status(built));
    expect(await report(cache)).toBe(await report(built));
    // Through a pipe the bytes are the same.
    const env = { PATH: process.env.PATH ?? '', HOME: tmpdir() };
    const out = spawnSync(process.execPath, [bin, 'db', 'export', '-', '--cache-dir', built], { env });
    expect(out.stdout.equals(readFileSync(path))).toBe(true);
    expect(out.stderr.toString()).toContain(`exported to standard output: 4 layers`);
    const piped = fresh();
    const args = [bin, 'db', 'import', '-', '-q', '--cache-dir', piped];
    expect(spawnSync(process.execPath, args, { env, input: out.stdout }).status).toBe(0);
    expect(await status(piped)).toEqual(await status(built));
    expect(unfinished(piped)).toEqual([]);
  });

  test('does not take the place of newer data', async () => {
    const path = join(folder, 'old.tar');
    await ok(['export', path, '-q'], built);
    const cache = fresh();
    const newer = join(folder, 'osv-newer');
    writeExport(newer, { ...fixtureExport(), npm: [record('GHSA-new', 'npm', 'fresh')] });
    await ok(['update', '--from', newer], cache);
    const before = await status(cache);
    const { stdout, stderr } = await ok(['import', path], cache);
    expect(stdout).toMatch(/^npm .* kept, is newer$/m);
    expect(stderr).toBe(
      'sluice: warning: npm: what is in force is newer than what was offered, and stays\n' +
        `        --allow-older takes it all the same\n${unchecked}`,
    );
    expect(await status(cache)).toEqual(before);
    await ok(['import', path, '--allow-older'], cache);
    expect(await status(cache)).toEqual(await status(built));
  });
});

describe('data that is signed', () => {
  const secret = { SLUICE_KEY_PASSPHRASE: 'open sesame' };

  test('is taken with the key, from a registry or a file, and refused with another', async () => {
    const target = `${registry.host}/team/signed:1`;
    const path = join(folder, 'signed.tar');
    expect((await ok(['push', target, '--sign-key', keys.private], built, secret)).stdout).toMatch(/ moved, signed$/m);
    await ok(['export', path, '--sign-key', keys.private], built, secret);
    for (const args of [
      ['pull', target],
      ['import', path],
    ]) {
      const cache = fresh();
      const wrong = await db([...args, '--key', keys.other], cache);
      expect([wrong.code, wrong.stdout]).toEqual([1, '']);
      expect(wrong.stderr).toBe(
        `sluice: the signature of the data in ${args[1]} is refused: it is not by the given key; nothing was taken, the data in force stays [advisory/artifact-signature]\n` +
          '        it has to be pushed or exported with --sign-key and the private half of the key\n',
      );
      expect((await status(cache)).sources).toEqual([]);
      expect((await ok([...args, '--key', keys.other, '--key', keys.public], cache)).stderr).toBe('');
      expect((await ok(args, cache, { SLUICE_KEY: keys.public })).stderr).toBe('');
      expect(await status(cache)).toEqual(await status(built));
    }
  });

  test('needs its key in order, and never shows it', async () => {
    const target = `${registry.host}/team/unsigned:1`;
    const pem = readFileSync(keys.private, 'utf8').split('\n')[1] ?? '';
    const large = join(folder, 'large.pem');
    const cases: [string[], Record<string, string>, string][] = [
      [['push', target, '--sign-key', keys.private], {}, 'the private key is encrypted [key/passphrase]'],
      [
        ['push', target, '--sign-key', keys.private],
        { SLUICE_KEY_PASSPHRASE: 'wrong' },
        'the private key can not be decrypted',
      ],
      [
        ['push', target, '--sign-key', keys.public],
        {},
        'it is a public key, and only the private one signs [key/malformed]',
      ],
      [['pull', target, '--key', keys.private], {}, 'it is a private key, which stays with who signs [key/malformed]'],
      [['pull', target, '--key', join(folder, 'none')], {}, 'none does not exist [file/missing]'],
      [['import', image, '--key', large], {}, 'large.pem is too large for a key [key/malformed]'],
    ];
    writeFileSync(large, Buffer.alloc(70_000, 0x41));
    registry.log.length = 0;
    for (const [args, env, why] of cases) {
      const { code, stdout, stderr } = await db(args, built, env);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(why);
      expect(stderr).not.toContain(pem.slice(0, 20));
    }
    expect(registry.log).toEqual([]);
  });
});

test('what a process that was killed left beside an exported file does not keep the next one from its name', async () => {
  const path = join(folder, 'again.tar');
  writeFileSync(`${path}.${process.pid}.tmp`, 'half');
  const flags = readFlags([path, '--cache-dir', built, '--quiet'], exportData.flags, {});
  expect(await exportData.run(flags, { args: [], env: {}, version: '1.0.0', build: '' })).toBe(0);
  expect(readFileSync(path).length).toBeGreaterThan(10_000);
});

describe('a registry that fails', () => {
  test('does not stop a build that has good data, unless it is told to', async () => {
    const cache = fresh();
    const gone = '127.0.0.1:1/team/data';
    const why = `cannot pull ${gone}:latest from 127.0.0.1:1: the connection was refused`;
    const first = await db(['pull', gone], cache);
    expect([first.code, first.stdout, first.stderr]).toEqual([
      1,
      '',
      `sluice: ${why}; nothing was taken, the data in force stays [registry/network]\n        is the network there, and may you pull it? docker login, or podman login, keeps credentials\n`,
    ]);
    await ok(['update', '--from', exportDir], cache);
    const { sources } = await status(cache);
    const { stdout, stderr } = await ok(['pull', gone, '-q'], cache);
    const current = sources[0].checkedAt;
    expect([stdout, stderr]).toEqual([
      '',
      `sluice: warning: ${why}; the data in force stays, which was current at ${current} [registry/network]\n`,
    ]);
    const after = (await status(cache)).sources;
    expect(after.map(({ failed, ...rest }: { failed: unknown }) => rest)).toEqual(sources);
    expect(after.map(({ failed }: { failed: { message: string } }) => failed.message)).toEqual(Array(4).fill(why));
    expect((await db(['pull', gone, '--strict'], cache)).code).toBe(1);
    expect((await db(['pull', gone, '--ecosystem', 'Go'], cache)).code).toBe(1);
  });

  test('or serves something else stops it: that is no matter of the network', async () => {
    await ok(['push', `${registry.host}/team/page`], built);
    const before = await status(built);
    registry.fault('/team/page/manifests/', body('<html>', { 'content-type': 'text/html' }));
    const page = await db(['pull', `${registry.host}/team/page`], built);
    expect([page.code, page.stdout]).toEqual([1, '']);
    expect(page.stderr).toMatch(
      /it sent text\/html where a manifest was asked for; nothing was taken, .* \[registry\/media-type\]\n {8}\S.*\n$/,
    );
    const none = await db(['pull', `${registry.host}/team/none`], built);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('[registry/not-found]')]);
    expect(await status(built)).toEqual(before);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'or is waited for when %s comes: the data in force stays',
    async (signal) => {
      const repository = `team/${signal.toLowerCase()}`;
      const cache = fresh();
      await ok(['update', '--from', exportDir, '--ecosystem', 'npm'], cache);
      const before = await status(cache);
      await ok(['push', `${registry.host}/${repository}`], built);
      const answer = await fetch(`${registry.url}/v2/${repository}/manifests/latest`);
      const { layers } = (await answer.json()) as { layers: { digest: string }[] };
      const asked = new Promise<void>((done) => {
        registry.fault(layers[0]!.digest, (context) => {
          done();
          silence(context);
        });
      });
      const args = [bin, 'db', 'pull', `${registry.host}/${repository}`, '--cache-dir', cache];
      const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, HOME: tmpdir() }, stdio: 'ignore' });
      await asked;
      child.kill(signal);
      expect((await once(child, 'close'))[1]).toBe(signal);
      expect(await status(cache)).toEqual(before);
      if (signal === 'SIGTERM') expect(unfinished(cache)).toEqual([]);
      await ok(['pull', `${registry.host}/${repository}`, '--allow-older'], cache);
      expect(await status(cache)).toEqual(await status(built));
    },
  );
});

describe('what is asked for in a wrong way is told, and nothing is done', () => {
  const actions = { pull, push, export: exportData, import: importData };
  const absent = 'does not exist; nothing was taken, the data in force stays';
  const digest = `sha256:${'0'.repeat(64)}`;

  test.each([
    ['pull', [], 'usage/operands: db pull needs to be told from where'],
    ['push', [], 'usage/operands: db push needs to be told where to'],
    ['export', [''], 'usage/operands: db export needs to be told to which file'],
    ['import', [], 'usage/operands: db import needs to be told which file'],
    ['pull', ['team/data'], 'usage/reference: "team/data" names no registry'],
    ['push', ['team/data'], 'usage/reference: "team/data" names no registry'],
    ['push', [`a.example/b@${digest}`], 'usage/reference: what is pushed gets a tag, and its digest is its own'],
    ['pull', ['a.example/b', '--offline'], 'usage/offline: --offline forbids connections, and db pull needs one'],
    ['push', ['a.example/b', '--offline'], 'usage/offline: --offline forbids connections, and db push needs one'],
    ['import', [join(folder, 'absent')], `file/missing: ${folder}/absent ${absent}`],
    ['export', [join(folder, 'no', 'x')], `output/unwritable: ${folder}/no/x can't be written (ENOENT)`],
    ['export', [join(folder, 'empty.tar')], 'advisory/nothing-to-give: there is no vulnerability data here'],
  ] as const)('%s %j', async (name, args, why) => {
    const action = actions[name];
    const given = readFlags([...args, '--cache-dir', join(folder, 'nothing')], action.flags, {});
    const run = action.run(given, { args, env: {}, version: '1.2.3', build: '' });
    await expect(run.catch((thrown) => `${thrown.code}: ${thrown.message}`)).resolves.toBe(why);
    expect(readdirSync(folder).filter((file) => file.startsWith('empty.tar'))).toEqual([]);
  });
});
