import { describe, expect, test } from 'vitest';
import { parseVex } from '../../../src/format/vex/parse-vex.ts';
import { applyVex } from '../../../src/match/vex/apply.ts';
import { explainVex } from '../../../src/match/vex/explain.ts';
import type { EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Package } from '../../../src/model/package.ts';
import type { VexProduct, VexStatement } from '../../../src/model/vex.ts';
import { component, digest, finding, given, image, pack, product, statement } from './make.ts';

interface Setting {
  readonly packages?: readonly Package[];
  readonly target?: EvidenceTarget;
  readonly names?: readonly string[];
  readonly about?: Partial<Finding>;
}

/** Whether statements answer the finding in a package; and why the first product does not fit, where it does not. */
function judged(
  statements: readonly VexStatement[],
  found: Package,
  { packages = [found], target = image, names = [], about = {} }: Setting = {},
): readonly [answered: boolean, why: string | undefined] {
  const findings = [finding(found, about)];
  const documents = [given('vex', statements)];
  const [only] = applyVex(findings, packages, target, documents, names).findings;
  const id = statements[0]?.vulnerabilities[0] ?? '';
  const [row] = explainVex(id, findings, packages, target, documents, names);
  return [only?.answered !== undefined, row?.fits ? undefined : row?.why];
}

const leftPad = pack('pkg:npm/left-pad@1.3.0');
const names = ['registry.example/team/shop:1.0'];

describe('no package is answered for', () => {
  const libssl = pack('pkg:deb/debian/libssl3@3.0.11-1?arch=amd64', {
    arch: 'amd64',
    origin: { name: 'openssl', version: '3.0.11-1' },
  });

  test.each([
    'pkg:deb/debian/openssl@3.0.11-1',
    'pkg:deb/debian/openssl',
    'pkg:deb/debian/openssl@3.0.11-1?arch=amd64',
  ])('that was built from the same source as the one that is named: %s', (id) => {
    expect(judged([statement([product(id)])], libssl)).toEqual([
      false,
      'it is openssl, and the package is libssl3; its source package would be named with arch=source or arch=src',
    ]);
    expect(judged([statement([product('pkg:deb/debian/openssl@3.0.11-1?arch=source')])], libssl)[0]).toBe(true);
  });

  test('by a purl whose version was left empty', () => {
    expect(judged([statement([product('pkg:npm/left-pad@')])], leftPad)).toEqual([
      false,
      "pkg:npm/left-pad@ is no purl, and can't be told to be the package",
    ]);
    expect(judged([statement([product('pkg:npm/left-pad@?arch=x')])], leftPad)[0]).toBe(false);
  });

  test('by a purl without a version beside one of another version', () => {
    const both = { ...component('pkg:npm/left-pad@1.2.0', 'pkg:npm/left-pad'), subcomponents: [] };
    expect(judged([statement([both])], leftPad)).toEqual([
      false,
      'it is version 1.2.0, and the package is version 1.3.0',
    ]);
    const right = { ...component('pkg:npm/left-pad', 'pkg:npm/left-pad@1.3.0'), subcomponents: [] };
    expect(judged([statement([right])], leftPad)[0]).toBe(true);
  });

  test('by a purl without a version beside a digest of another build', () => {
    const hash = `sha512:${'a'.repeat(128)}`;
    const one = { ids: ['pkg:npm/left-pad'], hashes: [hash], subcomponents: [] };
    expect(judged([statement([one])], leftPad)).toEqual([false, `no digest of the package is ${hash}`]);
    expect(judged([statement([one])], { ...leftPad, hashes: [hash] })[0]).toBe(true);
  });

  test.each<[string, VexProduct, boolean]>([
    ['a package without a version', product('pkg:npm/left-pad'), false],
    ['a package with its version', product('pkg:npm/left-pad@1.3.0'), true],
    ['an image without a version', product('pkg:oci/shop'), false],
    ['an image with its tag', product('pkg:oci/shop?tag=1.0'), true],
    ['an image by a reference', product('registry.example/team/shop:1.0'), true],
    ['an image by its digest', product(image.digest as string), true],
    ['a part of an image, neither with a version', product('pkg:oci/shop', 'pkg:npm/left-pad'), false],
    ['a part with a version', product('pkg:oci/shop', 'pkg:npm/left-pad@1.3.0'), true],
    ['a part of an image with a digest', product(`pkg:oci/shop@${image.digest}`, 'pkg:npm/left-pad'), true],
    ['another part with a version', product('pkg:oci/shop', 'pkg:npm/left-pad', 'pkg:npm/other@1'), false],
  ])('that is said to be fixed in no version: %s', (_what, one, isAnswered) => {
    const [answered, why] = judged([statement([one], { status: 'fixed' })], leftPad, { names });
    expect([answered, why?.slice(-58)]).toEqual([
      isAnswered,
      isAnswered ? undefined : '; but in which version it is fixed, the statement does not say'.slice(-58),
    ]);
    expect(judged([statement([one])], leftPad, { names })[0]).toBe(true);
  });

  test('of a distribution that is said to be fixed as a whole', () => {
    const bash = pack('pkg:deb/debian/bash@5.2-1');
    const whole = statement([product('cpe:/o:debian:debian_linux:12')], { status: 'fixed' });
    expect(judged([whole], bash)[0]).toBe(false);
  });

  test('in an archive with several libraries, by what is said of one of them', () => {
    const path = '/srv/fat.jar';
    const api = pack('pkg:maven/org.acme/api@1', { paths: [path] });
    const other = pack('pkg:maven/org.acme/other@1', { paths: [path] });
    const core = pack('pkg:maven/org.acme/core@1', { paths: [`${path}!/lib/core.jar`] });
    const said = [statement([product('pkg:maven/org.acme/api')])];
    expect(judged(said, core, { packages: [api, other, core] })[0]).toBe(false);
    expect(judged(said, core, { packages: [api, core] })[0]).toBe(true);
    const program = { ...api, presence: 'application' as const };
    expect(judged(said, core, { packages: [program, other, core] })[0]).toBe(true);
  });
});

