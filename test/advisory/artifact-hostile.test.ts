import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordFailure } from '../../src/advisory/artifact/failed.ts';
import { LayoutSource } from '../../src/advisory/artifact/layout-source.ts';
import { readManifest } from '../../src/advisory/artifact/manifest.ts';
import { parseArtifactReference, RegistrySource } from '../../src/advisory/artifact/registry.ts';
import { dataStatus } from '../../src/advisory/status.ts';
import { storeFolder } from '../../src/advisory/store-files.ts';
import { openFile } from '../../src/source/file.ts';
import { createRegistryClient } from '../../src/source/registry/client.ts';
import { SluiceError } from '../../src/util/error.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { body, dropAfter } from '../support/registry-faults.ts';
import { dir, file, hardlink, symlink, tar } from '../support/tar-writer.ts';
import {
  addFeed,
  builder,
  exported,
  type Forgery,
  failure,
  filesIn,
  forged,
  imported,
  replaceFirst,
  sha256,
  storeOf,
  takeFrom,
} from './artifact-support.ts';
import { fixtureExport, noon, record, scratch } from './support.ts';

const first = (forgery: Forgery) => forgery.manifest.layers[0]!;
const unusable = "advisory/artifact-malformed: the vulnerability data can't be used: ";

/** What is wrong with it, what is changed, and how it is refused. */
const forgeries: readonly (readonly [string, (forgery: Forgery) => void, string | RegExp])[] = [
  [
    'a layer that is cut',
    (forgery) => {
      const packed = forgery.blobs.get(first(forgery).digest)!.subarray(0, -9);
      forgery.blobs.set(sha256(packed), packed);
      Object.assign(first(forgery), { digest: sha256(packed), size: packed.length });
    },
    "gzip/truncated: the layer of AlmaLinux can't be unpacked: the gzip stream ends early",
  ],
  [
    'a layer that is no gzip',
    (forgery) => replaceFirst(forgery, Buffer.from('x'), Buffer.from('<html>not found</html>')),
    /^gzip\/damaged: the layer of AlmaLinux can't be unpacked: /,
  ],
  [
    'a bomb',
    (forgery) => {
      replaceFirst(forgery, Buffer.alloc(1000), gzipSync(Buffer.alloc(50_000_000)));
    },
    'advisory/artifact-size: the layer of AlmaLinux unpacks to more than the 1000 bytes that it announces',
  ],
  [
    'a layer that unpacks to less',
    (forgery) => replaceFirst(forgery, Buffer.alloc(1000), gzipSync(Buffer.alloc(999))),
    'advisory/artifact-size: the layer of AlmaLinux unpacks to 999 bytes, not to 1000',
  ],
  [
    'a layer that unpacks to another file',
    (forgery) => replaceFirst(forgery, Buffer.alloc(1000), gzipSync(Buffer.alloc(1000, 1))),
    'advisory/artifact-digest: the layer of AlmaLinux unpacks to a file with another digest',
  ],
  [
    'bytes under the digest of others',
    (forgery) => {
      const { digest } = first(forgery);
      const packed = Buffer.from(forgery.blobs.get(digest)!);
      // Where gzip names the system that wrote it: it unpacks to the same.
      packed[9] = 3;
      forgery.blobs.set(digest, packed);
    },
    'advisory/artifact-digest: the layer of AlmaLinux has another digest',
  ],
  [
    'a file that is no index',
    (forgery) => replaceFirst(forgery, randomBytes(1000)),
    'advisory/index-damaged: the advisories of AlmaLinux are damaged: this is no index',
  ],
  [
    "another ecosystem's index",
    ({ manifest, snapshot }) => {
      const [alma, debian] = manifest.layers;
      const of = snapshot.sources;
      for (const key of ['digest', 'size']) of[0]![key] = of[1]![key];
      alma!.digest = debian!.digest;
      alma!.size = debian!.size;
      alma!.annotations = { ...debian!.annotations, 'vnd.sluice.data.ecosystem': 'AlmaLinux' };
    },
    'advisory/index-damaged: the advisories of AlmaLinux are damaged: the index is that of another ecosystem',
  ],
  [
    'an index of another format',
    ({ snapshot }) => {
      snapshot.sources[1]!.indexVersion = 4711;
    },
    /^advisory\/artifact-version: the data was made by sluice 9\.8\.7: Debian is of format 4711, and this sluice reads format \d+$/,
  ],
  [
    'two layers for one ecosystem',
    ({ manifest }) => void manifest.layers.push({ ...manifest.layers[0]! }),
    `${unusable}it has two layers for AlmaLinux`,
  ],
  [
    'an ecosystem that is a path',
    (forgery) => {
      first(forgery).annotations['vnd.sluice.data.ecosystem'] = '../x';
    },
    `${unusable}a layer is of no known ecosystem`,
  ],
  [
    'an ecosystem that is a path in the snapshot',
    ({ snapshot }) => {
      snapshot.sources[0]!.ecosystem = '../x';
    },
    `${unusable}its snapshot is damaged: a source has no name`,
  ],
  [
    'a feed that nobody knows',
    ({ manifest }) => {
      const annotations = { ...manifest.layers[0]!.annotations, 'vnd.sluice.data.feed': '__proto__' };
      const mediaType = 'application/vnd.sluice.data.feed.v1+gzip';
      manifest.layers.push({ ...manifest.layers[0]!, mediaType, annotations });
    },
    `${unusable}a layer is of no known feed`,
  ],
  [
    'a layer of another type',
    (forgery) => {
      first(forgery).mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
    },
    `${unusable}a layer is neither an index nor a feed`,
  ],
  [
    'a snapshot that names what no layer has',
    ({ manifest }) => void manifest.layers.pop(),
    `${unusable}no layer holds npm, which its snapshot names`,
  ],
  [
    'a layer that the snapshot does not name',
    ({ snapshot }) => void snapshot.sources.pop(),
    `${unusable}it has a layer that its snapshot does not name`,
  ],
  [
    'a layer of another file than the snapshot names',
    ({ snapshot }) => {
      snapshot.sources[0]!.digest = `sha256:${'0'.repeat(64)}`;
    },
    `${unusable}the layer of AlmaLinux is not of the file that its snapshot names`,
  ],
  [
    'a snapshot with what only one machine remembers',
    ({ snapshot }) => {
      snapshot.sources[0]!.validator = { url: `sha256:${'0'.repeat(64)}`, etag: '"for ever"' };
    },
    `${unusable}its snapshot is not written as sluice writes it`,
  ],
  [
    'a snapshot with a member more',
    ({ snapshot }) => {
      snapshot.more = 1;
    },
    `${unusable}its snapshot is not written as sluice writes it`,
  ],
  [
    'a snapshot that is no JSON',
    (forgery) => {
      forgery.config = Buffer.from('<html>');
    },
    `${unusable}its snapshot is damaged: it is not JSON`,
  ],
  [
    'data from the future',
    ({ snapshot }) => {
      snapshot.sources[2]!.checkedAt = '2024-07-01T14:00:00.001Z';
    },
    'advisory/artifact-clock: the data of PyPI is from 2024-07-01T14:00:00.001Z, which here, at 2024-07-01T13:00:00.000Z, is in the future',
  ],
  [
    'a time that sorts behind all others',
    ({ snapshot }) => {
      snapshot.sources[0]!.checkedAt = 'Mon, 1 Jul 2024 12:00:00 GMT';
    },
    `${unusable}its snapshot gives AlmaLinux a time that is not written as sluice writes it`,
  ],
  [
    'nothing',
    ({ manifest, snapshot }) => {
      manifest.layers = [];
      snapshot.sources = [];
    },
    `${unusable}it holds nothing`,
  ],
  [
    'more layers than there are ecosystems',
    ({ manifest }) => {
      const [layer] = manifest.layers;
      manifest.layers = Array.from({ length: 1001 }, (_, i) => ({
        ...layer!,
        annotations: { ...layer!.annotations, 'vnd.sluice.data.ecosystem': `E${i}` },
      }));
    },
    `${unusable}it has more than 1000 layers`,
  ],
  [
    'a file that would fill the disk',
    (forgery) => {
      first(forgery).annotations['vnd.sluice.data.file.size'] = String(2 ** 40);
    },
    `${unusable}the layer of AlmaLinux is too large`,
  ],
  [
    'files that would fill the disk together',
    ({ manifest }) => {
      const [layer] = manifest.layers;
      manifest.layers = Array.from({ length: 9 }, (_, i) => ({
        ...layer!,
        annotations: {
          ...layer!.annotations,
          'vnd.sluice.data.ecosystem': `E${i}`,
          'vnd.sluice.data.file.size': String(2 ** 32),
        },
      }));
    },
    `${unusable}its layers unpack to more than ${2 ** 35} bytes`,
  ],
  [
    'a size that is no number',
    (forgery) => {
      first(forgery).annotations['vnd.sluice.data.file.size'] = '1e3';
    },
    `${unusable}the layer of AlmaLinux does not say what it unpacks to`,
  ],
  [
    'a snapshot that is too large',
    (forgery) => {
      forgery.config = Buffer.alloc(5_000_000, 0x20);
    },
    `${unusable}its snapshot is too large`,
  ],
  [
    'an ordinary image',
    ({ manifest }) => {
      delete manifest.artifactType;
      manifest.config.mediaType = 'application/vnd.oci.image.config.v1+json';
    },
    'advisory/not-data: what is there is application/vnd.oci.image.config.v1+json, and no vulnerability data of sluice',
  ],
  [
    'another artifact',
    ({ manifest }) => {
      manifest.artifactType = 'application/vnd.example.v1';
    },
    'advisory/not-data: what is there is application/vnd.example.v1, and no vulnerability data of sluice',
  ],
  [
    'layers that one program reads and another does not',
    ({ manifest }) => {
      manifest.Layers = [];
    },
    'manifest/malformed: the manifest spells layers as "Layers"',
  ],
];

