import { describe, expect, test } from 'vitest';
import { countDistributions, distributionOf, distributionOfPurl } from '../../../src/format/sbom/distribution.ts';
import { recordOf } from '../../../src/format/sbom/record.ts';
import { parsePurl } from '../../../src/model/parse-purl.ts';
import { read } from './support.ts';

/** The package that a component is, by its purl and what stands beside. */
function record(purl: string, component: object = {}, properties: Record<string, string> = {}) {
  const listed = Object.entries(properties).map(([name, value]) => ({ name, value }));
  const components = [{ type: 'library', name: 'x', purl, properties: listed, ...component }];
  const [found] = read({ bomFormat: 'CycloneDX', specVersion: '1.6', components }).packages;
  const said = found && recordOf(found);
  if (!said) return undefined;
  const { presence, ...rest } = said.record;
  return { ecosystem: said.ecosystem, ...rest, ...(presence === 'installed' ? {} : { presence }) };
}

describe('the package that a component is', () => {
  test.each([
    ['pkg:npm/lodash@1', {}, { ecosystem: 'npm', name: 'lodash', version: '1' }],
    ['pkg:npm/%40a/b@1', { group: '@a', name: 'b' }, { ecosystem: 'npm', name: '@a/b', version: '1' }],
    ['pkg:npm/a/b@1', { name: 'b' }, { ecosystem: 'npm', name: '@a/b', version: '1' }],
    ['pkg:maven/org.a/b@1', { name: 'b' }, { ecosystem: 'maven', name: 'org.a:b', version: '1' }],
    ['pkg:composer/a/b@v1', { name: 'b' }, { ecosystem: 'composer', name: 'a/b', version: 'v1' }],
    ['pkg:pypi/pyyaml@1', { name: 'PyYAML' }, { ecosystem: 'pypi', name: 'PyYAML', version: '1' }],
    [
      'pkg:pypi/zope-interface@1',
      { name: 'zope.interface' },
      { ecosystem: 'pypi', name: 'zope.interface', version: '1' },
    ],
    ['pkg:pypi/a@1', { name: 'other' }, { ecosystem: 'pypi', name: 'a', version: '1' }],
    [
      'pkg:golang/github.com/masterminds/semver@v3.2.0#v3',
      { name: 'github.com/Masterminds/semver/v3' },
      { ecosystem: 'golang', name: 'github.com/Masterminds/semver/v3', version: 'v3.2.0' },
    ],
    ['pkg:golang/a.b/c@v2.0.0#v2', {}, { ecosystem: 'golang', name: 'a.b/c/v2', version: 'v2.0.0' }],
    ['pkg:golang/a.b/c@v1#d', { name: 'a.b/c' }, { ecosystem: 'golang', name: 'a.b/c', version: 'v1' }],
    [
      'pkg:golang/stdlib@1.21.5',
      { name: 'stdlib', version: 'go1.21.5' },
      { ecosystem: 'golang', name: 'stdlib', version: '1.21.5' },
    ],
    ['pkg:golang/stdlib@v1.21.5', {}, { ecosystem: 'golang', name: 'stdlib', version: '1.21.5' }],
    ['pkg:golang/std@go1.21.5', {}, { ecosystem: 'golang', name: 'stdlib', version: '1.21.5' }],
    ['pkg:gem/rails@7', {}, { ecosystem: 'gem', name: 'rails', version: '7' }],
    ['pkg:npm/a', { version: '3' }, { ecosystem: 'npm', name: 'a', version: '3' }],
    ['pkg:npm/a@1', { version: '3' }, { ecosystem: 'npm', name: 'a', version: '1' }],
  ])('%s', (purl, component, expected) => {
    expect(record(purl, component)).toEqual(expected);
  });

  test.each([
    [
      'pkg:rpm/redhat/openssl-libs@1.1.1k-9.el8?arch=x86_64&epoch=1&upstream=openssl-1.1.1k-9.el8.src.rpm&distro=rhel-8.8',
      { publisher: 'Red Hat' },
      {},
      {
        name: 'openssl-libs',
        version: '1:1.1.1k-9.el8',
        origin: { name: 'openssl', version: '1:1.1.1k-9.el8' },
        arch: 'x86_64',
        vendor: 'Red Hat',
      },
    ],
    ['pkg:rpm/a/x@1-1?epoch=0', {}, {}, { name: 'x', version: '0:1-1' }],
    ['pkg:rpm/a/x@1-1', { version: '2:1-1' }, {}, { name: 'x', version: '2:1-1' }],
    ['pkg:rpm/a/x@1-1?rpmmod=m:1:2:3', {}, {}, { name: 'x', version: '1-1', module: 'm:1:2:3' }],
    ['pkg:rpm/a/x@1-1?modularitylabel=m:1:2:3', {}, {}, { name: 'x', version: '1-1', module: 'm:1:2:3' }],
    [
      'pkg:rpm/a/x@1-1',
      {},
      { 'aquasecurity:trivy:Modularitylabel': 'm:1' },
      { name: 'x', version: '1-1', module: 'm:1' },
    ],
    ['pkg:rpm/a/x@1-1', {}, { 'syft:metadata:modularityLabel': 'm:1' }, { name: 'x', version: '1-1', module: 'm:1' }],
    ['pkg:rpm/a/x@1-1?upstream=strange', {}, {}, { name: 'x', version: '1-1' }],
    ['pkg:rpm/a/x@1-1?upstream=x-1-1.src.rpm', {}, {}, { name: 'x', version: '1-1' }],
    [
      'pkg:rpm/a/x@1-1',
      {},
      {
        'aquasecurity:trivy:SrcName': 'y',
        'aquasecurity:trivy:SrcVersion': '2',
        'aquasecurity:trivy:SrcRelease': '3',
        'aquasecurity:trivy:SrcEpoch': '4',
      },
      { name: 'x', version: '1-1', origin: { name: 'y', version: '4:2-3' } },
    ],
    [
      'pkg:rpm/a/x@1-1',
      {},
      { 'aquasecurity:trivy:SrcName': 'y' },
      { name: 'x', version: '1-1', origin: { name: 'y', version: '1-1' } },
    ],
    [
      'pkg:deb/debian/x@1%3A2-3?upstream=y',
      {},
      {},
      { name: 'x', version: '1:2-3', origin: { name: 'y', version: '1:2-3' } },
    ],
    ['pkg:deb/debian/x@2-3?epoch=1', {}, {}, { name: 'x', version: '1:2-3' }],
    ['pkg:deb/debian/x@1?upstream=y%404', {}, {}, { name: 'x', version: '1', origin: { name: 'y', version: '4' } }],
    [
      'pkg:deb/debian/x@1',
      {},
      { 'syft:metadata:source': 'y', 'syft:metadata:sourceVersion': '2' },
      { name: 'x', version: '1', origin: { name: 'y', version: '2' } },
    ],
    [
      'pkg:apk/alpine/x@1-r0?upstream=y',
      {},
      {},
      { name: 'x', version: '1-r0', origin: { name: 'y', version: '1-r0' } },
    ],
    [
      'pkg:apk/alpine/x@1-r0',
      {},
      { 'syft:metadata:originPackage': 'y' },
      { name: 'x', version: '1-r0', origin: { name: 'y', version: '1-r0' } },
    ],
    ['pkg:deb/debian/x@1', { publisher: 'A maintainer' }, {}, { name: 'x', version: '1' }],
  ])('of a distribution: %s', (purl, component, properties, expected) => {
    const { ecosystem: _ecosystem, ...found } = record(purl, component, properties) ?? { ecosystem: '' };
    expect(found).toEqual(expected);
  });

  test('is none where it is a source, an image or a file', () => {
    expect(record('pkg:deb/debian/x@1?arch=source')).toBeUndefined();
    expect(record('pkg:rpm/a/x@1?arch=src')).toBeUndefined();
    expect(record('pkg:oci/x@1')).toBeUndefined();
    expect(record('pkg:npm/x@1', { type: 'container' })).toBeUndefined();
    expect(record('', { purl: undefined, type: 'file', version: '1' })).toBeUndefined();
    expect(record('', { purl: undefined, version: '' })).toBeUndefined();
    expect(record('pkg:broken', { version: '' })).toBeUndefined();
  });

  test('is generic without a purl', () => {
    expect(record('', { purl: undefined, group: 'g', version: '1', type: 'framework' })).toEqual({
      ecosystem: 'generic',
      name: 'g/x',
      version: '1',
    });
  });
});

