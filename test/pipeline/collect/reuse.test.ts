import { expect, test } from 'vitest';
import { startRegistry } from '../../support/registry.ts';
import { file } from '../../support/tar-writer.ts';
import { collected, imageFile } from './support.ts';

test('without a cache the layers are surveyed once, and not once more for the policy', async () => {
  const registry = await startRegistry();
  try {
    await registry.pushOciArchive(imageFile([[file('etc/a', 'one')], [file('etc/b', 'two')]]), 'team/app', '1');
    const files = [{ id: 'q', paths: ['/etc/a'], digest: true }] as const;
    const access = { insecure: false, offline: false, env: {} };
    const { collected: found } = await collected(`${registry.host}/team/app:1`, { files, accounts: true }, { access });
    expect(found?.files.map((one) => one.path)).toEqual(['/etc/a']);
    const asked = registry.blobRequests().map(({ path }) => path);
    // The configuration, the upper layer, and the lower one once more for the file in it.
    expect([...new Set(asked)].map((path) => asked.filter((one) => one === path).length).sort()).toEqual([1, 1, 2]);
  } finally {
    await registry.close();
  }
});