describe('an artifact that was tampered with is refused, and the data in force stays', () => {
  test.each(forgeries)('%s', async (_what, change, refusal) => {
    const bytes = await forged(await newer(), change);
    const cache = await builder();
    const before = storeOf(cache);
    const why = await failure(imported(bytes, cache));
    if (typeof refusal === 'string') expect(why).toBe(refusal);
    else expect(why).toMatch(refusal);
    const after = storeOf(cache);
    // Files that were whole may lie there already, but nothing names them.
    expect(Object.entries(before).filter(([name, hash]) => after[name] !== hash)).toEqual([]);
    const added = Object.keys(after).filter((name) => !(name in before));
    expect(added.filter((name) => !/^[0-9a-f]{64}\.(?:index|feed)$/.test(name))).toEqual([]);
  });

  test('but not when nothing was changed', async () => {
    const bytes = await forged(await newer(), () => {});
    expect((await imported(bytes, scratch())).parts.map(({ outcome }) => outcome)).toEqual(Array(4).fill('replaced'));
  });

  test('a feed of another format, or another feed in its place', async () => {
    const cache = await builder();
    addFeed(cache, 'kev');
    const older = await forged((await exported(cache)).bytes, ({ snapshot }) => {
      snapshot.feeds[0]!.feedVersion = 0;
    });
    expect(await failure(imported(older, scratch()))).toMatch(
      /^advisory\/artifact-version: the data was made by sluice 9\.8\.7: the feed kev is of format 0, /,
    );
    const other = await forged((await exported(cache)).bytes, ({ manifest, snapshot }) => {
      snapshot.feeds[0]!.id = 'epss';
      manifest.layers.at(-1)!.annotations['vnd.sluice.data.feed'] = 'epss';
    });
    expect(await failure(imported(other, scratch()))).toMatch(
      /^advisory\/feed-damaged: the stored feed epss is damaged: /,
    );
  });
});

