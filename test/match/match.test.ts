import { describe, expect, test } from 'vitest';
import { type Matched, matchPackages } from '../../src/match/match.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Package } from '../../src/model/package.ts';
import { order as rpm } from '../../src/version/rpm.ts';
import { advisory, database, ecosystem, found, range } from './make.ts';

function match(
  packages: readonly Package[],
  known: Record<string, readonly Advisory[]>,
  kind = ecosystem(),
  baseLayers?: number,
): Matched {
  return matchPackages(packages, {
    baseLayers,
    ecosystemOf: (id) => (id === kind.id ? kind : undefined),
    distribution: undefined,
    db: database(known),
  });
}

const distribution = ecosystem({ database: true });
const names = (matched: Matched) =>
  matched.findings.map(({ id, aliases, advisories }) => ({ id, aliases, advisories }));

describe('a finding', () => {
  test('says everything of the flaw and of the package', () => {
    const known = advisory('GHSA-1', {
      aliases: ['CVE-2020-1'],
      summary: 'It leaks.',
      severity: { severity: 'high', source: 'publisher', score: 7.5, vector: 'CVSS:3.1/x' },
    });
    const one = found('a', '3', { paths: ['/x', '/y'], layer: 2, presence: 'declared' });
    expect(match([one], { a: [known] })).toEqual({
      findings: [
        {
          kind: 'vulnerability',
          id: 'CVE-2020-1',
          aliases: ['GHSA-1'],
          advisories: ['GHSA-1'],
          severity: 'high',
          severitySource: 'publisher',
          score: 7.5,
          vector: 'CVSS:3.1/x',
          package: 'pkg:test/a@3',
          name: 'a',
          version: '3',
          presence: 'declared',
          fixed: ['5'],
          layer: 2,
          from: 'own',
          paths: ['/x', '/y'],
          title: 'It leaks.',
          cwes: [],
        },
      ],
      problems: [],
      unanswered: [],
    });
  });

  test('says whether the base image brought the package', () => {
    const packages = [found('a', '3', { layer: 0 }), found('b', '3', { layer: 1 })];
    const { findings } = match(packages, { a: [advisory('A')], b: [advisory('B')] }, ecosystem(), 1);
    expect(findings.map(({ id, from }) => [id, from])).toEqual([
      ['A', 'base'],
      ['B', 'own'],
    ]);
  });

  test('has no score and no vector where the advisory has none', () => {
    const [finding] = match([found('a', '3')], { a: [advisory('A')] }).findings;
    expect(Object.keys(finding ?? {}).filter((key) => key === 'score' || key === 'vector')).toEqual([]);
  });

  test('is one a package: worst first, then by package, then by id, whatever the order of the input', () => {
    const high = { severity: 'high', source: 'publisher' } as const;
    const known = { a: [advisory('A2'), advisory('A1')], b: [advisory('B', { severity: high })] };
    const packages = [found('a', '4'), found('b', '1'), found('a', '3'), found('a', '9'), found('c', '1')];
    const lines = match(packages, known).findings.map((one) => `${one.package} ${one.id}`);
    expect(lines).toEqual([
      'pkg:test/b@1 B',
      'pkg:test/a@3 A1',
      'pkg:test/a@3 A2',
      'pkg:test/a@4 A1',
      'pkg:test/a@4 A2',
    ]);
    expect(match([...packages].reverse(), known)).toEqual(match(packages, known));
  });
});

describe('listed versions', () => {
  const listed = advisory('A', { versions: ['3', 'odd'], ranges: [] });

  test.each(['3', 'v3', '03', 'odd'])('%s is affected', (version) => {
    expect(match([found('a', version)], { a: [listed] })).toMatchObject({
      findings: [{ id: 'A', fixed: [] }],
      problems: [],
    });
  });

  test.each(['4', 'odder'])('%s is not', (version) => {
    expect(match([found('a', version)], { a: [listed] })).toEqual({ findings: [], problems: [], unanswered: [] });
  });

  test('outside of every range, the next fix still counts', () => {
    const also = advisory('A', { versions: ['2'], ranges: [range('introduced 3', 'fixed 5')] });
    expect(match([found('a', '2')], { a: [also] }).findings.map((one) => one.fixed)).toEqual([['5']]);
  });
});

