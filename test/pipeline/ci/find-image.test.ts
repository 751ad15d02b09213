import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectCi } from '../../../src/pipeline/ci/detect.ts';
import { findDockerfile, findImage } from '../../../src/pipeline/ci/find-image.ts';
import { isImageArchive } from '../../../src/pipeline/ci/image-archive.ts';
import type { Environment } from '../../../src/pipeline/ci/platform.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { scratchFolder } from '../../support/cli.ts';
import { archiveOf, buildImage, dockerFiles, ociFiles, writeFolder } from '../../support/image-writer.ts';
import { file, tar } from '../../support/tar-writer.ts';

const root = scratchFolder();
const image = buildImage({ layers: [{ tar: tar(file('etc/os-release', 'ID=alpine')) }] });
const oci = archiveOf(ociFiles(image));
const docker = archiveOf(dockerFiles(image));
const sources = tar(file('src/main.c', 'int main;'), file('src/manifest.json', '{}'));
const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

/** A working folder with these files. */
function workingFolder(files: Readonly<Record<string, Buffer | string>>): string {
  const folder = mkdtempSync(join(root, 'w-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** What is found, or what is wrong. */
function found(folder: string, env: Environment = {}, operand?: string): unknown {
  try {
    return findImage({ operand, env, run: detectCi(env), folder });
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return [thrown.code, thrown.message, thrown.hint];
  }
}

const left = 'the one image that the build has left here';
const gitlab = { GITLAB_CI: 'true', CI_REGISTRY_IMAGE: 'reg.test/acme/shop', CI_COMMIT_SHA: 'c0ffee' };
const layout = ociFiles(image);

describe('the image', () => {
  test('that is named is taken, the command line before the environment', () => {
    const folder = workingFolder({ 'a.tar': oci });
    const env = { SLUICE_IMAGE: 'acme/shop:2' };
    expect(found(folder, env, 'acme/shop:1')).toEqual({ target: 'acme/shop:1', because: 'named on the command line' });
    expect(found(folder, env)).toEqual({ target: 'acme/shop:2', because: 'SLUICE_IMAGE' });
  });

  test.each([
    ['an OCI archive', { 'shop.tar': oci, 'src.tar': sources, 'notes.txt': 'x' }, 'shop.tar'],
    ['a docker archive among build results', { 'dist/shop.tar': docker }, 'dist/shop.tar'],
    [
      'a packed archive that is called an image',
      { 'shop-image.tar.gz': gzipSync(oci), 'shop-1.0.tgz': gzipSync(sources) },
      'shop-image.tar.gz',
    ],
    ['a damaged tar beside it', { 'shop.tar': oci, 'broken.tar': Buffer.alloc(512, 1) }, 'shop.tar'],
  ])('is found: %s', (_what, files, target) => {
    expect(found(workingFolder(files), gitlab)).toEqual({ target, because: left });
  });

  test('is found: a layout, also where the working folder is one', () => {
    const folder = mkdtempSync(join(root, 'w-'));
    writeFolder(join(folder, 'out', 'shop'), layout);
    expect(found(folder)).toEqual({ target: 'out/shop', because: left });
    expect(found(join(folder, 'out', 'shop'))).toEqual({ target: '.', because: left });
  });

  test('is not guessed where there are several', () => {
    expect(found(workingFolder({ 'a.tar': oci, 'b.tar': docker }))).toEqual([
      'ci/several-images',
      'there are several image archives and layouts: a.tar, b.tar',
      'name it: sluice ci TARGET, or set SLUICE_IMAGE',
    ]);
  });

  test('a link leads nowhere', () => {
    const folder = workingFolder({ 'real/a.tar': oci });
    symlinkSync(join(folder, 'real', 'a.tar'), join(folder, 'b.tar'));
    expect(found(folder)).toEqual(expect.arrayContaining(['ci/no-image']));
  });

  test.each([
    [
      "buildx's metadata",
      {
        'metadata.json': JSON.stringify({
          'image.name': 'reg.test/acme/shop:1,reg.test/acme/shop:2',
          'containerimage.digest': digest,
        }),
      },
      `reg.test/acme/shop@${digest}`,
      'metadata.json',
    ],
    [
      "bake's metadata of one target",
      {
        'metadata.json': JSON.stringify({
          shop: { 'image.name': 'reg.test:5000/shop', 'containerimage.digest': digest },
        }),
      },
      `reg.test:5000/shop@${digest}`,
      'metadata.json',
    ],
    [
      "Jib's record",
      { 'target/jib-image.json': JSON.stringify({ image: 'reg.test/shop', imageDigest: digest, tags: ['1'] }) },
      `reg.test/shop@${digest}`,
      'target/jib-image.json',
    ],
    [
      "kaniko's name and digest",
      { 'image-digest': `reg.test/shop:1@${digest}\n` },
      `reg.test/shop@${digest}`,
      'image-digest',
    ],
    ["kaniko's digest alone", { 'digest.txt': digest }, `reg.test/acme/shop@${digest}`, 'digest.txt'],
  ])('is named by %s', (_what, files, target, by) => {
    expect(found(workingFolder(files), gitlab)).toEqual({ target, because: `named by ${by}` });
  });

  test('is not guessed where records name several', () => {
    const folder = workingFolder({ 'image-digest': `reg.test/a@${digest}`, 'digest.txt': `reg.test/b@${other}` });
    expect(found(folder)).toEqual(expect.arrayContaining(['ci/several-images']));
  });

  test.each([
    ['CS_IMAGE', { ...gitlab, CS_IMAGE: 'reg.test/x:1' }, 'reg.test/x:1', 'CS_IMAGE'],
    [
      "Auto DevOps' pair",
      { ...gitlab, CI_APPLICATION_REPOSITORY: 'reg.test/app', CI_APPLICATION_TAG: '7' },
      'reg.test/app:7',
      'CI_APPLICATION_REPOSITORY and its tag',
    ],
    [
      "the project's registry",
      gitlab,
      'reg.test/acme/shop:c0ffee',
      'CI_REGISTRY_IMAGE and the commit, as nothing else is named',
    ],
  ])('is what GitLab calls it: %s', (_what, env, target, because) => {
    expect(found(workingFolder({}), env)).toEqual({ target, because });
  });

  test('that is nowhere is said to be nowhere', () => {
    expect(found(workingFolder({ 'src.tar': sources }), { TF_BUILD: 'true' })).toEqual([
      'ci/no-image',
      'there is no image to scan: no archive or layout in the working folder, no record of a build, and Azure Pipelines names none',
      'name it: sluice ci TARGET, or set SLUICE_IMAGE',
    ]);
  });

  test('is never read from a record that is damaged or hostile', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(digest, '-o x', 'a b', '../x', `--help@${digest}`));
    const metadata = fc.dictionary(
      fc.constantFrom('image.name', 'containerimage.digest', 'image', 'imageDigest', 'x'),
      value,
    );
    fc.assert(
      fc.property(fc.oneof(metadata, fc.jsonValue()), fc.string({ unit: 'binary' }), (record, text) => {
        const folder = workingFolder({ 'metadata.json': JSON.stringify(record), digest: text });
        const said = found(folder);
        if (Array.isArray(said)) expect(said[0]).toMatch(/^ci\//);
        else expect((said as { target: string }).target).toMatch(/^[A-Za-z0-9][\w.:/-]*@sha256:[0-9a-f]{64}$/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('an archive', () => {
  test('of random or damaged bytes is told from an image without a failure', () => {
    const path = join(root, 'any.tar');
    const damaged = fc.tuple(fc.nat(oci.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = Buffer.from(oci);
      bytes[at] = byte;
      return bytes;
    });
    const random = fc.uint8Array({ maxLength: 2048 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(damaged, random), (bytes) => {
        writeFileSync(path, bytes);
        expect(typeof isImageArchive(path)).toBe('boolean');
      }),
      { numRuns: 100 },
    );
  });
});

test('the Dockerfile is found where there is no doubt', () => {
  expect(findDockerfile(workingFolder({ Dockerfile: 'FROM x' }))).toBe('Dockerfile');
  expect(findDockerfile(workingFolder({ Containerfile: 'FROM x' }))).toBe('Containerfile');
  expect(findDockerfile(workingFolder({ Dockerfile: 'FROM x', Containerfile: 'FROM y' }))).toBeUndefined();
  expect(findDockerfile(workingFolder({}))).toBeUndefined();
});
