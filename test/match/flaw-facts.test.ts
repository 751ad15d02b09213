import { describe, expect, test } from 'vitest';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { matchPackages } from '../../src/match/match.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { isNamed } from '../../src/model/finding.ts';
import { advisory, database, ecosystem, found, range } from './make.ts';

const distribution = ecosystem({ database: true });

function findingsOf(advisories: readonly Advisory[], kind: Ecosystem = distribution, version = '1') {
  return matchPackages([found('a', version)], {
    ecosystemOf: () => kind,
    distribution: undefined,
    db: database({ a: advisories }),
  }).findings;
}

describe('a finding tells', () => {
  test('the weaknesses of all its records, by number', () => {
    const known = [
      advisory('GHSA-1', { cwes: ['CWE-79'] }),
      advisory('X-1', { aliases: ['GHSA-1'], cwes: ['CWE-20', 'CWE-79'] }),
    ];
    expect(findingsOf(known).map(({ cwes }) => cwes)).toEqual([['CWE-20', 'CWE-79']]);
    expect(findingsOf([advisory('X')]).map(({ cwes }) => cwes)).toEqual([[]]);
  });

  test('when the first of its records was published, whatever the time zone', () => {
    const known = [
      advisory('A', { published: '2024-01-01T01:00:00+05:00' }),
      advisory('B', { aliases: ['A'], published: '2024-01-01T00:00:00Z' }),
      advisory('C', { aliases: ['A'] }),
    ];
    expect(findingsOf(known).map(({ published }) => published)).toEqual(['2024-01-01T01:00:00+05:00']);
    expect(findingsOf([advisory('C')]).map((one) => 'published' in one)).toEqual([false]);
  });

  test('when the first of its records that name a fix was published', () => {
    const open = [range('introduced 0')];
    const known = [
      advisory('A', { published: '2024-01-01T00:00:00Z', ranges: open }),
      advisory('B', { aliases: ['A'], published: '2024-03-01T00:00:00Z' }),
      advisory('C', { aliases: ['A'], published: '2024-02-01T00:00:00Z' }),
      advisory('D', { aliases: ['A'] }),
    ];
    const told = (some: readonly Advisory[]) => findingsOf(some).map((one) => [one.published, one.fixPublished]);
    expect(told(known)).toEqual([['2024-01-01T00:00:00Z', '2024-02-01T00:00:00Z']]);
    expect(told(known.slice(0, 1))).toEqual([['2024-01-01T00:00:00Z', undefined]]);
    expect(findingsOf([advisory('D')]).map((one) => 'fixPublished' in one)).toEqual([false]);
  });

  test('that somebody contests it', () => {
    const known = [advisory('A'), advisory('B', { aliases: ['A'], disputed: true })];
    expect(findingsOf(known).map(({ disputed }) => disputed)).toEqual([true]);
    expect(findingsOf([advisory('A')]).map((one) => 'disputed' in one)).toEqual([false]);
  });

  test('what the distribution will do, where there is no fix', () => {
    const open = [range('introduced 0')];
    expect(findingsOf([advisory('A', { ranges: open, fixState: 'end-of-life' })]).map((one) => one.fixState)).toEqual([
      'end-of-life',
    ]);
    expect(findingsOf([advisory('A', { fixState: 'end-of-life' })]).map((one) => 'fixState' in one)).toEqual([false]);
    const own = { severity: 'low', source: 'publisher' } as const;
    const known = [
      advisory('CVE-2020-1', { ranges: open, fixState: 'deferred' }),
      advisory('DEBIAN-CVE-2020-1', { upstream: ['CVE-2020-1'], ranges: open, severity: own, fixState: 'end-of-life' }),
    ];
    expect(findingsOf(known).map((one) => [one.id, one.fixState])).toEqual([['CVE-2020-1', 'end-of-life']]);
  });
});

