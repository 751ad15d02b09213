import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../src/model/digest.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { parseReference } from '../../../src/model/reference.ts';
import { sideEffects } from '../../../src/pipeline/vex/check.ts';
import { claimsOf } from '../../../src/pipeline/vex/create.ts';
import type { Triage } from '../../../src/pipeline/vex/triage.ts';
import { openVexDocument } from '../../../src/report/vex/openvex.ts';
import type { ImageNames } from '../../../src/report/vex/products.ts';
import type { SluiceError } from '../../../src/util/error.ts';
import { evidence, finding, pack } from '../../report/samples.ts';

const hex = (digit: string): string => digit.repeat(64);
const lodash = pack({ name: 'lodash', version: '4.17.4' });
const axios = pack({ name: 'axios', version: '0.18.0' });
const glibc = pack({
  ecosystem: 'rpm',
  name: 'glibc',
  version: '2.34-83.el9',
  purl: 'pkg:rpm/almalinux/glibc@2.34-83.el9?arch=aarch64&distro=almalinux-9.3',
});
const common = { ...glibc, name: 'glibc-common', purl: glibc.purl.replace('/glibc@', '/glibc-common@') };

const findings = [
  finding(lodash, { id: 'CVE-2019-10744', aliases: ['GHSA-jf85-cpcp-j695'], severity: 'critical' }),
  finding(lodash, { id: 'CVE-2018-3721', aliases: ['GHSA-fvqr-27wr-82fm'], severity: 'medium' }),
  finding(axios, { id: 'CVE-2019-10744', aliases: ['GHSA-other'], severity: 'high' }),
  finding(glibc, { id: 'ALSA-2024:1', aliases: ['CVE-2024-1', 'CVE-2024-2'], severity: 'high' }),
  finding(common, { id: 'ALSA-2024:1', aliases: ['CVE-2024-1', 'CVE-2024-2'], severity: 'high' }),
  // Two errata for one flaw: each goes by its own id.
  finding(glibc, { id: 'ALSA-2024:2', aliases: ['CVE-2024-3'], severity: 'high' }),
  finding(glibc, { id: 'ALSA-2024:3', aliases: ['CVE-2024-3'], severity: 'high' }),
];
const shop: Evidence = evidence({ packages: [lodash, axios, glibc, common], findings });
const folder: Evidence = { ...shop, target: { kind: 'source', layers: [] } };
const noNames: ImageNames = { references: [], indexes: [] };

const fixed = (id: string, ...packages: string[]): Triage => ({ id, packages, status: 'fixed' });

/** What is said of which packages: the image by its manifest stands for all its other names. */
function said(triages: readonly Triage[], { force = false, of = shop } = {}): unknown {
  try {
    const { claims, findings: count, remarks } = claimsOf(of, triages, noNames, force);
    const lines = claims.map(({ names, products, status }) => {
      const [product] = products;
      const parts = product?.subcomponents?.map((part) => part['@id']) ?? products.map((one) => one['@id']);
      return [names.join(' '), status, ...parts];
    });
    return [...lines, count.length, ...remarks];
  } catch (thrown) {
    const { code, message, hint } = thrown as SluiceError;
    return [code, message, hint];
  }
}

