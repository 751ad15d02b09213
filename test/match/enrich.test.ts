import { describe, expect, test } from 'vitest';
import { type Feeds, noFeeds, type Standing } from '../../src/advisory/contract.ts';
import { enrich } from '../../src/match/enrich.ts';
import { type StandingKeyOf, standingKeys } from '../../src/match/standing-keys.ts';
import type { EpssScore, Exploited, Finding } from '../../src/model/finding.ts';
import type { Package } from '../../src/model/package.ts';
import { ecosystem as ecosystemOf, found } from './make.ts';

const known: Exploited = { added: '2022-01-01', due: '2022-02-01', ransomware: false };

function finding(id: string, parts: Partial<Finding> = {}): Finding {
  return {
    kind: 'vulnerability',
    id,
    aliases: [],
    advisories: [id],
    severity: 'medium',
    severitySource: 'cvss-v3',
    score: 5,
    package: 'pkg:deb/debian/a@1',
    name: 'a',
    version: '1',
    presence: 'installed',
    fixed: [],
    layer: 0,
    from: 'own',
    paths: ['/a'],
    title: '',
    cwes: [],
    ...parts,
  };
}

/** Feeds that say what is given, and count the questions. */
function feedsOf(
  kev: Readonly<Record<string, Exploited>> | undefined,
  epss: Readonly<Record<string, number>> | undefined,
  standings?: Readonly<Record<string, Standing>>,
): Feeds & { asked: string[] } {
  const ids = [kev && 'kev', epss && 'epss', standings && 'debian'] as const;
  const infos = ids.flatMap((id) => (id ? [{ id } as Feeds['infos'][number]] : []));
  const asked: string[] = [];
  const score = (value: number | undefined): EpssScore | undefined =>
    value === undefined ? undefined : { score: value, percentile: 0.5 };
  return {
    ...noFeeds,
    infos,
    asked,
    exploited: (cve) => {
      asked.push(cve);
      return kev?.[cve];
    },
    score: (cve) => score(epss?.[cve]),
    standing: (...key) => standings?.[key.join(' ')],
  };
}

const nobody: StandingKeyOf = () => undefined;
const debian: StandingKeyOf = (purl) => ({ ecosystem: 'Debian:12', names: [purl.replace(/.*\/|@.*/g, '')] });

