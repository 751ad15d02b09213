import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveAdvisories } from './support/advisories.ts';
import { scratchFolder, sluice } from './support/cli.ts';
import {
  hasDockerRegistry,
  pushToRegistry,
  type RealRegistry,
  startDockerRegistry,
} from './support/docker-registry.ts';
import { startRegistry, type TestRegistry } from './support/registry.ts';
import { hasShared, shared } from './support/shared.ts';

const folder = scratchFolder();
const images = ['node-app', 'multi-layer-tricks', 'alma-9-micro'];
const formats = ['json', 'sarif', 'cyclonedx'];

/** Scans a target without knowing any layer, and returns each report. */
async function reportsOf(target: string, cache: string): Promise<string[]> {
  rmSync(join(cache, 'surveys'), { recursive: true, force: true });
  const texts: string[] = [];
  for (const format of formats) {
    const run = await sluice(['scan', target, '-o', format, '--fail-on', 'never', '--cache-dir', cache]);
    expect(run.stderr).toBe('');
    texts.push(run.stdout);
  }
  return texts;
}

describe.skipIf(!hasShared)('an image from a registry', () => {
  let registry: TestRegistry;
  const cache = join(folder, 'cache');

  beforeAll(async () => {
    registry = await startRegistry();
    await giveAdvisories(cache);
  });
  afterAll(() => registry.close());

  test.each(images)('%s gives the same report bytes as from disk', async (name) => {
    const file = shared('images', `${name}.oci.tar`);
    await registry.pushOciArchive(file, `test/${name}`, '1');
    const fromDisk = await reportsOf(file, cache);
    const pulled = await reportsOf(`${registry.host}/test/${name}:1`, cache);
    expect(pulled).toEqual(fromDisk);
  });

  test('a known image is not downloaded again: its manifest and configuration alone are', async () => {
    const file = shared('images', 'node-app.oci.tar');
    const digest = await registry.pushOciArchive(file, 'test/known', '1');
    const target = `${registry.host}/test/known@${digest}`;
    const first = await sluice(['scan', target, '-o', 'json', '--fail-on', 'never', '--cache-dir', cache]);
    registry.log.length = 0;
    const second = await sluice(['scan', target, '-o', 'json', '--fail-on', 'never', '--cache-dir', cache]);
    expect(second.stdout).toBe(first.stdout);
    expect(registry.blobRequests()).toHaveLength(1);
    expect(registry.log.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  test('--offline opens no connection, and says so', async () => {
    registry.log.length = 0;
    const run = await sluice(['scan', `${registry.host}/test/known:1`, '--offline', '--cache-dir', cache]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('offline');
    expect(registry.log).toEqual([]);
  });

  test('a layer that is not what its digest says fails, and names the layer', async () => {
    const file = shared('images', 'bad', 'wrong-layer-digest.oci.tar');
    await registry.pushOciArchive(file, 'test/wrong', '1');
    const run = await sluice(['scan', `${registry.host}/test/wrong:1`, '--cache-dir', cache]);
    expect(run.code).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/layer \d|not found/);
  });
});

describe.skipIf(!hasShared || !hasDockerRegistry)("an image from Debian's docker-registry", () => {
  let registry: RealRegistry;
  const cache = join(folder, 'real-cache');

  beforeAll(async () => {
    registry = await startDockerRegistry();
    await giveAdvisories(cache);
  });
  afterAll(() => registry.close());

  test.each(images)('%s gives the same report bytes as from disk', async (name) => {
    const file = shared('images', `${name}.oci.tar`);
    await pushToRegistry(registry.url, `test/${name}`, '1', file);
    expect(await reportsOf(`${registry.host}/test/${name}:1`, cache)).toEqual(await reportsOf(file, cache));
  });
});
