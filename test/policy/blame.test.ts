import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import { blinding } from '../../src/model/problem.ts';
import { BlameGate } from '../../src/policy/blame.ts';
import { judge } from '../../src/policy/judge.ts';
import type { Baseline } from '../../src/policy/judging.ts';
import { defaultBlame, defaultPolicy } from '../../src/policy/policy.ts';
import { evidence, finding, now, policyOf, rule } from './make.ts';

const since = '2024-05-01T00:00:00Z';
const before = '2023-01-01T00:00:00Z';
const after = '2024-06-01T00:00:00Z';

function baseline(findings: readonly Finding[], given: Partial<Baseline> = {}, side: Partial<Evidence> = {}): Baseline {
  return { evidence: evidence({ findings, ...side }), since, ...given };
}

/** One finding of each quadrant, and the baseline that makes them so. */
const old = finding({ id: 'CVE-2023-1', published: before });
const meanwhile = finding({ id: 'CVE-2024-2', published: after });
const brought = finding({ id: 'CVE-2023-3', name: 'lodash', published: before });
const broughtNew = finding({ id: 'CVE-2024-4', name: 'lodash', published: after });
const all = [old, meanwhile, brought, broughtNew];
const head = baseline([old, meanwhile]);

describe('the quadrant', () => {
  const of = (one: Finding, held: Baseline) => new BlameGate(held).quadrantOf(one);

  test('tells who brought a flaw and when it became known', () => {
    const gate = new BlameGate(head);
    expect(all.map((one) => gate.quadrantOf(one))).toEqual([
      'inherited-known',
      'inherited-since',
      'introduced-known',
      'introduced-since',
    ]);
  });

  test('goes by any name of the flaw, in whatever version of the package', () => {
    const now = finding({ id: 'GHSA-1', aliases: ['CVE-2023-1'], version: '9.0.0', published: before });
    expect(of(now, head)).toBe('inherited-known');
    expect(of(finding({ id: 'CVE-2023-1', published: before }), baseline([now]))).toBe('inherited-known');
  });

  test('tells packages of one name and other kinds apart', () => {
    const deb = finding({ id: 'CVE-2023-1', package: 'pkg:deb/debian/zlib@1.0.0', published: before });
    expect(of(deb, head)).toBe('introduced-known');
    expect(of(deb, baseline([{ ...deb, package: 'pkg:deb/debian/zlib@0.9' }]))).toBe('inherited-known');
  });

  test('of what nobody says when it was published is that of what was known', () => {
    expect(of(finding({ id: 'CVE-2024-9' }), head)).toBe('introduced-known');
    expect(of(finding({ id: 'CVE-2024-9', published: 'soon' }), head)).toBe('introduced-known');
    expect(of(old, baseline([old], { since: 'never' }))).toBe('inherited-known');
  });

  test('goes by the very moment of the baseline', () => {
    expect(of(finding({ id: 'X', published: since }), head)).toBe('introduced-known');
    expect(of(finding({ id: 'X', published: '2024-05-01T00:00:01Z' }), head)).toBe('introduced-since');
    expect(of(finding({ id: 'X', published: '2024-05-01T01:00:00+05:00' }), head)).toBe('introduced-known');
  });

  test('of what a kept report told then is known, under any name, whatever day the record bears', () => {
    const known = new Set(['CVE-2024-2\0zlib']);
    const renamed = finding({ id: 'GHSA-2', aliases: ['CVE-2024-2'], published: after });
    expect(of(meanwhile, { ...head, known })).toBe('inherited-known');
    expect(of(renamed, { ...head, known })).toBe('inherited-known');
    expect(of(meanwhile, { ...head, known: new Set(['CVE-2024-2\0lodash']) })).toBe('inherited-since');
  });

  test('excuses nothing by what did not count then: only declared, or denied by the distribution or the files owner', () => {
    expect(of(old, baseline([{ ...old, presence: 'declared' }]))).toBe('introduced-known');
    const answered = (by: 'owner' | 'distribution' | 'vex' | 'waiver') =>
      of(old, baseline([{ ...old, answered: { by, because: 'it says so' } }]));
    expect((['owner', 'distribution', 'vex', 'waiver'] as const).map(answered)).toEqual([
      'introduced-known',
      'introduced-known',
      'inherited-known',
      'inherited-known',
    ]);
  });
});

