import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { judge } from '../../src/policy/judge.ts';
import type { Judging } from '../../src/policy/judging.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import { report } from '../../src/report/audit.ts';
import type { JudgedBy } from '../../src/report/contract.ts';
import { report as json } from '../../src/report/json.ts';
import { readReport } from '../../src/report/read-report.ts';
import { jsonText } from '../../src/report/text-json.ts';
import { policyOf, rule } from '../policy/make.ts';
import { context, evidence, finding, known, pack, placedSecret, placedSetting, shop, trapImage } from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const check = sluiceCheck('sluice-audit-v1');
const now = new Date('2026-01-04T00:00:00Z');

/** The parts of a record that are looked at. */
interface AuditRecord {
  readonly rules: readonly {
    readonly id: string;
    readonly result: string;
    readonly found: readonly {
      readonly decision: string;
      readonly count: number;
      readonly subjects: readonly object[];
    }[];
  }[];
  readonly own: readonly { readonly rule: string }[];
  readonly evidence: { readonly digest: string };
  readonly policy: object;
}

/** The record of a verdict on evidence. */
function recordOf(given: typeof shop, policy: Policy, more: Partial<Judging> = {}, files?: JudgedBy['files']) {
  const judging: Judging = { now, ...more };
  const { evidence: answered, verdict } = judge(given, policy, judging);
  const judgedBy: JudgedBy = { policy, judging, build: 'b1', ...(files ? { files } : {}) };
  const text = report.render(answered, verdict, { ...context, judgedBy });
  return { text, record: JSON.parse(text) as AuditRecord, answered, verdict };
}

const rules = [
  rule("finding.severity == 'critical'", { id: 'team/critical', outcome: 'stop', controls: ['PCI DSS 4.0 6.3.3'] }),
  rule("finding.id == 'CVE-1'", { id: 'team/silent', outcome: 'stop' }),
  rule('image.labels["x"] == "y"', { id: 'team/undecided', on: 'image', outcome: 'stop' }),
  rule("finding.severity == 'high'", { id: 'team/later', outcome: 'stop', from: '2026-02-01' }),
  rule('true', { id: 'team/off', on: 'image', outcome: 'off' }),
];

test.each<[string, typeof shop, Policy]>([
  ['findings of every sort', shop, defaultPolicy],
  ['all that can be known', known, defaultPolicy],
  ['hostile text', trapImage, defaultPolicy],
  ['a policy of its own', shop, policyOf(rules)],
])('the record of %s is valid by its schema', (_, given, policy) => {
  expect(check(recordOf(given, policy).record)).toEqual([]);
});

test('each rule has what became of it', () => {
  const { record } = recordOf(shop, policyOf(rules));
  const found = record.rules.map(({ id, result, found }) => ({
    id,
    result,
    found: found.map(({ decision, count }) => `${decision} ${count}`),
  }));
  expect(found).toEqual([
    { id: 'team/critical', result: 'fired', found: ['stop 1'] },
    { id: 'team/silent', result: 'silent', found: [] },
    { id: 'team/undecided', result: 'undecided', found: ['undecided 0'] },
    { id: 'team/later', result: 'not-in-force', found: ['track 2'] },
    { id: 'team/off', result: 'off', found: [] },
  ]);
  expect(record.rules[0]).toMatchObject({
    outcome: 'stop',
    controls: ['PCI DSS 4.0 6.3.3'],
    when: "finding.severity == 'critical'",
    found: [{ subjects: [{ id: 'CVE-2019-10744', package: 'pkg:npm/lodash@4.17.4' }] }],
  });
  expect(record.own.map(({ rule }) => rule)).toEqual(['rpm/row-damaged', 'problems/reading']);
});

test('inputs are named by their digests, and the time is the one of the verdict', () => {
  const waivers = {
    waivers: [
      {
        ...{ ids: ['CVE-2019-10744'], packages: [], paths: [], rules: [], images: [] },
        ...{ reason: 'not reached', owner: 'shop', expires: '2026-02-01', until: {}, place: 'w.yaml:3' },
      },
    ],
    files: [{ name: 'w.yaml', digest: `sha256:${'1'.repeat(64)}` }],
  };
  const lodash = pack({ name: 'lodash', version: '4.17.4' });
  const baseline = { evidence: evidence({ packages: [lodash] }), since: '2026-01-01T00:00:00Z' };
  const names = ['registry.example.com/shop:1'];
  const files = [{ name: 'sluice.yaml', digest: `sha256:${'2'.repeat(64)}` }];
  const { record, text, answered, verdict } = recordOf(shop, policyOf(rules), { waivers, baseline, names }, files);
  expect(check(record)).toEqual([]);
  expect(record).toMatchObject({
    at: '2026-01-04T00:00:00.000Z',
    sluice: { version: '1.2.3', build: 'b1' },
    target: { digest: shop.target.digest, id: shop.target.id, names },
    evidence: { findings: 6, answered: { waiver: 1 }, blinding: 1 },
    sources: shop.sources,
    policy: { files, failOn: 'high', dataAge: { default: '48h:120h' } },
    waivers: { files: waivers.files, uses: [{ place: 'w.yaml:3', state: 'matched', answers: 1 }] },
    baseline: { digest: baseline.evidence.target.digest, since: baseline.since, findings: { 'introduced-known': 4 } },
    verdict: { decision: 'undecided' },
  });
  // The digest of the evidence is that of a kept report, whatever was waived.
  const {
    schema: _schema,
    verdict: _verdict,
    ...kept
  } = JSON.parse(json.render(shop, verdict, context)) as Record<string, never>;
  const digest = `sha256:${createHash('sha256').update(jsonText(kept)).digest('hex')}`;
  expect(record.evidence.digest).toBe(digest);
  const again = readReport(Buffer.from(json.render(answered, verdict, context)));
  expect(recordOf(again, policyOf(rules), { waivers, baseline, names }, files).text).toBe(text);
});

