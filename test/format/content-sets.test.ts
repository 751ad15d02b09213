import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentSetsLimit, isContentManifest, parseContentManifest } from '../../src/format/content-sets.ts';

const manifest = {
  metadata: { icm_version: 1, icm_spec: 'https://example.org/content_manifest.json', image_layer_index: 2 },
  from_dnf_hint: true,
  content_sets: ['ubi-8-baseos-rpms', 'ubi-8-appstream-rpms', 'ubi-8-baseos-rpms'],
  image_contents: [],
};

function parse(value: unknown) {
  return parseContentManifest(Buffer.from(JSON.stringify(value)));
}

describe('content manifests', () => {
  test('are told by their place', () => {
    const yes = [
      'root/buildinfo/content_manifests/ubi8-container-8.4-211.json',
      'root/buildinfo/content_manifests/content-sets.json',
      'usr/share/buildinfo/content-sets.json',
      'usr/share/buildinfo/content_manifests/coreos.json',
    ];
    const no = [
      'root/buildinfo/Dockerfile-ubi8-8.4-211',
      'root/buildinfo/labels.json',
      'root/buildinfo/content_manifests/labels.json',
      'usr/share/buildinfo/labels.json',
      'root/buildinfo/content_manifests/a/b.json',
      '/usr/share/buildinfo/content-sets.json',
      'app/content-sets.json',
    ];
    expect([...yes, ...no].filter(isContentManifest)).toEqual(yes);
  });

  test('name repositories, each once and sorted', () => {
    expect(parse(manifest)).toEqual({
      contentSets: ['ubi-8-appstream-rpms', 'ubi-8-baseos-rpms'],
      layer: 2,
      fromDnfHint: true,
    });
    expect(parse({ content_sets: [] })).toEqual({ contentSets: [], fromDnfHint: false });
  });

  test('lose what is no name of a repository', () => {
    const sets = ['a b', 'a\nb', '', 7, null, ['x'], 'x'.repeat(300), 'rhel-9-for-x86_64-baseos-rpms'];
    expect(parse({ content_sets: sets, metadata: { image_layer_index: -1 }, from_dnf_hint: 'yes' })).toEqual({
      contentSets: ['rhel-9-for-x86_64-baseos-rpms'],
      fromDnfHint: false,
    });
  });

  test('are none when they are anything else', () => {
    for (const value of [null, [], 'x', 1, {}, { content_sets: {} }, { content_sets: Array(1001).fill('a') }]) {
      expect(parse(value)).toBeUndefined();
    }
    expect(parseContentManifest(Buffer.from('{"content_sets": ['))).toBeUndefined();
    expect(parseContentManifest(Buffer.alloc(0))).toBeUndefined();
    expect(parseContentManifest(Buffer.alloc(contentSetsLimit + 1, 0x20))).toBeUndefined();
  });

  test('of any bytes never throw', () => {
    const good = Buffer.from(JSON.stringify(manifest));
    const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }).map((edits) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of edits) bytes[at] = byte;
      return bytes;
    });
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(random, mutated), (bytes) => {
        const sets = parseContentManifest(bytes)?.contentSets ?? [];
        expect(sets.every((name) => /^[A-Za-z0-9._+:-]{1,256}$/.test(name))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
