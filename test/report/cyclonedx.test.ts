import { expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { licensesOf } from '../../src/report/cyclonedx/licenses.ts';
import { report } from '../../src/report/cyclonedx.ts';
import { spdxIds } from '../../src/report/sbom/spdx-ids.ts';
import {
  context,
  evidence,
  finding,
  known,
  knownVerdict,
  note,
  pack,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';
import { cycloneDxCheck } from './schemas.ts';

interface Document {
  readonly serialNumber: string;
  readonly metadata: unknown;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions?: unknown;
  readonly vulnerabilities: readonly { readonly id: string; readonly affects: readonly { readonly ref: string }[] }[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly group?: string;
  readonly scope?: string;
  readonly version?: string;
  readonly licenses?: unknown;
  readonly hashes?: unknown;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

const pass: Verdict = { decision: 'pass', reasons: [] };
const check = cycloneDxCheck();
const check17 = cycloneDxCheck('1.7');

/** The document for this evidence, which must be good CycloneDX and hold together. */
function documentOf(given: Evidence, verdict: Verdict = pass): Document {
  const document = JSON.parse(report.render(given, verdict, context)) as Document;
  expect(check(document)).toEqual([]);
  const newer = JSON.parse(report.render(given, verdict, { ...context, variant: '1.7' })) as Document;
  expect(check17(newer)).toEqual([]);
  const { serialNumber } = newer;
  expect(serialNumber).not.toBe(document.serialNumber);
  expect(newer).toEqual({ ...document, specVersion: '1.7', serialNumber });
  const refs = document.components.map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  expect(document.dependencies[0]).toEqual({ ref: 'target', dependsOn: refs });
  const known = new Set(refs);
  const related = document.dependencies.slice(1).flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  expect(related.filter((ref) => !known.has(ref))).toEqual([]);
  expect(
    document.vulnerabilities.flatMap(({ affects }) => affects.map(({ ref }) => ref)).filter((ref) => !known.has(ref)),
  ).toEqual([]);
  expect(document.vulnerabilities.filter(({ affects }) => affects.length === 0)).toEqual([]);
  return document;
}

test('a check that takes anything would be none', () => {
  const document = JSON.parse(report.render(shop, shopVerdict, context)) as { components: { type: string }[] };
  (document.components[0] as { type: string }).type = 'thing';
  expect(check(document)).toHaveLength(1);
});

test('components: the distribution, then every package', () => {
  const { components } = documentOf(shop, shopVerdict);
  expect(
    components.map(({ 'bom-ref': ref, group, name, version, scope, licenses }) => [
      ref,
      group,
      name,
      version,
      scope,
      licenses,
    ]),
  ).toEqual([
    ['operating-system', undefined, 'alpine', '3.18.9', undefined, undefined],
    [
      'pkg:apk/alpine/musl@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
      undefined,
      'musl',
      '1.2.3-r3',
      'required',
      [{ license: { name: 'MIT BSD GPL2+' } }],
    ],
    [
      'pkg:apk/alpine/musl-utils@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
      undefined,
      'musl-utils',
      '1.2.3-r3',
      'required',
      [{ license: { name: 'MIT BSD GPL2+' } }],
    ],
    [
      'pkg:npm/%40scope%2Ftool@1.0.0',
      '@scope',
      'tool',
      '1.0.0',
      'required',
      [{ expression: 'MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)' }],
    ],
    ['pkg:npm/lodash@4.17.4', undefined, 'lodash', '4.17.4', 'required', [{ license: { id: 'MIT' } }]],
    ['pkg:npm/minimatch@3.0.4', undefined, 'minimatch', '3.0.4', 'excluded', undefined],
  ]);
  expect(components[2]).toEqual({
    type: 'library',
    'bom-ref': 'pkg:apk/alpine/musl-utils@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
    name: 'musl-utils',
    version: '1.2.3-r3',
    scope: 'required',
    licenses: [{ license: { name: 'MIT BSD GPL2+' } }],
    purl: 'pkg:apk/alpine/musl-utils@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
    evidence: { occurrences: [{ location: '/lib/apk/db/installed' }] },
    properties: [
      { name: 'sluice:ecosystem', value: 'apk' },
      { name: 'sluice:presence', value: 'installed' },
      { name: 'sluice:layer', value: '0' },
      { name: 'sluice:layer:diffID', value: `sha256:${'1'.repeat(64)}` },
      { name: 'sluice:layer:createdBy', value: '/bin/sh -c #(nop) ADD file:root in / ' },
      { name: 'sluice:arch', value: 'x86_64' },
      { name: 'sluice:origin:name', value: 'musl' },
      { name: 'sluice:origin:version', value: '1.2.3-r3' },
      { name: 'sluice:path', value: '/lib/apk/db/installed' },
    ],
  });
});

test('the image is named by its content alone', () => {
  expect(documentOf(shop, shopVerdict).metadata).toEqual({
    tools: { components: [{ type: 'application', name: 'sluice', version: '1.2.3' }] },
    component: {
      type: 'container',
      'bom-ref': 'target',
      name: 'container image',
      version: `sha256:${'a'.repeat(64)}`,
      hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }],
      properties: [
        { name: 'sluice:kind', value: 'image' },
        { name: 'sluice:image:digest', value: `sha256:${'a'.repeat(64)}` },
        { name: 'sluice:image:id', value: `sha256:${'b'.repeat(64)}` },
        { name: 'sluice:image:platform', value: 'linux/amd64' },
        { name: 'sluice:layer:0:diffID', value: `sha256:${'1'.repeat(64)}` },
        { name: 'sluice:layer:0:digest', value: `sha256:${'2'.repeat(64)}` },
        { name: 'sluice:layer:0:size', value: '10' },
        { name: 'sluice:layer:0:createdBy', value: '/bin/sh -c #(nop) ADD file:root in / ' },
        { name: 'sluice:layer:1:diffID', value: `sha256:${'3'.repeat(64)}` },
        { name: 'sluice:layer:1:digest', value: `sha256:${'4'.repeat(64)}` },
        { name: 'sluice:layer:1:size', value: '20' },
        { name: 'sluice:layer:1:createdBy', value: 'RUN |1 TOKEN=s3cret /bin/sh -c npm ci # buildkit' },
      ],
    },
    properties: [
      { name: 'sluice:decision', value: 'stop' },
      { name: 'sluice:source:npm', value: 'osv-export 2026-01-02T03:04:05Z' },
      { name: 'sluice:source:npm:digest', value: `sha256:${'9'.repeat(64)}` },
      { name: 'sluice:source:npm:checked', value: '2026-01-03T04:05:06.000Z' },
      { name: 'sluice:judged', value: 'installed' },
      {
        name: 'sluice:problem:blinding',
        value: '{"code":"rpm/row-damaged","message":"a row is damaged","path":"/var/lib/rpm/rpmdb.sqlite","layer":0}',
      },
      {
        name: 'sluice:problem',
        value: '{"code":"npm/unreadable","message":"not JSON","path":"/app/x/package.json","layer":1}',
      },
    ],
  });
});

test('the distribution says all that a scan goes by', () => {
  const distribution = {
    id: 'ubuntu',
    version: '24.04',
    like: ['debian', 'x'],
    name: 'Ubuntu 24.04',
    codename: 'noble',
  };
  const { components } = documentOf(evidence({ target: { kind: 'rootfs', distribution, layers: [] } }));
  expect(components).toEqual([
    {
      type: 'operating-system',
      'bom-ref': 'operating-system',
      name: 'ubuntu',
      version: '24.04',
      description: 'Ubuntu 24.04',
      properties: [
        { name: 'sluice:distribution:id', value: 'ubuntu' },
        { name: 'sluice:distribution:version', value: '24.04' },
        { name: 'sluice:distribution:like', value: 'debian' },
        { name: 'sluice:distribution:like', value: 'x' },
        { name: 'sluice:distribution:name', value: 'Ubuntu 24.04' },
        { name: 'sluice:distribution:codename', value: 'noble' },
      ],
    },
  ]);
});

test('a package says what it needs, who owns it and what was downloaded', () => {
  const a = pack({
    name: 'a',
    version: '1',
    needs: ['b', 'missing'],
    hashes: [`sha512:${'c'.repeat(128)}`, `sha1:${'d'.repeat(40)}`, 'sha1:short', 'h1:words'],
    ownedBy: 'pkg:deb/debian/node-a@1',
    dev: true,
    module: 'm',
    vendor: 'Makers',
  });
  const b = pack({ name: 'b', version: '1' });
  const { components, dependencies } = documentOf(evidence({ packages: [a, b] }));
  expect(dependencies.slice(1)).toEqual([{ ref: 'pkg:npm/a@1', dependsOn: ['pkg:npm/b@1'] }]);
  expect(components[1]).toMatchObject({
    supplier: { name: 'Makers' },
    scope: 'optional',
    hashes: [
      { alg: 'SHA-1', content: 'd'.repeat(40) },
      { alg: 'SHA-512', content: 'c'.repeat(128) },
    ],
  });
  expect(components[1]?.properties.slice(5)).toEqual([
    { name: 'sluice:module', value: 'm' },
    { name: 'sluice:ownedBy', value: 'pkg:deb/debian/node-a@1' },
    { name: 'sluice:dev', value: 'true' },
    { name: 'sluice:path', value: '/app/node_modules/a/package.json' },
  ]);
});

test('the time is the one that the user gives, and none else', () => {
  const render = (sourceDateEpoch: string) =>
    JSON.parse(report.render(shop, shopVerdict, { ...context, sourceDateEpoch })) as { metadata: object };
  expect(check(render('1735689600'))).toEqual([]);
  expect(render('1735689600').metadata).toHaveProperty('timestamp', '2025-01-01T00:00:00Z');
  expect(documentOf(shop).metadata).not.toHaveProperty('timestamp');
  expect(() => render('today')).toThrow(expect.objectContaining({ code: 'usage/source-date-epoch' }));
});

test('what is too long for a field stands in a property', () => {
  const [version, license] = ['9'.repeat(5000), `All rights. ${'x'.repeat(2000)}`];
  const { components } = documentOf(evidence({ packages: [pack({ name: 'a', version, license })] }));
  expect(components[1]?.version).toHaveLength(1024);
  expect(components[1]?.licenses).toEqual([{ license: { name: license.slice(0, 1000) } }]);
  expect(components[1]?.properties.slice(-2)).toEqual([
    { name: 'sluice:version', value: version },
    { name: 'sluice:license', value: license },
  ]);
});

test('a vulnerability says what it affects, how bad it is and what to do', () => {
  const { vulnerabilities } = documentOf(shop, shopVerdict);
  expect(vulnerabilities.map(({ id }) => id)).toEqual([
    'CVE-2019-10744',
    'CVE-2025-26519',
    'CVE-2022-3517',
    'CVE-2021-23337',
    'NSWG-ECO-1',
  ]);
  expect(vulnerabilities[0]).toEqual({
    'bom-ref': 'vulnerability:CVE-2019-10744',
    id: 'CVE-2019-10744',
    source: { name: 'NVD', url: 'https://nvd.nist.gov/vuln/detail/CVE-2019-10744' },
    references: [
      {
        id: 'GHSA-jf85-cpcp-j695',
        source: { name: 'GitHub', url: 'https://github.com/advisories/GHSA-jf85-cpcp-j695' },
      },
    ],
    ratings: [
      {
        score: 9.1,
        severity: 'critical',
        method: 'CVSSv31',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N',
        justification: "the publisher's word",
      },
    ],
    description: 'A flaw',
    recommendation: 'Update lodash 4.17.4 to 4.17.12.',
    advisories: [{ title: 'CVE-2019-10744', url: 'https://osv.dev/vulnerability/CVE-2019-10744' }],
    affects: [
      {
        ref: 'pkg:npm/lodash@4.17.4',
        versions: [
          { version: '4.17.4', status: 'affected' },
          { version: '4.17.12', status: 'unaffected' },
        ],
      },
    ],
    properties: [],
  });
  expect(vulnerabilities[1]?.affects.map(({ ref }) => ref)).toEqual([
    'pkg:apk/alpine/musl@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
    'pkg:apk/alpine/musl-utils@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
  ]);
  expect(vulnerabilities[2]).toMatchObject({
    properties: [{ name: 'sluice:not-judged', value: 'pkg:npm/minimatch@3.0.4' }],
  });
  expect(vulnerabilities[4]).toMatchObject({
    ratings: [{ severity: 'unknown' }],
    recommendation: 'No fix is known for lodash 4.17.4.',
  });
});

test.each([
  ['CVSS:4.0/AV:N', 'CVSSv4'],
  ['CVSS:3.1/AV:N', 'CVSSv31'],
  ['CVSS:3.0/AV:N', 'CVSSv3'],
  ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 'CVSSv2'],
  ['SSVC', 'other'],
])('the method of %s is %s', (vector, method) => {
  const one = pack({ name: 'one', version: '1' });
  const { vulnerabilities } = documentOf(
    evidence({ packages: [one], findings: [finding(one, { id: 'CVE-2024-1', severity: 'high', vector })] }),
  );
  expect(vulnerabilities[0]).toMatchObject({ ratings: [{ method, vector }] });
});

test('two packages of one purl are two components, and each finding is in its own', () => {
  const a = pack({ name: 'a', version: '1', paths: ['/a'] });
  const b = { ...a, origin: { name: 'other', version: '1' }, paths: ['/b'] };
  const { vulnerabilities } = documentOf(
    evidence({ packages: [a, b], findings: [finding(b, { id: 'CVE-2024-1', severity: 'high' })] }),
  );
  expect(vulnerabilities[0]?.affects).toMatchObject([{ ref: 'pkg:npm/a@1|2' }]);
});

test('what blinds leaves the list incomplete, and says so', () => {
  expect(documentOf(shop).compositions).toEqual([{ aggregate: 'incomplete', assemblies: ['target'] }]);
  expect(documentOf(evidence({})).compositions).toBeUndefined();
});

test('a source tree and a root filesystem have no digest', () => {
  for (const kind of ['source', 'rootfs'] as const) {
    const { metadata } = documentOf(
      evidence({ target: { kind, layers: [] }, packages: [pack({ name: 'a', version: '' })] }),
    );
    expect(metadata).toMatchObject({
      component: {
        type: kind === 'source' ? 'application' : 'platform',
        properties: [{ name: 'sluice:kind', value: kind }],
      },
    });
  }
});

test('the same content has the same serial number, other content another', () => {
  expect(documentOf(shop).serialNumber).toBe(documentOf(shop).serialNumber);
  expect(documentOf(shop).serialNumber).not.toBe(documentOf(evidence({})).serialNumber);
  expect(documentOf(shop).serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('hostile text stays text', () => {
  const document = documentOf(trapImage, trapVerdict);
  expect(report.render(trapImage, trapVerdict, context)).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
  );
  expect(JSON.stringify(document).isWellFormed()).toBe(true);
});

test.each([
  ['MIT', [{ license: { id: 'MIT' } }]],
  ['  Apache-2.0 ', [{ license: { id: 'Apache-2.0' } }]],
  ['MIT AND (BSD-3-Clause OR GPL-2.0+)', [{ expression: 'MIT AND (BSD-3-Clause OR GPL-2.0+)' }]],
  ['GPL-2.0-only WITH Linux-syscall-note', [{ expression: 'GPL-2.0-only WITH Linux-syscall-note' }]],
  ['LicenseRef-mine OR MIT', [{ expression: 'LicenseRef-mine OR MIT' }]],
  ['GPL', [{ license: { name: 'GPL' } }]],
  ['mit', [{ license: { name: 'mit' } }]],
  ['MIT OR', [{ license: { name: 'MIT OR' } }]],
  ['MIT MIT', [{ license: { name: 'MIT MIT' } }]],
  ['(MIT', [{ license: { name: '(MIT' } }]],
  ['MIT)', [{ license: { name: 'MIT)' } }]],
  ['(MIT) WITH Linux-syscall-note', [{ license: { name: '(MIT) WITH Linux-syscall-note' } }]],
  ['MIT WITH Nothing', [{ license: { name: 'MIT WITH Nothing' } }]],
  ['()', [{ license: { name: '()' } }]],
  [' ', []],
])('the licence %j', (text, expected) => {
  expect(licensesOf(text)).toEqual(expected);
});

test('every licence id that is known is one that CycloneDX knows', () => {
  const packages = [...spdxIds].map((license, i) => pack({ name: `p${i}`, version: '1', license }));
  const { components } = documentOf(evidence({ packages }));
  expect(components.slice(1).map(({ licenses }) => licenses)).toEqual([...spdxIds].map((id) => [{ license: { id } }]));
});

test('a finding that does not count says why, for each component', () => {
  const one = pack({ name: 'one', version: '1' });
  const answered = { by: 'owner', because: 'the distribution speaks of it' } as const;
  const { vulnerabilities } = documentOf(
    evidence({ packages: [one], findings: [finding(one, { id: 'CVE-2024-1', severity: 'high', answered })] }),
  );
  expect(vulnerabilities[0]).toMatchObject({
    properties: [{ name: 'sluice:answered', value: 'pkg:npm/one@1: the distribution speaks of it' }],
  });
});

test('the base image is told, and what only a bill of materials tells of is an image where it has layers', () => {
  const { layers } = shop.target;
  const base = { name: 'debian:12', layers: 1, by: 'provenance' } as const;
  expect(documentOf(evidence({ target: { kind: 'sbom', base, layers } })).metadata).toMatchObject({
    component: {
      type: 'container',
      name: 'bill of materials',
      properties: [
        { name: 'sluice:kind', value: 'sbom' },
        { name: 'sluice:base:name', value: 'debian:12' },
        { name: 'sluice:base:layers', value: '1' },
        { name: 'sluice:base:by', value: 'provenance' },
        ...Array(8).fill(expect.anything()),
      ],
    },
  });
  expect(documentOf(evidence({ target: { kind: 'sbom', layers: [] } })).metadata).toMatchObject({
    component: { type: 'application' },
  });
});

test('VEX documents are named by their digests', () => {
  const { metadata } = documentOf(known, knownVerdict) as { metadata: { properties: { name: string }[] } };
  expect(metadata.properties.filter(({ name }) => name.startsWith('sluice:vex'))).toEqual([
    { name: 'sluice:vex', value: `sha256:${'c'.repeat(64)} acme-1` },
    { name: 'sluice:vex:not-believed', value: `sha256:${'d'.repeat(64)} attached` },
  ]);
});

/** What a document says of its vulnerabilities beside what it affects. */
function said(given: Evidence, verdict: Verdict = pass): object[] {
  return documentOf(given, verdict).vulnerabilities.map((vulnerability) => {
    const { affects, ...rest } = vulnerability as typeof vulnerability & Record<string, unknown>;
    const { 'bom-ref': ref, ratings, cwes, published, analysis, properties } = rest as Record<string, unknown>;
    return { ref, ratings, cwes, published, analysis, properties, affects: affects.map((one) => one.ref) };
  });
}

test('all that is known of a vulnerability is in its place', () => {
  const openssl = 'pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12';
  const libssl = 'pkg:deb/debian/libssl3@3.0.1-1?arch=amd64&distro=debian-12';
  const log4j = 'pkg:maven/a/log4j-core@2.14.0';
  const epss = { name: 'EPSS', url: 'https://www.first.org/epss/' };
  const rating = (severity: string) => ({ severity, justification: "the publisher's word" });
  const notReached =
    'not affected (vulnerable_code_not_in_execute_path), says Acme Security in acme-1 of 2026-01-02: nothing calls it';
  const affected = 'affected, says Other in o.json of 2025-06-01';
  const updateIt = 'affected, says Acme Security in acme-1 of 2026-01-02: update it';
  const fixed = 'fixed, says Acme Security in acme-1 of 2026-01-02';
  const [first, ...others] = said(known, knownVerdict);
  expect(first).toEqual({
    ref: 'vulnerability:CVE-2021-44228',
    ratings: [
      {
        score: 10,
        severity: 'critical',
        method: 'CVSSv31',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
        justification: "the publisher's word",
      },
      {
        source: epss,
        score: 0.9756,
        method: 'other',
        justification: 'probability of exploitation within 30 days, percentile 0.9999',
      },
    ],
    cwes: [20, 917],
    published: '2021-12-10T00:40:56Z',
    analysis: { state: 'exploitable', detail: `${updateIt}; but ${fixed}` },
    properties: [
      { name: 'sluice:exploited', value: '2021-12-10' },
      { name: 'sluice:exploited:due', value: '2021-12-24' },
      { name: 'sluice:exploited:ransomware', value: 'true' },
      { name: 'sluice:risk', value: '99.5' },
      { name: 'sluice:statement', value: `${log4j}: ${updateIt}` },
      { name: 'sluice:statement', value: `${log4j}: ${fixed} (not believed)` },
    ],
    affects: [log4j],
  });
  expect(others).toEqual([
    {
      ref: 'vulnerability:CVE-2023-0001',
      ratings: [
        rating('high'),
        {
          source: epss,
          score: 0.0004,
          method: 'other',
          justification: 'probability of exploitation within 30 days, percentile 0.1',
        },
      ],
      cwes: [79],
      analysis: { response: ['will_not_fix'] },
      properties: [
        { name: 'sluice:risk', value: '0.03' },
        { name: 'sluice:fix-state', value: 'wont-fix' },
      ],
      affects: [openssl],
    },
    {
      ref: 'vulnerability:CVE-2023-0002',
      ratings: [rating('medium')],
      properties: [
        { name: 'sluice:disputed', value: 'true' },
        { name: 'sluice:fix-state', value: 'deferred' },
      ],
      affects: [openssl],
    },
    {
      ref: 'vulnerability:CVE-2023-0003',
      ratings: [rating('high')],
      analysis: {
        state: 'not_affected',
        justification: 'code_not_reachable',
        detail: `${notReached}; but ${affected}`,
      },
      properties: [
        ...[openssl, libssl].map((ref) => ({
          name: 'sluice:answered',
          value: `${ref}: Acme Security says that it is not affected`,
        })),
        ...[openssl, libssl].flatMap((ref) => [
          { name: 'sluice:statement', value: `${ref}: ${notReached}` },
          { name: 'sluice:statement', value: `${ref}: ${affected}` },
        ]),
      ],
      affects: [openssl, libssl],
    },
    {
      ref: 'vulnerability:CVE-2023-0004',
      ratings: [rating('low')],
      analysis: { state: 'not_affected', detail: 'Debian says that its package never had the flaw' },
      properties: [{ name: 'sluice:answered', value: `${openssl}: Debian says that its package never had the flaw` }],
      affects: [openssl],
    },
    {
      ref: 'vulnerability:CVE-2023-0005',
      ratings: [rating('low')],
      properties: [
        { name: 'sluice:fix-state', value: 'end-of-life' },
        {
          name: 'sluice:statement',
          value: `${openssl}: not affected, says Acme Security in attached of 2026-01-02 (not believed)`,
        },
      ],
      affects: [openssl],
    },
  ]);
});

test("the distribution's word on a severity stands beside the score of another", () => {
  const one = pack({ name: 'one', version: '1' });
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const given = { id: 'CVE-1', severity: 'low', severitySource: 'distribution' } as const;
  const findings = [finding(one, { ...given, score: 9.8, vector }), finding(one, { ...given, id: 'CVE-2' })];
  const word = { severity: 'low', justification: "the distribution's word" };
  expect(said(evidence({ packages: [one], findings }))).toMatchObject([
    { ratings: [word, { score: 9.8, method: 'CVSSv31', vector }] },
    { ratings: [word] },
  ]);
});

test('what is said of one package is not said of another', () => {
  const [one, two, three] = ['one', 'two', 'three'].map((name) => pack({ name, version: '1' }));
  const of = (found: typeof one, given: object) =>
    finding(found as NonNullable<typeof one>, { id: 'CVE-1', severity: 'low', ...given });
  const findings = [
    of(one, { answered: { by: 'vex', because: 'x' }, statements: [note({ status: 'fixed' })] }),
    of(two, {}),
    of(three, { statements: [note({ status: 'under_investigation' })] }),
  ];
  const packages = [one, two, three].filter((found) => found !== undefined);
  expect(said(evidence({ packages, findings }))).toMatchObject([
    { ref: 'vulnerability:CVE-1', analysis: { state: 'resolved' }, affects: ['pkg:npm/one@1'] },
    { ref: 'vulnerability:CVE-1|2', analysis: undefined, affects: ['pkg:npm/two@1'] },
    { ref: 'vulnerability:CVE-1|3', analysis: { state: 'in_triage' }, affects: ['pkg:npm/three@1'] },
  ]);
});

test.each([
  ['component_not_present', 'code_not_present'],
  ['vulnerable_code_not_present', 'code_not_present'],
  ['vulnerable_code_not_in_execute_path', 'code_not_reachable'],
  ['inline_mitigations_already_exist', 'protected_by_mitigating_control'],
  ['vulnerable_code_cannot_be_controlled_by_adversary', undefined],
  ['requires_configuration', 'requires_configuration'],
  ['anything else', undefined],
])('the justification %s is %s', (justification, expected) => {
  const one = pack({ name: 'one', version: '1' });
  const statements = [note({ status: 'not_affected', justification })];
  const answered = { by: 'vex', because: 'x' } as const;
  const findings = [finding(one, { id: 'CVE-1', severity: 'low', statements, answered })];
  const [vulnerability] = said(evidence({ packages: [one], findings })) as { analysis: { justification?: string } }[];
  expect(vulnerability?.analysis.justification).toBe(expected);
});