describe('a withdrawn record', () => {
  const withdrawn = '2024-01-01T00:00:00Z';

  test('never holds, by range or by list, and stops no other', () => {
    const gone = advisory('A', { withdrawn, versions: ['1'] });
    expect(findingsOf([gone])).toEqual([]);
    expect(findingsOf([gone, advisory('B')]).map(({ id, aliases }) => [id, aliases])).toEqual([['B', []]]);
  });

  test('leaves nothing undecided', () => {
    const matched = matchPackages([found('a', 'no version')], {
      ecosystemOf: () => distribution,
      distribution: undefined,
      db: database({ a: [advisory('A', { withdrawn })] }),
    });
    expect(matched).toEqual({ findings: [], problems: [], unanswered: [] });
  });
});

describe('names of one flaw', () => {
  const idsOf = (advisories: readonly Advisory[]) =>
    findingsOf(advisories).map(({ id, aliases, advisories: records }) => [id, aliases, records]);

  test.each<[string, readonly Advisory[], readonly string[]]>([
    [
      'language databases',
      [
        advisory('GHSA-aaaa', { aliases: ['CVE-2024-1'] }),
        advisory('PYSEC-2024-1', { aliases: ['CVE-2024-1', 'GHSA-aaaa'] }),
        advisory('GO-2024-1', { aliases: ['GHSA-aaaa'] }),
        advisory('RUSTSEC-2024-1', { aliases: ['CVE-2024-1'] }),
        advisory('OSV-2024-1', { aliases: ['PYSEC-2024-1'] }),
      ],
      ['GHSA-aaaa', 'GO-2024-1', 'OSV-2024-1', 'PYSEC-2024-1', 'RUSTSEC-2024-1'],
    ],
    [
      'records of distributions named after the CVE',
      [
        advisory('ALPINE-CVE-2024-1', { upstream: ['CVE-2024-1'] }),
        advisory('UBUNTU-CVE-2024-1', { upstream: ['CVE-2024-1'] }),
        advisory('CVE-2024-1'),
      ],
      ['ALPINE-CVE-2024-1', 'UBUNTU-CVE-2024-1'],
    ],
    ...['DSA-1-1', 'DLA-1-1', 'ALSA-2024:1', 'RLSA-2024:1', 'RHSA-2024:1', 'USN-1-1', 'CGA-aaaa'].map(
      (id): [string, readonly Advisory[], readonly string[]] => [
        `${id} by its upstream`,
        [advisory(id, { upstream: ['CVE-2024-1'] }), advisory('CVE-2024-1')],
        [id],
      ],
    ),
    [
      'an erratum that has its CVE in `related`',
      [advisory('ALSA-2019:1', { related: ['CVE-2024-1'] }), advisory('CVE-2024-1')],
      ['ALSA-2019:1'],
    ],
    [
      'two records that both name a third one, which did not match',
      [advisory('A-1', { aliases: ['CVE-2024-1'] }), advisory('C-1', { aliases: ['CVE-2024-1'] })],
      ['A-1', 'C-1'],
    ],
    [
      'an erratum whose flaw goes by another name in its own record',
      [
        advisory('USN-1-1', { upstream: ['CVE-2024-1', 'UBUNTU-CVE-2024-1'] }),
        advisory('UBUNTU-CVE-2024-1', { upstream: ['CVE-2024-1'] }),
      ],
      ['UBUNTU-CVE-2024-1', 'USN-1-1'],
    ],
  ])('%s are one finding', (_what, advisories, aliases) => {
    const records = advisories.map(({ id }) => id).sort();
    const expected = [['CVE-2024-1', aliases, records]];
    expect(idsOf(advisories)).toEqual(expected);
    expect(idsOf([...advisories].reverse())).toEqual(expected);
  });

  test('a finding goes by each of them, written in any case', () => {
    const [finding] = findingsOf([advisory('GHSA-aaaa-bbbb-cccc', { aliases: ['CVE-2024-1'] })]);
    const names = ['CVE-2024-1', 'cve-2024-1', 'GHSA-aaaa-bbbb-cccc', 'ghsa-AAAA-bbbb-cccc', ' CVE-2024-1 '];
    expect(names.map((name) => isNamed(finding!, name))).toEqual([true, true, true, true, true]);
    expect(['CVE-2024-11', 'CVE-2024', '', 'GHSA-aaaa'].map((name) => isNamed(finding!, name))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
