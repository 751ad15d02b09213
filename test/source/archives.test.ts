import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { archiveOf, dockerFiles, legacyDockerArchive, ociFiles, zstdStored } from '../support/image-writer.ts';
import { entry, file, hardlink, pax, symlink, tar } from '../support/tar-writer.ts';
import { failureOf, open, scratch, smallImage, written } from './support.ts';

const fresh = scratch();
const put = (bytes: Buffer | string, name = 'image.tar') => written(fresh(name), bytes);
const image = smallImage();
const docker = () => dockerFiles(image, ['app:1.0', 'registry.example/app:latest']);

describe('the output of docker save', () => {
  test('has an image with a configuration and layers, and no manifest digest', async () => {
    const opened = await open(put(archiveOf(docker())));
    expect(opened.image).toEqual({
      id: image.config.digest,
      platform: { os: 'linux', architecture: 'amd64' },
      layers: image.layers.map(({ diffId, tar: bytes }) => ({
        diffId,
        digest: diffId,
        size: bytes.length,
        createdBy: '',
      })),
    });
  });

  test('whose layers another program has packed has the digests of what is packed', async () => {
    const opened = await open(put(archiveOf(dockerFiles(image, [], true))));
    expect(opened.image.layers).toEqual(
      image.layers.map(({ digest, diffId, blob }) => ({ digest, diffId, size: blob.length, createdBy: '' })),
    );
  });

  test('of old, with links from layer to layer, is read like any other', async () => {
    const layers = [{ tar: tar(file('a')) }, { tar: tar(file('b')) }, { tar: tar(file('a')) }];
    const opened = await open(put(legacyDockerArchive(smallImage({ layers }))));
    const [first, , third] = opened.layers;
    expect(third?.place).toEqual(first?.place);
  });

  test('is taken for a platform only when it is for that platform', async () => {
    const path = put(archiveOf(docker()));
    const platform = { os: 'linux', architecture: 'arm64' };
    expect((await open(path, { platform, explicit: false })).image.id).toBe(image.config.digest);
    expect(await failureOf(open(path, { platform, explicit: true }))).toBe(
      'platform/none: there is no image for linux/arm64; there is linux/amd64',
    );
  });

  test('with several images: one must be named', async () => {
    const other = smallImage({ layers: [{ tar: tar(file('other')) }] });
    const files = new Map([...docker(), ...dockerFiles(other, ['other:2'])]);
    const both = [docker(), dockerFiles(other, ['other:2'])].flatMap(
      (one) => JSON.parse(String(one.get('manifest.json'))) as unknown[],
    );
    const path = put(archiveOf(files.set('manifest.json', Buffer.from(JSON.stringify(both)))));
    expect(await failureOf(open(path))).toBe('index/ambiguous: the archive holds 2 images');
    expect((await open(`archive:${path}:other:2`)).image.id).toBe(other.config.digest);
    expect((await open(`archive:${path}:1.0`)).image.id).toBe(image.config.digest);
    expect(await failureOf(open(`archive:${path}:3`))).toBe('manifest/malformed: manifest.json lists no image 3');
  });

  test('is refused when the configuration is not what its name says', async () => {
    const files = docker();
    const name = `${image.config.digest.slice(7)}.json`;
    files.set(name, Buffer.from(String(files.get(name)).replace('linux', 'minix')));
    expect(await failureOf(open(put(archiveOf(files))))).toMatch(
      /^digest\/mismatch: the image configuration does not match its name: /,
    );
  });

  test.each([
    ['no JSON', 'x', /^manifest\/malformed: manifest\.json is not JSON: /],
    ['no list', '{}', 'manifest/malformed: manifest.json is not a list of images'],
    ['an empty list', '[]', 'manifest/malformed: manifest.json lists no image'],
    ['a list of texts', '["x"]', 'manifest/malformed: manifest.json names no Config or no Layers'],
    [
      'layers that are no names',
      '[{"Config":"x","Layers":[1]}]',
      'manifest/malformed: manifest.json holds a layer that is not a name',
    ],
    ['a missing configuration', '[{"Config":"x","Layers":[]}]', 'archive/member-missing: x is not in the archive'],
    [
      'a path out of the archive',
      '[{"Config":"../../../etc/passwd","Layers":[]}]',
      'archive/member-missing: ../../../etc/passwd is not in the archive',
    ],
    [
      'a name that would draw on a terminal',
      '[{"Config":"\\u001b[31m\\n","Layers":[]}]',
      'archive/member-missing: \\u001b[31m\\n is not in the archive',
    ],
  ])('is refused when manifest.json holds %s', async (_what, json, failure) => {
    const found = await failureOf(open(put(archiveOf(docker().set('manifest.json', Buffer.from(json))))));
    if (typeof failure === 'string') expect(found).toBe(failure);
    else expect(found).toMatch(failure);
  });

  test('is refused when a layer is missing or one too many', async () => {
    const files = docker();
    const json = JSON.parse(String(files.get('manifest.json'))) as { Layers: string[] }[];
    const [layer = ''] = json[0]?.Layers ?? [];
    files.delete(layer);
    expect(await failureOf(open(put(archiveOf(files))))).toBe(`archive/member-missing: ${layer} is not in the archive`);
    json[0]?.Layers.pop();
    const short = docker().set('manifest.json', Buffer.from(JSON.stringify(json)));
    expect(await failureOf(open(put(archiveOf(short))))).toBe(
      'image/layer-count: manifest.json lists 1 layers, the configuration 2 diff_ids',
    );
  });
});