let made: Promise<Buffer> | undefined;

/** An artifact of a minute later, with something new in each ecosystem, so that every layer has to be read. */
function newer(): Promise<Buffer> {
  const content = Object.fromEntries(
    Object.entries(fixtureExport()).map(([name, files]) => [name, [...files, record('NEW-1', name, 'fresh')]]),
  );
  made ??= builder(new Date(noon.getTime() + 60_000), content).then(async (cache) => (await exported(cache)).bytes);
  return made;
}

/** What is half-written; an archive that is none is refused before there is a store. */
function unfinished(cache: string): string[] {
  return existsSync(storeFolder(cache)) ? Object.keys(storeOf(cache)).filter((name) => name.startsWith('.')) : [];
}

describe('an archive', () => {
  async function parts() {
    const files = await filesIn((await exported(await builder())).bytes);
    return { files, members: [...files].map(([name, bytes]) => file(name, bytes)) };
  }

  test('with paths that lead elsewhere, and 100,000 entries, is read without them', async () => {
    const { members } = await parts();
    const many = Array.from({ length: 100_000 }, (_, i) => file(`junk/${i}`));
    const odd = [file('../../escaped', 'x'), file('/etc/passwd', 'x'), symlink('blobs/x', '/etc/passwd'), dir('blobs')];
    const cache = scratch();
    expect((await imported(tar(...odd, ...many, ...members), cache)).parts).toHaveLength(4);
    expect(
      Object.keys(storeOf(cache)).filter(
        (name) => !/^(?:[0-9a-f]{64}\.index|current\.json|snapshots\/[0-9a-f]{64}\.json)$/.test(name),
      ),
    ).toEqual([]);
  });

  test('whose members are links, or stand twice, is refused', async () => {
    const { files, members } = await parts();
    const blob = [...files.keys()].find((name) => name.startsWith('blobs/'))!;
    const without = (name: string) =>
      [...files].filter(([other]) => other !== name).map(([other, bytes]) => file(other, bytes));
    const disputed = (name: string) => `archive/disputed: ${name} in data.tar is no plain file`;
    const index = files.get('index.json')!;
    const cases: [Buffer[], string][] = [
      [[...members, file('index.json', index)], disputed('index.json')],
      [[...members, file('./index.json', '{}')], disputed('index.json')],
      [[...without('index.json'), file('real', index), symlink('index.json', 'real')], disputed('index.json')],
      [
        [...without('index.json'), symlink('index.json', '/etc/passwd')],
        'advisory/not-data: data.tar is no file of vulnerability data: it holds no index.json',
      ],
      [[...without(blob), file('real', files.get(blob)!), hardlink(blob, 'real')], disputed(blob)],
      [without(blob), `archive/member-missing: ${blob} is not in data.tar`],
      [
        [...without(blob), file(blob, 'short')],
        `blob/size: ${blob} has 5 bytes, its descriptor says ${files.get(blob)!.length}`,
      ],
      [
        [...without('index.json'), file('index.json', '{"manifests":[]}')],
        'advisory/not-data: data.tar is no file of vulnerability data: it holds 0 artifacts, not one',
      ],
      [
        [...without('index.json'), file('index.json', Buffer.alloc(5_000_000, 0x20))],
        'archive/member-too-large: index.json is larger than 4194304 bytes',
      ],
      [
        [...without('index.json'), file('index.json', '<html>')],
        expect.stringMatching(/^manifest\/malformed: index\.json is not JSON/) as unknown as string,
      ],
    ];
    for (const [all, why] of cases) expect(await failure(imported(tar(...all), scratch()))).toEqual(why);
  });

  test('that is cut or damaged anywhere is refused, or holds the same', async () => {
    const { bytes, given } = await exported(await builder());
    const cache = scratch();
    const path = join(scratch(), 'data.tar');
    const attempt = async (mutated: Buffer): Promise<void> => {
      writeFileSync(path, mutated);
      try {
        const taken = await takeFrom(new LayoutSource(openFile(path, 'data.tar'), 'data.tar'), cache);
        expect(taken.offered).toBe(given.snapshot);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError)) throw thrown;
        expect(thrown.message).not.toContain('\n');
      }
      expect(unfinished(cache)).toEqual([]);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, by, cut) => {
          const mutated = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
          if (!cut) mutated[at] = mutated[at]! ^ by;
          await attempt(mutated);
        },
      ),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), (random) => attempt(Buffer.from(random))),
      { numRuns: 50 },
    );
  });
});