describe('names', () => {
  test('records that share an alias are one flaw, over any number of steps', () => {
    const known = [
      advisory('GHSA-1', { aliases: ['X-1'] }),
      advisory('X-2', { aliases: ['CVE-2020-1'] }),
      advisory('X-1', { aliases: ['X-2'] }),
      advisory('GHSA-2', { aliases: ['CVE-2020-2'] }),
    ];
    expect(names(match([found('a', '1')], { a: known }))).toEqual([
      { id: 'CVE-2020-1', aliases: ['GHSA-1', 'X-1', 'X-2'], advisories: ['GHSA-1', 'X-1', 'X-2'] },
      { id: 'CVE-2020-2', aliases: ['GHSA-2'], advisories: ['GHSA-2'] },
    ]);
  });

  test('two CVEs: the publisher’s id', () => {
    const known = [advisory('GHSA-1', { aliases: ['CVE-2020-2', 'CVE-2020-1'] })];
    expect(names(match([found('a', '1')], { a: known }))).toEqual([
      { id: 'GHSA-1', aliases: ['CVE-2020-1', 'CVE-2020-2'], advisories: ['GHSA-1'] },
    ]);
  });

  test('a distribution’s record of a CVE joins the CVE', () => {
    const known = [advisory('ALPINE-CVE-2020-1', { upstream: ['CVE-2020-1'] }), advisory('CVE-2020-1')];
    expect(names(match([found('a', '1')], { a: known }, distribution))).toEqual([
      { id: 'CVE-2020-1', aliases: ['ALPINE-CVE-2020-1'], advisories: ['ALPINE-CVE-2020-1', 'CVE-2020-1'] },
    ]);
  });

  test('an erratum for one flaw joins that flaw’s record, one for several stays alone', () => {
    const known = [
      advisory('DSA-1', { upstream: ['CVE-2020-1'] }),
      advisory('DEBIAN-CVE-2020-1', { upstream: ['CVE-2020-1'] }),
      advisory('DSA-2', { upstream: ['CVE-2020-1', 'CVE-2020-2'] }),
    ];
    expect(names(match([found('a', '1')], { a: known }, distribution))).toEqual([
      { id: 'CVE-2020-1', aliases: ['DEBIAN-CVE-2020-1', 'DSA-1'], advisories: ['DEBIAN-CVE-2020-1', 'DSA-1'] },
      { id: 'DSA-2', aliases: ['CVE-2020-1', 'CVE-2020-2'], advisories: ['DSA-2'] },
    ]);
  });

  test('two errata for one CVE are two findings with two ids', () => {
    const known = ['ALSA-2020:1', 'ALSA-2020:2'].map((id) => advisory(id, { related: ['CVE-2020-1', 'X-1'] }));
    expect(names(match([found('a', '1')], { a: known }, distribution))).toEqual([
      { id: 'ALSA-2020:1', aliases: ['CVE-2020-1'], advisories: ['ALSA-2020:1'] },
      { id: 'ALSA-2020:2', aliases: ['CVE-2020-1'], advisories: ['ALSA-2020:2'] },
    ]);
  });

  test('related flaws are other flaws, but for a distribution’s erratum that has no upstream', () => {
    const known = [advisory('A', { related: ['CVE-2020-1'] })];
    expect(names(match([found('a', '1')], { a: known }))).toEqual([{ id: 'A', aliases: [], advisories: ['A'] }]);
    expect(names(match([found('a', '1')], { a: known }, distribution))).toEqual([
      { id: 'CVE-2020-1', aliases: ['A'], advisories: ['A'] },
    ]);
  });

  test('a distribution’s bug fix errata are findings only when they name a CVE', () => {
    const known = [
      advisory('ALBA-2020:1'),
      advisory('ALEA-2020:2', { related: ['CVE-2020-1'] }),
      advisory('ALSA-2020:3'),
    ];
    expect(match([found('a', '1')], { a: known }, distribution).findings.map((one) => one.id)).toEqual([
      'ALSA-2020:3',
      'CVE-2020-1',
    ]);
  });
});

describe('severity', () => {
  const cvss = { severity: 'critical', source: 'cvss-v3', score: 9.8 } as const;
  const low = { severity: 'low', source: 'publisher' } as const;
  const severityOf = (of: readonly Advisory[], kind = ecosystem()) =>
    match([found('a', '1')], { a: of }, kind).findings.map((one) => [
      one.severity,
      one.severitySource,
      one.score,
      one.title,
    ]);

  test('a publisher’s word before a computed one, a known one before none', () => {
    const known = [
      advisory('A', { summary: '' }),
      advisory('B', { aliases: ['A'], severity: cvss, summary: 'computed' }),
      advisory('C', { aliases: ['A'], severity: low, summary: 'said' }),
    ];
    expect(severityOf(known)).toEqual([['low', 'publisher', undefined, 'said']]);
    expect(severityOf(known.slice(0, 2))).toEqual([['critical', 'cvss-v3', 9.8, 'computed']]);
    expect(severityOf(known.slice(0, 1))).toEqual([['unknown', 'none', undefined, '']]);
  });

  test('the distribution’s own word before the general databases’, if it has one', () => {
    const general = advisory('CVE-2020-1', { severity: { ...low, severity: 'critical' } });
    const own = advisory('ALPINE-CVE-2020-1', { upstream: ['CVE-2020-1'], severity: { ...cvss, severity: 'medium' } });
    expect(severityOf([general, own], distribution)).toEqual([['medium', 'cvss-v3', 9.8, 'about ALPINE-CVE-2020-1']]);
    const silent = { ...own, severity: { severity: 'unknown', source: 'none' } as const };
    expect(severityOf([general, silent], distribution)).toEqual([
      ['critical', 'publisher', undefined, 'about CVE-2020-1'],
    ]);
  });
});