describe('a distribution', () => {
  test.each([
    ['pkg:deb/debian/x@1?distro=debian-12', 'debian', '12', undefined],
    ['pkg:deb/debian/x@1?distro=bookworm', 'debian', '', 'bookworm'],
    ['pkg:deb/debian/x@1?distro=debian-bookworm', 'debian', '', 'bookworm'],
    ['pkg:deb/debian/x@1', 'debian', '', undefined],
    ['pkg:deb/ubuntu/x@1?distro=ubuntu-22.04', 'ubuntu', '22.04', undefined],
    ['pkg:apk/alpine/x@1?distro=alpine-3.18.9', 'alpine', '3.18.9', undefined],
    ['pkg:apk/alpine/x@1?distro=3.18.9', 'alpine', '3.18.9', undefined],
    ['pkg:apk/alpine/x@1?distro=alpine-edge', 'alpine', 'edge', undefined],
    ['pkg:apk/x@1?distro=alpine-3.18', 'alpine', '3.18', undefined],
    ['pkg:apk/wolfi/x@1', 'wolfi', '', undefined],
    ['pkg:rpm/alma/x@1?distro=alma-8.8', 'almalinux', '8.8', undefined],
    ['pkg:rpm/almalinux/x@1?distro=almalinux-8.8', 'almalinux', '8.8', undefined],
    ['pkg:rpm/redhat/x@1?distro=redhat-8.8', 'rhel', '8.8', undefined],
    ['pkg:rpm/redhat/x@1?distro=rhel-8.8', 'rhel', '8.8', undefined],
    ['pkg:rpm/oracle/x@1?distro=oracle-9', 'ol', '9', undefined],
    ['pkg:rpm/amazon/x@1?distro=amazon-2023', 'amzn', '2023', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-leap-15.5', 'opensuse-leap', '15.5', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-tumbleweed-20240101', 'opensuse-tumbleweed', '20240101', undefined],
    ['pkg:rpm/opensuse-leap/x@1?distro=opensuse-leap-15.5', 'opensuse-leap', '15.5', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-leap', 'opensuse-leap', '', undefined],
    ['pkg:rpm/opensuse/x@1?distro=15.5', 'opensuse-leap', '15.5', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-15.5', 'opensuse-leap', '15.5', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse.leap-15.5', 'opensuse-leap', '15.5', undefined],
    ['pkg:rpm/opensuse/x@1', 'opensuse-leap', '', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-leap-micro-6.0', 'opensuse-leap-micro', '6.0', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-microos-20240101', 'opensuse-microos', '20240101', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-microos', 'opensuse-microos', '', undefined],
    ['pkg:rpm/opensuse/x@1?distro=opensuse-tumbleweed', 'opensuse-tumbleweed', '', undefined],
    ['pkg:rpm/suse/x@1?distro=sles-15.5', 'sles', '15.5', undefined],
    ['pkg:rpm/suse/x@1?distro=sles_sap-15.5', 'sles_sap', '15.5', undefined],
    ['pkg:rpm/suse/x@1?distro=sle-micro-5.5', 'sle-micro', '5.5', undefined],
    ['pkg:rpm/suse/x@1?distro=sl-micro', 'sl-micro', '', undefined],
    ['pkg:rpm/suse/x@1?distro=suse-15.5', 'sles', '15.5', undefined],
    ['pkg:rpm/suse/x@1?distro=15.5', 'sles', '15.5', undefined],
    ['pkg:rpm/redhat/x@1', 'rhel', '', undefined],
    ['pkg:rpm/fedora/x@1?distro=fedora-39', 'fedora', '39', undefined],
  ])('of %s', (text, id, version, codename) => {
    const purl = parsePurl(text);
    expect(purl && distributionOfPurl(purl)).toMatchObject({
      id,
      version,
      like: [],
      ...(codename ? { codename } : {}),
    });
  });

  test('is none of other packages, nor one whose name is no id', () => {
    const named = (text: string) => distributionOfPurl(parsePurl(text) ?? { type: '', name: '' });
    expect(named('pkg:npm/debian/x@1?distro=debian-12')).toBeUndefined();
    expect(named('pkg:deb/x@1')).toBeUndefined();
    expect(named('pkg:deb/%0A/x@1')).toBeUndefined();
    expect(distributionOf({ name: 'Some thing', version: '1', properties: [] })).toBeUndefined();
  });

  test.each([
    ['alma', '8.8', 'almalinux', '8.8'],
    ['amazon', '2023 (Amazon Linux)', 'amzn', '2023'],
    ['opensuse.leap', '15.5', 'opensuse-leap', '15.5'],
    ['Debian', '12.5', 'debian', '12.5'],
    ['debian', '', 'debian', ''],
  ])('that a component calls %s %s', (name, version, id, release) => {
    expect(distributionOf({ name, version, properties: [] })).toMatchObject({ id, version: release });
  });

  test('counts by its packages', () => {
    const components = [
      'pkg:deb/debian/a@1?distro=debian-12',
      'pkg:deb/debian/b@1?distro=debian-12',
      'pkg:deb/ubuntu/c@1?distro=ubuntu-22.04',
      'pkg:npm/d@1',
    ];
    const { packages } = read({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: components.map((purl) => ({ name: 'x', purl })),
    });
    const votes = countDistributions(packages);
    expect([...votes.counts].map(([key, { packages: count }]) => [key, count])).toEqual([
      ['debian 12', 2],
      ['ubuntu 22.04', 1],
    ]);
    expect(votes.most).toMatchObject({ id: 'debian', version: '12' });
  });
});
