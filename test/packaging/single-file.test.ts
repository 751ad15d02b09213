import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { ran } from '../support/packed.ts';
import { hasShared, shared } from '../support/shared.ts';

const folder = scratchFolder();
const program = `sluice-linux-${process.arch}`;
const there = process.platform === 'linux' && spawnSync('ldd', ['--version']).status === 0;
const isRoot = process.getuid?.() === 0;

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const build = (to: string): string => ran(process.execPath, ['scripts/image.mjs', join(folder, to)]);

/** As on a machine without Node: nothing is on the PATH. */
function bare(args: readonly string[]) {
  const env = { PATH: '/nonexistent', HOME: join(folder, 'home') };
  const { status, stdout, stderr } = spawnSync(join(folder, 'one', program), args, { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

// Slow: each build writes ninety megabytes twice, and packs them.
describe.skipIf(!there)('the single file and the image of it (Linux with glibc)', { timeout: 600_000 }, () => {
  beforeAll(() => {
    build('one');
    build('two');
  }, 600_000);

  test('are the same bytes each time they are built', () => {
    for (const name of [program, `${program}.oci.tar`])
      expect(sha256(join(folder, 'one', name)), name).toBe(sha256(join(folder, 'two', name)));
    expect(readFileSync(join(folder, 'one', `${program}.sha256`), 'utf8')).toBe(
      `${sha256(join(folder, 'one', program))}  ${program}\n`,
    );
    expect(statSync(join(folder, 'one', `${program}.oci.tar`)).size).toBeLessThan(64 * 1024 * 1024);
  });

  test('the file runs without Node', () => {
    expect(bare(['--version'])).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
    const wrong = bare(['scna']);
    expect([wrong.status, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain('did you mean scan?');
  });

  test.skipIf(!hasShared)('the file says of a real image what the package says, with threads', async () => {
    const args = ['scan', shared('images', 'java-app.oci.tar'), '--offline', '-o', 'json', '-q', '-j', '2'];
    const own = await sluice([...args, '--cache-dir', join(folder, 'a')]);
    const single = bare([...args, '--cache-dir', join(folder, 'b')]);
    expect(single.status).toBe(own.code);
    expect(single.stdout).toBe(own.stdout);
    expect(single.stdout.length).toBeGreaterThan(10_000);
  });

  test('sluice finds nothing in its own image that stops it, and that it does not run as root', () => {
    const path = join(folder, 'one', `${program}.oci.tar`);
    const { status, stdout, stderr } = bare(['scan', path, '--offline', '-o', 'json', '-q']);
    expect(stderr).toBe('');
    expect(status).not.toBe(2);
    const report = JSON.parse(stdout) as {
      findings: { id: string; severity: string }[];
      image: { user: string; entrypoint: string[]; created: string };
    };
    expect(report.image).toMatchObject({
      user: '65532:65532',
      entrypoint: ['/usr/bin/sluice'],
      created: '1970-01-01T00:00:00.000Z',
    });
    expect(report.findings.map(({ id }) => id)).toEqual(['image/no-healthcheck']);
  });

  test.skipIf(!isRoot || !hasShared)('the image runs as nobody in nothing but its own files (root may chroot)', () => {
    const files = join(folder, 'files');
    mkdirSync(files);
    unpack(join(folder, 'one', `${program}.oci.tar`), files);
    copyFileSync(shared('images', 'node-app.oci.tar'), join(files, 'tmp/app.tar'));
    const args = [
      '--userspec=65532:65532',
      files,
      '/usr/bin/sluice',
      'scan',
      '/tmp/app.tar',
      '--offline',
      '-q',
      '-o',
      'table',
    ];
    const { status, stdout, stderr } = spawnSync('chroot', args, {
      env: { PATH: process.env.PATH, HOME: '/home/nonroot' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, '']);
    expect(stdout).toContain('STOP  4 critical');
  });
});

/** Lays the layers of an OCI archive on each other, as a runtime does; there is nothing in them to be taken away. */
function unpack(archive: string, to: string): void {
  const blobs = join(folder, 'layout');
  mkdirSync(blobs);
  ran('tar', ['-xf', archive, '-C', blobs]);
  const read = (digest: string) => JSON.parse(readFileSync(join(blobs, 'blobs', digest.replace(':', '/')), 'utf8'));
  const { manifests } = JSON.parse(readFileSync(join(blobs, 'index.json'), 'utf8')) as {
    manifests: { digest: string }[];
  };
  const { layers } = read(manifests[0]?.digest ?? '') as { layers: { digest: string }[] };
  for (const { digest } of layers) ran('tar', ['-xzpf', join(blobs, 'blobs', digest.replace(':', '/')), '-C', to]);
}
