import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseVex } from '../../src/format/vex/parse-vex.ts';
import { applyVex } from '../../src/match/vex/apply.ts';
import { digestOf } from '../../src/model/digest.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import type { ReportContext } from '../../src/report/contract.ts';
import { report } from '../../src/report/openvex.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
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
import { openVexFaults } from './vex/openvex-rules.ts';

interface Statement {
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] };
  readonly products: readonly {
    readonly '@id': string;
    readonly subcomponents?: readonly { readonly '@id': string }[];
  }[];
  readonly status: string;
}

interface Document extends Record<string, unknown> {
  readonly statements: readonly Statement[];
}

const pass: Verdict = { decision: 'pass', reasons: [] };

function documentOf(given: Evidence, verdict: Verdict = pass, more: Partial<ReportContext> = {}): Document {
  return JSON.parse(report.render(given, verdict, { ...context, ...more })) as Document;
}

/** What is said of each flaw in each package, without the products. */
function said(document: Document): object[] {
  return document.statements.map(({ products, vulnerability, ...rest }) => ({
    flaw: vulnerability.name,
    in: products[0]?.subcomponents?.map((part) => part['@id']),
    ...rest,
  }));
}

/** The findings as a scan that is given the document sees them: its own answers taken away before. */
function rescanned(given: Evidence, document: Document): Evidence['findings'] {
  const bytes = Buffer.from(JSON.stringify(document));
  const read = parseVex(bytes);
  expect(read.unread).toEqual([]);
  const plain = given.findings.map(({ answered: _answered, statements: _statements, ...found }) => found);
  const vex = [{ document: read, name: 'o.json', digest: digestOf(bytes), believed: true }];
  return applyVex(plain, given.packages, given.target, vex).findings;
}

