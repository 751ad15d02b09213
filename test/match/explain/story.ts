import { type FeedInfo, type Feeds, noFeeds } from '../../../src/advisory/contract.ts';
import { memoryAdvisoryDb } from '../../../src/advisory/memory.ts';
import { ecosystems } from '../../../src/ecosystem/list.gen.ts';
import { enrich } from '../../../src/match/enrich.ts';
import type { Explanation } from '../../../src/match/explain/contract.ts';
import { explainFlaw } from '../../../src/match/explain/explain.ts';
import { advisoryKeys } from '../../../src/match/keys.ts';
import { matchPackages } from '../../../src/match/match.ts';
import { standingKeys } from '../../../src/match/standing-keys.ts';
import type { ExplainedProduct } from '../../../src/match/vex/explain.ts';
import { parseDigest } from '../../../src/model/digest.ts';
import type { Evidence, EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Package } from '../../../src/model/package.ts';
import { gateOf } from '../../../src/pipeline/explain/gate.ts';
import { askedSources } from '../../../src/pipeline/explain/sources.ts';
import { defaultPolicy } from '../../../src/policy/policy.ts';

const plugins = new Map(ecosystems.map((one) => [one.id, one]));
const ecosystemOf = (id: string) => plugins.get(id);

function digest(digit: string) {
  return parseDigest(`sha256:${digit.repeat(64)}`);
}

/** A Debian image of two layers, the lower one its base. */
export const target: EvidenceTarget = {
  kind: 'image',
  digest: digest('a'),
  platform: 'linux/amd64',
  distribution: { id: 'debian', version: '12', like: [], name: 'Debian GNU/Linux 12 (bookworm)' },
  base: { layers: 1, by: 'flag' },
  layers: [
    { diffId: digest('1'), digest: digest('2'), size: 10, createdBy: '/bin/sh -c #(nop) ADD file:rootfs.tar in / ' },
    {
      diffId: digest('3'),
      digest: digest('4'),
      size: 20,
      createdBy: 'RUN |1 TOKEN=s3cret /bin/sh -c npm ci # buildkit',
    },
  ],
};

/** A package that an npm tree or a distribution's database names. */
export function pack(given: Partial<Package> & Pick<Package, 'ecosystem' | 'name' | 'version'>): Package {
  const { ecosystem, name, version } = given;
  const database = ecosystem === 'deb' || ecosystem === 'rpm' || ecosystem === 'apk';
  return {
    purl: `pkg:${ecosystem}/${database ? 'debian/' : ''}${name}@${version}`,
    presence: 'installed',
    paths: [database ? '/var/lib/dpkg/status' : `/app/node_modules/${name}/package.json`],
    layer: database ? 0 : 1,
    ...given,
  };
}

/** What differs from a plain story. */
export interface Given {
  readonly packages: readonly Package[];
  /** OSV records. */
  readonly records: readonly unknown[];
  readonly feeds?: Partial<Feeds>;
  readonly change?: (finding: Finding) => Finding;
  readonly vex?: readonly ExplainedProduct[];
  readonly evidence?: Partial<Evidence>;
}

/** The explanation of one flaw, with the findings of the same matching that a scan does. */
export function story(asked: string, { packages, records, feeds, change, vex, evidence: more }: Given): Explanation {
  const db = {
    ...memoryAdvisoryDb(records, 'osv-export', '2026-01-02T03:04:05.000Z'),
    feeds: { ...noFeeds, ...feeds },
  };
  const { distribution } = more?.target ?? target;
  const keys = advisoryKeys(packages, ecosystemOf, distribution);
  const { findings, problems } = matchPackages(packages, {
    ecosystemOf,
    distribution,
    db,
    keys,
    baseLayers: target.base?.layers,
  });
  const enriched = enrich(findings, db.feeds, standingKeys(packages, keys, ecosystemOf, distribution));
  const evidence: Evidence = {
    target,
    judged: ['installed'],
    packages,
    findings: change ? enriched.map(change) : enriched,
    problems,
    sources: [],
    ...more,
  };
  return explainFlaw(asked, {
    evidence,
    ecosystemOf,
    keys,
    db,
    snapshot: digest('5'),
    sources: askedSources(evidence, keys, db),
    vexOf: () => vex ?? [],
    gateOf: (finding) => gateOf(finding, evidence, defaultPolicy),
  });
}

/** An OSV record for npm's `left`, affected before 2.0.0, with what differs. */
export function record(id: string, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    modified: '2025-03-04T00:00:00Z',
    published: '2025-01-02T00:00:00Z',
    summary: 'Left falls over',
    affected: [npm('left', { introduced: '0' }, { fixed: '2.0.0' })],
    ...parts,
  };
}

/** What a record says of one package of npm: a range of events. */
export function npm(name: string, ...events: readonly object[]): object {
  return { package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] };
}

/** The same of a package in Debian 12. */
export function debian(name: string, ...events: readonly object[]): object {
  return { package: { ecosystem: 'Debian:12', name }, ranges: [{ type: 'ECOSYSTEM', events }] };
}

/** What a feed says of itself. */
export function feedInfo(id: FeedInfo['id']): FeedInfo {
  const checkedAt = '2026-01-02T03:04:05.000Z';
  return { id, records: 1200, unreadable: 0, newest: '2026-01-01', digest: digest('6'), checkedAt };
}
