import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { SluiceError } from '../../src/util/error.ts';
import { archiveOf, buildImage, dockerFiles, ociFiles, zstdStored } from '../support/image-writer.ts';
import { hasShared, shared } from '../support/shared.ts';
import { dir, file, hardlink, symlink, tar } from '../support/tar-writer.ts';
import { noRegistry, scratch, written } from './support.ts';

const fresh = scratch();
const path = fresh('image');

/** What is found in an archive, or the code of the error that it gives. Anything else that is thrown is a bug. */
async function outcome(archive: Buffer, verify = true): Promise<string> {
  written(path, archive);
  const platform = { platform: { os: 'linux', architecture: 'amd64' }, explicit: false };
  try {
    return JSON.stringify(await scan({ kind: 'archive', path }, { ecosystems, access: noRegistry, platform, verify }));
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    expect(thrown.message).not.toContain('\n');
    return `error ${thrown.code}`;
  }
}

const installed = 'P:musl\nV:1.2.4-r0\nA:x86_64\n\nP:zlib\nV:1.2.13-r1\nA:x86_64\n\n';
const base = tar(dir('etc'), file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.1\n'), file('store', installed));
const top = tar(
  hardlink('lib/apk/db/installed', 'store'),
  symlink('x', 'y'),
  file('app/package.json', '{"name":"a","version":"1.0.0"}'),
);
const image = buildImage({
  layers: [{ tar: base }, { tar: top, packing: 'zstd' }, { tar: tar(file('.wh.app')), packing: 'none' }],
});

/** A packed layer of a docker archive is named by nothing but its own bytes, of which some of the head mean nothing. */
function withoutPackedDigests(found: string): string {
  return found.replaceAll(/"digest":"sha256:[0-9a-f]{64}","size"/g, '"size"');
}

const packed = 'a docker archive of packed layers';
const packedHead = archiveOf(dockerFiles(image, [], true)).indexOf(Buffer.from([0x1f, 0x8b, 8]));

const archives: [string, Buffer, boolean][] = [
  ['an OCI archive', archiveOf(ociFiles(image)), true],
  ['a docker archive', archiveOf(dockerFiles(image)), true],
  [packed, archiveOf(dockerFiles(image, [], true)), true],
  ['an archive in gzip', gzipSync(archiveOf(ociFiles(image))), false],
  ['an archive in zstd', zstdStored(archiveOf(ociFiles(image))), false],
];

describe.each(archives)('%s', (name, archive, isPlain) => {
  test('as it is, is read', async () => {
    const found = await outcome(archive);
    expect(found).toContain('"name":"musl"');
    expect(found).not.toContain('"name":"a"');
  });

  test('with any byte changed gives an error or the same', async () => {
    const good = await outcome(archive);
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const broken = Buffer.from(archive);
        broken[at] = (broken[at] ?? 0) ^ change;
        const found = await outcome(broken);
        const same = name === packed ? withoutPackedDigests : String;
        expect(found.startsWith('error ') ? 'error' : same(found)).toBe(
          found.startsWith('error ') ? 'error' : same(good),
        );
      }),
      // What changes nothing in the head of a packed layer but the layer's own name.
      { numRuns: 120, examples: name === packed ? [[packedHead + 3, 1]] : [] },
    );
  });

  test('cut at any place gives an error or the same', async () => {
    const good = await outcome(archive);
    // Only the two blocks of zeros at the end of a plain archive can be missed.
    const needed = archive.length - (isPlain ? 1024 : 0);
    for (let i = 0; i < 20; i++) {
      const length = Math.floor((needed * i) / 20);
      expect(await outcome(archive.subarray(0, length)), `${length}`).toMatch(/^error (?!bug\/)/);
    }
    expect(await outcome(archive.subarray(0, needed - 1))).toMatch(/^error /);
    expect(await outcome(archive.subarray(0, needed))).toBe(good);
  });

  test('with a stretch of it exchanged gives an error or the same', async () => {
    const good = await outcome(archive);
    const spot = fc.nat(archive.length - 1);
    await fc.assert(
      fc.asyncProperty(spot, spot, fc.integer({ min: 1, max: 700 }), async (from, to, length) => {
        const broken = Buffer.from(archive);
        archive.copy(broken, to, from, from + length);
        const found = await outcome(broken);
        expect(found.startsWith('error ') ? 'error' : found).toBe(found.startsWith('error ') ? 'error' : good);
      }),
      { numRuns: 40 },
    );
  });
});

test('a docker archive that is read in part, cut at any place, gives an error or the same', async () => {
  const archive = archiveOf(dockerFiles(image));
  const good = await outcome(archive, false);
  expect(good.replaceAll(',"read":"claimed"', '')).toBe(await outcome(archive));
  for (let length = 0; length < archive.length - 1024; length += 128) {
    expect(await outcome(archive.subarray(0, length), false), `${length}`).toMatch(/^error (?!bug\/)/);
  }
  expect(await outcome(archive.subarray(0, -1024), false)).toBe(good);
});

const real = ['alma-8-rpmdb-le.oci.tar', 'matching-alpine-3.9.docker.tar', 'matching-debian-11.docker.tar'];

describe.skipIf(!hasShared)('real images', () => {
  test.each(real)('%s cut at twenty places gives an error', async (name) => {
    const archive = readFileSync(shared('images', name));
    for (let i = 0; i < 20; i++) {
      const length = Math.floor(((archive.length - 10_240) * i) / 20);
      expect(await outcome(archive.subarray(0, length)), `${length}`).toMatch(/^error (?!bug\/)/);
    }
  });
});
