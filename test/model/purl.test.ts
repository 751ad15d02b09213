import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { describe, expect, test } from 'vitest';
import { buildPurl } from '../../src/model/purl.ts';

describe('buildPurl', () => {
  test.each([
    [{ type: 'npm', namespace: '@scope', name: 'name', version: '1.0.0' }, 'pkg:npm/%40scope/name@1.0.0'],
    [
      {
        type: 'deb',
        namespace: 'debian',
        name: 'libstdc++6',
        version: '1:2.3~rc1+b1',
        qualifiers: { distro: 'debian-12', arch: 'amd64' },
      },
      'pkg:deb/debian/libstdc%2B%2B6@1:2.3~rc1%2Bb1?arch=amd64&distro=debian-12',
    ],
    [
      { type: 'golang', namespace: 'github.com/a', name: 'b', version: 'v1.0.0', subpath: 'c/d' },
      'pkg:golang/github.com/a/b@v1.0.0#c/d',
    ],
    [{ type: 'npm', name: 'a\ud800b\n', version: '' }, 'pkg:npm/a%EF%BF%BDb%0A'],
    [{ type: 'rpm', name: 'x', qualifiers: { epoch: undefined, arch: '' } }, 'pkg:rpm/x'],
  ])('%j', (parts, text) => {
    expect(buildPurl(parts)).toBe(text);
  });

  test('another implementation reads back what went in', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((text) => text.isWellFormed() && text.trim() === text);
    const segment = word.filter((text) => !text.includes('/') && text !== '.' && text !== '..');
    const parts = fc.record({
      namespace: fc.array(segment, { maxLength: 3 }),
      name: segment,
      version: word,
      arch: fc.stringMatching(/^[a-z0-9_]{1,10}$/),
    });
    fc.assert(
      fc.property(parts, ({ namespace, name, version, arch }) => {
        const text = buildPurl({
          type: 'generic',
          namespace: namespace.join('/'),
          name,
          version,
          qualifiers: { arch },
        });
        const read = PackageURL.fromString(text);
        expect([read.namespace ?? '', read.name, read.version, read.qualifiers?.arch]).toEqual([
          namespace.join('/'),
          name,
          version,
          arch,
        ]);
      }),
    );
  });
});