describe('fixes', () => {
  const fixedOf = (of: readonly Advisory[]) => match([found('a', '1')], { a: of }).findings.map((one) => one.fixed);

  test('only those that clear every record of the flaw', () => {
    const two = [advisory('A'), advisory('B', { aliases: ['A'], ranges: [range('introduced 0', 'fixed 7')] })];
    expect(fixedOf(two)).toEqual([['7']]);
  });

  test('all that are known, oldest first and each once, where none clears every record', () => {
    const open = advisory('B', { aliases: ['A', 'C'], ranges: [range('introduced 0')] });
    const later = advisory('C', { ranges: [range('introduced 0', 'fixed 07', 'introduced 8', 'fixed 9')] });
    expect(fixedOf([later, advisory('A'), open, advisory('D', { aliases: ['A'] })])).toEqual([['5', '07']]);
  });
});

test('ten thousand ranges with as many fixes take a second or two, and still say what to update to', () => {
  const ranges = Array.from({ length: 10_000 }, (_, i) => range('introduced 0', `fixed ${i + 10}`));
  const before = process.cpuUsage();
  const { findings } = matchPackages([found('a', '5')], {
    ecosystemOf: () => ecosystem(),
    distribution: undefined,
    db: database({ a: [advisory('GHSA-1', { ranges })] }),
  });
  const { user, system } = process.cpuUsage(before);
  expect(findings.map(({ fixed }) => fixed)).toEqual([['10009']]);
  expect((user + system) / 1e6).toBeLessThan(5);
});

describe('modules', () => {
  test('errata of a stream hold for its rpms alone', () => {
    const erratum = advisory('ALSA-2024:1', {
      summary: 'Important: nodejs:18 security update',
      ranges: [range('introduced 0', 'fixed 18.20-1.module_el8.10.0+1+a')],
    });
    const packages = ['nodejs:18:1:a', 'nodejs:16:1:a', undefined].map((module, layer) =>
      found('a', '16.1-1.el8', { layer, ...(module === undefined ? {} : { module }) }),
    );
    const { findings } = match(packages, { a: [erratum] }, ecosystem({ database: true, order: rpm }));
    expect(findings.map((one) => one.layer)).toEqual([0]);
  });
});

describe('what can’t be judged', () => {
  test('a version that can’t be ordered blinds when there are ranges for the name', () => {
    const known = { a: [advisory('A', { versions: ['1'] })] };
    const packages = [
      found('a', 'x'),
      found('a', 'y', { presence: 'declared', layer: 3 }),
      found('a', '(devel)', { presence: 'application' }),
      found('b', 'x'),
    ];
    const told = (version: string) =>
      `the version "${version}" of "a" can't be ordered, so its advisories can't be judged`;
    expect(match(packages, known)).toEqual({
      findings: [],
      problems: [
        { code: 'match/version-unparsable', message: told('x'), path: '/lib/a', layer: 0, blinding: true },
        { code: 'match/version-unparsable', message: told('y'), path: '/lib/a', layer: 3, blinding: false },
      ],
      unanswered: [],
    });
  });

  test('a hostile name or version stays on one line of limited length', () => {
    const name = `a\n${'x'.repeat(1000)}`;
    const [problem] = match([found(name, `\n${'y'.repeat(1000)}`)], { [name]: [advisory('A')] }).problems;
    expect(problem?.message).toMatch(/^[^\n]{1,420}$/);
  });

  test('ecosystems without data are named once; packages without a plugin or a key are passed over', () => {
    const kind = ecosystem({
      advisories: ({ name, version }) => (name === 'none' ? undefined : { ecosystem: name, name, version }),
    });
    const packages = ['Zoo:1', 'Debian:12', 'Debian:13', 'none', 'Zoo:1', 'Test:1'].map((name) => found(name, '1'));
    packages.push(found('Foreign', '1', { ecosystem: 'other' }));
    const matched = match(packages, { 'Test:1': [advisory('A')] }, kind);
    expect(matched.unanswered).toEqual(['Debian', 'Zoo']);
    expect(matched.findings.map((one) => one.name)).toEqual(['Test:1']);
    expect(matched.problems).toEqual([]);
  });
});

describe('packages without end', () => {
  const known = { a: [advisory('A')], b: Array.from({ length: 300 }, (_, i) => advisory(`B${i}`)) };

  test('more than a thousand versions of one are refused', () => {
    const versions = (count: number) => Array.from({ length: count }, (_, i) => found('a', `${i + 10}`));
    expect(match([...versions(1000), ...versions(1000)], known).findings).toEqual([]);
    expect(() => match(versions(1001), known)).toThrow('there are more than 1000 versions of "a"');
  });

  test('more findings than a report can hold are refused', () => {
    const packages = (count: number) => Array.from({ length: count }, (_, i) => found('b', '1', { paths: [`/${i}`] }));
    expect(match(packages(833), known).findings.length).toBe(249_900);
    expect(() => match(packages(834), known)).toThrow('there are more than 250000 findings');
  });
});