test('of the default policy the rules that ship are told', () => {
  const { record } = recordOf(
    evidence({ packages: [lodashOf()], findings: [finding(lodashOf(), { id: 'CVE-1', severity: 'low' })] }),
    defaultPolicy,
  );
  expect(record.rules.map(({ id, result }) => `${id} ${result}`)).toEqual([
    'vulnerability/severity silent',
    'vulnerability/below fired',
    'secret/found silent',
    'secret/doubtful silent',
    'misconfiguration/severity silent',
    'misconfiguration/below silent',
    'misconfiguration/minor silent',
  ]);
  expect(record.policy).toMatchObject({ name: 'default', environment: '', digest: expect.stringMatching(/^sha256:/) });
});

function lodashOf() {
  return pack({ name: 'lodash', version: '4.17.4' });
}

test('what a record can not prove by itself it names: a kept report, the clock, what waivers take away', () => {
  const bytes = Buffer.from('{}');
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const lodash = lodashOf();
  const given = evidence({ packages: [lodash], findings: [finding(lodash, { id: 'CVE-1', severity: 'low' })] });
  const waived = {
    ...given,
    findings: given.findings.map((one) => ({ ...one, answered: { by: 'waiver', because: 'w.yaml:3: why' } as const })),
  };
  const baseline = { evidence: given, since: '2026-01-01T00:00:00Z', report: { name: 'old.json', digest } };
  const judging: Judging = { now, baseline };
  const made = new Date('2026-05-05T00:00:00Z');
  const judgedBy: JudgedBy = { policy: defaultPolicy, judging, build: 'b1', made, kept: { name: 'kept.json', bytes } };
  const record = JSON.parse(
    report.render(waived, { decision: 'pass', reasons: [] }, { ...context, judgedBy }),
  ) as object;
  expect(check(record)).toEqual([]);
  expect(record).toMatchObject({
    at: '2026-01-04T00:00:00.000Z',
    made: '2026-05-05T00:00:00.000Z',
    report: { name: 'kept.json', digest },
    baseline: { report: { name: 'old.json', digest } },
    waivers: {
      answered: [{ id: 'CVE-1', package: 'pkg:npm/lodash@4.17.4', severity: 'low', because: 'w.yaml:3: why' }],
    },
  });
});

test('what was found in places is counted, and what waivers take of it away is told by its place', () => {
  const waived = placedSecret({ answered: { by: 'waiver', because: 'w.yaml:3: why' } });
  const given = evidence({ looked: ['packages', 'secrets'], placed: [placedSetting(), waived] });
  const judgedBy: JudgedBy = { policy: defaultPolicy, judging: { now }, build: 'b1' };
  const render = (of: typeof given) =>
    JSON.parse(report.render(of, { decision: 'pass', reasons: [] }, { ...context, judgedBy })) as AuditRecord;
  const record = render(given);
  expect(check(record)).toEqual([]);
  expect(record).toMatchObject({
    evidence: {
      looked: ['packages', 'secrets'],
      findings: 2,
      answered: { owner: 0, distribution: 0, vex: 0, waiver: 1 },
    },
    waivers: {
      answered: [
        {
          id: 'secret/github-token',
          at: '/app/.env:2',
          fingerprint: '0123456789abcdef0123456789abcdef',
          severity: 'high',
          because: 'w.yaml:3: why',
        },
      ],
    },
  });
  const unanswered = render({ ...given, placed: [placedSetting(), placedSecret()] });
  expect(record.evidence.digest).toBe(unanswered.evidence.digest);
});

test('what is too much to be listed is counted all the same', () => {
  const lodash = lodashOf();
  const many = Array.from({ length: 1001 }, (_, i) => finding(lodash, { id: `CVE-${i + 1}`, severity: 'low' }));
  const { record, verdict } = recordOf(evidence({ packages: [lodash], findings: many }), defaultPolicy);
  expect(check(record)).toEqual([]);
  expect(record.rules[1]?.found.map(({ count, subjects }) => [count, subjects.length])).toEqual([[1001, 1000]]);
  expect(verdict.reasons[0]?.total).toBe(1001);
});

test('without a verdict of this run there is no record', () => {
  expect(() => report.render(shop, { decision: 'pass', reasons: [] }, context)).toThrow(
    'an audit record can only be written where a verdict is made',
  );
});
