import { describe, expect, test } from 'vitest';
import { openSharedStore, parseSharedTarget } from '../../src/source/shared-target.ts';

describe('a shared cache', () => {
  test.each([
    ['cache', { kind: 'folder', path: 'cache' }],
    ['/var/cache/shared:1', { kind: 'folder', path: '/var/cache/shared:1' }],
    [
      'oci://localhost:5000/team/cache',
      { kind: 'registry', repository: { registry: 'localhost:5000', repository: 'team/cache' } },
    ],
    ['oci://Example.org/c', { kind: 'registry', repository: { registry: 'example.org', repository: 'c' } }],
    [
      'oci://docker.io/team/cache',
      { kind: 'registry', repository: { registry: 'docker.io', repository: 'team/cache' } },
    ],
  ])('is named by %s', (text, target) => {
    expect(parseSharedTarget(text)).toEqual(target);
  });

  test.each([
    ['s3://bucket/cache', 'is neither a folder nor oci://'],
    ['oci://team/cache', 'names no registry'],
    ['oci://cache', 'names no registry'],
    ['oci://example.org/cache:1', 'names an image, where a repository is wanted'],
    [`oci://example.org/cache@sha256:${'0'.repeat(64)}`, 'names an image, where a repository is wanted'],
  ])('is not named by %s', (text, why) => {
    expect(() => parseSharedTarget(text)).toThrow(`the shared cache ${text} ${why}`);
  });

  test('without a repository is refused', () => {
    expect(() => parseSharedTarget('oci://example.org/')).toThrow('is not an image reference');
  });

  test('is called as the user does', async () => {
    const access = { insecure: false, offline: true, env: {} };
    const names = await Promise.all(
      ['/var/cache/shared', 'oci://example.org/cache'].map(async (text) => {
        const store = await openSharedStore(parseSharedTarget(text), access);
        store.close();
        return store.name;
      }),
    );
    expect(names).toEqual(['/var/cache/shared', 'oci://example.org/cache']);
  });
});
