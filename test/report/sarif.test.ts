import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { report } from '../../src/report/sarif.ts';
import { context, evidence, finding, hostile, pack, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';
import { sarifCheck } from './schemas.ts';

interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly Rule[];
          readonly notifications: readonly { readonly id: string }[];
        };
      };
      readonly invocations: readonly [
        { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly Notification[] },
      ];
      readonly results: readonly Result[];
      readonly properties: unknown;
    },
  ];
}

interface Rule {
  readonly id: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly properties: { readonly 'security-severity': string };
}

interface Notification {
  readonly descriptor: { readonly id: string };
  readonly level: string;
  readonly message: { readonly text: string };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
}

const pass: Verdict = { decision: 'pass', reasons: [] };
const check = sarifCheck();

/** The run of the log for this evidence, which must be good SARIF. */
function runOf(given: Evidence, verdict: Verdict = pass) {
  const log = JSON.parse(report.render(given, verdict, context)) as Log;
  expect(check(log)).toEqual([]);
  return log.runs[0];
}

test('a check that takes anything would be none', () => {
  const log = JSON.parse(report.render(shop, shopVerdict, context)) as { runs: { results: { level: string }[] }[] };
  (log.runs[0]?.results[0] as { level: string }).level = 'bad';
  expect(check(log)).toHaveLength(1);
  expect(check({ version: '2.1.0' })).toHaveLength(1);
});

test('one rule an id, one result a finding', () => {
  const { tool, results } = runOf(shop, shopVerdict);
  expect(tool.driver.rules.map(({ id, properties }) => [id, properties['security-severity']])).toEqual([
    ['CVE-2019-10744', '9.1'],
    ['CVE-2025-26519', '8.0'],
    ['CVE-2022-3517', '8.0'],
    ['CVE-2021-23337', '5.5'],
    ['NSWG-ECO-1', '0.0'],
  ]);
  expect(results.map(({ ruleId, ruleIndex, level, message }) => [ruleId, ruleIndex, level, message.text])).toEqual([
    [
      'CVE-2019-10744',
      0,
      'error',
      'lodash 4.17.4 has critical vulnerability CVE-2019-10744: A flaw. Update lodash 4.17.4 to 4.17.12.',
    ],
    [
      'CVE-2025-26519',
      1,
      'error',
      'musl 1.2.3-r3 has high vulnerability CVE-2025-26519: Out-of-bounds write. Update musl 1.2.3-r3 to 1.2.3-r4.',
    ],
    [
      'CVE-2025-26519',
      1,
      'error',
      'musl-utils 1.2.3-r3 has high vulnerability CVE-2025-26519: Out-of-bounds write. Update musl-utils 1.2.3-r3 to 1.2.3-r4.',
    ],
    [
      'CVE-2022-3517',
      2,
      'note',
      'minimatch 3.0.4 has high vulnerability CVE-2022-3517: A flaw. Update minimatch 3.0.4 to 3.0.5. The gate does not judge it: it is only declared, not installed.',
    ],
    [
      'CVE-2021-23337',
      3,
      'warning',
      'lodash 4.17.4 has medium vulnerability CVE-2021-23337: A flaw. Update lodash 4.17.4 to 4.17.21.',
    ],
    ['NSWG-ECO-1', 4, 'note', 'lodash 4.17.4 has vulnerability NSWG-ECO-1. No fix is known for lodash 4.17.4.'],
  ]);
});

