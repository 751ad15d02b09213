import { describe, expect, test } from 'vitest';
import { openImage } from '../../src/source/open.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { messageOf, SluiceError } from '../../src/util/error.ts';
import {
  archiveOf,
  type BuiltImage,
  buildImage,
  dockerFiles,
  type Files,
  layoutFiles,
  ociFiles,
  sha256,
  type WrittenDescriptor,
} from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { noRegistry, scratch, written } from './support.ts';

// Images made to be one thing for sluice and another for the runtime that runs them afterwards.

const fresh = scratch();
const platform = { os: 'linux', architecture: 'amd64' };
const clean = buildImage({ layers: [{ tar: tar(file('clean', 'x')) }] });
const evil = buildImage({ layers: [{ tar: tar(file('evil', 'x')) }] });

/** What the archive opens as: `clean`, `evil`, `another` image, the codes of its problems, or why it does not open. */
async function openedAs(files: Files, select = ''): Promise<string> {
  const path = written(fresh('image'), archiveOf(files));
  try {
    const target = identifyTarget(`archive:${path}${select}`);
    if (target.kind !== 'archive') throw new Error(target.kind);
    const opened = await openImage(target, noRegistry, { platform, explicit: false });
    opened.close();
    const problems = opened.problems.map(({ code, blinding }) => ` ${code}${blinding ? ' blinds' : ''}`);
    return nameOf(opened.image.id) + problems.join('');
  } catch (thrown) {
    return thrown instanceof SluiceError ? `${thrown.code}: ${messageOf(thrown)}` : String(thrown);
  }
}

function nameOf(id: string): string {
  if (id === clean.config.digest) return 'clean';
  return id === evil.config.digest ? 'evil' : 'another';
}

/** The clean image with another manifest or configuration, given as text. */
function withText(manifest: (image: Json) => string, config?: (image: Json) => string): Files {
  const blobs = new Map([...clean.blobs, ...evil.blobs]);
  const add = (text: string) => {
    const bytes = Buffer.from(text);
    blobs.set(sha256(bytes), bytes);
    return { digest: sha256(bytes), size: bytes.length };
  };
  const written = manifestOf(clean);
  if (config) Object.assign(written.config as object, add(config(parsed(clean, clean.config))));
  return layoutFiles(blobs, [{ ...clean.manifest, ...add(manifest(written)) }]);
}

type Json = Record<string, unknown>;
const parsed = ({ blobs }: BuiltImage, { digest }: WrittenDescriptor) => JSON.parse(String(blobs.get(digest))) as Json;
const manifestOf = (image: BuiltImage) => parsed(image, image.manifest);
const text = JSON.stringify;

describe('JSON that Go reads in another way', () => {
  const { config, layers } = manifestOf(evil);
  const manifests = [clean.manifest];

  test.each<[name: string, files: Files, message: string]>([
    ['members in capital letters', withText((json) => text({ ...json, Layers: layers })), 'spells layers as "Layers"'],
    ['the long s', withText((json) => text({ ...json, 'layer\u017f': layers })), 'spells layers as "layer\u017f"'],
    [
      'the Kelvin sign',
      withText((json) => text({ ...json, layers: [{ ...(json.layers as Json[])[0], Size: 1 }] })),
      'spells size as "Size"',
    ],
    [
      'a member that stands twice',
      withText((json) => `{"config":${text(config)},${text(json).slice(1)}`),
      'names a member of an object twice',
    ],
    [
      'index and manifest at once',
      withText((json) => text({ ...json, manifests })),
      'is an image index and an image manifest at once',
    ],
  ])('%s', async (_name, files, message) => {
    expect(await openedAs(files)).toBe(`manifest/malformed: the image manifest ${message}`);
  });

  test.each<[name: string, change: (json: Json) => object, message: string]>([
    ['rootfs', (json) => ({ ...json, RootFS: json.rootfs }), 'spells rootfs as "RootFS"'],
    [
      'diff_ids',
      (json) => ({ ...json, rootfs: { ...(json.rootfs as Json), Diff_IDs: [] } }),
      'spells diff_ids as "Diff_IDs"',
    ],
    ['config', (json) => ({ ...json, Config: { User: '0' } }), 'spells config as "Config"'],
    ['the user', (json) => ({ ...json, config: { User: '1000', user: '0' } }), 'spells User as "user"'],
    [
      'a line of history',
      (json) => ({ ...json, history: [{ Empty_Layer: true }] }),
      'spells empty_layer as "Empty_Layer"',
    ],
    ['architecture', (json) => ({ ...json, Architecture: 'arm64' }), 'spells architecture as "Architecture"'],
  ])('%s of the configuration', async (_name, change, message) => {
    const files = withText(text, (json) => text(change(json)));
    expect(await openedAs(files)).toBe(`manifest/malformed: the image configuration ${message}`);
  });

  test('platforms of an index', async () => {
    const { platform: _, ...unnamed } = evil.manifest;
    const blobs = new Map([...clean.blobs, ...evil.blobs]);
    const files = layoutFiles(blobs, [{ ...unnamed, Platform: platform } as WrittenDescriptor, clean.manifest]);
    expect(await openedAs(files)).toBe('manifest/malformed: index.json spells platform as "Platform"');
  });

  test('labels may have any name, twice in other letters too', async () => {
    const files = withText(text, (json) =>
      text({ ...json, config: { Labels: { Layers: '', layers: '', Config: '' } } }),
    );
    expect(await openedAs(files)).toBe('another');
  });

  test('manifest.json', async () => {
    const files = dockerFiles(clean);
    const [entry] = JSON.parse(String(files.get('manifest.json'))) as Json[];
    files.set('manifest.json', Buffer.from(text([{ ...entry, layers: [] }])));
    expect(await openedAs(files)).toBe('manifest/malformed: manifest.json spells Layers as "layers"');
  });
});

