import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseReference, withDigest } from '../../../src/model/reference.ts';
import { digestOf, startRegistry, type TestRegistry } from '../../support/registry.ts';
import { body, endless, redirect } from '../../support/registry-faults.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { appOf, errorOf, manifestBytes, manifestType, noDigest, probe } from './support.ts';

const indexType = 'application/vnd.oci.image.index.v1+json';
let registry: TestRegistry;

beforeEach(async () => {
  registry = await startRegistry();
  registry.putManifest('team/app', '1', manifestBytes, manifestType);
});
afterEach(() => registry.close());

describe('a manifest', () => {
  test('by tag: the bytes as they were sent, type and digest', async () => {
    const pulled = await probe().client.manifest(appOf(registry));
    expect(pulled).toEqual({ bytes: manifestBytes, mediaType: manifestType, digest: digestOf(manifestBytes) });
    const [request] = registry.log;
    expect(registry.log).toHaveLength(1);
    expect(request).toMatchObject({ method: 'GET', path: '/v2/team/app/manifests/1', status: 200 });
    expect(request?.headers['user-agent']).toBe('sluice');
    expect(request?.headers['accept-encoding']).toBe('identity');
    expect(request?.headers.accept?.split(', ')).toEqual([
      manifestType,
      indexType,
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
    ]);
  });

  test('by digest, even if there is a tag too', async () => {
    const digest = digestOf(manifestBytes);
    const pulled = await probe().client.manifest(withDigest(parseReference(`${registry.host}/team/app:gone`), digest));
    expect(pulled.digest).toBe(digest);
    expect(registry.log.map(({ path }) => path)).toEqual([`/v2/team/app/manifests/${digest}`]);
  });

  test.skipIf(!hasShared)('of a real image', async () => {
    const digest = await registry.pushOciArchive(shared('images', 'multi-layer-tricks.oci.tar'), 'team/real', 'x');
    const pulled = await probe().client.manifest(parseReference(`${registry.host}/team/real:x`));
    expect(pulled.digest).toBe(digest);
    expect(JSON.parse(pulled.bytes.toString()).schemaVersion).toBe(2);
  });

  test('the type is taken from the body where the header says nothing useful', async () => {
    registry.fault('manifests', body(manifestBytes, { 'content-type': 'text/plain; charset=utf-8' }));
    expect((await probe().client.manifest(appOf(registry))).mediaType).toBe(manifestType);
  });
});

describe('a manifest that is refused', () => {
  async function refusal(reference = appOf(registry)) {
    const { client, pauses } = probe();
    const error = await errorOf(client.manifest(reference));
    expect(pauses).toEqual([]);
    expect(error.message).not.toContain('\n');
    return error;
  }

  test('other bytes than the digest that was asked for', async () => {
    registry.fault('manifests', body(manifestBytes, { 'content-type': manifestType }));
    const error = await refusal(withDigest(appOf(registry), noDigest));
    expect(error).toMatchObject({
      code: 'registry/digest-mismatch',
      message: `cannot pull ${registry.host}/team/app:1@${noDigest} from ${registry.host}: it sent a manifest with the digest ${digestOf(manifestBytes)}`,
    });
  });

  test.each(['sha256:zz', noDigest])('other bytes than its own header announces: %s', async (header) => {
    registry.fault('manifests', body(manifestBytes, { 'content-type': manifestType, 'docker-content-digest': header }));
    expect((await refusal()).code).toBe('registry/digest-mismatch');
  });

  test('more than 4 MiB, before it is read', async () => {
    registry.fault('manifests', endless({ 'content-type': manifestType, 'content-length': 100 * 1024 * 1024 }));
    expect(await refusal()).toMatchObject({
      code: 'registry/too-large',
      message: expect.stringContaining('larger than 4194304 bytes'),
    });
    expect(registry.log[0]?.bytes).toBeLessThan(16 * 1024 * 1024);
  });

  test('more than 4 MiB, without waiting for any of it', async () => {
    registry.fault('manifests', ({ response }) => {
      response.writeHead(200, { 'content-type': manifestType, 'content-length': 100 * 1024 * 1024 }).flushHeaders();
    });
    expect((await refusal()).code).toBe('registry/too-large');
  });

  test('a body without end and without a length', async () => {
    registry.fault('manifests', endless({ 'content-type': manifestType }));
    expect((await refusal()).code).toBe('registry/too-large');
  });

  test('compressed, which nobody asked for', async () => {
    registry.fault(
      'manifests',
      body(gzipSync(manifestBytes), { 'content-type': manifestType, 'content-encoding': 'gzip' }),
    );
    expect(await refusal()).toMatchObject({
      code: 'registry/encoding',
      message: expect.stringContaining('compressed (gzip)'),
    });
  });

  test.each([
    ['a page', 'text/html', '<html>', 'text/html'],
    ['docker schema 1', 'application/vnd.docker.distribution.manifest.v1+prettyjws', '{}', 'v1+prettyjws'],
    ['nothing', '', '{}', 'nothing of a known type'],
    ['header and body at odds', indexType, manifestBytes.toString(), `but the manifest says ${manifestType}`],
  ])('%s', async (_name, type, bytes, words) => {
    registry.fault('manifests', body(bytes, type === '' ? {} : { 'content-type': type }));
    expect(await refusal()).toMatchObject({ code: 'registry/media-type', message: expect.stringContaining(words) });
  });

  test('not there: the reference and what the registry says', async () => {
    const error = await refusal(parseReference(`${registry.host}/team/none:2`));
    expect(error).toMatchObject({
      code: 'registry/not-found',
      message: `cannot pull ${registry.host}/team/none:2 from ${registry.host}: it knows no such image (HTTP 404: manifest unknown)`,
    });
  });

  test('offline, without a connection', async () => {
    const { client } = probe({ offline: true });
    const reference = appOf(registry);
    for (const work of [
      client.manifest(reference),
      client.blob(reference, noDigest, 1),
      client.blobBytes(reference, noDigest, 1),
    ]) {
      expect((await errorOf(work)).code).toBe('registry/offline');
    }
    expect(registry.log).toEqual([]);
  });

  test('a redirect loop ends', async () => {
    registry.fault('manifests', redirect(registry.url), 100);
    expect((await refusal()).code).toBe('registry/redirect');
    expect(registry.log).toHaveLength(6);
  });
});
