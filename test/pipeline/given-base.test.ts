import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { givenBase } from '../../src/pipeline/given-base.ts';
import type { ScanOptions } from '../../src/pipeline/options.ts';
import { openImage } from '../../src/source/open.ts';
import { messageOf, SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, dockerFiles, type Files, type LayerSpec, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const scratch = scratchFolder();
const options: ScanOptions = {
  ecosystems: [],
  access: { insecure: false, offline: true, lazy: false, env: {} },
  platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
};
let number = 0;

function archive(files: Files) {
  const path = join(scratch, `${number++}.tar`);
  writeFileSync(path, archiveOf(files));
  return { kind: 'archive', path } as const;
}

const [low, empty, high] = ['low', '', 'high'].map((text) => ({ tar: tar(...(text ? [file(text, text)] : [])) }));
const built = (...layers: (LayerSpec | undefined)[]) =>
  buildImage({
    layers: layers.flatMap((layer) => layer ?? []),
    config: { config: { Labels: { 'org.opencontainers.image.base.name': 'docker.io/library/trusted:1' } } },
  });

/** What is said of the base, or why it is none. */
async function base(of: ReturnType<typeof archive>, image: ReturnType<typeof archive>): Promise<unknown> {
  const opened = await openImage(image, options.access, options.platform);
  try {
    return await givenBase(of, opened, options);
  } catch (thrown) {
    return thrown instanceof SluiceError ? `${thrown.code}: ${messageOf(thrown)}` : thrown;
  } finally {
    opened.close();
  }
}

describe('the base that the user named', () => {
  const image = built(low, empty, low, high);

  test('is what its archive is, and never what the image says of another one', async () => {
    const below = built(low, empty);
    expect(await base(archive(ociFiles(below)), archive(ociFiles(image)))).toEqual({
      digest: below.manifest.digest,
      layers: 2,
      by: 'flag',
    });
    expect(await base(archive(dockerFiles(below)), archive(ociFiles(image)))).toEqual({ layers: 2, by: 'flag' });
    expect(await base(archive(ociFiles(below)), archive(dockerFiles(image)))).toMatchObject({ layers: 2 });
  });

  test('may be the image itself, or hold the same layer again', async () => {
    expect(await base(archive(dockerFiles(image)), archive(ociFiles(image)))).toEqual({ layers: 4, by: 'flag' });
    expect(await base(archive(dockerFiles(built(low, empty, low))), archive(ociFiles(image)))).toMatchObject({
      layers: 3,
    });
  });

  test('is refused where its layers are not the lowest ones, in this order', async () => {
    for (const other of [built(high), built(empty, low), built(low, high), built(low, empty, low, high, high)]) {
      const said = await base(archive(ociFiles(other)), archive(ociFiles(image)));
      expect(said).toMatch(/^base\/not-below: the layers of the base image \(\d\) are not the lowest ones/);
    }
    const gone = { kind: 'archive', path: join(scratch, 'gone.tar') } as const;
    expect(await base(gone, archive(ociFiles(image)))).toMatch(/: the base image can't be opened: /);
  });
});
