import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Signer } from '../../src/advisory/artifact/contract.ts';
import { giveArtifact } from '../../src/advisory/artifact/give.ts';
import { parseArtifactReference, RegistrySink, RegistrySource } from '../../src/advisory/artifact/registry.ts';
import { dataStatus } from '../../src/advisory/status.ts';
import { readSigningKey } from '../../src/attest/plain-key.ts';
import { simpleSigner } from '../../src/attest/simple-signing.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { file, tar } from '../support/tar-writer.ts';
import { builder, exported, failure, filesIn, imported, sha256, takeFrom } from './artifact-support.ts';
import { noon, scratch } from './support.ts';

const access = { insecure: false, offline: false, env: {} };
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const later = new Date(noon.getTime() + 60_000);

function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return simpleSigner(readSigningKey(Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })), undefined));
}

const signer = newSigner();
const another = newSigner();

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry({ pushes: true });
});
afterEach(() => registry.close());

const at = (tag: string) => parseArtifactReference(`${registry.host}/team/data:${tag}`);

async function push(cacheDir: string, by?: Signer, tag = '1') {
  const sink = new RegistrySink(at(tag), access);
  return giveArtifact(sink, { cacheDir, version: '9.8.7', ...(by ? { signer: by } : {}) }).finally(() => sink.close());
}

/** The snapshot that comes into force in an empty cache, or the failure. */
async function pull(verifier?: Signer, tag = '1'): Promise<string> {
  const cache = scratch();
  let inForce = '';
  const why = await failure(
    takeFrom(new RegistrySource(at(tag), access), cache, verifier ? { verifier } : {}).then((taken) => {
      inForce = taken.inForce;
    }),
  );
  if (why !== undefined) expect(dataStatus(cache).sources).toEqual([]);
  return why ?? inForce;
}

async function manifestAt(tag: string) {
  return (await fetch(`${registry.url}/v2/team/data/manifests/${tag}`)).json() as Promise<{
    config: { mediaType: string; digest: string };
    layers: { mediaType: string; digest: string; size: number; annotations: Record<string, string> }[];
  }>;
}

const name = () => `${registry.host}/team/data:1`;

describe('an artifact that is pushed with a key', () => {
  test('is signed as cosign signs an image', async () => {
    const { manifest } = await push(await builder(), signer);
    const list = await manifestAt(`sha256-${manifest.slice(7)}.sig`);
    const blob = async (digest: string) =>
      Buffer.from(await (await fetch(`${registry.url}/v2/team/data/blobs/${digest}`)).arrayBuffer());
    const payload = await blob(list.layers[0]!.digest);
    expect(list).toEqual({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: list.config.digest,
        size: expect.any(Number),
      },
      layers: [
        {
          mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
          digest: sha256(payload),
          size: payload.length,
          annotations: { 'dev.cosignproject.cosign/signature': expect.stringMatching(/^[A-Za-z0-9+/]+={0,2}$/) },
        },
      ],
    });
    expect(JSON.parse((await blob(list.config.digest)).toString()).rootfs).toEqual({
      type: 'layers',
      diff_ids: [sha256(payload)],
    });
    expect(JSON.parse(payload.toString()).critical).toEqual({
      identity: { 'docker-reference': `${registry.host}/team/data` },
      image: { 'docker-manifest-digest': manifest },
      type: 'cosign container image signature',
    });
  });

  test('is taken with the key, and without one', async () => {
    const { snapshot } = await push(await builder(), signer);
    expect([await pull(signer), await pull()]).toEqual([snapshot, snapshot]);
    expect(await pull(another)).toBe(
      `advisory/artifact-signature: the signature of the data in ${name()} is refused: it is not by the given key`,
    );
  });

  test('is signed before it has its name, and keeps the signatures of others', async () => {
    const cache = await builder();
    const { snapshot } = await push(cache, signer);
    const puts = registry.log.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'));
    expect(
      puts.map(({ path }) =>
        path
          .split('/')
          .at(-1)
          ?.replace(/[0-9a-f]{64}/, 'x'),
      ),
    ).toEqual(['sha256-x.sig', '1']);
    await push(cache, another);
    const { manifest, movedLayers } = await push(cache, signer);
    expect(movedLayers).toBe(0);
    expect((await manifestAt(`sha256-${manifest.slice(7)}.sig`)).layers).toHaveLength(2);
    expect([await pull(signer), await pull(another)]).toEqual([snapshot, snapshot]);
    expect(await pull(newSigner())).toBe(
      `advisory/artifact-signature: the signature of the data in ${name()} is refused: of 2 signatures none counts; of the last, it is not by the given key`,
    );
  });
});

