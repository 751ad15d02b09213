import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseVex } from '../../../src/format/vex/parse-vex.ts';
import { applyVex } from '../../../src/match/vex/apply.ts';
import { parseDigest } from '../../../src/model/digest.ts';
import type { Evidence, EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { parseReference } from '../../../src/model/reference.ts';
import type { GivenVex } from '../../../src/model/vex.ts';
import { claimsOf } from '../../../src/pipeline/vex/create.ts';
import { openVexDocument } from '../../../src/report/vex/openvex.ts';
import type { ImageNames } from '../../../src/report/vex/products.ts';
import { evidence, finding, pack } from '../../report/samples.ts';
import { openVexFaults } from '../../report/vex/openvex-rules.ts';

const digest = (digit: string) => parseDigest(`sha256:${digit.repeat(64)}`);
const origin = { author: 'Shop team', timestamp: '2026-01-02T03:04:05Z', tooling: 'sluice 1.2.3' };

const packages = [
  pack({ name: 'lodash', version: '4.17.4' }),
  pack({ name: 'lodash', version: '4.17.20' }),
  pack({ name: '@scope/lodash', version: '4.17.4', purl: 'pkg:npm/%40scope/lodash@4.17.4' }),
  ...['amd64', 'arm64'].map((arch) =>
    pack({
      ecosystem: 'deb',
      name: 'libc6',
      version: '2.36-9+deb12u1',
      origin: { name: 'glibc', version: '2.36-9+deb12u1' },
      arch,
      purl: `pkg:deb/debian/libc6@2.36-9%2Bdeb12u1?arch=${arch}&distro=debian-12`,
      paths: ['/var/lib/dpkg/status'],
    }),
  ),
  pack({
    ecosystem: 'deb',
    name: 'glibc',
    version: '2.36-9+deb12u1',
    arch: 'amd64',
    purl: 'pkg:deb/debian/glibc@2.36-9%2Bdeb12u1?arch=amd64&distro=debian-12',
    paths: ['/var/lib/dpkg/status'],
  }),
];

/** Flaws as databases name them: alone, under two names, two errata for one, an erratum for two. */
const flaws = [
  { id: 'CVE-2026-1', aliases: ['GHSA-aaaa-aaaa-aaaa'] },
  { id: 'CVE-2026-2', aliases: [] },
  { id: 'GHSA-bbbb-bbbb-bbbb', aliases: ['PYSEC-2026-1'] },
  { id: 'DSA-1-1', aliases: ['CVE-2026-3'] },
  { id: 'DSA-2-1', aliases: ['CVE-2026-3'] },
  { id: 'DSA-3-1', aliases: ['CVE-2026-4', 'CVE-2026-5'] },
  { id: 'CVE-2026-4', aliases: ['GHSA-cccc-cccc-cccc'] },
  { id: 'DSA-4-1', aliases: ['CVE-2026-5', 'CVE-2026-6'] },
];
const all = packages.flatMap((found) => flaws.map((flaw) => finding(found, { ...flaw, severity: 'high' })));

/** Applies a document as a scan of the target would. */
function answered(target: EvidenceTarget, findings: readonly Finding[], document: object, names: string[]): Finding[] {
  const bytes = Buffer.from(JSON.stringify(document));
  const given: GivenVex = { document: parseVex(bytes), name: 'vex.json', digest: digest('f'), believed: true };
  expect(given.document.unread).toEqual([]);
  const applied = applyVex(findings, packages, target, [given], names);
  expect(applied.problems).toEqual([]);
  return applied.findings.filter((one) => one.answered?.by === 'vex');
}

const keyOf = ({ id, package: purl }: Finding): string => `${id} ${purl}`;
const base = evidence({ packages, findings: all });
const { digest: _digest, ...withoutDigest } = base.target;
const { id: _id, ...withoutId } = base.target;
const noNames: ImageNames = { references: [], indexes: [] };
const places = parseReference('registry.example:5000/shop/app:1');

/** How the image was seen when the document was made, and how it is seen when the document is given back. */
const ways: readonly {
  name: string;
  made: EvidenceTarget;
  names?: ImageNames;
  scanned: EvidenceTarget;
  as?: string;
}[] = [
  { name: 'by its digest', made: base.target, scanned: withoutId },
  { name: 'by the image id of docker', made: base.target, scanned: withoutDigest },
  { name: 'made of a docker save archive', made: withoutDigest, scanned: base.target },
  {
    name: 'by a reference',
    made: base.target,
    names: { references: [places], indexes: [] },
    scanned: base.target,
    as: 'registry.example:5000/shop/app:2',
  },
  {
    name: 'by the digest that it was pushed with',
    made: withoutDigest,
    names: { references: [parseReference(`shop/app@${digest('a')}`)], indexes: [] },
    scanned: withoutId,
  },
  {
    name: 'by the index that lists it',
    made: base.target,
    names: { references: [places], indexes: [digest('c')] },
    scanned: { kind: 'image', layers: [] },
    as: `registry.example:5000/shop/app@${digest('c')}`,
  },
  { name: 'as a folder', made: { kind: 'source', layers: [] }, scanned: { kind: 'rootfs', layers: [] } },
];

describe.each(ways)('what is created answers what was decided on and nothing else: $name', (way) => {
  const { made, names = noNames, scanned, as } = way;
  const whole = ['CVE-2026-1', 'ghsa-aaaa-aaaa-aaaa', 'CVE-2026-2', 'PYSEC-2026-1', 'CVE-2026-3', 'DSA-3-1'];
  const parts = ['CVE-2026-4', 'CVE-2026-5', 'CVE-2026-6', 'GHSA-cccc-cccc-cccc', 'DSA-1-1'];
  const choice = fc.record({
    flaws: fc.subarray([...whole, ...parts], { minLength: 1 }),
    narrow: fc.array(fc.constantFrom(...packages), { maxLength: 2 }),
  });

  test('for any findings and any choice among them', () => {
    fc.assert(
      fc.property(fc.subarray(all, { minLength: 1 }), choice, (findings, { flaws: chosen, narrow }) => {
        const found: Evidence = { ...base, target: made, findings };
        const purls = narrow.map(({ purl }) => purl);
        const isIn = (one: Finding): boolean => purls.length === 0 || purls.includes(one.package);
        const isChosen = (name: string): boolean => chosen.some((id) => id.toUpperCase() === name.toUpperCase());
        const wanted = findings.filter((one) => isIn(one) && isDecided(one, isChosen));
        const there = chosen.filter((id) =>
          findings.some(
            (one) => isIn(one) && [one.id, ...one.aliases].some((name) => name.toUpperCase() === id.toUpperCase()),
          ),
        );
        fc.pre(there.length > 0);
        const triages = there.map((id) => ({ id, packages: purls, status: 'fixed' as const }));
        const { claims, findings: decided } = claimsOf(found, triages, names, false);
        expect(decided.map(keyOf).sort()).toEqual(wanted.map(keyOf).sort());
        const document = openVexDocument(claims, origin);
        expect(openVexFaults(document)).toEqual([]);
        const given = answered(scanned, findings, document, as === undefined ? [] : [as]);
        expect(given.map(keyOf)).toEqual(wanted.map(keyOf));
      }),
      { numRuns: 60 },
    );
  });
});

/** Whether a finding is decided on: by any of its names, or an erratum by its own or by those of all its flaws. */
function isDecided({ id, aliases }: Finding, isChosen: (name: string) => boolean): boolean {
  const cves = [id, ...aliases].filter((name) => name.startsWith('CVE-'));
  if (cves.length < 2) return [id, ...aliases].some(isChosen);
  return isChosen(id) || cves.every(isChosen);
}

test('another image is not answered', () => {
  const { claims } = claimsOf(base, [{ id: 'CVE-2026-1', packages: [], status: 'fixed' }], noNames, false);
  const other: EvidenceTarget = { ...base.target, digest: digest('d'), id: digest('e') };
  const names = { references: [places], indexes: [] };
  expect(answered(other, all, openVexDocument(claims, origin), ['registry.example:5000/shop/app:1'])).toEqual([]);
  const named = claimsOf(base, [{ id: 'CVE-2026-1', packages: [], status: 'fixed' }], names, false);
  expect(answered(other, all, openVexDocument(named.claims, origin), ['registry.example:5000/shop/app:1'])).toEqual([]);
});