describe('findings with what KEV and EPSS say', () => {
  test('without feeds stay as they are', () => {
    const findings = [finding('CVE-2024-1')];
    expect(enrich(findings, noFeeds, nobody)).toBe(findings);
    expect(findings).toEqual([finding('CVE-2024-1')]);
  });

  test('have it by any of their names, and the worst of it', () => {
    const feeds = feedsOf(
      { 'CVE-2024-1': known, 'CVE-2024-2': { ...known, added: '2023-01-01', ransomware: true } },
      { 'CVE-2024-1': 0.1, 'CVE-2024-2': 0.9, 'GHSA-a': 1 },
    );
    const findings = [
      finding('CVE-2024-1'),
      finding('DSA-1', { aliases: ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3', 'GHSA-a'] }),
      finding('GHSA-a'),
      finding('CVE-2024-9'),
    ];
    expect(enrich(findings, feeds, nobody)).toEqual([
      finding('CVE-2024-1', { exploited: known, epss: { score: 0.1, percentile: 0.5 }, risk: 52.5 }),
      finding('DSA-1', {
        aliases: ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3', 'GHSA-a'],
        exploited: { ...known, added: '2023-01-01', ransomware: true },
        epss: { score: 0.9, percentile: 0.5 },
        risk: 55,
      }),
      finding('GHSA-a'),
      finding('CVE-2024-9'),
    ]);
    expect(feeds.asked).toEqual(['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3', 'CVE-2024-9']);
  });

  test('have no risk where nothing says how likely it is', () => {
    const [first, second] = enrich(
      [finding('CVE-2024-1'), finding('CVE-2024-2')],
      feedsOf({ 'CVE-2024-1': known }, undefined),
      nobody,
    );
    expect([first?.risk, second?.risk]).toEqual([52.5, undefined]);
    const [zero] = enrich([finding('CVE-2024-1')], feedsOf(undefined, { 'CVE-2024-1': 0 }), nobody);
    expect(zero?.risk).toBe(0);
  });
});

describe('findings with what the distribution says', () => {
  function one(standing: Standing, parts: Partial<Finding> = {}): Finding {
    const feeds = feedsOf(undefined, undefined, { 'Debian:12 a CVE-2024-1': standing });
    return enrich([finding('CVE-2024-1', parts)], feeds, debian)[0]!;
  }

  test('have its own severity, and keep the score', () => {
    expect(one({ severity: 'negligible' })).toEqual(
      finding('CVE-2024-1', { severity: 'negligible', severitySource: 'distribution' }),
    );
    expect(one({ state: 'deferred' })).toEqual(finding('CVE-2024-1', { fixState: 'deferred' }));
  });

  test('say what it will do, where there is no fix', () => {
    expect(one({ state: 'wont-fix' }).fixState).toBe('wont-fix');
    expect(one({ state: 'wont-fix' }, { fixState: 'deferred' }).fixState).toBe('wont-fix');
    expect(one({ state: 'wont-fix' }, { fixed: ['2'] })).toEqual(finding('CVE-2024-1', { fixed: ['2'] }));
  });

  test('are answered where it was never affected, unless they are already', () => {
    expect(one({ state: 'not-affected' })).toEqual(
      finding('CVE-2024-1', {
        answered: { by: 'distribution', because: 'Debian 12 says that its package a is not affected' },
      }),
    );
    expect(one({ state: 'not-affected', note: 'not built' }).answered?.because).toBe(
      'Debian 12 says that its package a is not affected: not built',
    );
    const answered = { by: 'owner', because: 'said before' } as const;
    expect(one({ state: 'not-affected' }, { answered }).answered).toEqual(answered);
  });

  test('of several CVEs go by it only where it speaks of all', () => {
    const names = { aliases: ['CVE-2024-2'] };
    const both = (first: Standing, second?: Standing) => {
      const standings = { 'Debian:12 a CVE-2024-1': first, ...(second ? { 'Debian:12 a CVE-2024-2': second } : {}) };
      return enrich([finding('CVE-2024-1', names)], feedsOf(undefined, undefined, standings), debian)[0];
    };
    const gone: Standing = { state: 'not-affected', severity: 'low' };
    expect(both(gone)).toEqual(finding('CVE-2024-1', names));
    expect(both(gone, { severity: 'high' })).toEqual(
      finding('CVE-2024-1', { ...names, severity: 'high', severitySource: 'distribution' }),
    );
    expect(both(gone, { state: 'not-affected' })).toEqual(
      finding('CVE-2024-1', {
        ...names,
        answered: { by: 'distribution', because: 'Debian 12 says that its package a is not affected' },
      }),
    );
  });

  test('stay in their one order', () => {
    const pkg = (name: string) => ({ package: `pkg:deb/debian/${name}@1` });
    const findings = [
      finding('CVE-2024-1', { ...pkg('b'), severity: 'critical' }),
      finding('CVE-2024-2', { ...pkg('b'), severity: 'critical', layer: 1 }),
      finding('CVE-2024-2', { ...pkg('b'), severity: 'critical', layer: 2 }),
      finding('CVE-2024-3', { ...pkg('a'), severity: 'low' }),
      finding('CVE-2024-3', { ...pkg('c'), severity: 'low' }),
    ];
    const feeds = feedsOf(undefined, undefined, {
      'Debian:12 b CVE-2024-2': { severity: 'low' },
      'Debian:12 c CVE-2024-3': { severity: 'critical' },
    });
    const order = enrich(findings, feeds, debian).map((one) => [one.severity, one.package, one.id, one.layer]);
    expect(order).toEqual([
      ['critical', 'pkg:deb/debian/b@1', 'CVE-2024-1', 0],
      ['critical', 'pkg:deb/debian/c@1', 'CVE-2024-3', 0],
      ['low', 'pkg:deb/debian/a@1', 'CVE-2024-3', 0],
      ['low', 'pkg:deb/debian/b@1', 'CVE-2024-2', 1],
      ['low', 'pkg:deb/debian/b@1', 'CVE-2024-2', 2],
    ]);
  });
});

describe('the names under which a distribution speaks of packages', () => {
  const distribution = (id: string, version: string) => ({ id, version, like: [], name: id });
  const databases = (id: string) => {
    const native = () => true;
    return ecosystemOf({ id, database: id !== 'pypi', ...(id === 'pypi' ? {} : { native }) });
  };
  const keysFor = (of: Package, key: string | undefined, id = 'debian', version = '12') =>
    standingKeys(
      [of],
      [key === undefined ? undefined : { ecosystem: key, name: of.origin?.name ?? of.name, version: of.version }],
      databases,
      distribution(id, version),
    )(of.purl);
  const deb = (version: string, parts: Partial<Package> = {}) =>
    found('libssl3', version, { ecosystem: 'deb', origin: { name: 'openssl', version }, ...parts });
  const rpm = (parts: Partial<Package>) =>
    found('openssl-libs', '1:3.0.7-27.el9', {
      ecosystem: 'rpm',
      vendor: 'Red Hat, Inc.',
      origin: { name: 'openssl', version: '1:3.0.7-27.el9' },
      ...parts,
    });

  test('are those of its source package', () => {
    expect(keysFor(deb('3.0.15-1~deb12u1'), 'Debian:12')).toEqual({ ecosystem: 'Debian:12', names: ['openssl'] });
    expect(keysFor(found('a', '1', { ecosystem: 'apk' }), 'Alpine:v3.20', 'alpine', '3.20.3')).toEqual({
      ecosystem: 'Alpine:v3.20',
      names: ['a'],
    });
  });

  test.each([
    '1.27.0-1~bookworm',
    '5:26.1-1~debian.12~bookworm',
    '16.1-1.pgdg120+1',
    '8.2-1+debian12~1.gbp',
    '1-1~bpo12+1',
    '1-0ubuntu3',
  ])('are none where another repository built it: %s', (version) => {
    expect(keysFor(deb(version), 'Debian:12')).toBeUndefined();
  });

  test('are none of what is not in its own database, not installed, or unknown', () => {
    expect(keysFor(found('a', '1', { ecosystem: 'pypi' }), 'PyPI')).toBeUndefined();
    expect(keysFor(deb('1', { presence: 'declared' }), 'Debian:12')).toBeUndefined();
    expect(keysFor(deb('1'), undefined)).toBeUndefined();
    expect(standingKeys([deb('1')], [undefined], databases, undefined)(deb('1').purl)).toBeUndefined();
    expect(keysFor(deb('1'), 'Debian:12')).toBeDefined();
  });

  test("are those of Red Hat's own rpms alone", () => {
    expect(keysFor(rpm({}), undefined, 'rhel', '9.4')).toEqual({
      ecosystem: 'Red Hat:9',
      names: ['openssl-libs', 'openssl'],
    });
    expect(keysFor(rpm({ name: 'openssl' }), undefined, 'rhel', '9.4')?.names).toEqual(['openssl']);
    expect(keysFor(rpm({ vendor: 'Fedora Project' }), undefined, 'rhel', '9.4')).toBeUndefined();
    expect(keysFor(rpm({ module: 'nodejs:18:1:a' }), undefined, 'rhel', '9.4')).toBeUndefined();
    expect(keysFor(rpm({}), 'AlmaLinux:9', 'almalinux', '9.4')).toBeUndefined();
  });
});