test('a result and a rule in full', () => {
  const { tool, results } = runOf(shop, shopVerdict);
  expect(results[0]).toEqual({
    ruleId: 'CVE-2019-10744',
    ruleIndex: 0,
    level: 'error',
    message: {
      text: 'lodash 4.17.4 has critical vulnerability CVE-2019-10744: A flaw. Update lodash 4.17.4 to 4.17.12.',
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'app/node_modules/lodash/package.json', uriBaseId: 'ROOTPATH' },
          region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
        },
        logicalLocations: [{ name: 'lodash', fullyQualifiedName: 'pkg:npm/lodash@4.17.4', kind: 'package' }],
        message: { text: 'lodash 4.17.4' },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{16}:1$/) },
    properties: {
      purl: 'pkg:npm/lodash@4.17.4',
      presence: 'installed',
      judged: true,
      severity: 'critical',
      fixed: ['4.17.12'],
      layer: 1,
      from: 'own',
      layerDiffId: `sha256:${'3'.repeat(64)}`,
    },
  });
  expect(tool.driver.rules[0]).toEqual({
    id: 'CVE-2019-10744',
    name: 'VulnerablePackage',
    shortDescription: { text: 'CVE-2019-10744: critical vulnerability in lodash' },
    fullDescription: { text: 'A flaw' },
    defaultConfiguration: { level: 'error' },
    helpUri: 'https://nvd.nist.gov/vuln/detail/CVE-2019-10744',
    help: {
      text: 'CVE-2019-10744: A flaw\nSeverity: critical\nAlso known as: GHSA-jf85-cpcp-j695\nlodash 4.17.4: update to 4.17.12\nhttps://nvd.nist.gov/vuln/detail/CVE-2019-10744',
      markdown:
        '**CVE-2019-10744** A flaw\n\nSeverity: **critical**\n\nAlso known as GHSA-jf85-cpcp-j695\n\n| Package | Installed | Fixed in |\n| --- | --- | --- |\n| lodash | 4.17.4 | 4.17.12 |\n\n[NVD](https://nvd.nist.gov/vuln/detail/CVE-2019-10744)',
    },
    properties: {
      tags: ['security', 'vulnerability', 'critical'],
      precision: 'very-high',
      'security-severity': '9.1',
      aliases: ['GHSA-jf85-cpcp-j695'],
      cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N',
    },
  });
});

test('problems and lacking data are notifications; what blinds makes the run no success', () => {
  const { invocations, tool } = runOf(shop, shopVerdict);
  expect(invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          descriptor: { id: 'rpm/row-damaged' },
          level: 'error',
          message: { text: 'a row is damaged (layer 0)' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'var/lib/rpm/rpmdb.sqlite', uriBaseId: 'ROOTPATH' } } },
          ],
        },
        {
          descriptor: { id: 'npm/unreadable' },
          level: 'warning',
          message: { text: 'not JSON (layer 1)' },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'app/x/package.json', uriBaseId: 'ROOTPATH' } } }],
        },
        {
          descriptor: { id: 'data/age' },
          level: 'warning',
          message: { text: 'the data is old; run: sluice db update' },
        },
      ],
    },
  ]);
  expect(tool.driver.notifications).toEqual([{ id: 'data/age' }, { id: 'npm/unreadable' }, { id: 'rpm/row-damaged' }]);
});

test('nothing found is an empty list and a success', () => {
  const run = runOf(evidence({}));
  expect(run.results).toEqual([]);
  expect(run.tool.driver.rules).toEqual([]);
  expect(run.invocations[0]).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] });
  expect(run.properties).toEqual({
    targetKind: 'image',
    imageDigest: `sha256:${'a'.repeat(64)}`,
    imageID: `sha256:${'b'.repeat(64)}`,
    platform: 'linux/amd64',
    distribution: 'alpine 3.18.9',
    layers: [`sha256:${'1'.repeat(64)}`, `sha256:${'3'.repeat(64)}`],
    sources: [
      { ecosystem: 'npm', origin: 'osv-export', newest: '2026-01-02T03:04:05Z', digest: `sha256:${'9'.repeat(64)}` },
    ],
    decision: 'pass',
    reasons: [],
  });
});

describe('fingerprints', () => {
  const prints = (findings: Finding[]) =>
    runOf(evidence({ findings })).results.map((result) => result.partialFingerprints.primaryLocationLineHash);
  const jar = (version: string) =>
    pack({ name: 'g:a', version, purl: `pkg:maven/g/a@${version}`, paths: [`/lib/a-${version}.jar`] });
  const flaw = (version: string, id = 'CVE-2024-1') => finding(jar(version), { id, severity: 'high', fixed: ['9'] });

  test('outlive an update that fixes nothing', () => {
    expect(prints([flaw('1.0')])).toEqual(prints([flaw('1.1')]));
  });

  test('differ by flaw, and by the number of the same package', () => {
    const [a, b, c] = prints([flaw('1.0'), flaw('1.1'), flaw('1.0', 'CVE-2024-2')]);
    expect(new Set([a, b, c]).size).toBe(3);
    expect(a?.slice(0, -2)).toBe(b?.slice(0, -2));
  });

  test('differ by place and by architecture', () => {
    const at = (path: string) => finding({ ...jar('1.0'), paths: [path] }, { id: 'CVE-2024-1', severity: 'high' });
    const arch = (text: string) =>
      finding(pack({ name: 'a', version: '1', purl: `pkg:rpm/x/a@1?arch=${text}&distro=x-9`, paths: [] }), {
        id: 'CVE-2024-1',
        severity: 'high',
      });
    const all = prints([at('/a/x.jar'), at('/b/x.jar'), arch('i686'), arch('x86_64')]).map(
      (text) => text.split(':')[0],
    );
    expect(new Set(all).size).toBe(4);
  });
});

