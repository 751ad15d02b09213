import { expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { licensesOf } from '../../src/report/cyclonedx/licenses.ts';
import { spdxIds } from '../../src/report/cyclonedx/spdx-ids.ts';
import { report } from '../../src/report/cyclonedx.ts';
import { context, evidence, finding, pack, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';
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
}

const pass: Verdict = { decision: 'pass', reasons: [] };
const check = cycloneDxCheck();

/** The document for this evidence, which must be good CycloneDX and hold together. */
function documentOf(given: Evidence, verdict: Verdict = pass): Document {
  const document = JSON.parse(report.render(given, verdict, context)) as Document;
  expect(check(document)).toEqual([]);
  const refs = document.components.map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  expect(document.dependencies).toEqual([{ ref: 'target', dependsOn: refs }]);
  const known = new Set(refs);
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
        { name: 'sluice:image:digest', value: `sha256:${'a'.repeat(64)}` },
        { name: 'sluice:image:id', value: `sha256:${'b'.repeat(64)}` },
        { name: 'sluice:image:platform', value: 'linux/amd64' },
        { name: 'sluice:layer:0:diffID', value: `sha256:${'1'.repeat(64)}` },
        { name: 'sluice:layer:1:diffID', value: `sha256:${'3'.repeat(64)}` },
      ],
    },
    properties: [
      { name: 'sluice:decision', value: 'stop' },
      { name: 'sluice:source:npm', value: 'osv-export 2026-01-02T03:04:05Z' },
      { name: 'sluice:problem:blinding', value: 'rpm/row-damaged: /var/lib/rpm/rpmdb.sqlite: a row is damaged' },
      { name: 'sluice:problem', value: 'npm/unreadable: /app/x/package.json: not JSON' },
    ],
  });
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
      component: { type: kind === 'source' ? 'application' : 'platform', properties: [] },
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
  expect(
    documentOf(evidence({ packages: [pack({ name: 'a', version: '9'.repeat(5000) })] })).components[1]?.version,
  ).toHaveLength(1024);
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
