import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePurl } from '../../src/model/parse-purl.ts';
import { buildPurl } from '../../src/model/purl.ts';

describe('a package URL', () => {
  test.each([
    ['pkg:npm/lodash@4.17.21', { type: 'npm', name: 'lodash', version: '4.17.21', qualifiers: {} }],
    ['pkg:npm/%40angular/cli@1.0', { type: 'npm', namespace: '@angular', name: 'cli', version: '1.0', qualifiers: {} }],
    ['pkg:npm/@angular/cli@1.0', { type: 'npm', namespace: '@angular', name: 'cli', version: '1.0', qualifiers: {} }],
    ['pkg:npm/@angular/cli', { type: 'npm', namespace: '@angular', name: 'cli', qualifiers: {} }],
    ['PKG:NPM/x', { type: 'npm', name: 'x', qualifiers: {} }],
    [
      'pkg://golang//a/b@v1#/./c/../d/',
      { type: 'golang', namespace: 'a', name: 'b', version: 'v1', qualifiers: {}, subpath: 'c/d' },
    ],
    [
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u7?arch=amd64&distro=debian-12&upstream=glibc',
      {
        type: 'deb',
        namespace: 'debian',
        name: 'libc6',
        version: '2.36-9+deb12u7',
        qualifiers: { arch: 'amd64', distro: 'debian-12', upstream: 'glibc' },
      },
    ],
    ['pkg:generic/a?Key=v&empty=&x', { type: 'generic', name: 'a', qualifiers: { key: 'v' } }],
    [
      'pkg:oci/x@sha256%3Aab?repository_url=a/b',
      { type: 'oci', name: 'x', version: 'sha256:ab', qualifiers: { repository_url: 'a/b' } },
    ],
  ])('%s', (text, parts) => {
    expect(parsePurl(text)).toEqual(parts);
  });

  test.each([
    '',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'npm/x@1',
    'pkg:1x/y',
    'pkg:n pm/y',
    'pkg:npm/%zz',
    'pkg:npm/x@%ff',
    'pkg:npm/x?a=1&a=2',
    'pkg:npm/x?a%20b=1',
    'pkg:npm/x?a=%',
    'pkg:npm/x#%',
    `pkg:npm/${'x'.repeat(9000)}`,
  ])('is not %j', (text) => {
    expect(parsePurl(text)).toBeUndefined();
  });

  test('names from outside can not reach what all objects have', () => {
    const parts = parsePurl('pkg:npm/x?__proto__=1&constructor=2');
    expect(parts).toBeUndefined();
    expect(parsePurl('pkg:npm/x?constructor=2')?.qualifiers?.tostring).toBeUndefined();
  });

  test('comes back as it was built', () => {
    const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => text.toWellFormed());
    const plain = segment.filter((text) => !text.includes('/'));
    fc.assert(
      fc.property(plain, fc.option(plain), fc.option(segment), fc.option(segment), (name, namespace, version, arch) => {
        const parts = {
          type: 'x',
          ...(namespace === null ? {} : { namespace }),
          name,
          ...(version === null ? {} : { version }),
          qualifiers: arch === null ? {} : { arch },
        };
        expect(parsePurl(buildPurl(parts))).toEqual(parts);
      }),
    );
  });

  test('any text: parts or nothing, and what is read builds a purl that reads the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const parts = parsePurl(`pkg:${text}`);
        if (parts) expect(parsePurl(buildPurl(parts))?.name).toBe(parts.name);
      }),
    );
  });
});