test('any JSON as a manifest is read or refused', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('layers', 'manifests', 'annotations', 'artifactType'), (json, member) => {
      for (const bytes of [
        json,
        `{"config":{},"layers":[],"${member}x":1}`,
        `{"${member}":${json},"config":${json}}`,
      ]) {
        try {
          readManifest(Buffer.from(bytes));
        } catch (thrown) {
          if (!(thrown instanceof SluiceError)) throw thrown;
        }
      }
    }),
    { numRuns: 300 },
  );
});

describe('a registry', () => {
  let registry: TestRegistry;
  beforeEach(async () => {
    registry = await startRegistry();
  });
  afterEach(() => registry.close());

  /** Pulls what is there, without waiting between attempts. */
  function pull(cache: string) {
    const access = { insecure: false, offline: false, env: {} };
    const client = createRegistryClient({ ...access, sleep: async () => {} });
    return takeFrom(new RegistrySource(parseArtifactReference(`${registry.host}/team/data:1`), access, client), cache);
  }

  async function serve() {
    const cache = await builder();
    const { bytes, given } = await exported(cache);
    const path = join(scratch(), 'data.tar');
    writeFileSync(path, bytes);
    await registry.pushOciArchive(path, 'team/data', '1');
    return given;
  }

  test('that serves a page with status 200 is not believed', async () => {
    await serve();
    registry.fault('/manifests/', body('<html>log in</html>', { 'content-type': 'text/html' }));
    const cache = scratch();
    expect(await failure(pull(cache))).toBe(
      `registry/media-type: cannot pull ${registry.host}/team/data:1 from ${registry.host}: it sent text/html where a manifest was asked for`,
    );
    registry.fault('/blobs/', body('<html>log in</html>', { 'content-type': 'text/html' }));
    expect(await failure(pull(cache))).toMatch(/^registry\/digest-mismatch: /);
    expect(storeOf(cache)).toEqual({});
  });

  test('that ends in the middle of a blob is asked for the rest; when it is gone, nothing is taken', async () => {
    const { snapshot } = await serve();
    registry.fault('/blobs/', dropAfter(100), 3);
    expect((await pull(scratch())).inForce).toBe(snapshot);
    const cache = scratch();
    registry.fault('/blobs/', dropAfter(10), 1000);
    expect(await failure(pull(cache))).toMatch(/^registry\/network: .*the connection was closed by the other side$/);
    expect(storeOf(cache)).toEqual({});
  });
});

