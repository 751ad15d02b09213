import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePlatform, platformText } from '../../src/model/image.ts';
import { listPlatforms } from '../../src/pipeline/fleet-platforms.ts';
import { openImage } from '../../src/source/open.ts';
import { messageOf, SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import {
  addIndex,
  archiveOf,
  buildImage,
  dockerFiles,
  type Files,
  layoutFiles,
  type WrittenDescriptor,
} from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const folder = scratchFolder();
const access = { insecure: false, offline: true, env: {} };
let number = 0;

function written(files: Files): string {
  const path = join(folder, `${number++}.tar`);
  writeFileSync(path, archiveOf(files));
  return path;
}

function image(platform: string) {
  return buildImage({ platform: parsePlatform(platform), layers: [{ tar: tar(file('for', platform)) }] });
}

/** An archive whose index has images for these platforms: `-` before one leaves the platform out of the index. */
function indexOf(...platforms: readonly string[]): { path: string; digests: string[] } {
  const built = platforms.map((text) => ({ hidden: text.startsWith('-'), ...image(text.replace('-', '')) }));
  const blobs = new Map(built.flatMap((one) => [...one.blobs]));
  const manifests = built.map(
    ({ hidden, manifest: { platform, ...rest } }): WrittenDescriptor =>
      hidden || !platform ? rest : { ...rest, platform },
  );
  const index = addIndex(blobs, manifests);
  return { path: written(layoutFiles(blobs, [index])), digests: manifests.map(({ digest }) => digest) };
}

/** The platforms that are listed, or the failure. */
async function listed(path: string): Promise<string[] | string> {
  try {
    return (await listPlatforms(path, access)).map(({ of }) => (of ? platformText(of.platform) : ''));
  } catch (thrown) {
    return thrown instanceof SluiceError ? `${thrown.code}: ${messageOf(thrown)}` : String(thrown);
  }
}

async function opened(path: string, platform: string): Promise<string | undefined> {
  const found = await openImage({ kind: 'archive', path }, access, {
    platform: parsePlatform(platform),
    explicit: true,
  });
  found.close();
  return found.image.digest;
}

describe('the platforms of an index', () => {
  test('are listed once each, in its order, without what only attests', async () => {
    const { path } = indexOf('linux/arm64/v8', 'linux/amd64', 'linux/arm64', 'unknown/unknown', 'linux/arm/v7');
    expect(await listed(path)).toEqual(['linux/arm64', 'linux/amd64', 'linux/arm/v7']);
  });

  test('are those of all indexes, where each platform has one of its own', async () => {
    const [amd, arm] = [image('linux/amd64'), image('linux/arm64')];
    const blobs = new Map([...amd.blobs, ...arm.blobs]);
    const inner = [amd, arm].map(({ manifest }) => ({
      ...addIndex(blobs, [manifest]),
      platform: manifest.platform,
    }));
    const path = written(layoutFiles(blobs, [addIndex(blobs, inner as WrittenDescriptor[])]));
    expect(await listed(path)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(await opened(path, 'linux/arm64')).toBe(arm.manifest.digest);
  });

  test('are refused where an image names none: it could be for any, and nobody would look at it', async () => {
    const { path, digests } = indexOf('linux/amd64', '-linux/arm64');
    expect(await listed(path)).toBe(
      `index/no-platform: the index does not say for which platform it holds ${digests[1]}`,
    );
    expect(await listed(indexOf('-linux/amd64', '-linux/arm64').path)).toMatch(/^index\/no-platform: /);
  });

  test('is the one of an image that stands alone', async () => {
    expect(await listed(indexOf('-linux/riscv64').path)).toEqual(['linux/riscv64']);
    expect(await listed(written(dockerFiles(image('linux/s390x'))))).toEqual(['linux/s390x']);
    expect(await listed(folder)).toMatch(/^usage\/platform: /);
  });
});

test('a platform without variant is the one that has none, before others of its processor', async () => {
  const { path, digests } = indexOf('linux/arm/v7', 'linux/arm');
  expect(await opened(path, 'linux/arm')).toBe(digests[1]);
  expect(await opened(path, 'linux/arm/v7')).toBe(digests[0]);
  expect(await opened(indexOf('linux/arm/v7').path, 'linux/arm')).toBeDefined();
});