test('a signature that is damaged does not keep one that is good from counting, nor another from being made', async () => {
  const cache = await builder();
  const { manifest, snapshot } = await push(cache, signer);
  const tag = `sha256-${manifest.slice(7)}.sig`;
  const list = await manifestAt(tag);
  const [good] = list.layers;
  list.layers = [{ ...good!, digest: `sha256:${'0'.repeat(64)}` }, { ...good!, size: good!.size + 1 }, good!];
  registry.putManifest('team/data', tag, Buffer.from(JSON.stringify(list)), manifestType);
  expect(await pull(signer)).toBe(snapshot);
  expect(await pull(another)).toBe(
    `advisory/artifact-signature: the signature of the data in ${name()} is refused: of 3 signatures none counts; of the last, it is not by the given key`,
  );
  await push(cache, another);
  expect(await pull(another)).toBe(snapshot);
  list.layers = list.layers.slice(0, 1);
  registry.putManifest('team/data', tag, Buffer.from(JSON.stringify(list)), manifestType);
  expect(await pull(signer)).toMatch(/is refused: what it signs can't be read: /);
});

describe('with a key, data is refused', () => {
  const refused = (why: string) =>
    `advisory/artifact-signature: the signature of the data in ${name()} is refused: ${why}`;

  test('that is not signed, before anything that it names is asked for', async () => {
    await push(await builder());
    registry.log.length = 0;
    expect(await pull(signer)).toBe(`advisory/artifact-unsigned: the data in ${name()} is not signed`);
    expect(registry.log.map(({ path }) => path.replace(/[0-9a-f]{64}/, 'x'))).toEqual([
      '/v2/team/data/manifests/1',
      '/v2/team/data/manifests/sha256-x.sig',
    ]);
  });

  test('whose signature is that of another manifest', async () => {
    const old = await push(await builder(), signer, 'old');
    const { manifest } = await push(await builder(later));
    const list = Buffer.from(JSON.stringify(await manifestAt(`sha256-${old.manifest.slice(7)}.sig`)));
    registry.putManifest('team/data', `sha256-${manifest.slice(7)}.sig`, list, manifestType);
    expect(await pull(signer)).toBe(refused(`it is of another manifest (${old.manifest})`));
  });

  test.each([
    ['without the signature', { annotations: {} }, 'it is missing or malformed'],
    [
      'with something else',
      { annotations: { 'dev.cosignproject.cosign/signature': 'not base64!' } },
      'it is missing or malformed',
    ],
    ['with a number', { annotations: { 'dev.cosignproject.cosign/signature': 5 } }, 'it is missing or malformed'],
    [
      'with too much',
      { annotations: { 'dev.cosignproject.cosign/signature': 'A'.repeat(5000) } },
      'it is missing or malformed',
    ],
    [
      'of another type',
      { mediaType: 'application/vnd.dsse.envelope.v1+json' },
      'there is none of the kind that is read',
    ],
    ['of gigabytes', { size: 2 ** 32 }, 'what it signs is too large'],
  ])('whose list of signatures has an entry %s', async (_what, change, why) => {
    const { manifest } = await push(await builder(), signer);
    const tag = `sha256-${manifest.slice(7)}.sig`;
    const list = await manifestAt(tag);
    Object.assign(list.layers[0]!, change);
    registry.putManifest('team/data', tag, Buffer.from(JSON.stringify(list)), manifestType);
    expect(await pull(signer)).toBe(refused(why));
  });

  test('whose list of signatures is none', async () => {
    const { manifest } = await push(await builder());
    registry.putManifest('team/data', `sha256-${manifest.slice(7)}.sig`, Buffer.from('[]'), manifestType);
    expect(await pull(signer)).toBe(
      'advisory/artifact-signature: the data is refused: the list of signatures is not a JSON object',
    );
  });

  test('whose manifest was changed after it was signed', async () => {
    const { manifest } = await push(await builder(), signer);
    const bytes = Buffer.from(JSON.stringify(await manifestAt('1'), null, 1));
    registry.putManifest('team/data', '1', bytes, manifestType);
    expect(sha256(bytes)).not.toBe(manifest);
    expect(await pull(signer)).toBe(`advisory/artifact-unsigned: the data in ${name()} is not signed`);
  });

  test('of a list with more signatures than are looked at', async () => {
    const { manifest } = await push(await builder(), signer);
    const tag = `sha256-${manifest.slice(7)}.sig`;
    const list = await manifestAt(tag);
    const [good] = list.layers;
    const junk = { ...good!, annotations: { 'dev.cosignproject.cosign/signature': 'AAAA' } };
    list.layers = [...Array.from({ length: 64 }, () => junk), good!];
    registry.putManifest('team/data', tag, Buffer.from(JSON.stringify(list)), manifestType);
    expect(await pull(signer)).toBe(refused('of 64 signatures none counts; of the last, it is not by the given key'));
  });
});

describe('a file that is exported with a key', () => {
  test('holds the signature beside the data', async () => {
    const { bytes, given } = await exported(await builder(), signer);
    const index = JSON.parse((await filesIn(bytes)).get('index.json')!.toString());
    expect(index.manifests.map(({ annotations }: { annotations: unknown }) => annotations)).toEqual([
      { 'org.opencontainers.image.ref.name': `sha256-${given.manifest.slice(7)}.sig` },
      { 'org.opencontainers.image.ref.name': 'data' },
    ]);
    expect((await imported(bytes, scratch(), { verifier: signer })).inForce).toBe(given.snapshot);
    expect(await failure(imported(bytes, scratch(), { verifier: another }))).toBe(
      'advisory/artifact-signature: the signature of the data in data.tar is refused: it is not by the given key',
    );
    const unsigned = await exported(await builder());
    expect(await failure(imported(unsigned.bytes, scratch(), { verifier: signer }))).toBe(
      'advisory/artifact-unsigned: the data in data.tar is not signed',
    );
  });

  test('does not lend its signature to other data', async () => {
    const signed = await filesIn((await exported(await builder(), signer)).bytes);
    const other = await exported(await builder(later));
    const theirs = await filesIn(other.bytes);
    const [signature] = JSON.parse(signed.get('index.json')!.toString()).manifests;
    const [data] = JSON.parse(theirs.get('index.json')!.toString()).manifests;
    signature.annotations['org.opencontainers.image.ref.name'] = `sha256-${other.given.manifest.slice(7)}.sig`;
    const all = new Map([...signed, ...theirs]);
    all.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [signature, data] })));
    const bytes = tar(...[...all].map(([path, body]) => file(path, body)));
    expect(await failure(imported(bytes, scratch(), { verifier: signer }))).toMatch(
      / is refused: it is of another manifest \(/,
    );
    expect((await imported(bytes, scratch())).offered).toBe(other.given.snapshot);
  });
});
