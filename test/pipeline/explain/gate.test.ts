import { expect, test } from 'vitest';
import { blinding } from '../../../src/model/problem.ts';
import { gateOf } from '../../../src/pipeline/explain/gate.ts';
import { defaultPolicy } from '../../../src/policy/policy.ts';
import { evidence, facts, finding, now, policyOf, rule } from '../../policy/make.ts';

const one = finding({ fixed: ['1.0.1'] });
const other = finding({ id: 'CVE-2', severity: 'critical' });
const of = evidence({
  findings: [one, other],
  problems: [blinding('npm/x', 'damaged')],
  image: facts({ user: '' }),
});

test('what the gate makes of one finding is told by the rules on it alone', () => {
  expect(gateOf(one, of, defaultPolicy, { now })).toEqual({
    counts: true,
    decision: 'stop',
    rule: 'vulnerability/severity',
    because: '1 high vulnerability in 1 package; the policy stops at high',
  });
  const policy = policyOf([
    rule('image.root', { id: 'team/root', on: 'image' }),
    rule('finding.severity == "critical"', { id: 'team/critical' }),
    rule('finding.hasFix', { id: 'team/fix', outcome: 'track', title: 'Has a fix' }),
  ]);
  expect(gateOf(one, of, policy, { now })).toEqual({
    counts: true,
    decision: 'pass',
    rule: 'team/fix',
    because: 'Has a fix: 1 high vulnerability in 1 package',
  });
  expect(gateOf(other, of, policy, { now })).toMatchObject({ rule: 'team/critical', decision: 'stop' });
  expect(gateOf({ ...one, fixed: [] }, of, policy, { now })).toEqual({
    counts: true,
    decision: 'pass',
    because: 'no rule of the policy speaks of it',
  });
});

test('a finding that does not count says why', () => {
  const answered = { ...one, answered: { by: 'vex', because: 'it is not called' } } as const;
  expect(gateOf(answered, of, defaultPolicy)).toEqual({ counts: false, decision: 'pass', because: 'it is not called' });
  expect(gateOf({ ...one, presence: 'declared' }, of, defaultPolicy)).toEqual({
    counts: false,
    decision: 'pass',
    because: 'the gate judges what is installed, and this is only declared',
  });
});

test('waivers and baseline count as they do in a verdict', () => {
  const waiver = { ids: [one.id], packages: [], paths: [], rules: [], images: [], reason: 'known', owner: 'shop' };
  const waivers = { waivers: [{ ...waiver, expires: '2024-07-01', until: {}, place: 'w:1' }], files: [] };
  expect(gateOf(one, of, defaultPolicy, { now, waivers })).toMatchObject({ counts: false, decision: 'pass' });
  const baseline = { evidence: of, since: '2024-01-01T00:00:00Z' };
  expect(gateOf(one, of, defaultPolicy, { now, baseline })).toMatchObject({ counts: true, decision: 'warn' });
});