describe('the gate', () => {
  const told = (at: string, policy = policyOf([rule('true', { title: 'Flawed' })])) => {
    const { verdict } = judge(evidence({ findings: all }), policy, { now: new Date(at), baseline: head });
    return verdict.reasons.map(({ decision, message, subjects }) => [
      decision,
      message,
      subjects?.map(({ id, due }) => (due === undefined ? id : `${id} until ${due}`)),
    ]);
  };

  test('stops what a change brought, warns of what was there, and tracks what was disclosed meanwhile', () => {
    expect(told('2024-06-10T12:00:00Z')).toEqual([
      ['stop', 'Flawed: 2 high vulnerabilities in 1 package', ['CVE-2023-3', 'CVE-2024-4']],
      ['warn', 'Flawed: 1 high vulnerability in 1 package, in the baseline already and known then', ['CVE-2023-1']],
      [
        'track',
        'Flawed: 1 high vulnerability in 1 package, in the baseline already and disclosed since: only tracked until 2024-06-14',
        ['CVE-2024-2 until 2024-06-14'],
      ],
    ]);
  });

  test('stops what was disclosed meanwhile as soon as its days of grace are over', () => {
    expect(told('2024-06-14T23:59:59Z').map(([decision]) => decision)).toEqual(['stop', 'warn', 'track']);
    expect(told('2024-06-15T00:00:00Z')[0]?.[1]).toBe(
      'Flawed: 3 high vulnerabilities in 2 packages; of 1 of them the days of grace are over',
    );
    expect(told('2024-06-15T00:00:00Z').map(([decision, , subjects]) => [decision, subjects])).toEqual([
      ['stop', ['CVE-2024-2 until 2024-06-14', 'CVE-2023-3', 'CVE-2024-4']],
      ['warn', ['CVE-2023-1']],
    ]);
  });

  test('has an outcome for each quadrant, which makes rules milder and never worse', () => {
    const tracked = { ...defaultBlame, 'introduced-since': 'track', 'introduced-known': 'warn' } as const;
    const stopping = policyOf([rule('true')], {
      blame: { ...tracked, 'inherited-known': 'stop', 'inherited-since': 'stop' },
    });
    const decisions = (policy: typeof stopping) =>
      told('2024-06-10T00:00:00Z', policy).map(([decision, , subjects]) => [decision, subjects]);
    expect(decisions(stopping)).toEqual([
      ['stop', ['CVE-2023-1', 'CVE-2024-2']],
      ['warn', ['CVE-2023-3']],
      ['track', ['CVE-2024-4 until 2024-06-14']],
    ]);
    expect(decisions(policyOf([rule('true', { outcome: 'warn' })]))).toEqual([
      ['warn', ['CVE-2023-1', 'CVE-2023-3', 'CVE-2024-4']],
      ['track', ['CVE-2024-2 until 2024-06-14']],
    ]);
    expect(decisions(policyOf([rule('true', { outcome: 'track' })]))).toEqual([
      ['track', ['CVE-2023-1', 'CVE-2024-2', 'CVE-2023-3', 'CVE-2024-4']],
    ]);
  });

  test('lets no one wait without a day: what is tracked and has no date counts at once', () => {
    const blame = { ...defaultBlame, 'inherited-known': 'track' } as const;
    const undated = finding({ id: 'CVE-9' });
    const { verdict } = judge(evidence({ findings: [undated] }), policyOf([rule('true')], { blame }), {
      now,
      baseline: baseline([undated]),
    });
    expect(verdict.decision).toBe('stop');
  });

  test('takes the later day where a rule has a grace of its own', () => {
    const graced = policyOf([rule('true', { grace: { default: 30 } })]);
    expect(told('2024-06-20T00:00:00Z', graced).map(([decision, , subjects]) => [decision, subjects])).toEqual(
      [
        ['warn', ['CVE-2023-1 until 2023-01-30']],
        ['track', ['CVE-2024-2 until 2024-06-30', 'CVE-2024-4 until 2024-06-30']],
        ['stop', ['CVE-2023-3 until 2023-01-30']],
      ].sort(
        ([a], [b]) => ['stop', 'warn', 'track'].indexOf(a as string) - ['stop', 'warn', 'track'].indexOf(b as string),
      ),
    );
  });

  test('lets no one wait for a day to come: a record that bears one counts at once', () => {
    const ahead = finding({ id: 'CVE-9', published: '2099-01-01T00:00:00Z' });
    const policy = policyOf([rule('true', { grace: { default: 7 } })]);
    expect(judge(evidence({ findings: [ahead] }), policy, { now }).verdict.decision).toBe('stop');
    const { verdict } = judge(evidence({ findings: [ahead] }), policyOf([rule('true')]), {
      now,
      baseline: baseline([ahead]),
    });
    expect([verdict.decision, verdict.baseline?.findings['inherited-since']]).toEqual(['stop', 1]);
  });

  test('says of a baseline that hides something that what it hides counts as introduced', () => {
    const problems = [blinding('rpm/header-truncated', 'the rpm database ends within a package')];
    const sources = [{ ecosystem: 'npm', origin: 'none', records: 0, newest: '', checkedAt: '' }] as const;
    const hidden = baseline([], {}, { problems, sources });
    const { decision, reasons } = judge(evidence({ findings: [old] }), defaultPolicy, {
      now,
      baseline: hidden,
    }).verdict;
    expect(decision).toBe('stop');
    expect(reasons.filter(({ rule: id }) => id === 'baseline/incomplete')).toEqual([
      {
        rule: 'baseline/incomplete',
        decision: 'warn',
        message:
          'the baseline does not tell all that was there, and what it hides counts as introduced: it could not be read in full: the rpm database ends within a package; it was matched without data for npm',
        action: 'scan the baseline by itself and end what hides',
      },
    ]);
  });

  test('is the whole baseline where it is the image itself, and nothing of it where it has no packages', () => {
    const counted = (held: Baseline) =>
      judge(evidence({ findings: all }), defaultPolicy, { now, baseline: held }).verdict.baseline?.findings;
    expect(counted(baseline(all))).toEqual({
      ...{ 'introduced-known': 0, 'introduced-since': 0, 'inherited-known': 2, 'inherited-since': 2 },
    });
    expect(counted(baseline([]))).toEqual({
      ...{ 'introduced-known': 2, 'introduced-since': 2, 'inherited-known': 0, 'inherited-since': 0 },
    });
  });

  test('tells rules the quadrant', () => {
    const policy = policyOf([
      rule('finding.introduced', { id: 'a' }),
      rule('finding.blame == "inherited-since"', { id: 'b' }),
      rule('image.hasBaseline', { id: 'c', on: 'image' }),
    ]);
    const { verdict } = judge(evidence({ findings: all }), policy, { now, baseline: head });
    expect(verdict.reasons.map(({ rule: id, subjects }) => [id, subjects?.map((one) => [one.id, one.blame])])).toEqual([
      [
        'a',
        [
          ['CVE-2023-3', 'introduced-known'],
          ['CVE-2024-4', 'introduced-since'],
        ],
      ],
      ['c', [['image', undefined]]],
      ['b', [['CVE-2024-2', 'inherited-since']]],
    ]);
    const alone = judge(evidence({ findings: all }), policy, { now }).verdict;
    expect(alone.reasons.map(({ rule: id, subjects }) => [id, subjects?.length])).toEqual([['a', 4]]);
  });

  test('counts the findings of each quadrant, and holds for the default policy as well', () => {
    const target = { kind: 'image', layers: [], digest: `sha256:${'b'.repeat(64)}` as never } as const;
    const held = { ...head, evidence: { ...head.evidence, target } };
    const { verdict } = judge(evidence({ findings: all }), defaultPolicy, { now, baseline: held });
    expect(verdict.baseline).toEqual({
      digest: target.digest,
      since,
      findings: { 'introduced-known': 1, 'introduced-since': 1, 'inherited-known': 1, 'inherited-since': 1 },
    });
    expect(verdict.reasons.map(({ rule: id, decision, message }) => [id, decision, message])).toEqual([
      ['vulnerability/severity', 'stop', '2 high vulnerabilities in 1 package; the policy stops at high'],
      ['vulnerability/severity', 'warn', '1 high vulnerability in 1 package, in the baseline already and known then'],
      [
        'vulnerability/severity',
        'track',
        '1 high vulnerability in 1 package, in the baseline already and disclosed since: only tracked until 2024-06-14',
      ],
    ]);
  });
});
