import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/model/digest.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { Report, ReportContext } from '../../src/report/contract.ts';
import { report as codeQuality } from '../../src/report/gitlab-code-quality.ts';
import { report as containerScanning } from '../../src/report/gitlab-container-scanning.ts';
import { report as dependencyScanning } from '../../src/report/gitlab-dependency-scanning.ts';
import { report as secretDetection } from '../../src/report/gitlab-secret-detection.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
  context,
  evidence,
  finding,
  hostile,
  known,
  knownVerdict,
  pack,
  placedByOthers,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

interface Vulnerability {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly solution: string;
  readonly description: string;
  readonly identifiers: readonly { readonly type: string; readonly value: string }[];
  readonly flags?: readonly { readonly description: string }[];
  readonly location: { readonly file?: string; readonly start_line?: number; readonly image?: string };
}

interface SecurityReport {
  readonly scan: {
    readonly status: string;
    readonly start_time: string;
    readonly messages: readonly { readonly level: string; readonly value: string }[];
  };
  readonly vulnerabilities: readonly Vulnerability[];
}

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: unknown;
}

const pass: Verdict = { decision: 'pass', reasons: [] };
const reports = [containerScanning, dependencyScanning, secretDetection, codeQuality];

function schema(name: string): object {
  const path = join(import.meta.dirname, '..', 'fixtures', 'gitlab', `${name}.schema.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(schema('security-report'));
const checks = new Map(reports.map(({ id }) => [id, ajv.compile(schema(id.slice('gitlab-'.length)))]));

/** The report, which its schema must take. */
function rendered(
  report: Report,
  given: Evidence,
  verdict: Verdict = pass,
  more: Partial<ReportContext> = {},
): unknown {
  const value: unknown = JSON.parse(report.render(given, verdict, { ...context, ...more }));
  const check = checks.get(report.id);
  expect(check?.(value), JSON.stringify(check?.errors)).toBe(true);
  return value;
}

function security(report: Report, given: Evidence, verdict: Verdict = pass, more: Partial<ReportContext> = {}) {
  return rendered(report, given, verdict, more) as SecurityReport;
}

function quality(given: Evidence, verdict: Verdict = pass) {
  return rendered(codeQuality, given, verdict) as Issue[];
}

/** The same evidence on a target of another kind. */
function on(kind: Evidence['target']['kind'], given: Partial<Evidence> = {}): Evidence {
  const whole = evidence(given);
  return { ...whole, target: { kind, layers: [] } };
}

/** Control characters but the line ends of Markdown, and what turns the direction of writing. */
const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;

/** All texts of a document. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const unique = (texts: readonly string[]) => new Set(texts).size === texts.length;

describe('every format', () => {
  test.each(reports)('$id: a check that takes anything would be none', (report) => {
    const check = checks.get(report.id);
    expect(check?.({})).toBe(false);
    expect(check?.([{ description: '' }])).toBe(false);
    expect(check?.({ version: '15.0.7', scan: {}, vulnerabilities: [] })).toBe(false);
  });

  test.each(reports)('$id: is valid for what is empty, ordinary and hostile', (report) => {
    const placed = [
      placedSecret({ title: hostile, message: hostile, why: hostile, fix: hostile, links: [hostile] }),
      placedSetting({ id: hostile, place: { in: 'configuration', name: hostile } }),
      placedByOthers({ tool: hostile, place: { in: 'file', path: `/../${hostile}`, line: 3 } }),
    ];
    for (const given of [evidence({}), shop, known, { ...trapImage, placed }]) {
      for (const kind of ['image', 'rootfs', 'source', 'sbom', 'dockerfile'] as const) {
        rendered(report, { ...given, target: { ...given.target, kind } }, shopVerdict, { name: hostile });
      }
    }
    for (const kind of ['image', 'source'] as const) {
      const given = { ...trapImage, placed, target: { ...trapImage.target, kind } };
      const bad = textsOf(rendered(report, given, trapVerdict, { name: hostile })).filter((text) => unsafe.test(text));
      expect(bad).toEqual([]);
    }
  });

  test.each(reports)('$id: is valid for any evidence, and the same each time', (report) => {
    fc.assert(
      fc.property(arbitraryEvidence, (given) => {
        const value = rendered(report, given, shopVerdict);
        expect(rendered(report, given, shopVerdict)).toEqual(value);
        const ids = Array.isArray(value)
          ? (value as Issue[]).map(({ fingerprint }) => fingerprint)
          : (value as SecurityReport).vulnerabilities.map(({ id }) => id);
        expect(unique(ids)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test.each(reports)('$id: a secret is never in it, even where the user asked for it', (report) => {
    const value = 'hunter2hunter2';
    const given = evidence({ placed: [placedSecret({ secret: { shown: 'hun…(14)', score: 90, notes: [], value } })] });
    expect(report.render(given, pass, context)).not.toContain(value);
  });
});

describe('container scanning', () => {
  test('says all that is known of a flaw', () => {
    expect(rendered(containerScanning, { ...shop, findings: shop.findings.slice(0, 1), problems: [] })).toEqual({
      version: '15.0.7',
      scan: {
        analyzer: { id: 'sluice', name: 'sluice', vendor: { name: 'sluice' }, version: '1.2.3' },
        scanner: { id: 'sluice', name: 'sluice', vendor: { name: 'sluice' }, version: '1.2.3' },
        type: 'container_scanning',
        start_time: '1970-01-01T00:00:00',
        end_time: '1970-01-01T00:00:00',
        status: 'success',
        messages: [],
      },
      vulnerabilities: [
        {
          id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
          name: 'A flaw',
          description:
            'A flaw\n\nAlso known as GHSA-jf85-cpcp-j695.\n\nIn `/app/node_modules/lodash/package.json` (layer 1, own).',
          severity: 'Critical',
          solution: 'Update `lodash` `4.17.4` to `4.17.12`.',
          identifiers: [
            {
              type: 'cve',
              name: 'CVE-2019-10744',
              value: 'CVE-2019-10744',
              url: 'https://nvd.nist.gov/vuln/detail/CVE-2019-10744',
            },
            {
              type: 'ghsa',
              name: 'GHSA-jf85-cpcp-j695',
              value: 'GHSA-jf85-cpcp-j695',
              url: 'https://github.com/advisories/GHSA-jf85-cpcp-j695',
            },
          ],
          cvss_vectors: [{ vendor: 'unknown', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N' }],
          links: [{ name: 'NVD', url: 'https://nvd.nist.gov/vuln/detail/CVE-2019-10744' }],
          location: {
            dependency: { package: { name: 'lodash' }, version: '4.17.4' },
            operating_system: 'alpine:3.18.9',
            image: 'shop.tar',
          },
        },
      ],
    });
  });

  test('gives each severity the word of GitLab, and says what is only declared', () => {
    const { vulnerabilities } = security(containerScanning, shop, shopVerdict);
    expect(vulnerabilities.map(({ severity, flags, identifiers }) => [identifiers[0]?.value, severity, flags])).toEqual(
      [
        ['CVE-2019-10744', 'Critical', undefined],
        ['CVE-2025-26519', 'High', undefined],
        ['CVE-2025-26519', 'High', undefined],
        [
          'CVE-2022-3517',
          'High',
          [
            {
              type: 'flagged-as-likely-false-positive',
              origin: 'sluice',
              description: 'the gate does not judge it: it is only declared, not installed',
            },
          ],
        ],
        ['CVE-2021-23337', 'Medium', undefined],
        ['NSWG-ECO-1', 'Unknown', undefined],
      ],
    );
    expect(vulnerabilities[5]).toMatchObject({
      name: 'NSWG-ECO-1',
      identifiers: [{ type: 'osv', url: 'https://osv.dev/vulnerability/NSWG-ECO-1' }],
      solution: 'No fix is known for `lodash` `4.17.4`.',
    });
  });

  test('an image that could not be read in full is a failure, which says why', () => {
    expect(security(containerScanning, shop, shopVerdict).scan).toMatchObject({
      status: 'failure',
      messages: [
        { level: 'fatal', value: 'rpm/row-damaged: /var/lib/rpm/rpmdb.sqlite: a row is damaged (layer 0)' },
        { level: 'warn', value: 'npm/unreadable: /app/x/package.json: not JSON (layer 1)' },
        { level: 'warn', value: 'data/age: the data is old; run: sluice db update' },
        {
          level: 'info',
          value:
            'vulnerability/severity: the gate says stop: 3 bad ones; the policy stops at high; begin with lodash 4.17.4: update to 4.17.21',
        },
      ],
    });
  });

  test('a gate that is undecided is a failure, whatever it says why', () => {
    const missing: Verdict = {
      decision: 'undecided',
      reasons: [{ rule: 'data/missing', decision: 'undecided', message: 'there is no data for npm' }],
    };
    for (const report of [containerScanning, secretDetection]) {
      expect(security(report, evidence({}), missing).scan).toMatchObject({
        status: 'failure',
        messages: [{ level: 'fatal', value: 'data/missing: there is no data for npm' }],
      });
      expect(security(report, evidence({}), { decision: 'undecided', reasons: [] }).scan).toMatchObject({
        status: 'failure',
        messages: [{ level: 'fatal', value: 'gate/undecided: the gate could not decide' }],
      });
    }
    expect(security(dependencyScanning, on('source'), missing).scan.status).toBe('failure');
  });

  test('what VEX answers is told as that; what is waived is counted', () => {
    const waived = { ...known, findings: [...known.findings] };
    const first = waived.findings[0];
    if (first) waived.findings[0] = { ...first, answered: { by: 'waiver', because: 'we take it' } };
    const { scan, vulnerabilities } = security(containerScanning, waived, knownVerdict);
    expect(vulnerabilities.map(({ flags }) => flags?.[0]?.description)).toEqual([
      undefined,
      undefined,
      'not affected (vulnerable_code_not_in_execute_path), says Acme Security in acme-1 of 2026-01-02: nothing calls it; but affected, says Other in o.json of 2025-06-01',
      'not affected (vulnerable_code_not_in_execute_path), says Acme Security in acme-1 of 2026-01-02: nothing calls it; but affected, says Other in o.json of 2025-06-01',
      'Debian says that its package never had the flaw',
      undefined,
    ]);
    expect(scan.messages[0]).toEqual({
      level: 'warn',
      value: 'data/update-failed: the last update of the data for Debian failed; run: sluice db update',
    });
    expect(scan.messages).toContainEqual({
      level: 'info',
      value: 'report/waived: 1 finding waived and left out; -o json has all',
    });
  });

  test('tells what is known of the flaw, with weaknesses as identifiers', () => {
    const [first] = security(containerScanning, known, knownVerdict).vulnerabilities;
    expect(first?.description).toBe(
      'A flaw\n\nKnown to be exploited, also by ransomware (CISA KEV, added 2021-12-10).\n\nProbability of exploitation within 30 days: 97.6 \\% (EPSS).\n\nIn `/app/node_modules/log4j-core/package.json` (layer 1, own).',
    );
    expect(first?.identifiers.slice(1)).toEqual([
      { type: 'cwe', name: 'CWE-20', value: '20', url: 'https://cwe.mitre.org/data/definitions/20.html' },
      { type: 'cwe', name: 'CWE-917', value: '917', url: 'https://cwe.mitre.org/data/definitions/917.html' },
    ]);
  });

  test('a vector that the schema does not take is left out', () => {
    const one = pack({ name: 'one', version: '1' });
    const vectors = ['CVSS:4.0/AV:N', 'CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N', `CVSS:3.1${'/AV:N'.repeat(30)}`];
    const findings = vectors.map((vector, i) => finding(one, { id: `CVE-2024-${i}`, severity: 'low', vector }));
    expect(containerScanning.render(evidence({ findings }), pass, context)).not.toContain('cvss_vectors');
  });

  test('a folder has no container scanning: the report says so, and is no success', () => {
    const { scan, vulnerabilities } = security(containerScanning, on('source', { findings: shop.findings }));
    expect([scan.status, vulnerabilities, scan.messages]).toEqual([
      'failure',
      [],
      [
        {
          level: 'fatal',
          value:
            'report/other-kind: the target is a folder, and this report holds the flaws of images; see gitlab-dependency-scanning',
        },
      ],
    ]);
  });

  test('packages that were not looked for are no success', () => {
    const { scan } = security(containerScanning, evidence({ looked: ['secrets'] }));
    expect([scan.status, scan.messages[0]]).toEqual([
      'failure',
      { level: 'fatal', value: 'report/not-looked-for: packages were not looked for: see --scanners' },
    ]);
  });

  test('the time is that of SOURCE_DATE_EPOCH, and the image is called as its reference or file is', () => {
    const given = { ...shop, findings: shop.findings.slice(0, 1) };
    const imageOf = (more: Partial<ReportContext>) =>
      security(containerScanning, given, pass, more).vulnerabilities[0]?.location.image;
    expect(security(containerScanning, given, pass, { sourceDateEpoch: '1735689600' }).scan.start_time).toBe(
      '2025-01-01T00:00:00',
    );
    expect(imageOf({ name: '/builds/someone/build/app.tar' })).toBe('app.tar');
    expect(imageOf({ name: 'archive:/builds/someone/app.tar' })).toBe('app.tar');
    expect(imageOf({ name: 'registry.example.com/team/app:1.0' })).toBe('registry.example.com/team/app:1.0');
  });

  test('the image of the default branch is what GitLab says, where the schema takes it', () => {
    const given = { ...shop, findings: shop.findings.slice(0, 1) };
    const told = (CS_DEFAULT_BRANCH_IMAGE: string) =>
      (security(containerScanning, given, pass, { env: { CS_DEFAULT_BRANCH_IMAGE } }).vulnerabilities[0]?.location ??
        {}) as Record<string, unknown>;
    expect(told('registry.example.com:5000/team/app:main').default_branch_image).toBe(
      'registry.example.com:5000/team/app:main',
    );
    for (const odd of ['', 'app', 'a b:c', 'app@sha256:00', `${'a'.repeat(255)}:b`])
      expect(Object.hasOwn(told(odd), 'default_branch_image')).toBe(false);
  });
});

test('ids outlive an update that fixes nothing, another package, and a new digest of the image', () => {
  const updated = pack({ name: 'lodash', version: '4.17.5' });
  const other = pack({ name: 'axios', version: '1.0.0' });
  const before = evidence({
    findings: [finding(pack({ name: 'lodash', version: '4.17.4' }), { id: 'CVE-2019-10744', severity: 'high' })],
  });
  const after = evidence({
    target: { ...before.target, digest: parseDigest(`sha256:${'e'.repeat(64)}`) },
    findings: [
      finding(other, { id: 'CVE-2024-1', severity: 'critical' }),
      finding(updated, { id: 'CVE-2019-10744', severity: 'high' }),
    ],
  });
  const idsOf = (given: Evidence) => security(containerScanning, given).vulnerabilities.map(({ id }) => id);
  expect(idsOf(after)[1]).toBe(idsOf(before)[0]);
  expect(unique(idsOf(after))).toBe(true);
  const moved = placedSecret({ place: { in: 'file', path: '/app/.env', line: 90 } });
  const secretIds = [placedSecret(), moved].map(
    (one) => security(secretDetection, evidence({ placed: [one] })).vulnerabilities[0]?.id,
  );
  expect(secretIds[0]).toBe(secretIds[1]);
});

describe('dependency scanning', () => {
  const found = pack({
    name: 'lodash',
    version: '4.17.4',
    presence: 'declared',
    paths: ['package-lock.json', 'web/package-lock.json'],
  });
  const source = {
    ...on('source', {
      packages: [found],
      findings: [finding(found, { id: 'CVE-2019-10744', severity: 'high', fixed: ['4.17.12'] })],
    }),
    judged: ['declared' as const],
  };

  test('tells a flaw in each file that names the package', () => {
    const report = rendered(dependencyScanning, source) as SecurityReport & { readonly dependency_files: unknown };
    const dependency = { package: { name: 'lodash' }, version: '4.17.4' };
    expect(report.vulnerabilities.map(({ location }) => location)).toEqual([
      { file: 'package-lock.json', dependency },
      { file: 'web/package-lock.json', dependency },
    ]);
    expect(report.vulnerabilities.map(({ flags }) => flags)).toEqual([undefined, undefined]);
    expect(report.dependency_files).toEqual([
      { path: 'package-lock.json', package_manager: 'npm', dependencies: [dependency] },
      { path: 'web/package-lock.json', package_manager: 'npm', dependencies: [dependency] },
    ]);
    expect(report.scan.status).toBe('success');
  });

  test('what a bill of materials lists is in that file', () => {
    const listed = { ...source, target: { kind: 'sbom' as const, layers: [] } };
    const findings = source.findings.map((one) => ({ ...one, paths: [] }));
    const [only] = security(dependencyScanning, { ...listed, findings }, pass, { name: 'bom.json' }).vulnerabilities;
    expect(only?.location.file).toBe('bom.json');
  });

  test('an image has no dependency scanning: the report says so, and is no success', () => {
    const { scan, vulnerabilities } = security(dependencyScanning, shop);
    expect([scan.status, vulnerabilities, scan.messages[0]?.value]).toEqual([
      'failure',
      [],
      'report/other-kind: the target is an image, and this report holds the flaws of folders and bills of materials; see gitlab-container-scanning',
    ]);
  });
});

describe('secret detection', () => {
  test('tells where a secret is, not what it is', () => {
    const { scan, vulnerabilities } = security(
      secretDetection,
      evidence({ placed: [placedSecret(), placedSetting()] }),
    );
    expect(scan).toMatchObject({ type: 'secret_detection', status: 'success', messages: [] });
    expect(vulnerabilities).toEqual([
      {
        id: expect.any(String),
        name: 'GitHub token',
        description:
          'a GitHub token (`ghp_…(40)`, its checksum holds).\n\nWhoever has it can act in the name of its owner.\n\nIn `/app/.env:2 · layer 1`.\n\nControls: NIST SP 800-190 4.1.4.',
        severity: 'High',
        solution: 'Revoke it, and give the new one to the build as a secret mount.',
        identifiers: [
          { type: 'sluice_rule_id', name: 'Rule secret/github-token', value: 'secret/github-token' },
          { type: 'secret_rule_id', name: 'Rule github-pat', value: 'github-pat' },
        ],
        links: [{ url: 'https://docs.example.com/tokens' }],
        location: { file: 'app/.env', start_line: 2, end_line: 2, commit: { sha: '0000000' } },
        tracking: {
          type: 'source',
          items: [
            {
              file: 'app/.env',
              start_line: 2,
              end_line: 2,
              signatures: [{ algorithm: 'hash', value: vulnerabilities[0]?.id }],
            },
          ],
        },
      },
    ]);
  });

  test('is tracked as the same secret when its line has moved', () => {
    const { place } = placedSecret();
    const valueAt = (line: number) => {
      const placed = [placedSecret({ place: { ...place, line, endLine: line } })];
      const [only] = security(secretDetection, evidence({ placed })).vulnerabilities as unknown as {
        tracking: { items: { start_line: number; signatures: { value: string }[] }[] };
      }[];
      return [only?.tracking.items[0]?.start_line, only?.tracking.items[0]?.signatures[0]?.value];
    };
    const [first, moved] = [valueAt(2), valueAt(40)];
    expect([first[0], moved[0]]).toEqual([2, 40]);
    expect(moved[1]).toBe(first[1]);
  });

  test('what stands in the words of the finding already is not told twice', () => {
    const placed = [placedSecret({ message: 'GitHub token: ghp_…(40), its checksum holds' })];
    const [only] = security(secretDetection, evidence({ placed })).vulnerabilities;
    expect(only?.description.split('\n')[0]).toBe('GitHub token: ghp\\_…\\(40\\), its checksum holds.');
    expect(quality(evidence({ placed }))[0]?.description).toMatch(
      /^GitHub token: ghp_…\(40\), its checksum holds, in \/app\/\.env:2 · layer 1\. Fix: /,
    );
  });

  test('of what is in no file it tells the line that made it, else its name; of a commit its hash', () => {
    const places = [
      { in: 'environment' as const, name: 'TOKEN', cause: { path: './Dockerfile', line: 7 } },
      { in: 'environment' as const, name: 'TOKEN' },
      { in: 'commit' as const, path: 'a.env', line: 3, commit: 'ab'.repeat(20) },
    ];
    const placed = places.map((place, i) => placedSecret({ place, fingerprint: String(i) }));
    const none = { sha: '0000000' };
    expect(security(secretDetection, evidence({ placed })).vulnerabilities.map(({ location }) => location)).toEqual([
      { file: 'Dockerfile', start_line: 7, end_line: 7, commit: none },
      { file: 'ENV TOKEN', commit: none },
      { file: 'a.env', start_line: 3, end_line: 3, commit: { sha: 'ab'.repeat(20) } },
    ]);
  });

  test('layers of which the index alone was read are no success', () => {
    const { target } = evidence({});
    const layers = target.layers.map((layer) => ({ ...layer, read: 'index' as const }));
    const { scan } = security(secretDetection, evidence({ target: { ...target, layers } }));
    expect([scan.status, scan.messages[0]]).toEqual([
      'failure',
      {
        level: 'fatal',
        value:
          'report/not-looked-for: layers that were read by their index alone were not searched for secrets: see --verify',
      },
    ]);
    expect(security(secretDetection, on('sbom')).scan.status).toBe('failure');
  });
});

describe('code quality', () => {
  test('holds what has a place, the worst first', () => {
    const answered = { by: 'waiver' as const, because: 'until the new base' };
    const placed = [
      placedByOthers(),
      placedSetting(),
      placedSetting({ id: 'image/adds-url', answered, fingerprint: 'ab' }),
      placedSecret(),
    ];
    expect(quality(evidence({ placed, findings: shop.findings }))).toEqual([
      {
        description:
          'a GitHub token (ghp_…(40), its checksum holds), in /app/.env:2 · layer 1. Fix: Revoke it, and give the new one to the build as a secret mount.',
        check_name: 'secret/github-token',
        fingerprint: expect.any(String),
        severity: 'critical',
        location: { path: 'app/.env', lines: { begin: 2 } },
      },
      {
        description:
          'the image names no user, in configuration User · Dockerfile:9. Fix: End the Dockerfile with a USER line.',
        check_name: 'image/runs-as-root',
        fingerprint: expect.any(String),
        severity: 'major',
        location: { path: 'Dockerfile', lines: { begin: 9 } },
      },
      {
        description:
          'the image names no user, in configuration User · Dockerfile:9. The gate does not judge it: until the new base.',
        check_name: 'image/adds-url',
        fingerprint: expect.any(String),
        severity: 'info',
        location: { path: 'Dockerfile', lines: { begin: 9 } },
      },
      {
        description: 'Bandit 1.7.5: possible hard-coded password, in app/main.py:4.',
        check_name: 'B105',
        fingerprint: expect.any(String),
        severity: 'minor',
        location: { path: 'app/main.py', lines: { begin: 4 } },
      },
    ]);
  });

  test('nothing found is an empty list; what blinds the gate is an issue', () => {
    expect(quality(evidence({}))).toEqual([]);
    expect(quality(shop, shopVerdict)).toEqual([
      {
        description: 'rpm/row-damaged: /var/lib/rpm/rpmdb.sqlite: a row is damaged (layer 0)',
        check_name: 'rpm/row-damaged',
        fingerprint: expect.any(String),
        severity: 'blocker',
        location: { path: 'var/lib/rpm/rpmdb.sqlite', lines: { begin: 1 } },
      },
    ]);
    expect(quality(evidence({}), { decision: 'undecided', reasons: [] })).toHaveLength(1);
    expect(quality(evidence({ looked: ['packages'] }))).toMatchObject([{ check_name: 'report/not-looked-for' }]);
  });

  test('two tools with one fingerprint are two issues, and a new version of a tool is none', () => {
    const fingerprints = (tools: readonly string[]) =>
      quality(evidence({ placed: tools.map((tool) => placedByOthers({ tool })) })).map(
        ({ fingerprint }) => fingerprint,
      );
    const [first, second] = fingerprints(['Bandit 1.7.5', 'Semgrep 1']);
    expect(first).not.toBe(second);
    expect(fingerprints(['Bandit 1.8.0'])).toEqual([first]);
    expect(unique(fingerprints(['Bandit 1', 'Bandit 1']))).toBe(true);
  });
});

test('Markdown and references of GitLab in what an image says stay text', () => {
  const title = '%12 $3 ^4 @all #1 !2 ~bug &5 [x](http://e.example) <b> `c` *d*';
  const one = pack({ name: 'a`b @all', version: '1' });
  const [only] = security(
    containerScanning,
    evidence({ findings: [finding(one, { id: 'CVE-2024-1', severity: 'low', title, fixed: ['2`3'] })] }),
  ).vulnerabilities;
  expect(only?.description.split('\n')[0]).toBe(
    '\\%12 \\$3 \\^4 &#64;all \\#1 \\!2 \\~bug &amp;5 \\[x\\]\\(http:&#8203;//e.example\\) &lt;b&gt; \\`c\\` \\*d\\*',
  );
  expect(only?.solution).toBe("Update `a'b @all` `1` to `2'3`.");
});
