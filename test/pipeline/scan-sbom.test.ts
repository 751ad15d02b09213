import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { scratchFolder } from '../support/cli.ts';

const scratch = scratchFolder();
let serial = 0;

const records = [
  {
    schema_version: '1.7.0',
    id: 'GHSA-1',
    modified: '2024-01-02T00:00:00Z',
    aliases: ['CVE-2024-1'],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'a' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
      },
    ],
  },
  {
    schema_version: '1.7.0',
    id: 'DEBIAN-CVE-2024-2',
    modified: '2024-01-02T00:00:00Z',
    upstream: ['CVE-2024-2'],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'openssl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.11-1' }] }],
      },
    ],
  },
];

async function look(document: object | string): Promise<Evidence> {
  const path = join(scratch, `${serial++}.json`);
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  const db = memoryAdvisoryDb(records, 'osv-export');
  return scan(identifyTarget(path), {
    ecosystems,
    access: { insecure: false, offline: true, lazy: false, env: {} },
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
    data: { sources: db.sources, feeds: [], open: async () => db },
  });
}

const bom = (components: readonly object[], more: object = {}) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components,
  ...more,
});
const part = (purl: string, more: object = {}) => ({ type: 'library', name: 'x', purl, ...more });
const said = ({ problems }: Evidence): string[] =>
  problems.map(({ code, blinding }) => `${code}${blinding ? ' blinds' : ''}`);

describe('a bill of materials', () => {
  test('is judged as what it lists would be', async () => {
    const found = await look(
      bom([
        part('pkg:npm/a@1.0.0'),
        part('pkg:npm/a@1.0.0'),
        part('pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12&upstream=openssl'),
      ]),
    );
    expect(found.target).toMatchObject({ kind: 'sbom', distribution: { id: 'debian', version: '12' }, layers: [] });
    expect(found.judged).toEqual(['installed']);
    expect(found.packages.map(({ purl, presence, layer, paths }) => [purl, presence, layer, paths])).toEqual([
      ['pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12', 'installed', 0, []],
      ['pkg:npm/a@1.0.0', 'installed', 0, []],
    ]);
    expect(found.findings.map(({ id, name, fixed }) => [id, name, fixed])).toEqual([
      ['CVE-2024-2', 'libssl3', ['3.0.11-1']],
      ['CVE-2024-1', 'a', ['2.0.0']],
    ]);
    expect(said(found)).toEqual([]);
  });

  test('of which the purl alone names the release completes a component without', async () => {
    const system = { type: 'operating-system', name: 'debian' };
    const found = await look(bom([system, part('pkg:deb/debian/libssl3@3.0.9-1?distro=debian-12&upstream=openssl')]));
    expect(found.target.distribution).toMatchObject({ id: 'debian', version: '12' });
    expect(found.findings.length).toBe(1);
  });

  test('that lists nothing is undecided', async () => {
    expect(said(await look(bom([])))).toEqual(['sbom/empty blinds']);
    expect(said(await look(bom([{ type: 'file', name: 'x' }])))).toEqual(['sbom/empty blinds']);
    expect(said(await look('SPDXVersion: SPDX-2.3\n'))).toEqual(['sbom/empty blinds']);
  });

  test('that says it is incomplete is undecided', async () => {
    const compositions = [{ aggregate: 'incomplete' }];
    expect(said(await look(bom([part('pkg:npm/b@1')], { compositions })))).toEqual(['sbom/incomplete blinds']);
    expect(said(await look(bom([], { compositions })))).toEqual(['sbom/incomplete blinds']);
  });

  test('says which components nothing is known of', async () => {
    const found = await look(
      bom([part('pkg:npm/b@1'), part('pkg:npm/c'), part('pkg:%zz', { name: 'd', version: '1' })]),
    );
    expect(found.packages.map(({ purl }) => purl)).toEqual(['pkg:generic/d@1', 'pkg:npm/b@1']);
    expect(found.problems.filter(({ code }) => code.startsWith('sbom/'))).toEqual([
      { code: 'sbom/malformed-purl', message: 'components have a package URL that is none (1): "d"', blinding: false },
      {
        code: 'sbom/no-version',
        message: 'components have no version, so that nothing is known of them (1): "c"',
        blinding: false,
      },
    ]);
  });

  test('of two distributions is undecided: the advisories of one say nothing of the other', async () => {
    const of = (distro: string) => part(`pkg:deb/${distro.split('-')[0]}/x@1?distro=${distro}`);
    expect(said(await look(bom([of('debian-12'), of('debian-12'), of('ubuntu-22.04')])))).toContain(
      'sbom/distributions blinds',
    );
    expect(said(await look(bom([of('debian-12'), of('debian-11')])))).toContain('sbom/distributions blinds');
    expect(said(await look(bom([of('debian-12'), of('debian-12.5')])))).not.toContain('sbom/distributions blinds');
  });

  test('that leaves the distribution out, though it has its packages, is undecided', async () => {
    expect(said(await look(bom([part('pkg:deb/x@1')])))).toContain('data/no-advisories blinds');
  });

  test('keeps packages of kinds that sluice does not know', async () => {
    const found = await look(
      bom([
        part('pkg:npm/b@1'),
        part('pkg:bitbucket/a/b@1?x=y', { evidence: { occurrences: [{ location: '/b' }] } }),
        part('pkg:bitbucket/a/b@1?x=y', { evidence: { occurrences: [{ location: '/a' }] } }),
      ]),
    );
    expect(found.packages.map(({ purl, ecosystem, name, paths }) => [purl, ecosystem, name, paths])).toEqual([
      ['pkg:bitbucket/a/b@1?x=y', 'generic', 'a/b', ['/a', '/b']],
      ['pkg:npm/b@1', 'npm', 'b', []],
    ]);
  });

  test('may widen what is judged, and never narrow it', async () => {
    const judged = async (...words: string[]) => {
      const properties = words.map((value) => ({ name: 'sluice:judged', value }));
      return (await look(bom([part('pkg:npm/b@1')], { metadata: { properties } }))).judged;
    };
    expect(await judged('declared', 'installed')).toEqual(['declared', 'installed']);
    expect(await judged('declared')).toEqual(['installed']);
    expect(await judged('nothing')).toEqual(['installed']);
  });

  test('that is damaged is refused', async () => {
    await expect(look('{"bomFormat":"CycloneDX"')).rejects.toMatchObject({ code: 'json/malformed' });
    await expect(look('{}')).rejects.toMatchObject({ code: 'sbom/unknown' });
  });
});
