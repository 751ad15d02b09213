import { describe, expect, test } from 'vitest';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import { ecosystem as rpm } from '../../src/ecosystem/rpm/index.ts';
import { matchPackages } from '../../src/match/match.ts';
import type { Distribution, Package } from '../../src/model/package.ts';
import { found } from './make.ts';

const rhel: Distribution = { id: 'rhel', version: '9.4', like: ['fedora'], name: 'Red Hat Enterprise Linux' };

/** An erratum in the form of the public ones: products by CPE, binary names, epochs written out. */
function erratum(
  id: string,
  cves: readonly string[],
  summary: string,
  fixes: readonly (readonly [string, string, string])[],
) {
  return {
    schema_version: '1.7.5',
    id,
    modified: '2024-06-02T00:00:00Z',
    published: '2024-06-01T00:00:00Z',
    upstream: cves,
    summary,
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
    affected: fixes.map(([product, name, fixed]) => ({
      package: { ecosystem: `Red Hat:${product}`, name, purl: `pkg:rpm/redhat/${name}` },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    })),
  };
}

const records = [
  erratum('RHSA-2024:1', ['CVE-2024-1'], 'Important: example security update', [
    ['enterprise_linux:9::appstream', 'example', '0:2.0-3.el9_4'],
    ['enterprise_linux:9::baseos', 'example', '0:2.0-3.el9_4'],
    ['rhel_eus:9.2::baseos', 'example', '0:2.0-1.el9_2.1'],
  ]),
  erratum('RHSA-2024:2', ['CVE-2024-2'], 'Moderate: epochal security update', [
    ['enterprise_linux:9::appstream', 'epochal', '1:1.0-1.el9'],
  ]),
  erratum('RHSA-2024:3', ['CVE-2024-3', 'CVE-2024-4'], 'Low: nodejs:22 security update', [
    ['enterprise_linux:9::appstream', 'nodejs', '1:22.23.2-2.module+el9.8.0+24958+80b2ac6e'],
  ]),
  erratum('RHSA-2024:4', ['CVE-2024-5'], 'Critical: oc security update', [
    ['openshift:4.16::el9', 'oc', '0:4.16.1-1.el9'],
  ]),
  erratum('RHBA-2024:5', [], 'example bug fix update', [['enterprise_linux:9::baseos', 'example', '0:9-1.el9']]),
];
const db = memoryAdvisoryDb(records, 'osv-export');

function findings(packages: readonly Package[], contentSets?: readonly string[]) {
  const matched = matchPackages(packages, { ecosystemOf: () => rpm, distribution: rhel, contentSets, db });
  expect([matched.problems, matched.unanswered]).toEqual([[], []]);
  return matched.findings.map(({ id, version, severity, fixed }) => [id, version, severity, fixed]);
}

const rpmOf = (name: string, version: string, module?: string) =>
  found(name, version, { ecosystem: 'rpm', ...(module ? { module } : {}) });

describe('Red Hat’s records', () => {
  test('are found in every product of the image, and one erratum is one finding', () => {
    expect(findings([rpmOf('example', '2.0-2.el9')])).toEqual([['CVE-2024-1', '2.0-2.el9', 'high', ['0:2.0-3.el9_4']]]);
    expect(findings([rpmOf('example', '2.0-3.el9_4')])).toEqual([]);
  });

  test('of another support phase hold where the content sets name it alone', () => {
    const eus = ['rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2'];
    expect(findings([rpmOf('example', '2.0-2.el9_2')], eus)).toEqual([]);
    expect(findings([rpmOf('example', '2.0-1.el9')], eus)).toEqual([
      ['CVE-2024-1', '2.0-1.el9', 'high', ['0:2.0-1.el9_2.1']],
    ]);
  });

  test('of other products hold where the content sets name them', () => {
    const oc = rpmOf('oc', '4.16.0-1.el9');
    expect(findings([oc])).toEqual([]);
    expect(findings([oc], ['rhocp-4.16-for-rhel-9-x86_64-rpms'])).toEqual([
      ['CVE-2024-5', '4.16.0-1.el9', 'critical', ['0:4.16.1-1.el9']],
    ]);
  });

  test('are compared with the epoch, and an rpm without one has 0', () => {
    expect(findings([rpmOf('epochal', '7.0-1.el9'), rpmOf('epochal', '1:1.0-1.el9')])).toEqual([
      ['CVE-2024-2', '7.0-1.el9', 'medium', ['1:1.0-1.el9']],
    ]);
  });

  test('of a module hold for rpms of its stream alone', () => {
    const versions = ['nodejs:22:9040:rhel9', 'nodejs:20:9040:rhel9'].map((module, at) =>
      rpmOf('nodejs', `1:22.${at}-1.module+el9+1+a`, module),
    );
    expect(findings([...versions, rpmOf('nodejs', '1:16.20-1.el9')])).toEqual([
      ['RHSA-2024:3', '1:22.0-1.module+el9+1+a', 'low', ['1:22.23.2-2.module+el9.8.0+24958+80b2ac6e']],
    ]);
  });
});
