import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, type LayerSpec, ociFiles } from '../support/image-writer.ts';
import { header } from '../support/tar-writer.ts';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');

const zeros = Buffer.alloc(8 * 1024 * 1024);
const packedZeros = gzipSync(zeros);

/** A layer that is worth a thread, and takes seconds to read: a body of noise and then of zeros, in many gzip members. */
function longLayer(): LayerSpec {
  const noise = randomBytes(13 * 1024 * 1024);
  const times = 100;
  const first = gzipSync(Buffer.concat([header('0', 'body', noise.length + times * zeros.length), noise]), {
    level: 0,
  });
  return { tar: Buffer.alloc(0), blob: Buffer.concat([first, ...new Array<Buffer>(times).fill(packedZeros)]) };
}

/** Ticks of processor time, a hundredth of a second each, that all threads of a process took. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

test.skipIf(!existsSync('/proc/self/stat')).each([
  ['SIGINT', 2],
  ['SIGTERM', 1],
] as const)(
  '%s ends a scan at once whose %i layers are being read, and leaves no file behind',
  async (signal, count) => {
    const folder = scratchFolder();
    const image = join(folder, 'image.tar');
    writeFileSync(image, archiveOf(ociFiles(buildImage({ layers: Array.from({ length: count }, longLayer) }))));
    const [cache, temporary] = [join(folder, 'cache'), join(folder, 'tmp')];
    mkdirSync(temporary);
    const child = spawn(process.execPath, [bin, 'scan', image, '-q', '-j', '2', '--cache-dir', cache], {
      env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: temporary },
      stdio: 'ignore',
    });
    const ended = new Promise((done) => child.on('exit', (code, by) => done(by ?? code)));
    await expect.poll(() => ticks(child.pid ?? 0), { timeout: 20_000, interval: 20 }).toBeGreaterThan(80);
    const started = performance.now();
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(readdirSync(temporary)).toEqual([]);
    const kept = existsSync(cache) ? readdirSync(cache, { recursive: true }) : [];
    expect(kept).toEqual([]);
  },
);
