import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Digest } from '../../src/model/digest.ts';
import { type AttachedVex, attachedVex } from '../../src/source/attached-vex.ts';
import { createRegistryClient } from '../../src/source/registry/client.ts';
import type { ImageTarget } from '../../src/source/target.ts';
import { scratchFolder } from '../support/cli.ts';
import { addIndex, layoutFiles, sha256, type WrittenDescriptor } from '../support/image-writer.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { file, tar } from '../support/tar-writer.ts';
import { noRegistry, smallImage } from './support.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const inToto = 'application/vnd.in-toto+json';
const dsse = 'application/vnd.dsse.envelope.v1+json';
const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const openVexType = 'https://openvex.dev/ns/v0.2.0';

const built = smallImage();
const image = { digest: built.manifest.digest as Digest, id: built.config.digest as Digest };
const about = { ids: [], hashes: [image.digest, image.id], subcomponents: [] };

function openVex(id: string, parts: object = {}): object {
  return {
    '@context': openVexType,
    '@id': id,
    author: 'A',
    timestamp: '2024-01-01T00:00:00Z',
    statements: [{ vulnerability: 'CVE-1', status: 'fixed', ...parts }],
  };
}

function statement(predicate: object, subject: string = image.digest, predicateType = openVexType): object {
  const digest = { sha256: subject.slice('sha256:'.length) };
  return { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'x', digest }], predicateType, predicate };
}

function envelope(payload: object): object {
  return { payloadType: inToto, payload: Buffer.from(JSON.stringify(payload)).toString('base64'), signatures: [] };
}

interface LayerOf {
  readonly value: object | Buffer;
  readonly mediaType: string;
  readonly annotations?: Record<string, string>;
  readonly size?: number;
}

/** Adds a manifest with these layers to some blobs. */
function manifestOf(blobs: Map<string, Buffer>, layers: readonly LayerOf[], more: object = {}): WrittenDescriptor {
  const add = (bytes: Buffer): { digest: string; size: number } => {
    blobs.set(sha256(bytes), bytes);
    return { digest: sha256(bytes), size: bytes.length };
  };
  const written = layers.map(({ value, mediaType, annotations, size }) => {
    const blob = add(Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)));
    return { mediaType, ...blob, ...(annotations ? { annotations } : {}), ...(size === undefined ? {} : { size }) };
  });
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...add(Buffer.from('{}')) };
  const manifest = { schemaVersion: 2, mediaType: manifestType, config, layers: written, ...more };
  return { mediaType: manifestType, ...add(Buffer.from(JSON.stringify(manifest))) };
}

/** What BuildKit puts beside an image in its index. */
function buildKit(descriptor: WrittenDescriptor): WrittenDescriptor {
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': image.digest,
  };
  return { ...descriptor, annotations, platform: { os: 'unknown', architecture: 'unknown' } };
}

const predicate = (type: string): Record<string, string> => ({ 'in-toto.io/predicate-type': type });

/** Each document, whether it is believed and what its first product is; the problems; the indexes. */
function shown({ given, problems, names }: AttachedVex): unknown {
  return [
    given.map(({ document, believed }) => [document.id, believed, document.statements[0]?.products[0]]),
    problems.map(({ code, message, blinding }) => `${code} ${blinding}: ${message}`),
    names,
  ];
}