describe('an index', () => {
  const blobs = new Map([...clean.blobs, ...evil.blobs]);

  test('an annotation hides nothing that a runtime would take', async () => {
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const unknown = { os: 'unknown', architecture: 'unknown' };
    expect(await openedAs(layoutFiles(blobs, [{ ...evil.manifest, annotations }, clean.manifest]))).toBe('evil');
    const attested = layoutFiles(blobs, [{ ...evil.manifest, annotations, platform: unknown }, clean.manifest]);
    expect(await openedAs(attested)).toBe('clean');
  });

  test('several images with names must be chosen from, also when all are for the platform', async () => {
    const named = (image: BuiltImage, name: string) => {
      return { ...image.manifest, annotations: { 'org.opencontainers.image.ref.name': name } };
    };
    const files = layoutFiles(blobs, [named(clean, 'one'), named(evil, 'two')]);
    expect(await openedAs(files)).toBe('index/ambiguous: the index holds 2 images: one, two');
    expect(await openedAs(files, ':two')).toBe('evil');
    // One image in several builds is told apart by nothing: the first counts, as for the runtimes.
    expect(await openedAs(layoutFiles(blobs, [clean.manifest, evil.manifest]))).toBe('clean');
  });
});

describe('an archive with index.json and manifest.json', () => {
  const both = (docker: readonly BuiltImage[], tags: readonly string[] = []): Files => {
    const files = ociFiles(clean);
    const entries = docker.map((image, i) => {
      for (const [name, bytes] of dockerFiles(image)) if (name !== 'manifest.json') files.set(name, bytes);
      const [entry] = JSON.parse(String(dockerFiles(image).get('manifest.json'))) as Json[];
      return { ...entry, RepoTags: tags[i] === undefined ? null : [tags[i]] };
    });
    return files.set('manifest.json', Buffer.from(text(entries)));
  };
  const arm = buildImage({
    layers: [{ tar: tar(file('arm', 'x')) }],
    platform: { os: 'linux', architecture: 'arm64' },
  });

  test.each<[name: string, files: Files, select: string, opened: string]>([
    ['that name the same image', both([clean]), '', 'clean'],
    ['that name two images', both([evil]), '', 'clean archive/two-images blinds'],
    ['of which one names another image besides', both([clean, evil]), '', 'clean archive/two-images blinds'],
    ['of which one names an image for another platform', both([arm]), '', 'clean'],
  ])('%s', async (_name, files, select, opened) => {
    expect(await openedAs(files, select)).toBe(opened);
  });

  test('goes by the tag that was asked for', async () => {
    const files = new Map(both([clean, evil], ['app:1', 'app:2']));
    const name = (tag: string) => ({ ...clean.manifest, annotations: { 'org.opencontainers.image.ref.name': tag } });
    files.set('index.json', Buffer.from(text({ schemaVersion: 2, manifests: [name('1')] })));
    expect(await openedAs(files, ':1')).toBe('clean');
    files.set('index.json', Buffer.from(text({ schemaVersion: 2, manifests: [name('2')] })));
    expect(await openedAs(files, ':2')).toBe('clean archive/two-images blinds');
    expect(await openedAs(files, `@${clean.manifest.digest}`)).toBe('clean');
  });
});

test('one packed layer named a thousand times is hashed once', async () => {
  const files = dockerFiles(clean, [], true);
  const [entry] = JSON.parse(String(files.get('manifest.json'))) as { Layers: string[] }[];
  const [layer = ''] = entry?.Layers ?? [];
  const diffIds = Array.from({ length: 1000 }, () => clean.layers[0]?.diffId);
  const config = Buffer.from(text({ ...platform, rootfs: { type: 'layers', diff_ids: diffIds } }));
  const many = (count: number) => text([{ Config: 'config.json', Layers: Array.from({ length: count }, () => layer) }]);
  files
    .set('config.json', config)
    .set(layer, Buffer.concat([clean.layers[0]?.blob ?? Buffer.alloc(0), Buffer.alloc(8 * 1024 * 1024)]));
  files.set('manifest.json', Buffer.from(many(1000)));
  const started = performance.now();
  expect(await openedAs(files)).toBe('another');
  expect(performance.now() - started).toBeLessThan(5000);
  files.set('manifest.json', Buffer.from(many(4097)));
  expect(await openedAs(files)).toBe('manifest/malformed: manifest.json lists more than 4096 layers');
});
