import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../support/cli.ts';
import { type Ended, root, run, runScript, type Variables } from './workspace.ts';

const script = join(root, 'ci', 'install.sh');
const program = '#!/bin/sh\necho I am sluice "$@"\n';
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A folder, a program in it, and the installer run there. */
function place(): { folder: string; install: (env: Variables) => Promise<Ended & { says: string }> } {
  const folder = join(scratchFolder(), 'work folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'sluice-linux-x64'), program);
  const install = async (env: Variables): Promise<Ended & { says: string }> => {
    const ended = await run(['sh', script], { SLUICE_BIN: join(folder, 'to', 'bin'), ...env }, folder);
    const bin = join(folder, 'to', 'bin', 'sluice');
    const says = existsSync(bin) ? (await run([bin, 'ci'], {}, folder)).stdout : 'nothing';
    return { ...ended, says };
  };
  return { folder, install };
}

/** Programs of the machine's that a test takes the place of. */
async function shim(folder: string, name: string, text: string): Promise<string> {
  const bin = join(folder, 'shims');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), text, { mode: 0o755 });
  return bin;
}

describe('the installer', () => {
  test('takes the program in a single file, and holds it against its digest where one is given', async () => {
    const { install } = place();
    const from = { SLUICE_INSTALL: 'sluice-linux-x64' };
    expect(await install({ ...from, SLUICE_INSTALL_SHA256: '0'.repeat(64) })).toMatchObject({
      code: 1,
      stderr: `sluice: sluice-linux-x64 has the SHA-256 ${sha256(program)}, not ${'0'.repeat(64)}\n`,
      says: 'nothing',
    });
    const there = { code: 0, stderr: '', says: 'I am sluice ci\n' };
    expect(await install({ ...from, SLUICE_INSTALL_SHA256: sha256(program) })).toMatchObject(there);
    expect(await install(from)).toMatchObject(there);
    expect(await install({ ...from, SLUICE_INSTALL_SHA256: 'local' })).toMatchObject({ code: 1 });
  });

  test('unpacks the npm package, and replaces what was there', async () => {
    const { folder, install } = place();
    mkdirSync(join(folder, 'package', 'bin'), { recursive: true });
    writeFileSync(
      join(folder, 'package', 'bin', 'sluice.mjs'),
      '#!/usr/bin/env node\nconsole.log("packed", ...process.argv.slice(2));\n',
    );
    expect(spawnSync('tar', ['-czf', 'sluice-1.2.3.tgz', 'package'], { cwd: folder }).status).toBe(0);
    const SLUICE_INSTALL_SHA256 = sha256(readFileSync(join(folder, 'sluice-1.2.3.tgz')));
    expect(await install({ SLUICE_INSTALL: 'sluice-linux-x64' })).toMatchObject({ code: 0, says: 'I am sluice ci\n' });
    const packed = { code: 0, stderr: '', says: 'packed ci\n' };
    expect(await install({ SLUICE_INSTALL: 'sluice-1.2.3.tgz', SLUICE_INSTALL_SHA256 })).toMatchObject(packed);
    const npm = '#!/bin/sh\ncp sluice-1.2.3.tgz "$5" && echo "$*" >&2 && echo sluice-1.2.3.tgz\n';
    const PATH = await shim(folder, 'npm', npm);
    const fetched = await install({ SLUICE_INSTALL: 'sluice@1.2.3', SLUICE_INSTALL_SHA256, PATH });
    expect([fetched.code, fetched.says]).toEqual([0, 'packed ci\n']);
    expect(fetched.stderr).toMatch(
      /^pack --silent --ignore-scripts --pack-destination \S.*\/bin\/\.\. -- sluice@1\.2\.3\n$/,
    );
    expect(await install({ SLUICE_INSTALL: 'sluice@1.2.3', PATH })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('set SLUICE_INSTALL_SHA256 to its SHA-256'),
    });
  });

  test('fetches by https alone, and runs nothing that has another digest, or none to hold it against', async () => {
    const { folder, install } = place();
    const curl =
      '#!/bin/sh\nwhile [ "$1" != --output ]; do shift; done\nprintf %s "$4" >"$2.asked"; cp sluice-linux-x64 "$2"\n';
    const PATH = await shim(folder, 'curl', curl);
    const from = { SLUICE_INSTALL: 'https://example.org/sluice $(touch owned)', PATH };
    for (const digest of ['', 'local', 'f'.repeat(64)])
      expect(await install({ ...from, SLUICE_INSTALL_SHA256: digest })).toMatchObject({ code: 1, says: 'nothing' });
    expect(await install({ ...from, SLUICE_INSTALL_SHA256: sha256(program) })).toMatchObject({
      code: 0,
      stderr: '',
      says: 'I am sluice ci\n',
    });
    expect(readFileSync(join(folder, 'to', 'fetched.asked'), 'utf8')).toBe(from.SLUICE_INSTALL);
    expect(existsSync(join(folder, 'owned'))).toBe(false);
  });

  test.each([
    ['http://example.org/sluice', 'http://example.org/sluice: only https:// can be fetched'],
    ['file:///etc/passwd', 'file:///etc/passwd: only https:// can be fetched'],
    ['sluice@latest', 'sluice@latest: name one version, such as sluice@1.2.3'],
    ['sluice@1 || 2', 'sluice@1 || 2: name one version, such as sluice@1.2.3'],
    ['sluice@1.2.3;touch owned', 'sluice@1.2.3;touch owned: name one version, such as sluice@1.2.3'],
    ['absent', 'absent: there is no such file or folder'],
    ['--help', '--help: there is no such file or folder'],
  ])('refuses %j', async (from, message) => {
    const { folder, install } = place();
    expect(await install({ SLUICE_INSTALL: from })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `sluice: ${message}\n`,
      says: 'nothing',
    });
    expect(existsSync(join(folder, 'owned'))).toBe(false);
  });

  test('takes what is on the PATH, and says what to do where nothing is', async () => {
    const { folder, install } = place();
    const none = spawnSync('/bin/sh', [script], { cwd: folder, env: { PATH: folder, HOME: folder }, encoding: 'utf8' });
    const says = 'sluice: is not on the PATH; say what to install: set SLUICE_INSTALL\n';
    expect([none.status, none.stderr]).toEqual([1, says]);
    expect(await install({ PATH: await shim(folder, 'sluice', program) })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('takes a checkout that is built, and builds one that is not', async () => {
    const { folder, install } = place();
    expect(await install({ SLUICE_INSTALL: root })).toMatchObject({ code: 0, stderr: '', says: expect.any(String) });
    mkdirSync(join(folder, 'checkout', 'bin'), { recursive: true });
    writeFileSync(join(folder, 'checkout', 'bin', 'sluice.mjs'), program, { mode: 0o755 });
    const PATH = await shim(folder, 'npm', `#!/bin/sh\necho "in \${PWD##*/}: $*"\n`);
    expect(await install({ SLUICE_INSTALL: 'checkout', PATH })).toMatchObject({
      code: 0,
      stderr: 'in checkout: run --silent build\n',
      says: 'I am sluice ci\n',
    });
  });

  test('is the same text wherever a system needs it in its own file', async () => {
    const lines = readFileSync(script, 'utf8').trimEnd().split('\n');
    for (const [path, indent] of [
      ['ci/gitlab/templates/sluice.yml', 6],
      ['ci/azure/sluice.yml', 6],
      ['ci/circleci/orb.yml', 12],
    ] as const) {
      const held = lines.map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`)).join('\n');
      expect(readFileSync(join(root, path), 'utf8').includes(`\n${held}\n`), `${path} holds ci/install.sh`).toBe(true);
    }
    // None of these systems reads it as its own.
    expect(lines.filter((line) => /<<|\$\[\[|\$\{\{|##vso/.test(line))).toEqual([]);
  });

  test('needs no more than a POSIX shell', async () => {
    const folder = join(scratchFolder(), 'work');
    cpSync(join(root, 'ci'), folder, { recursive: true });
    const checked = await runScript('sh -n install.sh && sh -n plugin/entry.sh', { shell: 'posix', env: {}, folder });
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
