import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { RegistryAccess } from '../../../src/source/registry-image.ts';
import { startRegistry, type TestRegistry } from '../../support/registry.ts';
import { file } from '../../support/tar-writer.ts';
import { collected, imageFile } from './support.ts';

const index = 'application/vnd.oci.image.index.v1+json';
const manifest = 'application/vnd.oci.image.manifest.v1+json';
const online: RegistryAccess = { insecure: false, offline: false, env: {} };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** Scans an image that says that it was built on this base. */
function builtOn(name: string | undefined, base?: string, access = online): Promise<Evidence> {
  const said = { 'org.opencontainers.image.base.name': name, 'org.opencontainers.image.base.digest': base };
  const image = imageFile([[file('a')]], undefined, { config: { Labels: said } });
  return collected(image, { baseTag: true }, { access });
}

/** Puts an index of these manifests under a tag and returns its digest. */
function tagged(tag: string, ...digests: string[]): string {
  const manifests = digests.map((one) => ({ mediaType: manifest, digest: one, size: 7 }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: index, manifests }));
  return registry.putManifest('team/base', tag, bytes, index);
}

describe("the tag of an image's base", () => {
  test('names what the registry says that it names now', async () => {
    const now = tagged('1', digest('a'));
    const reference = `${registry.host}/team/base:1`;
    const plain = { queries: [], files: [] };
    expect((await builtOn(reference, digest('b'))).collected).toEqual({
      ...plain,
      baseTag: { reference, digest: now },
    });
    expect((await builtOn(`${reference}@${digest('b')}`)).collected).toEqual({
      ...plain,
      baseTag: { reference, digest: now },
    });
  });

  test('names the base still, where what it names holds it', async () => {
    tagged('2', digest('a'), digest('b'));
    const reference = `${registry.host}/team/base:2`;
    expect((await builtOn(reference, digest('b'))).collected?.baseTag).toEqual({ reference, digest: digest('b') });
  });

  test('is not known offline, without a name, and where nobody answers', async () => {
    const reference = `${registry.host}/team/base:1`;
    const asked = registry.log.length;
    const offline = await builtOn(reference, undefined, { ...online, offline: true });
    expect([offline.collected?.baseTag, offline.problems]).toEqual([{ reference }, []]);
    expect((await builtOn(undefined, digest('b'))).collected).toEqual({ queries: [], files: [] });
    expect((await builtOn(`${registry.host}/team/base@${digest('b')}`)).collected).toEqual({ queries: [], files: [] });
    expect((await builtOn('NOT A REFERENCE')).collected).toEqual({ queries: [], files: [] });
    expect(registry.log).toHaveLength(asked);
    const missing = await builtOn(`${registry.host}/team/base:no`);
    expect(missing.collected?.baseTag).toEqual({ reference: `${registry.host}/team/base:no` });
    expect(missing.problems).toMatchObject([{ code: 'registry/not-found', blinding: false }]);
  });
});