describe('an OpenVEX report', () => {
  test('says of each finding what the scan knows', () => {
    const document = documentOf(known, knownVerdict);
    expect(openVexFaults(document)).toEqual([]);
    const openssl = 'pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12';
    const libssl = 'pkg:deb/debian/libssl3@3.0.1-1?arch=amd64&distro=debian-12';
    expect(said(document)).toEqual([
      {
        flaw: 'CVE-2021-44228',
        in: ['pkg:maven/a/log4j-core@2.14.0'],
        status: 'affected',
        status_notes: 'affected, says Acme Security in acme-1 of 2026-01-02: update it',
        action_statement: 'Update log4j-core 2.14.0 to 2.15.0.',
      },
      {
        flaw: 'CVE-2023-0001',
        in: [openssl],
        status: 'affected',
        action_statement: 'No fix is known for openssl 3.0.1-1: the distribution says that it will not fix it.',
      },
      {
        flaw: 'CVE-2023-0002',
        in: [openssl],
        status: 'affected',
        action_statement: 'No fix is known for openssl 3.0.1-1: the distribution has put the fix off.',
      },
      {
        flaw: 'CVE-2023-0003',
        in: [libssl, openssl],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        impact_statement: 'nothing calls it — Acme Security says that it is not affected',
      },
      {
        flaw: 'CVE-2023-0004',
        in: [openssl],
        status: 'not_affected',
        justification: 'vulnerable_code_not_present',
        impact_statement: 'Debian says that its package never had the flaw',
      },
      {
        flaw: 'CVE-2023-0005',
        in: [openssl],
        status: 'affected',
        action_statement: 'No fix is known for openssl 3.0.1-1: the distribution no longer fixes it.',
      },
    ]);
  });

  test('names the image by its digests, and where the user says that it is', () => {
    const hex = 'a'.repeat(64);
    const bare = documentOf(shop, shopVerdict).statements[0]?.products.map((product) => product['@id']);
    expect(bare).toEqual([`sha256:${hex}`, `sha256:${'b'.repeat(64)}`]);
    const judging = { now: new Date(0), names: ['registry.example.com/team/shop:1.0', 'not a reference'] };
    const judgedBy = { policy: defaultPolicy, judging, build: '' };
    const [first, ...others] = documentOf(shop, shopVerdict, { judgedBy }).statements[0]?.products ?? [];
    expect(first).toEqual({
      '@id': `pkg:oci/shop@sha256%3A${hex}?repository_url=registry.example.com%2Fteam%2Fshop`,
      identifiers: { purl: `pkg:oci/shop@sha256%3A${hex}?repository_url=registry.example.com%2Fteam%2Fshop` },
      hashes: { 'sha-256': hex },
      subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.4' }],
    });
    expect(others.map((product) => product['@id'])).toEqual(bare);
  });

  test('has the time of the data, or the one that the user gives', () => {
    expect(documentOf(shop).timestamp).toBe('2026-01-03T04:05:06Z');
    expect(documentOf(shop, pass, { sourceDateEpoch: '1735689600' }).timestamp).toBe('2025-01-01T00:00:00Z');
    expect(documentOf(trapImage, trapVerdict).timestamp).toBe('2026-01-03T04:05:06Z');
    expect(documentOf({ ...shop, sources: [] }).timestamp).toBe('1970-01-01T00:00:00Z');
  });

  test('of what is waived, not judged or undecided it does not say that all is well', () => {
    const lodash = pack({ name: 'lodash', version: '1.0.0' });
    const declared = pack({ name: 'ms', version: '1.0.0', presence: 'declared' });
    const found = evidence({
      packages: [lodash, declared],
      findings: [
        finding(lodash, {
          id: 'CVE-1',
          severity: 'high',
          answered: { by: 'waiver', because: 'waived until 2026-05-01 (Ann): we know' },
        }),
        finding(lodash, { id: 'CVE-2', severity: 'high' }),
        finding(declared, { id: 'CVE-3', severity: 'high' }),
        finding(lodash, { id: 'CVE-4', severity: 'high', statements: [note({ status: 'under_investigation' })] }),
        finding(lodash, { id: 'CVE-5', severity: 'high', fixState: 'investigating' }),
        finding(lodash, { id: 'CVE-6', severity: 'high', answered: { by: 'owner', because: 'files of Debian' } }),
        // The same flaw in the same package in another place, which nothing answers.
        finding(lodash, { id: 'CVE-6', severity: 'high' }),
      ],
    });
    const subjects = [{ id: 'CVE-2', package: lodash.purl }];
    const verdict: Verdict = {
      decision: 'undecided',
      reasons: [{ rule: 'shop/reachable', decision: 'undecided', message: 'not known', subjects }],
    };
    const document = documentOf(found, verdict);
    expect(openVexFaults(document)).toEqual([]);
    const none = 'No fix is known for lodash 1.0.0.';
    expect((said(document) as Record<string, unknown>[]).map(({ in: _in, ...statement }) => statement)).toEqual([
      {
        flaw: 'CVE-1',
        status: 'affected',
        status_notes: 'It is taken as it is for now: waived until 2026-05-01 (Ann): we know.',
        action_statement: none,
      },
      {
        flaw: 'CVE-2',
        status: 'under_investigation',
        status_notes: 'The policy could not decide on it: shop/reachable.',
      },
      {
        flaw: 'CVE-3',
        status: 'under_investigation',
        status_notes: 'The gate does not judge it: it is only declared, not installed.',
      },
      {
        flaw: 'CVE-4',
        status: 'under_investigation',
        status_notes: 'under investigation, says Acme Security in acme-1 of 2026-01-02',
      },
      {
        flaw: 'CVE-5',
        status: 'under_investigation',
        status_notes: 'No fix is known for lodash 1.0.0: the distribution is looking into it.',
      },
      { flaw: 'CVE-6', status: 'affected', action_statement: none },
    ]);
  });

  test('given back to a scan answers what was answered, and nothing else', () => {
    for (const [given, verdict] of [
      [known, knownVerdict],
      [shop, shopVerdict],
    ] as const) {
      const again = rescanned(given, documentOf(given, verdict));
      expect(again.map(({ answered }) => answered !== undefined)).toEqual(
        given.findings.map(({ answered }) => answered !== undefined),
      );
    }
  });

  test('of an image without findings has no statement, the one thing that the specification wants and nobody can say', () => {
    const document = documentOf(evidence({}));
    expect(document.statements).toEqual([]);
    expect(openVexFaults(document)).toEqual(['document: no statements']);
    expect(parseVex(Buffer.from(JSON.stringify(document))).unread).toEqual([]);
  });

  test('is valid for hostile and for any evidence, and the same each time', () => {
    expect(openVexFaults(documentOf(trapImage, trapVerdict))).toEqual([]);
    fc.assert(
      fc.property(arbitraryEvidence, (given) => {
        // A purl that is no IRI is none: packages have them from their readers, escaped.
        const purls = new Map(given.packages.map(({ purl }, at) => [purl, `pkg:npm/p${at}@1`]));
        const of = (purl: string): string => purls.get(purl) ?? purl;
        const packages = given.packages.map((found) => ({ ...found, purl: of(found.purl) }));
        const findings = given.findings.map((found) => ({ ...found, package: of(found.package) }));
        const clean = { ...given, packages, findings };
        const text = report.render(clean, pass, context);
        expect(report.render(clean, pass, context)).toBe(text);
        const document = JSON.parse(text) as Document;
        const faults = openVexFaults(document).filter((fault) => fault !== 'document: no statements');
        expect(faults).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
