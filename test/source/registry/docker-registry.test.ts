import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDigest } from '../../../src/model/digest.ts';
import { parseReference, withDigest } from '../../../src/model/reference.ts';
import {
  hasDockerRegistry,
  pushToRegistry,
  type RealRegistry,
  startDockerRegistry,
} from '../../support/docker-registry.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { errorOf, noDigest, probe } from './support.ts';

interface Descriptor {
  digest: string;
  size: number;
}

describe.skipIf(!(hasDockerRegistry && hasShared))("a real registry, Debian's docker-registry", () => {
  let registry: RealRegistry;
  let digest: string;

  beforeAll(async () => {
    registry = await startDockerRegistry();
    digest = await pushToRegistry(registry.url, 'team/app', '1', shared('images', 'multi-layer-tricks.oci.tar'));
  });
  afterAll(() => registry?.close());

  test('gives manifest, config and every layer', async () => {
    const { client, events } = probe();
    const reference = parseReference(`${registry.host}/team/app:1`);
    const pulled = await client.manifest(reference);
    expect(pulled.digest).toBe(digest);
    const manifest = JSON.parse(pulled.bytes.toString()) as { config: Descriptor; layers: Descriptor[] };
    expect(manifest.layers.length).toBeGreaterThan(3);
    const config = await client.blobBytes(reference, parseDigest(manifest.config.digest), 1024 * 1024);
    expect(config.length).toBe(manifest.config.size);
    const digests = await Promise.all(
      manifest.layers.map(async (layer) => {
        const hash = createHash('sha256');
        const { stream } = await client.blob(reference, parseDigest(layer.digest), layer.size);
        for await (const piece of stream) hash.update(piece);
        return `sha256:${hash.digest('hex')}`;
      }),
    );
    expect(digests).toEqual(manifest.layers.map((layer) => layer.digest));
    expect(events).toEqual([]);
    client.close();
  });

  test('by digest, and what it does not have', async () => {
    const { client } = probe();
    const reference = parseReference(`${registry.host}/team/app`);
    expect((await client.manifest(withDigest(reference, parseDigest(digest)))).digest).toBe(digest);
    expect(await errorOf(client.manifest(reference))).toMatchObject({
      code: 'registry/not-found',
      message: `cannot pull ${registry.host}/team/app:latest from ${registry.host}: it knows no such image (HTTP 404: manifest unknown)`,
    });
    expect((await errorOf(client.blobBytes(reference, noDigest, 1))).code).toBe('registry/not-found');
    client.close();
  });
});