describe('claims', () => {
  test('are on the findings of that name, in all packages or in those that are named', () => {
    expect(said([fixed('cve-2019-10744')])).toEqual([
      ['CVE-2019-10744 GHSA-jf85-cpcp-j695 GHSA-other', 'fixed', axios.purl, lodash.purl],
      2,
    ]);
    expect(said([fixed('ghsa-JF85-cpcp-j695')])).toEqual([
      ['CVE-2019-10744 GHSA-jf85-cpcp-j695', 'fixed', lodash.purl],
      1,
    ]);
    for (const purl of ['pkg:npm/axios', 'pkg:npm/axios@0.18.0'])
      expect(said([fixed('CVE-2019-10744', purl)])).toEqual([['CVE-2019-10744 GHSA-other', 'fixed', axios.purl], 1]);
    expect(said([fixed('ALSA-2024:1', 'pkg:rpm/almalinux/glibc?arch=aarch64')])).toEqual([
      ['ALSA-2024:1', 'fixed', glibc.purl],
      1,
    ]);
  });

  test('do not take an erratum for one of its flaws', () => {
    expect(said([fixed('CVE-2024-1')])).toEqual([
      ['CVE-2024-1', 'fixed', common.purl, glibc.purl],
      0,
      'ALSA-2024:1 stays open for CVE-2024-2, in glibc and glibc-common',
    ]);
    expect(
      said([fixed('CVE-2024-1'), { ...fixed('CVE-2024-2', 'pkg:rpm/almalinux/glibc'), status: 'affected' }]),
    ).toEqual([
      ['CVE-2024-1', 'fixed', common.purl, glibc.purl],
      ['CVE-2024-2', 'affected', glibc.purl],
      1,
      'ALSA-2024:1 stays open for CVE-2024-2, in glibc-common',
    ]);
    expect(said([fixed('CVE-2024-1'), { ...fixed('ALSA-2024:1'), status: 'affected' }])).toEqual([
      'vex/contradiction',
      `ALSA-2024:1 in ${glibc.purl} is decided on twice: fixed as CVE-2024-1, affected as ALSA-2024:1`,
      undefined,
    ]);
    const single = finding(glibc, { id: 'CVE-2024-1', aliases: ['GHSA-single'], severity: 'low' });
    const of = { ...shop, findings: [...findings, single] };
    expect(said([fixed('CVE-2024-1', 'pkg:rpm/almalinux/glibc')], { of })).toEqual([
      ['CVE-2024-1 GHSA-single', 'fixed', glibc.purl],
      1,
      'ALSA-2024:1 stays open for CVE-2024-2, in glibc',
    ]);
    expect(said([fixed('GHSA-single')], { of })).toEqual([['GHSA-single', 'fixed', glibc.purl], 1]);
    const other = finding(glibc, { id: 'ALSA-2024:4', aliases: ['CVE-1', 'CVE-2', 'USN-1'], severity: 'low' });
    expect(said([fixed('USN-1')], { of: { ...shop, findings: [other] } })).toEqual([
      'vex/several-flaws',
      'ALSA-2024:4 in glibc is one finding for 2 flaws, of which USN-1 tells none',
      'decide on CVE-1, CVE-2, or on all of it with ALSA-2024:4',
    ]);
  });

  test('leave out a name that would answer another finding too', () => {
    expect(said([fixed('ALSA-2024:2')])).toEqual([['ALSA-2024:2', 'fixed', glibc.purl], 1]);
    expect(said([fixed('CVE-2024-3')])).toEqual([['CVE-2024-3 ALSA-2024:2 ALSA-2024:3', 'fixed', glibc.purl], 2]);
  });

  test('are one for a flaw, and one for a decision', () => {
    const wait: Triage = { id: 'GHSA-other', packages: [], status: 'under_investigation' };
    expect(said([fixed('GHSA-jf85-cpcp-j695'), wait, fixed('CVE-2018-3721'), fixed('GHSA-fvqr-27wr-82fm')])).toEqual([
      ['CVE-2018-3721 GHSA-fvqr-27wr-82fm', 'fixed', lodash.purl],
      ['CVE-2019-10744 GHSA-jf85-cpcp-j695', 'fixed', lodash.purl],
      ['CVE-2019-10744 GHSA-other', 'under_investigation', axios.purl],
      3,
    ]);
    expect(said([fixed('CVE-2019-10744'), wait])).toEqual([
      'vex/contradiction',
      `CVE-2019-10744 in ${axios.purl} is decided on twice: fixed as CVE-2019-10744, under_investigation as GHSA-other`,
      undefined,
    ]);
  });

  test('on what was not found are refused with the nearest names, or made of the whole target', () => {
    expect(said([fixed('CVE-2019-10745')])).toEqual([
      'vex/no-such-finding',
      'the scan found no CVE-2019-10745',
      'did you mean CVE-2019-10744? (--force states it all the same, of the whole target)',
    ]);
    expect(said([fixed('CVE-2018-3721', 'pkg:npm/axios')])).toEqual([
      'vex/no-such-finding',
      'CVE-2018-3721 was not found in pkg:npm/axios',
      `it was found in ${lodash.purl}`,
    ]);
    expect(said([fixed('CVE-1')], { force: true })).toEqual([
      ['CVE-1', 'fixed', `sha256:${hex('a')}`, `sha256:${hex('b')}`],
      0,
      'the scan found no CVE-1: it is stated all the same',
    ]);
    expect((said([fixed('CVE-1')], { force: true, of: folder }) as string[])[0]).toBe('vex/no-product');
    expect((said([fixed('CVE-1')], { of: { ...shop, findings: [] } }) as string[])[2]).toMatch(
      /^it found no known vulnerability at all/,
    );
    expect((said([fixed('CVE-2018-3721', 'lodash')]) as string[])[1]).toBe('lodash is no package URL');
  });
});