test('a failure is recorded with what is in force, whose age decides whether it will do', async () => {
  const cache = await builder();
  addFeed(cache, 'kev');
  const folder = storeFolder(cache);
  const error = new SluiceError('registry/network', 'the connection was refused');
  const at = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);
  const after = (hours: number) => ({ now: at(hours), budgetMs: 120 * 3_600_000 });
  const checkedAt = noon.toISOString();
  expect(recordFailure(folder, ['npm'], error, after(1))).toEqual({ goodEnough: true, checkedAt });
  const failed = { at: at(1).toISOString(), message: 'the connection was refused' };
  expect(dataStatus(cache).sources.map((source) => source.failed)).toEqual([undefined, undefined, undefined, failed]);
  expect(recordFailure(folder, [], error, after(119.999))).toEqual({ goodEnough: true, checkedAt });
  expect(dataStatus(cache).feeds[0]?.failed).toEqual({ ...failed, at: at(119.999).toISOString() });
  expect(recordFailure(folder, [], error, after(120))).toEqual({ goodEnough: false, checkedAt });
  expect(recordFailure(folder, [], error, after(-1.1))).toEqual({ goodEnough: false, checkedAt });
  expect(recordFailure(folder, ['npm', 'Go'], error, after(1))).toEqual({ goodEnough: false, checkedAt: '' });
  expect(recordFailure(storeFolder(scratch()), [], error, after(1))).toEqual({ goodEnough: false, checkedAt: '' });
  // A success ends it.
  await imported((await exported(await builder(at(0.5)))).bytes, cache);
  expect(dataStatus(cache).sources.map((source) => source.failed)).toEqual(Array(4).fill(undefined));
});
