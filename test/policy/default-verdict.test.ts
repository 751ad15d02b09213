import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import { type PlacedFinding, placedKinds } from '../../src/model/placed-finding.ts';
import { severities } from '../../src/model/severity.ts';
import { defaultVerdict } from '../../src/policy/default-verdict.ts';
import { judge, rulesOf } from '../../src/policy/judge.ts';
import { judgeLazily } from '../../src/policy/judge-lazily.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import { evidence, finding, now, placedFinding, policyOf, rule } from './make.ts';

const thresholds: readonly Policy['failOn'][] = [...severities, 'never'];

const findings = fc.array(
  fc
    .record({
      number: fc.integer({ min: 1, max: 30 }),
      name: fc.constantFrom('zlib', 'lodash', 'left-pad'),
      severity: fc.constantFrom(...severities),
      fixed: fc.subarray(['1.0.1', '1.2.0', '2.0.0']),
      presence: fc.constantFrom('installed', 'declared', 'application'),
      isAnswered: fc.boolean(),
    })
    .map(({ number, isAnswered, ...given }) =>
      finding({
        id: `CVE-2024-${number}`,
        ...given,
        ...(isAnswered && number % 3 === 0 ? { answered: { by: 'vex', because: 'it is not called' } } : {}),
      }),
    ),
  { maxLength: 20 },
);

const placed = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...placedKinds),
      number: fc.integer({ min: 1, max: 9 }),
      severity: fc.constantFrom(...severities),
      fix: fc.constantFrom('', 'Take it out.'),
      expires: fc.constantFrom(
        undefined,
        '2024-06-09T23:00:00Z',
        '2024-06-10T11:00:00Z',
        '2030-01-01T00:00:00Z',
        'never',
      ),
      isAnswered: fc.boolean(),
    })
    .map(({ number, isAnswered, expires, ...given }) =>
      placedFinding({
        ...given,
        id: `rule/${number}`,
        secret: { shown: '…(12)', score: 50, notes: [], ...(expires === undefined ? {} : { expires }) },
        ...(isAnswered && number % 3 === 0 ? { answered: { by: 'owner', because: 'all have it' } } : {}),
      }),
    ),
  { maxLength: 12 },
);

test('the default pack as plain code says what the same pack says as expressions', () => {
  const check = (
    given: Evidence['findings'],
    failOn: Policy['failOn'],
    inPlaces: readonly PlacedFinding[] = [],
  ): void => {
    const of = evidence({
      findings: given,
      placed: inPlaces,
      sources: [{ ecosystem: 'npm', origin: 'none', records: 0, newest: '', checkedAt: '' }],
    });
    const policy = { ...defaultPolicy, failOn };
    expect(defaultVerdict(of, policy, { now })).toEqual(judge(of, policy, { now }).verdict);
  };
  fc.assert(fc.property(findings, fc.constantFrom(...thresholds), placed, check), { numRuns: 200 });
  const one = severities.map((severity, i) => finding({ id: `CVE-${i}`, severity, fixed: [`1.0.${i}`] }));
  const settings = severities.flatMap((severity) =>
    placedKinds.map((kind) => placedFinding({ kind, severity, id: `${kind}/${severity}` })),
  );
  for (const failOn of thresholds) check(one, failOn, settings);
});

test('every rule of the default pack is there as plain code: some finding makes it speak', () => {
  const of = evidence({
    findings: [finding(), finding({ id: 'CVE-2', severity: 'low' })],
    placed: severities.flatMap((severity) =>
      (['secret', 'misconfiguration'] as const).map((kind) => placedFinding({ kind, severity })),
    ),
  });
  const spoken = defaultVerdict(of, defaultPolicy, { now }).reasons.map(({ rule: id }) => id);
  expect(new Set(spoken)).toEqual(new Set(rulesOf(defaultPolicy).map(({ id }) => id)));
});

test('judging lazily comes to the same, with and without a policy', async () => {
  const of = evidence({ findings: [finding()] });
  for (const policy of [defaultPolicy, policyOf([rule('finding.id.matches("^CVE-")')])]) {
    expect(await judgeLazily(of, policy, { now })).toEqual(judge(of, policy, { now }));
  }
  const baseline = { evidence: of, since: '2024-01-01T00:00:00Z' };
  expect((await judgeLazily(of, defaultPolicy, { now, baseline })).verdict.decision).toBe('warn');
});
