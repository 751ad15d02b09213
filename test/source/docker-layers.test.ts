import { describe, expect, test } from 'vitest';
import {
  archiveOf,
  type BuiltImage,
  buildImage,
  dockerFiles,
  legacyDockerArchive,
  ociFiles,
  sha256,
  writeFolder,
} from '../support/image-writer.ts';
import { dir, entry, file, hardlink, sparseGnu, sparsePax, symlink, tar } from '../support/tar-writer.ts';
import { open, scratch, written } from './support.ts';

const fresh = scratch();
const layers = [{ tar: tar(file('a', 'one')) }, { tar: tar(file('b', 'two')) }];
const image = buildImage({ layers });

/** Which layers of an archive are believed to be what the configuration calls them. */
async function claimedIn(bytes: Buffer, verify = false): Promise<(boolean | undefined)[]> {
  const opened = await open(written(fresh('image.tar'), bytes), { verify });
  return opened.layers.map(({ claimed }) => claimed);
}

/** A docker archive of members, whose manifest names these layers in the order of the image's. */
function archive(built: BuiltImage, names: readonly string[], ...members: readonly Buffer[]): Buffer {
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: [], Layers: names }]);
  const config = file('config.json', built.blobs.get(built.config.digest));
  return tar(...members, config, file('manifest.json', manifest));
}

const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = layers.map(({ tar: bytes }) => bytes);
const both = ['1.tar', '2.tar'];

describe('layers of a docker archive', () => {
  test('that are not compressed may be read in part, unless all is to be verified', async () => {
    const bytes = archiveOf(dockerFiles(image));
    expect(await claimedIn(bytes)).toEqual([true, true]);
    expect(await claimedIn(bytes, true)).toEqual([undefined, undefined]);
  });

  test('that are compressed are read whole: they have to be unpacked anyway', async () => {
    expect(await claimedIn(archiveOf(dockerFiles(image, [], true)))).toEqual([undefined, undefined]);
    const mixed = buildImage({ layers: [{ ...layers[0], tar: one, packing: 'none' }, { tar: two }] });
    expect(await claimedIn(archiveOf(dockerFiles(mixed, [], true)))).toEqual([true, undefined]);
  });

  test('of old that a link leads to are read whole: not every program follows links in the same way', async () => {
    const repeated = buildImage({ layers: [...layers, { tar: one }] });
    expect(await claimedIn(legacyDockerArchive(repeated))).toEqual([undefined, true, undefined]);
    const linked = archive(image, both, file('x', one), hardlink('1.tar', 'x'), file('2.tar', two));
    expect(await claimedIn(linked)).toEqual([undefined, true]);
  });

  test.each<[name: string, before: Buffer]>([
    ['file', file('1.tar', two)],
    ['file in other spelling', file('./x/../1.tar', two)],
    ['folder', dir('1.tar')],
    ['symbolic link', symlink('1.tar', '2.tar')],
    ['device', entry('3', '1.tar')],
    ['entry of an unknown type, which some programs read as a file', entry('Z', '1.tar', two)],
  ])('beside which another %s has the same name are read whole', async (_what, other) => {
    expect(await claimedIn(archive(image, both, other, file('1.tar', one), file('2.tar', two)))).toEqual([
      undefined,
      true,
    ]);
    const [behind] = await claimedIn(archive(image, both, file('1.tar', one), file('2.tar', two), other));
    expect(behind).toBeUndefined();
  });

  test.each([
    ['GNU', sparseGnu('1.tar', [{ offset: 0, bytes: one }], one.length)],
    ['pax 0.1', sparsePax('0.1', '1.tar', [{ offset: 0, bytes: one }], one.length)],
    ['pax 1.0', sparsePax('1.0', '1.tar', [{ offset: 0, bytes: one }], one.length)],
  ])('that are sparse files of %s format are read whole: what is unpacked are other bytes', async (_format, member) => {
    expect(await claimedIn(archive(image, both, member, file('2.tar', two)))).toEqual([undefined, true]);
  });

  test('of which two have one diffID are read whole: Podman would take the first for both', async () => {
    const diffId = sha256(one);
    const twins = buildImage({ layers: [{ tar: one }, { tar: two, diffId }] });
    expect(await claimedIn(archive(twins, both, file('1.tar', one), file('2.tar', two)))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('that stand in the image twice as one member may be read in part, once for all', async () => {
    const twice = buildImage({ layers: [{ tar: one }, { tar: two }, { tar: one }] });
    const names = ['1.tar', '2.tar', '1.tar'];
    expect(await claimedIn(archive(twice, names, file('1.tar', one), file('2.tar', two)))).toEqual([true, true, true]);
  });

  test('that have two diffIDs are read whole: one of the two must be wrong', async () => {
    const bytes = archive(image, ['1.tar', '1.tar'], file('1.tar', one), file('2.tar', two));
    expect(await claimedIn(bytes)).toEqual([undefined, undefined]);
  });
});

test('layers of OCI layouts and archives are read whole, compressed or not', async () => {
  for (const packing of ['none', 'gzip'] as const) {
    const files = ociFiles(buildImage({ layers: layers.map((layer) => ({ ...layer, packing })) }));
    expect(await claimedIn(archiveOf(files))).toEqual([undefined, undefined]);
    const opened = await open(writeFolder(fresh('layout'), files));
    expect(opened.layers.map(({ claimed }) => claimed)).toEqual([undefined, undefined]);
  }
});
