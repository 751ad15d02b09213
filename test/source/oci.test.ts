import { spawnSync } from 'node:child_process';
import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addIndex,
  archiveOf,
  layoutFiles,
  ociFiles,
  sha256,
  type WrittenDescriptor,
  writeFolder,
} from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { failureOf, open, scratch, smallImage, written } from './support.ts';

const fresh = scratch();
const arm = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const amd = { os: 'linux', architecture: 'amd64' };
const wanted = (architecture: string, explicit = true) => ({ platform: { os: 'linux', architecture }, explicit });

type Files = Map<string, Buffer>;

/** Both forms of an OCI layout: as a folder, and as an archive. */
const forms: [string, (files: Files) => string][] = [
  ['folder', (files) => writeFolder(fresh(), files)],
  ['archive', (files) => written(fresh('image.tar'), archiveOf(files))],
];

function blobName(digest: string): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

describe.each(forms)('an OCI layout as %s', (form, write) => {
  test('has an image with its digests and layers', async () => {
    const image = smallImage({
      config: { history: [{ created_by: 'one' }, { created_by: 'no', empty_layer: true }, { created_by: 'two' }] },
    });
    const opened = await open(write(ociFiles(image)));
    expect(opened.image).toEqual({
      id: image.config.digest,
      digest: image.manifest.digest,
      platform: amd,
      layers: image.layers.map(({ digest, diffId, blob }, i) => ({
        digest,
        diffId,
        size: blob.length,
        createdBy: ['one', 'two'][i],
      })),
    });
    expect(opened.problems).toEqual([]);
  });

  test('has the image for a platform, whatever the spelling, and attestations are none', async () => {
    const [one, two] = [smallImage(), smallImage({ platform: arm, layers: [{ tar: tar(file('arm')) }] })];
    const attestation: WrittenDescriptor = {
      ...one.config,
      mediaType: one.manifest.mediaType,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const files = layoutFiles(new Map([...one.blobs, ...two.blobs]), [attestation, one.manifest, two.manifest]);
    const path = write(files);
    const digests = new Map([
      ['amd64', one.manifest.digest],
      ['x86_64', one.manifest.digest],
      ['arm64', two.manifest.digest],
      ['aarch64', two.manifest.digest],
    ]);
    for (const [architecture, digest] of digests) {
      for (const explicit of [true, false])
        expect((await open(path, wanted(architecture, explicit))).image.digest).toBe(digest);
    }
    expect(await failureOf(open(path, wanted('riscv64', false)))).toBe(
      'platform/none: there is no image for linux/riscv64; there is linux/amd64, linux/arm64',
    );
  });

  test('has one image for one platform: it will do unless another was asked for', async () => {
    const image = smallImage({ platform: arm });
    const path = write(ociFiles(image));
    expect((await open(path, wanted('amd64', false))).image.platform).toEqual(arm);
    expect(await failureOf(open(path, wanted('amd64')))).toContain('platform/none: ');
    const { platform: _platform, ...unnamed } = image.manifest;
    const silent = write(layoutFiles(image.blobs, [unnamed]));
    expect((await open(silent, wanted('amd64', false))).image.platform).toEqual(arm);
    expect(await failureOf(open(silent, wanted('amd64')))).toBe(
      'platform/none: there is no image for linux/amd64; there is linux/arm64',
    );
  });

  test('has several images: one must be named', async () => {
    const [one, two] = [smallImage(), smallImage({ layers: [{ tar: tar(file('other')) }] })];
    const named = (image: typeof one, tag: string): WrittenDescriptor => {
      const { platform: _platform, ...rest } = image.manifest;
      return { ...rest, annotations: { 'org.opencontainers.image.ref.name': tag } };
    };
    const path = write(layoutFiles(new Map([...one.blobs, ...two.blobs]), [named(one, '1.0'), named(two, '2.0')]));
    expect(await failureOf(open(path))).toBe('index/ambiguous: the index holds 2 images: 1.0, 2.0');
    expect((await open(`oci:${path}:2.0`)).image.digest).toBe(two.manifest.digest);
    expect((await open(`oci:${path}@${one.manifest.digest}`)).image.digest).toBe(one.manifest.digest);
    expect(await failureOf(open(`oci:${path}:3.0`))).toBe(
      'index/no-such-image: there is no image 3.0; there is 1.0, 2.0',
    );
  });

  test('has indexes in its index, to a depth', async () => {
    const image = smallImage();
    const blobs = new Map(image.blobs);
    let top: WrittenDescriptor = image.manifest;
    const codes: string[] = [];
    for (let depth = 1; depth <= 5; depth++) {
      top = addIndex(blobs, [top]);
      codes.push((await failureOf(open(write(layoutFiles(blobs, [top]))))).split(':', 1)[0] ?? '');
    }
    expect(codes).toEqual(['none', 'none', 'none', 'index/too-deep', 'index/too-deep']);
  });

  test.each([
    ['the manifest', (image: ReturnType<typeof smallImage>) => image.manifest],
    ['the configuration', (image: ReturnType<typeof smallImage>) => image.config],
  ])('is refused when %s is not what its descriptor says', async (_what, which) => {
    const image = smallImage();
    const { digest } = which(image);
    const bytes = image.blobs.get(digest) ?? Buffer.alloc(0);
    const other = Buffer.from(bytes.toString().replace('"linux"', '"minix"').replace('schemaVersion', 'schemaversion'));
    expect(await failureOf(open(write(ociFiles(image).set(blobName(digest), other))))).toMatch(
      /^digest\/mismatch: the image (?:manifest|configuration) does not match its digest: expected sha256:[0-9a-f]{64}, found sha256:/,
    );
    const files = ociFiles(image);
    files.delete(blobName(digest));
    expect(await failureOf(open(write(files)))).toMatch(
      /^(?:archive\/member-missing|file\/missing): blobs\/sha256\/[0-9a-f]{64} /,
    );
  });

  test('is refused when a size is wrong', async () => {
    const image = smallImage();
    const index = { ...image.manifest, size: image.manifest.size + 1 };
    expect(await failureOf(open(write(layoutFiles(image.blobs, [index]))))).toMatch(
      /^digest\/size: the image manifest has \d+ bytes/,
    );
    const layer = smallImage({ layers: [{ tar: tar(file('a')), size: 5 }] });
    expect(await failureOf(open(write(ociFiles(layer))))).toMatch(
      /^blob\/size: blob sha256:[0-9a-f]{64} has \d+ bytes, its descriptor says 5$/,
    );
    const huge = { ...image.manifest, size: 1e12 };
    expect(await failureOf(open(write(layoutFiles(image.blobs, [huge]))))).toMatch(/^manifest\/too-large: /);
  });

  test('is refused when a layer is missing, of an unknown kind, encrypted, or one too many', async () => {
    const image = smallImage();
    const files = ociFiles(image);
    files.delete(blobName(image.layers[1]?.digest ?? ''));
    expect(await failureOf(open(write(files)))).toMatch(/^(?:archive\/member-missing|file\/missing): blobs\/sha256\//);
    const kind = (mediaType: string) =>
      failureOf(open(write(ociFiles(smallImage({ layers: [{ tar: tar(file('a')), mediaType }] })))));
    expect(await kind('application/x-unknown')).toMatch(
      /^layer\/media-type: layer 0 has the media type "application\/x-unknown"/,
    );
    expect(await kind('application/vnd.oci.image.layer.v1.tar+gzip+encrypted')).toMatch(/^layer\/encrypted: layer 0 /);
    expect(await kind('application/vnd.docker.image.rootfs.diff.tar.gzip')).toBe('none');
    const rootfs = { type: 'layers', diff_ids: [sha256(Buffer.from('x'))] };
    expect(await failureOf(open(write(ociFiles(smallImage({ config: { rootfs } })))))).toBe(
      'image/layer-count: the manifest lists 2 layers, the configuration 1 diff_ids',
    );
  });

  test.each([
    ['no JSON', 'x', /^manifest\/malformed: index\.json is not JSON: /],
    ['a list', '[]', /^manifest\/malformed: index\.json is not a JSON object/],
    ['no manifests', '{}', /^manifest\/malformed: index\.json is neither an image index nor an image manifest/],
    ['an empty list', '{"manifests":[]}', /^index\/empty: the image index lists no image/],
    ['a text for a manifest', '{"manifests":["x"]}', /^manifest\/malformed: /],
    ['no digest', '{"manifests":[{"size":1}]}', /^digest\/malformed: /],
    ['a path for a digest', '{"manifests":[{"size":1,"digest":"sha256:../../etc/passwd"}]}', /^digest\/malformed: /],
    ['another hash', '{"manifests":[{"size":1,"digest":"sha512:00"}]}', /^digest\/algorithm: /],
    ['a negative size', '{"manifests":[{"size":-1,"digest":"x"}]}', /^manifest\/malformed: /],
    ['prototypes', `{"manifests":[{"__proto__":{"size":1}}]}`, /^manifest\/malformed: /],
    ['schema 1', '{"schemaVersion":1,"fsLayers":[]}', /^manifest\/schema-1: /],
    ['nesting', `{"manifests":${'['.repeat(500)}${']'.repeat(500)}}`, /^manifest\/malformed: .*nested deeper than 100/],
    [
      'more than is read',
      `{"x":"${'x'.repeat(4 * 1024 * 1024)}"}`,
      /too-large: index\.json .*is larger than 4194304 bytes/,
    ],
  ])('is refused when index.json holds %s', async (_what, json, failure) => {
    expect(await failureOf(open(write(ociFiles(smallImage()).set('index.json', Buffer.from(json)))))).toMatch(failure);
  });

  test('is refused when the configuration is none', async () => {
    for (const rootfs of ['x', null, { diff_ids: 'x' }, {}]) {
      expect(
        await failureOf(open(write(ociFiles(smallImage({ config: { rootfs } }))))),
        JSON.stringify(rootfs),
      ).toMatch(/^config\/malformed: /);
    }
    expect(await failureOf(open(write(ociFiles(smallImage({ config: { history: 7 } })))))).toMatch(
      /^config\/malformed: /,
    );
    const strange = { history: [7, { created_by: ['x'] }], rootfs: { diff_ids: [1, 2] } };
    expect(await failureOf(open(write(ociFiles(smallImage({ config: strange })))))).toMatch(/^digest\/malformed: /);
  });

  test(`lies about its blobs in vain: ${form}`, async () => {
    // A blob of the layer's digest and size with other bytes is only found when it is read; no byte is believed before.
    const image = smallImage({ layers: [{ tar: tar(file('a', 'one')), packing: 'none' }] });
    const digest = image.layers[0]?.digest ?? '';
    const other = Buffer.from(image.blobs.get(digest) ?? '').fill(0x7a, 512, 515);
    expect(await failureOf(open(write(ociFiles(image).set(blobName(digest), other))))).toBe('none');
  });
});

describe('an OCI layout as folder', () => {
  test('whose parts are no regular files is refused and never waited for', async () => {
    const image = smallImage();
    for (const name of ['index.json', blobName(image.manifest.digest), blobName(image.layers[0]?.digest ?? '')]) {
      const folder = writeFolder(fresh(), ociFiles(image));
      unlinkSync(join(folder, name));
      expect(spawnSync('mkfifo', [join(folder, name)]).status).toBe(0);
      expect(await failureOf(open(folder))).toBe(`file/not-regular: ${name} is not a regular file`);
      unlinkSync(join(folder, name));
      symlinkSync('/dev/zero', join(folder, name));
      expect(await failureOf(open(folder))).toBe(`file/not-regular: ${name} is not a regular file`);
      unlinkSync(join(folder, name));
      symlinkSync(name.split('/').at(-1) ?? '', join(folder, name));
      expect(await failureOf(open(folder))).toMatch(/^(?:file\/unreadable|target\/)/);
    }
  });
});