describe('members of an archive', () => {
  const files = ociFiles(image);
  const members = [...files].map(([name, bytes]) => file(name, bytes));

  test('may have ./ before their names, long names and any order', async () => {
    const odd = [...files]
      .reverse()
      .map(([name, bytes]) => Buffer.concat([pax(['path', `./${name}`]), file('x', bytes)]));
    expect((await open(put(tar(...odd)))).image.digest).toBe(image.manifest.digest);
    expect((await open(put(tar(...[...files].map(([name, bytes]) => file(`./${name}`, bytes)))))).image.id).toBe(
      image.config.digest,
    );
  });

  test('that stand twice: the last counts, as where it is unpacked', async () => {
    expect((await open(put(tar(file('index.json', 'x'), ...members)))).image.id).toBe(image.config.digest);
    expect(await failureOf(open(put(tar(...members, file('index.json', 'x')))))).toMatch(/^manifest\/malformed: /);
  });

  test('that are links are followed a few times and only within the archive', async () => {
    const rest = [...files].filter(([name]) => name !== 'index.json').map(([name, bytes]) => file(name, bytes));
    const index = files.get('index.json') ?? '';
    expect((await open(put(tar(...rest, file('a/b', index), symlink('index.json', 'a/b'))))).image.id).toBe(
      image.config.digest,
    );
    expect(
      (await open(put(tar(...rest, file('a/b', index), symlink('c/d', '../a/b'), hardlink('index.json', 'c/d'))))).image
        .id,
    ).toBe(image.config.digest);
    for (const target of ['index.json', '/etc/passwd', '../../../../etc/passwd', 'nowhere']) {
      expect(await failureOf(open(put(tar(...rest, symlink('index.json', target)))))).toMatch(
        /^archive\/not-an-image: /,
      );
    }
  });

  test('whose names lead out of the archive are none', async () => {
    const evil = tar(file('../index.json', 'x'), file('a/../../index.json', 'x'), ...members);
    expect((await open(put(evil))).image.id).toBe(image.config.digest);
    expect(await failureOf(open(put(tar(file('../manifest.json', '[]')))))).toMatch(/^archive\/not-an-image: /);
  });

  test('without index.json and manifest.json are no image', async () => {
    expect(await failureOf(open(put(tar(file('a')))))).toBe(
      'archive/not-an-image: the archive holds no image: it has neither index.json (OCI) nor manifest.json (docker save)',
    );
  });

  test.each([
    ['an empty file', Buffer.alloc(0), 'archive/empty: the file is empty'],
    [
      'a zip file',
      Buffer.from(`PK\x03\x04${'x'.repeat(600)}`),
      'archive/packing: the image archive is packed with zip, which is not read',
    ],
    ['a text', Buffer.alloc(3000, 'hello '), "tar/not-tar: the image archive can't be read: it is no tar archive"],
    ['a few bytes', Buffer.from('PK'), "tar/truncated: the image archive can't be read: the tar archive ends early"],
    [
      'a member of 8 GiB that is not there',
      tar(entry('0', 'index.json', 'x', { size: 2 ** 33 - 1 })),
      "tar/truncated: the image archive can't be read: the tar archive ends early",
    ],
    [
      'half an archive',
      archiveOf(files).subarray(0, 3000),
      "tar/truncated: the image archive can't be read: the tar archive ends early",
    ],
    ['gzip of nothing', gzipSync(''), 'archive/empty: the file is empty'],
    ['gzip of a text', gzipSync('x'.repeat(600)), "tar/not-tar: the image archive can't be read: it is no tar archive"],
    ['half a gzip', gzipSync(archiveOf(files)).subarray(0, 400), 'gzip/truncated: the gzip stream ends early'],
    ['half a zstd', zstdStored(archiveOf(files)).subarray(0, 400), 'zstd/truncated: the zstd stream ends early'],
  ])('%s', async (_what, bytes, failure) => {
    expect(await failureOf(open(put(bytes)))).toBe(failure);
  });
});

describe('packed archives', () => {
  const leftovers = () => readdirSync(tmpdir()).filter((name) => /^sluice-\w{6}$/.test(name));

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdStored],
  ])('of %s are read, whatever their name, and leave nothing behind', async (_name, pack) => {
    const before = leftovers();
    for (const [files, digest] of [
      [ociFiles(image), image.manifest.digest],
      [docker(), undefined],
    ] as const) {
      const opened = await open(put(pack(archiveOf(files)), 'any.name'));
      expect([opened.image.digest, opened.image.id]).toEqual([digest, image.config.digest]);
    }
    await failureOf(open(put(pack(Buffer.from('x')))));
    await failureOf(open(put(pack(archiveOf(docker())).subarray(0, 100))));
    expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
  });

  test('that find no room say so', async () => {
    const path = put(gzipSync(archiveOf(docker())));
    const old = process.env.TMPDIR;
    process.env.TMPDIR = fresh('missing');
    try {
      expect(await failureOf(open(path))).toBe(
        "archive/no-room: the compressed archive can't be unpacked into the folder for temporary files (ENOENT)",
      );
    } finally {
      if (old === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = old;
    }
  });
});

test('a pipe or device as archive is refused and never waited for', async () => {
  const pipe = fresh('pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  expect(await failureOf(open(pipe))).toBe('file/not-regular: pipe is not a regular file');
  expect(await failureOf(open('archive:/dev/zero'))).toBe('file/not-regular: zero is not a regular file');
});
