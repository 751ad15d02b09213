import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem as bitnami } from '../../src/ecosystem/bitnami.ts';
import { ecosystem } from '../../src/ecosystem/sbom/index.ts';

const head = { size: 100, mode: 0o644 };
const fixture = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'sbom', 'documents', 'syft-1.18.cdx.json'));
const parse = (path: string, content: object | string | Buffer, reader = ecosystem) => {
  const bytes = Buffer.isBuffer(content)
    ? content
    : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return reader.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const bom = (...components: object[]) => ({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
const part = (purl: string, more: object = {}) => ({ type: 'library', name: 'x', purl, ...more });

describe('what is claimed', () => {
  test.each([
    'app/x.cdx.json',
    'app/x.cyclonedx.json',
    'bom.json',
    'app/sbom.json',
    'app/x.spdx.json',
    'app/x.spdx',
    'app/x.cdx.xml',
    'app/bom.xml',
    'app/x.syft.json',
    'var/lib/db/sbom/a-1-r0.spdx.json',
    'usr/local/share/sbom/anything',
    'usr/local/share/sbom/a.json',
    'app/META-INF/sbom/application.json',
    'usr/lib/python3/dist-packages/x-1.dist-info/sboms/a.json',
    'opt/bitnami/nginx/x.spdx',
  ])('%s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(true);
  });

  test.each([
    'app/mybom.json',
    'app/package.json',
    'app/rebom.xml',
    'app/spdx',
    'app/x.json',
    'app/META-INF/sbom/x.txt',
    'app/node_modules/x/bom.json',
    'usr/lib/python3/dist-packages/x/bom.json',
    'opt/bitnami/nginx/.spdx-nginx.spdx',
    '',
  ])('not %s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(false);
  });

  test("Bitnami's, by the plugin of their own", () => {
    expect(bitnami.claims('opt/bitnami/nginx/.spdx-nginx.spdx', head)).toBe(true);
    expect(bitnami.claims('opt/bitnami/common/.spdx-a.spdx', head)).toBe(true);
    expect(bitnami.claims('opt/bitnami/nginx/spdx-nginx.spdx', head)).toBe(false);
    expect(bitnami.claims('opt/other/.spdx-nginx.spdx', head)).toBe(false);
    expect(bitnami.folder?.('opt/bitnami/nginx/.spdx-nginx.spdx')).toBe('opt/bitnami/nginx');
    expect(bitnami.folder?.('opt/bitnami/common/.spdx-a.spdx')).toBeUndefined();
    expect(bitnami.folder?.('opt/bitnami/.spdx-a.spdx')).toBeUndefined();
  });
});

describe('what is said', () => {
  test('of packages of every kind but those of distributions, each once', () => {
    const document = bom(
      part('pkg:npm/a@1'),
      part('pkg:npm/a@1'),
      part('pkg:golang/b.c/d@v1', { scope: 'excluded' }),
      part('pkg:deb/debian/e@1'),
      part('pkg:npm/no-version'),
      { type: 'library', name: 'no-purl', version: '1' },
    );
    const said = (presence: string, declared = presence) => ({
      packages: [],
      problems: [],
      others: [
        { ecosystem: 'npm', packages: [{ name: 'a', version: '1', presence }] },
        { ecosystem: 'golang', packages: [{ name: 'b.c/d', version: 'v1', presence: declared, dev: true }] },
      ],
    });
    expect(parse('app/x.cdx.json', document)).toEqual(said('declared'));
    expect(parse('var/lib/db/sbom/x.spdx.json', document)).toEqual(said('installed', 'declared'));
    expect(parse('usr/lib/x/y-1.dist-info/sboms/z.cdx.json', document)).toEqual(said('installed', 'declared'));
  });

  test('of a file that is no document: nothing, unless its name promises one or it begins as one', () => {
    const codes = (path: string, content: string) =>
      parse(path, content).problems.map(({ code, blinding }) => [code, blinding]);
    for (const content of ['', '{}', 'text', '[1]', '<a/>'])
      expect(codes('app/bom.json', content), content).toEqual([]);
    expect(codes('app/x.spdx', '')).toEqual([]);
    expect(codes('app/x.cdx.json', '{}')).toEqual([['sbom/unreadable', false]]);
    expect(codes('app/bom.json', '{"bomFormat":"Cyc')).toEqual([['sbom/unreadable', false]]);
    expect(codes('app/bom.xml', '<bom xmlns="http://cyclonedx.org/schema/bom/1.5">')).toEqual([
      ['sbom/unreadable', false],
    ]);
  });

  test('of more packages than are kept: that there are more', () => {
    const { others, problems } = parse(
      'app/bom.json',
      bom(...Array.from({ length: 50_001 }, (_, i) => part(`pkg:npm/a@${i}`))),
    );
    expect(others?.[0]?.packages.length).toBe(50_000);
    expect(problems.map(({ code }) => code)).toEqual(['sbom/too-many-packages']);
  });

  test('of any bytes: packages or a problem, and never a bug', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(fixture.length), (noise, at) => {
        const bytes = Buffer.from(fixture);
        bytes.set(noise.subarray(0, bytes.length - at), at);
        for (const reader of [ecosystem, bitnami]) {
          const { packages, problems } = parse('app/x.cdx.json', bytes, reader);
          expect(packages).toEqual([]);
          expect(problems.length).toBeLessThan(2);
        }
        expect(parse('app/bom.json', Buffer.from(noise)).packages).toEqual([]);
      }),
    );
  });

  test('by Bitnami: the revision of a build is no part of the version that advisories speak of', () => {
    const { packages, others } = parse(
      'opt/bitnami/a/.spdx-a.spdx',
      bom(part('pkg:bitnami/nginx@1.25.3-5'), part('pkg:npm/a@1')),
      bitnami,
    );
    expect(packages).toEqual([{ name: 'nginx', version: '1.25.3-5', presence: 'installed' }]);
    expect(others).toEqual([{ ecosystem: 'npm', packages: [{ name: 'a', version: '1', presence: 'installed' }] }]);
    const keyOf = (version: string) => bitnami.advisories({ name: 'nginx', version, presence: 'installed' }, undefined);
    expect(keyOf('1.25.3-5')).toEqual({ ecosystem: 'Bitnami', name: 'nginx', version: '1.25.3' });
    expect(keyOf('1.25.3')).toEqual({ ecosystem: 'Bitnami', name: 'nginx', version: '1.25.3' });
    expect(keyOf('1.25.3-rc1')).toEqual({ ecosystem: 'Bitnami', name: 'nginx', version: '1.25.3-rc1' });
  });
});