describe('no image is taken for another', () => {
  const index = digest('5');
  const called = [`registry.example/team/shop@${index}`, ...names];

  test.each<[string, VexProduct, string | undefined]>([
    ['the index, for this platform', product(`pkg:oci/shop@${index}?arch=amd64`), undefined],
    [
      'the index, for another platform',
      product(`pkg:oci/shop@${index}?arch=arm64`),
      'it is for arm64, and the image for linux/amd64',
    ],
    [
      'a repository with another tag',
      product('pkg:oci/shop?repository_url=registry.example/team/shop:2.0'),
      'it is shop at registry.example/team/shop:2.0, and the image registry.example/team/shop',
    ],
    [
      'a repository with another digest',
      product(`pkg:oci/shop?repository_url=registry.example/team/shop@${digest('9')}`),
      `it is shop at registry.example/team/shop@${digest('9')}, and the image registry.example/team/shop`,
    ],
    [
      'a digest of another algorithm',
      { ids: ['pkg:oci/shop'], hashes: [`sha512:${'9'.repeat(128)}`], subcomponents: [] },
      `no digest of the image is sha512:${'9'.repeat(128)}`,
    ],
    ['a product of that name', product('shop 1.0'), "shop 1.0 is no purl, and can't be told to be the package"],
    [
      'a longer path',
      product('pkg:oci/shop?repository_url=registry.example/evil/team/shop'),
      'it is shop at registry.example/evil/team/shop, and the image registry.example/team/shop',
    ],
    [
      'a shorter path',
      product('pkg:docker/shop@1.0?repository_url=registry.example'),
      'it is shop at registry.example, and the image registry.example/team/shop',
    ],
    [
      'a host that ends the same',
      product('evil.registry.example/team/shop:1.0'),
      "evil.registry.example/team/shop:1.0 is no purl, and can't be told to be the package",
    ],
  ])('%s', (_what, one, why) => {
    expect(judged([statement([one])], leftPad, { names: called })).toEqual([why === undefined, why]);
  });

  test('nor a distribution for its extended support, or for another processor', () => {
    const ubuntu = { ...image, distribution: { id: 'ubuntu', version: '22.04', like: [], name: 'Ubuntu' } };
    const bash = pack('pkg:deb/ubuntu/bash@5.1-6');
    const answered = [
      'cpe:2.3:o:canonical:ubuntu_linux:22.04:*:*:*:lts:*:*:*',
      'cpe:2.3:o:canonical:ubuntu_linux:22.04:*:*:*:esm:*:*:*',
      'cpe:2.3:o:canonical:ubuntu_linux:22.04:*:*:*:*:*:x64:*',
      'cpe:2.3:o:canonical:ubuntu_linux:22.04:*:*:*:*:*:arm64:*',
      'cpe:/o:canonical:ubuntu_linux:22.04::~~esm~~~',
      'cpe:/o:canonical:ubuntu_linux:22.04::~~lts~~~',
    ].map((cpe) => judged([statement([product(cpe)])], bash, { target: ubuntu })[0]);
    expect(answered).toEqual([true, false, true, false, false, true]);
  });
});

