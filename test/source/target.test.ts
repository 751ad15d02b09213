import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identifyTarget } from '../../src/source/target.ts';
import { SluiceError } from '../../src/util/error.ts';
import { scratch, written } from './support.ts';

const fresh = scratch();
const hex = 'a'.repeat(64);

function folder(...files: readonly string[]): string {
  const path = fresh('folder');
  mkdirSync(path);
  for (const name of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    if (name.endsWith('/')) mkdirSync(join(path, name), { recursive: true });
    else written(join(path, name), '');
  }
  return path;
}

function failure(text: string): string {
  try {
    return JSON.stringify(identifyTarget(text));
  } catch (thrown) {
    if (thrown instanceof SluiceError) return thrown.code;
    throw thrown;
  }
}

describe('a target without a scheme', () => {
  test('is what is there', () => {
    const archive = written(fresh('image.tar'), '');
    expect(identifyTarget(archive)).toEqual({ kind: 'archive', path: archive });
    for (const [files, kind] of [
      [['index.json', 'blobs/'], 'oci-layout'],
      [['index.json', 'oci-layout'], 'oci-layout'],
      [['index.json', 'package.json'], 'source'],
      [['etc/os-release'], 'rootfs'],
      [['lib/apk/db/'], 'rootfs'],
      [['var/lib/dpkg/status'], 'rootfs'],
      [['package.json', 'dev/x'], 'source'],
      [['etc', 'lib', 'usr', 'var', 'index.json'], 'source'],
      [[], 'source'],
    ] as const) {
      const path = folder(...files);
      expect(identifyTarget(path), files.join()).toEqual({ kind, path });
    }
    const linked = folder('etc/');
    symlinkSync('/nowhere', join(linked, 'etc/os-release'));
    expect(identifyTarget(linked)).toEqual({ kind: 'rootfs', path: linked });
  });

  test('is a pipe: no folder and opened as an archive, which refuses it', () => {
    const pipe = fresh('pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(identifyTarget(pipe)).toEqual({ kind: 'archive', path: pipe });
  });

  test('is a reference when nothing of that name is there', () => {
    for (const text of ['alpine', 'alpine:3.18', 'registry:5000/app', 'localhost/a/b', `a/b@sha256:${hex}`]) {
      expect(identifyTarget(text)).toEqual({ kind: 'registry', reference: text });
    }
  });

  test('that looks like a path and is not there is missing', () => {
    for (const text of [
      './no-such',
      '../no-such',
      '/no/such',
      '~/no-such',
      'no-such-image.tar',
      'a/b.tar.gz',
      'b.tgz',
      'c.tar.zst',
    ]) {
      expect(failure(text), text).toBe('target/missing');
    }
    expect(failure('UPPER/x')).toBe('reference/malformed');
    expect(failure('')).toBe('reference/malformed');
    expect(failure('x'.repeat(5000))).toBe('reference/malformed');
    expect(failure(`./${'x'.repeat(5000)}`)).toBe('target/missing');
    expect(failure(join(written(fresh(), ''), 'below-a-file'))).toBe('target/missing');
  });

  test('that can not be looked at says so', () => {
    const loop = fresh('loop');
    symlinkSync('loop', loop);
    expect(failure(loop)).toBe('target/unreadable');
  });
});

describe('a scheme forces the kind', () => {
  test('of what is there', () => {
    const path = folder('index.json', 'blobs/');
    expect(identifyTarget(`dir:${path}`)).toEqual({ kind: 'source', path });
    expect(identifyTarget(`oci:${path}`)).toEqual({ kind: 'oci-layout', path });
    expect(identifyTarget(`oci:${path}:1.2`)).toEqual({ kind: 'oci-layout', path, select: '1.2' });
    expect(identifyTarget(`oci:${path}@sha256:${hex}`)).toEqual({ kind: 'oci-layout', path, select: `sha256:${hex}` });
    const archive = written(fresh('a:b.tar'), '');
    expect(identifyTarget(`archive:${archive}`)).toEqual({ kind: 'archive', path: archive });
    expect(identifyTarget(`oci:${archive}`)).toEqual({ kind: 'archive', path: archive });
    expect(identifyTarget(`archive:${archive}:app:1`)).toEqual({ kind: 'archive', path: archive, select: 'app:1' });
  });

  test('or what is not', () => {
    expect(identifyTarget('registry:alpine')).toEqual({ kind: 'registry', reference: 'alpine' });
    for (const text of ['archive:/no/such', 'oci:/no/such:1', 'dir:/no/such', 'dir:', 'oci:']) {
      expect(failure(text), text).toBe('target/missing');
    }
    const file = written(fresh(), '');
    expect(failure(`dir:${file}`)).toBe('target/not-a-folder');
    expect(basename(file)).toBe('x');
  });
});