describe('a document that does something else than was asked for', () => {
  const { claims } = claimsOf(shop, [fixed('CVE-2018-3721')], noNames, false);
  const document = openVexDocument(claims, { author: 'A', timestamp: '2026-01-02T03:04:05Z', tooling: 'sluice' });
  const [other, own] = findings as [Finding, Finding];

  test('is told of', () => {
    expect(sideEffects(document, [own], shop, [])).toEqual([]);
    expect(sideEffects(document, [], shop, [])).toEqual([
      'the document speaks of more than was asked for: also of CVE-2018-3721 in lodash 4.17.4',
    ]);
    expect(sideEffects(document, findings, shop, [])).toEqual([
      'the document does not reach CVE-2019-10744 in lodash 4.17.4, CVE-2019-10744 in axios 0.18.0, ' +
        'ALSA-2024:1 in glibc 2.34-83.el9 and 3 more',
    ]);
    expect(sideEffects(document, [own], { ...shop, findings: [other] }, [])).toEqual([]);
  });
});

describe('products', () => {
  const productsOf = (names: Partial<ImageNames>, of = shop) =>
    claimsOf(of, [fixed('CVE-2018-3721')], { ...noNames, ...names }, false).claims[0]!.products;

  test('are the image under each of its names, with the packages as its parts', () => {
    const oci = (digit: string, repository: string) =>
      `pkg:oci/app@sha256%3A${hex(digit)}?repository_url=${repository.replaceAll('/', '%2F')}`;
    const subcomponents = [{ '@id': lodash.purl }];
    const inRegistry = (digit: string, repository: string) => {
      const purl = oci(digit, repository);
      return { '@id': purl, identifiers: { purl }, hashes: { 'sha-256': hex(digit) }, subcomponents };
    };
    const byDigest = (digit: string) => ({
      '@id': `sha256:${hex(digit)}`,
      hashes: { 'sha-256': hex(digit) },
      subcomponents,
    });
    expect(
      productsOf({
        references: [parseReference('registry.example:5000/shop/app:1'), parseReference('shop/app')],
        indexes: [parseDigest(`sha256:${hex('c')}`)],
      }),
    ).toEqual([
      inRegistry('a', 'registry.example:5000/shop/app'),
      inRegistry('c', 'registry.example:5000/shop/app'),
      inRegistry('a', 'docker.io/shop/app'),
      inRegistry('a', 'index.docker.io/shop/app'),
      inRegistry('c', 'docker.io/shop/app'),
      inRegistry('c', 'index.docker.io/shop/app'),
      byDigest('a'),
      byDigest('c'),
      byDigest('b'),
    ]);
  });

  test('of an image that was never pushed are the digests that are known', () => {
    const { digest: _digest, ...target } = shop.target;
    const of = { ...shop, target };
    const ids = (names: Partial<ImageNames>) => productsOf(names, of).map((product) => product['@id']);
    expect(ids({ references: [parseReference('registry.example/app:1')] })).toEqual([`sha256:${hex('b')}`]);
    expect(ids({ references: [parseReference(`registry.example/app@sha256:${hex('d')}`)] })).toEqual([
      `pkg:oci/app@sha256%3A${hex('d')}?repository_url=registry.example%2Fapp`,
      `sha256:${hex('d')}`,
      `sha256:${hex('b')}`,
    ]);
  });

  test('of what is no image are the packages', () => {
    expect(productsOf({}, folder)).toEqual([{ '@id': lodash.purl, identifiers: { purl: lodash.purl } }]);
  });
});