describe('no flaw is taken for another', () => {
  const about = [product('pkg:npm/left-pad')];
  const second = { id: 'CVE-2024-2', aliases: ['GHSA-aaaa-bbbb-cccc'], advisories: ['GHSA-aaaa-bbbb-cccc'] };

  test('that shares an alias with it', () => {
    const said = statement(about, { vulnerabilities: ['CVE-2024-1', 'GHSA-aaaa-bbbb-cccc'] });
    expect(judged([said], leftPad, { about: second })[0]).toBe(false);
    expect(judged([{ ...said, vulnerabilities: ['GHSA-aaaa-bbbb-cccc'] }], leftPad, { about: second })[0]).toBe(true);
    const rows = explainVex('GHSA-aaaa-bbbb-cccc', [finding(leftPad, second)], [leftPad], image, [
      given('vex', [said]),
    ]);
    expect(rows.map(({ fits, why, effect }) => [fits, why, effect])).toEqual([
      [false, 'it names CVE-2024-1, which is another flaw than CVE-2024-2', 'no-match'],
    ]);
  });

  test.each<[string, Partial<Finding>]>([
    ['one advisory for both', { id: 'GHSA-x', aliases: ['CVE-2024-1', 'CVE-2024-2'], advisories: ['GHSA-x'] }],
    [
      'records of both beside it',
      { id: 'GHSA-x', aliases: ['CVE-2024-1', 'CVE-2024-2'], advisories: ['CVE-2024-1', 'CVE-2024-2', 'GHSA-x'] },
    ],
    ['a record that is named by one', { id: 'CVE-2024-1', aliases: ['CVE-2024-2'], advisories: ['CVE-2024-1'] }],
  ])('that is joined with it: %s', (_what, joined) => {
    const answered = (...of: string[][]): boolean =>
      judged(
        of.map((vulnerabilities) => statement(about, { vulnerabilities })),
        leftPad,
        { about: joined },
      )[0];
    expect(answered(['CVE-2024-1'])).toBe(false);
    expect(answered(['CVE-2024-2'])).toBe(false);
    expect(answered(['CVE-2024-1', 'GHSA-x'])).toBe(false);
    expect(answered(['CVE-2024-1'], ['CVE-2024-2'])).toBe(true);
    expect(answered(['CVE-2024-1', 'CVE-2024-2'])).toBe(true);
  });
});

describe('no document speaks of what it does not name', () => {
  const said = (document: unknown): boolean => {
    const read = parseVex(Buffer.from(JSON.stringify(document)));
    const [only] = applyVex([finding(leftPad)], [leftPad], image, [{ ...given('x', []), document: read }]).findings;
    return only?.answered !== undefined;
  };
  const analysis = { state: 'not_affected', justification: 'code_not_reachable' };
  const cycloneDx = (ref: string, parts: object = {}) => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    vulnerabilities: [{ id: 'CVE-2024-1', analysis, affects: [{ ref }] }],
    ...parts,
  });
  const about = (hex: string, predicate: object) => ({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'shop', digest: { sha256: hex.repeat(64) } }],
    predicateType: 'https://cyclonedx.org/bom',
    predicate,
  });

  test('CycloneDX: a component in the bill of materials of something else', () => {
    expect(said(cycloneDx('urn:cdx:11111111-395b-41f5-a30f-a58921a69b79/1#pkg:npm/left-pad@1.3.0'))).toBe(false);
    expect(said(cycloneDx('urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/left-pad@1.3.0'))).toBe(true);
    expect(said(cycloneDx('pkg:npm/left-pad@1.3.0'))).toBe(true);
  });

  test('CycloneDX: a reference under which two components stand', () => {
    const components = ['left-pad', 'right-pad'].map((name) => ({ 'bom-ref': '1', purl: `pkg:npm/${name}@1.3.0` }));
    expect(said(cycloneDx('1', { components }))).toBe(false);
    expect(said(cycloneDx('1', { components: components.slice(0, 1) }))).toBe(true);
  });

  test('CycloneDX: an attestation about another image', () => {
    expect(said(about('9', cycloneDx('pkg:npm/left-pad@1.3.0')))).toBe(false);
    expect(said(about('1', cycloneDx('pkg:npm/left-pad@1.3.0')))).toBe(true);
  });

  test('CSAF: a product in two statuses at once, however its flag is dated', () => {
    const csaf = (affected: string[], date: string) => ({
      document: { csaf_version: '2.0', tracking: { id: 'x', current_release_date: '2024-06-01T00:00:00Z' } },
      product_tree: {
        full_product_names: [
          { product_id: 'p', name: 'left-pad', product_identification_helper: { purl: 'pkg:npm/left-pad@1.3.0' } },
        ],
      },
      vulnerabilities: [
        {
          cve: 'CVE-2024-1',
          product_status: { known_not_affected: ['p'], known_affected: affected },
          flags: [{ label: 'component_not_present', product_ids: ['p'], date }],
        },
      ],
    });
    const dates = ['2024-05-01T00:00:00Z', '2024-06-01T02:00:00+02:00', '2024-07-01T00:00:00Z'];
    expect(dates.map((date) => said(csaf(['p'], date)))).toEqual([false, false, false]);
    expect(dates.map((date) => said(csaf([], date)))).toEqual([true, true, true]);
  });
});