test('the shown score never contradicts the severity that the gate goes by', () => {
  const one = pack({ name: 'one', version: '1' });
  const cases = [
    ['critical', 9.8, '9.8'],
    ['critical', 5, '9.5'],
    ['high', 9.8, '8.0'],
    ['high', undefined, '8.0'],
    ['medium', 6.9, '6.9'],
    ['low', 7, '2.0'],
    ['negligible', undefined, '0.5'],
    ['unknown', 9.8, '0.0'],
  ] as const;
  const findings = cases.map(([severity, score], i) =>
    finding(one, { id: `CVE-2024-${i}`, severity, ...(score === undefined ? {} : { score }) }),
  );
  expect(runOf(evidence({ findings })).tool.driver.rules.map((rule) => rule.properties['security-severity'])).toEqual(
    cases.map(([, , shown]) => shown),
  );
});

test('places are relative and encoded, and a finding without one has one', () => {
  const at = (...paths: string[]) =>
    finding(pack({ name: 'a', version: '1', paths }), { id: 'CVE-2024-1', severity: 'low' });
  const uris = runOf(evidence({ findings: [at('/a b/c:d/é%', '//x/../y'), at()] })).results.map((result) =>
    result.locations.map((location) => location.physicalLocation.artifactLocation.uri),
  );
  expect(uris).toEqual([['a%20b/c%3Ad/%C3%A9%25', 'x/y'], ['image']]);
});

test('more results than are shown or accepted are said to be', () => {
  const one = pack({ name: 'one', version: '1' });
  const many = (n: number) =>
    Array.from({ length: n }, (_, i) => finding(one, { id: `CVE-2024-${i % 100}`, severity: 'low' }));
  const of = (n: number) => {
    const log = JSON.parse(report.render(evidence({ findings: many(n) }), pass, context)) as Log;
    return [
      log.runs[0].results.length,
      ...log.runs[0].invocations[0].toolExecutionNotifications.map((note) => note.message.text),
    ];
  };
  expect(of(5_000)).toEqual([5_000]);
  expect(of(5_001)).toEqual([5_001, 'Of 5001 findings code scanning shows the worst 5000; all are in this report.']);
  expect(of(25_001)).toEqual([
    25_000,
    'Of 25001 findings the worst 25000 are in this report, the most that code scanning accepts; -o json has all.',
  ]);
});

test('hostile text stays text', () => {
  const text = report.render(trapImage, trapVerdict, context);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(text.isWellFormed()).toBe(true);
  const run = runOf(trapImage, trapVerdict);
  const [rule] = run.tool.driver.rules;
  expect(rule?.help.markdown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  // No HTML, no link but our own, no border of the table but its own.
  expect(rule?.help.markdown.match(/</g)).toBeNull();
  expect(rule?.help.markdown.match(/(?<!\\)\]\(/g)).toHaveLength(1);
  const row = rule?.help.markdown.split('\n').find((line) => line.startsWith('| x'));
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(4);
  expect(run.results[0]?.message.text).not.toContain('](');
  expect(run.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
    `a%20b/%252e/${hostile
      .toWellFormed()
      .split('/')
      .filter((part) => part !== '')
      .map(encodeURIComponent)
      .join('/')}/%C3%A9/package.json`,
  );
});

test('what a package of the distribution answers is suppressed, with the reason', () => {
  const jinja = pack({ name: 'jinja2', version: '2.10' });
  const answered = { by: 'owner', because: 'its files are those of python3-jinja2' } as const;
  const { results } = runOf(
    evidence({ packages: [jinja], findings: [finding(jinja, { id: 'CVE-1', severity: 'high', answered })] }),
    { decision: 'pass', reasons: [] },
  );
  expect(results[0]).toMatchObject({
    level: 'note',
    suppressions: [{ kind: 'external', justification: 'its files are those of python3-jinja2' }],
    properties: { judged: false },
  });
});
