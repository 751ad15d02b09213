import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { report } from '../../src/report/sarif.ts';
import {
  context,
  evidence,
  finding,
  hostile,
  known,
  knownVerdict,
  pack,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';
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
      {
        ecosystem: 'npm',
        origin: 'osv-export',
        newest: '2026-01-02T03:04:05Z',
        checkedAt: '2026-01-03T04:05:06.000Z',
        digest: `sha256:${'9'.repeat(64)}`,
      },
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
    suppressions: [{ kind: 'external', status: 'accepted', justification: 'its files are those of python3-jinja2' }],
    properties: { judged: false, answeredBy: 'owner' },
  });
});

describe('all that is known', () => {
  const { tool, results, properties } = runOf(known, knownVerdict);

  test('of a flaw is in its rule', () => {
    expect(tool.driver.rules.slice(0, 4).map(({ id, properties: bag }) => [id, bag])).toEqual([
      [
        'CVE-2021-44228',
        {
          tags: [
            'security',
            'vulnerability',
            'critical',
            'known-exploited',
            'external/cwe/cwe-020',
            'external/cwe/cwe-917',
          ],
          precision: 'very-high',
          'security-severity': '10.0',
          aliases: [],
          cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
        },
      ],
      [
        'CVE-2023-0001',
        {
          tags: ['security', 'vulnerability', 'high', 'external/cwe/cwe-079'],
          precision: 'very-high',
          'security-severity': '8.0',
          aliases: [],
        },
      ],
      [
        'CVE-2023-0002',
        {
          tags: ['security', 'vulnerability', 'medium'],
          precision: 'very-high',
          'security-severity': '5.5',
          aliases: [],
        },
      ],
      [
        'CVE-2023-0003',
        {
          tags: ['security', 'vulnerability', 'high'],
          precision: 'very-high',
          'security-severity': '8.0',
          aliases: [],
        },
      ],
    ]);
    expect(tool.driver.rules[0]?.help.text).toBe(
      'CVE-2021-44228: A flaw\nSeverity: critical\nKnown to be exploited, also by ransomware (CISA KEV, added 2021-12-10)\nProbability of exploitation within 30 days: 97.6 % (EPSS)\nlog4j-core 2.14.0: update to 2.15.0\nhttps://nvd.nist.gov/vuln/detail/CVE-2021-44228',
    );
    expect(tool.driver.rules[2]?.help.text).toContain(
      '\nDisputed: somebody contests that this is a flaw\nopenssl 3.0.1-1: fix deferred\n',
    );
  });

  test('of a finding is in its result', () => {
    expect(results[0]).toMatchObject({
      level: 'error',
      message: {
        text: 'log4j-core 2.14.0 has critical vulnerability CVE-2021-44228: A flaw. It is known to be exploited. Update log4j-core 2.14.0 to 2.15.0.',
      },
      properties: {
        cwes: ['CWE-20', 'CWE-917'],
        published: '2021-12-10T00:40:56Z',
        exploited: { added: '2021-12-10', due: '2021-12-24', ransomware: true },
        epss: { score: 0.9756, percentile: 0.9999 },
        risk: 99.5,
        statements: [
          'affected, says Acme Security in acme-1 of 2026-01-02: update it',
          'fixed, says Acme Security in acme-1 of 2026-01-02',
        ],
      },
    });
    expect(results[1]).toMatchObject({
      message: {
        text: 'openssl 3.0.1-1 has high vulnerability CVE-2023-0001: A flaw. No fix is known for openssl 3.0.1-1: the distribution says that it will not fix it.',
      },
      properties: { fixState: 'wont-fix' },
    });
    expect(results[2]).toMatchObject({ properties: { fixState: 'deferred', disputed: true } });
  });

  test('of what VEX answers is why it is suppressed, and who says the contrary', () => {
    const because =
      'not affected (vulnerable_code_not_in_execute_path), says Acme Security in acme-1 of 2026-01-02: nothing calls it; but affected, says Other in o.json of 2025-06-01';
    const suppressed = results.map((result) => (result as { suppressions?: unknown }).suppressions);
    const distribution = 'Debian says that its package never had the flaw';
    expect(suppressed).toEqual([
      undefined,
      undefined,
      undefined,
      [{ kind: 'external', status: 'accepted', justification: because }],
      [{ kind: 'external', status: 'accepted', justification: because }],
      [{ kind: 'external', status: 'accepted', justification: distribution }],
      undefined,
    ]);
    expect(results.map(({ level }) => level)).toEqual(['error', 'error', 'warning', 'note', 'note', 'note', 'note']);
  });

  test('of the data is told of the run', () => {
    expect(properties).toMatchObject({
      sources: [
        { ecosystem: 'Debian', failed: { at: '2026-01-03T10:00:00.000Z', message: 'the server answered 429' } },
        { ecosystem: 'Maven' },
        { ecosystem: 'KEV', origin: 'feed', newest: '2026-01-01' },
        { ecosystem: 'EPSS', checkedAt: '2026-01-01T00:00:00Z' },
      ],
      vex: [
        { document: 'acme-1', digest: `sha256:${'c'.repeat(64)}`, applied: 2, believed: true },
        { document: 'attached', digest: `sha256:${'d'.repeat(64)}`, applied: 0, believed: false },
      ],
    });
  });
});

test('a rule has no more tags than are accepted', () => {
  const one = pack({ name: 'one', version: '1' });
  const cwes = Array.from({ length: 40 }, (_, i) => `CWE-${i + 1}`);
  const { tool } = runOf(evidence({ findings: [finding(one, { id: 'CVE-2024-1', severity: 'low', cwes })] }));
  const { tags = [] } = (tool.driver.rules[0]?.properties ?? {}) as { tags?: string[] };
  expect([tags.length, tags.slice(2, 5)]).toEqual([20, ['low', 'external/cwe/cwe-001', 'external/cwe/cwe-002']]);
});