describe('in an OCI layout', () => {
  const folder = scratchFolder();
  let serial = 0;

  /** Writes a layout, as a folder and as an archive, and tells what is attached to the image in both. */
  async function attached(
    blobs: ReadonlyMap<string, Buffer>,
    manifests: readonly WrittenDescriptor[],
  ): Promise<unknown> {
    const files = layoutFiles(new Map([...built.blobs, ...blobs]), manifests);
    const path = join(folder, String(++serial));
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), bytes);
    }
    writeFileSync(`${path}.tar`, tar(...[...files].map(([name, bytes]) => file(name, bytes))));
    const inFolder = shown(await attachedVex({ kind: 'oci-layout', path }, image, noRegistry, false));
    expect(shown(await attachedVex({ kind: 'archive', path: `${path}.tar` }, image, noRegistry, false))).toEqual(
      inFolder,
    );
    return inFolder;
  }

  test('BuildKit has it in the index of the image, beside what is no VEX', async () => {
    const blobs = new Map<string, Buffer>();
    const attestation = manifestOf(blobs, [
      {
        value: statement({ builder: {} }, image.digest, 'https://slsa.dev/provenance/v1'),
        mediaType: inToto,
        annotations: predicate('https://slsa.dev/provenance/v1'),
      },
      { value: statement(openVex('vex')), mediaType: inToto, annotations: predicate(openVexType) },
    ]);
    const index = addIndex(blobs, [built.manifest, buildKit(attestation)]);
    expect(await attached(blobs, [index])).toEqual([[['vex', false, about]], [], [index.digest]]);
    expect(await attached(blobs, [built.manifest, buildKit(attestation)])).toEqual([[['vex', false, about]], [], []]);
  });

  test('a manifest may refer to the image, or to the index that leads to it', async () => {
    const blobs = new Map<string, Buffer>();
    const index = addIndex(blobs, [built.manifest]);
    const other = sha256(Buffer.from('other'));
    const referrers = [image.digest, index.digest, other].map((digest, i) =>
      manifestOf(blobs, [{ value: openVex(`vex-${i}`), mediaType: 'application/openvex+json' }], {
        artifactType: 'application/openvex+json',
        subject: { mediaType: manifestType, digest, size: 1 },
      }),
    );
    const [given, problems, names] = (await attached(blobs, [index, ...referrers])) as [unknown[][], unknown, unknown];
    expect([given.map(([id]) => id).sort(), problems, names]).toEqual([['vex-0', 'vex-1'], [], [index.digest]]);
  });

  test("cosign's tag and its saved attestations are found; what is signed of another image is not", async () => {
    const blobs = new Map<string, Buffer>();
    const tagged = manifestOf(blobs, [{ value: envelope(statement(openVex('tagged'))), mediaType: dsse }]);
    const saved = manifestOf(blobs, [
      { value: envelope(statement(openVex('saved'))), mediaType: dsse },
      { value: envelope(statement(openVex('stray'), sha256(Buffer.from('other')))), mediaType: dsse },
      { value: openVex('bare'), mediaType: 'application/openvex+json' },
    ]);
    const name = `registry.example/app:sha256-${image.digest.slice(7)}.att`;
    const manifests = [
      built.manifest,
      { ...tagged, annotations: { 'org.opencontainers.image.ref.name': name } },
      { ...saved, annotations: { kind: 'dev.cosignproject.cosign/atts' } },
    ];
    const [given, problems] = (await attached(blobs, manifests)) as [unknown[][], string[]];
    expect(given.map(([id]) => id).sort()).toEqual(['saved', 'tagged']);
    expect(problems).toEqual([
      expect.stringMatching(
        /^vex\/attached-unreadable false: the attestation sha256:[0-9a-f]{64} can't be read: it is about another image$/,
      ),
      expect.stringMatching(
        /^vex\/attached-unreadable false: the attestation sha256:[0-9a-f]{64} can't be read: it is about another image$/,
      ),
    ]);
  });

  test('products that a document names stay what they are', async () => {
    const blobs = new Map<string, Buffer>();
    const value = statement(openVex('vex', { products: [{ '@id': 'pkg:npm/a' }] }));
    const attestation = manifestOf(blobs, [{ value, mediaType: inToto }]);
    expect(await attached(blobs, [built.manifest, buildKit(attestation)])).toEqual([
      [['vex', false, { ids: ['pkg:npm/a'], hashes: [], subcomponents: [] }]],
      [],
      [],
    ]);
  });

  test('what is broken is told, and the rest is read', async () => {
    const blobs = new Map<string, Buffer>();
    const huge = { value: openVex('huge'), mediaType: inToto, size: 17 * 1024 * 1024 };
    const broken = manifestOf(blobs, [
      { value: Buffer.from('{'), mediaType: inToto },
      { value: openVex('good'), mediaType: inToto },
      huge,
    ]);
    const gone = { ...broken, digest: sha256(Buffer.from('gone')) };
    const [given, problems] = (await attached(blobs, [built.manifest, buildKit(gone), buildKit(broken)])) as [
      unknown[][],
      string[],
    ];
    expect(given.map(([id]) => id)).toEqual(['good']);
    expect(problems.map((line) => line.replace(/sha256:[0-9a-f]{64}/, 'D'))).toEqual([
      expect.stringMatching(/^vex\/attached-unreadable false: the attached manifest D can't be read: /),
      expect.stringMatching(/^vex\/attached-unreadable false: the attestation D can't be read: not JSON/),
      'vex/attached-unreadable false: the attestation D is more than is read of what is attached to an image',
    ]);
  });

  test('a blob that is not what its digest says is not believed', async () => {
    const blobs = new Map<string, Buffer>();
    const attestation = manifestOf(blobs, [{ value: openVex('vex'), mediaType: inToto }]);
    for (const [digest, bytes] of blobs) {
      if (bytes.includes('CVE-1')) blobs.set(digest, Buffer.from(bytes.toString().replace('CVE-1', 'CVE-2')));
    }
    const [given, problems] = (await attached(blobs, [built.manifest, buildKit(attestation)])) as [unknown[], string[]];
    expect([given, problems]).toEqual([[], [expect.stringContaining('does not match its digest')]]);
  });

  test('more manifests than are read', async () => {
    const blobs = new Map<string, Buffer>();
    const many = Array.from({ length: 103 }, (_, i) =>
      buildKit(manifestOf(blobs, [{ value: openVex(`vex-${i}`), mediaType: inToto }])),
    );
    const [given, problems] = (await attached(blobs, [built.manifest, ...many])) as [unknown[], string[]];
    expect([given.length, problems]).toEqual([
      100,
      ['vex/attached-unreadable false: 3 attached manifests is more than is read of what is attached to an image'],
    ]);
  });

  test('nothing is attached to most images', async () => {
    expect(await attached(new Map(), [built.manifest])).toEqual([[], [], []]);
  });

  test('an archive without a layout has no room for it', async () => {
    const path = join(folder, 'docker.tar');
    writeFileSync(path, tar(file('manifest.json', '[]')));
    expect(shown(await attachedVex({ kind: 'archive', path }, { id: image.id }, noRegistry, true))).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('in a registry', () => {
  let registry: TestRegistry;
  let target: ImageTarget;
  const blobs = new Map<string, Buffer>(built.blobs);
  const attestation = manifestOf(blobs, [
    { value: statement(openVex('buildkit')), mediaType: inToto, annotations: predicate(openVexType) },
  ]);
  const index = addIndex(blobs, [built.manifest, buildKit(attestation)]);
  const cosign = manifestOf(blobs, [
    { value: envelope(statement(openVex('cosign'))), mediaType: dsse, annotations: { predicateType: openVexType } },
    {
      value: Buffer.from('not read'),
      mediaType: dsse,
      annotations: { predicateType: 'https://slsa.dev/provenance/v1' },
    },
  ]);
  const referrer = manifestOf(
    blobs,
    [{ value: { dsseEnvelope: envelope(statement(openVex('bundle'), index.digest)) }, mediaType: bundle }],
    {
      artifactType: bundle,
      subject: { mediaType: indexType, digest: index.digest, size: index.size },
      annotations: { 'dev.sigstore.bundle.predicateType': openVexType },
    },
  );
  const signature = { ...manifestOf(blobs, []), artifactType: 'application/vnd.example.signature' };
  const listed = addIndex(blobs, [{ ...referrer, artifactType: bundle } as WrittenDescriptor, signature]);
  const bytesOf = ({ digest }: WrittenDescriptor): Buffer => blobs.get(digest) ?? Buffer.alloc(0);

  beforeAll(async () => {
    registry = await startRegistry();
    target = { kind: 'registry', reference: `${registry.host}/team/app:1` };
    for (const bytes of blobs.values()) registry.putBlob('team/app', bytes);
    for (const manifest of [built.manifest, attestation, referrer]) {
      registry.putManifest('team/app', undefined, bytesOf(manifest), manifestType);
    }
    registry.putManifest('team/app', '1', bytesOf(index), indexType);
    registry.putManifest('team/app', `sha256-${image.digest.slice(7)}.att`, bytesOf(cosign), manifestType);
    registry.putManifest('team/app', `sha256-${index.digest.slice(7)}`, bytesOf(listed), indexType);
  });
  afterAll(() => registry.close());

  const access = { ...noRegistry, offline: false };

  test('BuildKit, cosign and OCI referrers are found, each about the image', async () => {
    const result = await attachedVex(target, image, access, true);
    const [given, problems, names] = shown(result) as [unknown[][], unknown, unknown];
    const sorted = [...given].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect([sorted, problems, names]).toEqual([
      [
        ['buildkit', true, about],
        ['bundle', true, about],
        ['cosign', true, about],
      ],
      [],
      [index.digest],
    ]);
    expect(result.given.map(({ digest }) => digest)).toEqual(result.given.map(({ digest }) => digest).sort());
    // What is not VEX by its type is not fetched.
    expect(registry.log.filter(({ path }) => path.includes(signature.digest))).toEqual([]);
  });

  const client = createRegistryClient({ insecure: false, offline: true, env: {} });

  test.skipIf(!('referrers' in client))('referrers are asked for before their tag is', async () => {
    registry.log.length = 0;
    registry.fault(`/referrers/${index.digest}`, ({ response }) => {
      response.writeHead(200, { 'content-type': indexType }).end('{"schemaVersion":2,"manifests":[]}');
    });
    const { given } = await attachedVex(target, image, access, false);
    expect(given.map(({ document }) => document.id).sort()).toEqual(['buildkit', 'cosign']);
    expect(registry.log.some(({ path }) => path.endsWith(`/manifests/sha256-${index.digest.slice(7)}`))).toBe(false);
  });

  test('what the registry does not give is a warning, and the rest is read', async () => {
    registry.fault('/manifests/sha256-', ({ response }) => void response.writeHead(403).end('{}'), 2);
    const { given, problems } = await attachedVex(target, image, access, false);
    expect(given.map(({ document }) => document.id).sort()).toEqual(['buildkit', 'bundle']);
    expect(problems.map(({ code, message }) => `${code}: ${message.replaceAll(image.digest, 'D')}`)).toEqual([
      expect.stringMatching(/^vex\/attached-unreadable: what cosign attests of D can't be read: .*denies access/),
      expect.stringMatching(/^vex\/attached-unreadable: what refers to D can't be read: .*denies access/),
    ]);
  });

  test('an image that is gone is a warning', async () => {
    registry.fault('/manifests/1', ({ response }) => void response.writeHead(404).end('{}'));
    const [given, problems] = shown(await attachedVex(target, image, access, false)) as [unknown[], string[]];
    expect([given, problems]).toEqual([
      [],
      [
        expect.stringMatching(
          /^vex\/attached-unreadable false: what is attached to the image can't be read: .*knows no such image/,
        ),
      ],
    ]);
  });

  test('offline nothing is asked', async () => {
    registry.log.length = 0;
    const [given, problems] = shown(await attachedVex(target, image, noRegistry, false)) as [unknown[], string[]];
    expect([given, problems, registry.log]).toEqual([
      [],
      [expect.stringContaining('--offline forbids connections')],
      [],
    ]);
  });
});
