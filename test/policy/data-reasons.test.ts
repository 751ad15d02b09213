import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/model/digest.ts';
import type { Evidence, EvidenceSource } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import { blinding } from '../../src/model/problem.ts';
import { compareDecision, type Decision, type Reason } from '../../src/model/verdict.ts';
import { dataReasons } from '../../src/policy/data-reasons.ts';
import { type DataAge, defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import { decide } from '../support/decide.ts';

const now = new Date('2024-06-10T12:00:00Z');
const action = 'run: sluice db update';
const digest = parseDigest(`sha256:ab12cd34ef56${'0'.repeat(52)}`);

/** A source that was current so many hours before now, or at that time. */
function source(name: string, hours: number | string, given: Partial<EvidenceSource> = {}): EvidenceSource {
  return { ecosystem: name, origin: 'osv-export', records: 1, newest: '', checkedAt: timeOf(hours), digest, ...given };
}

function timeOf(hours: number | string): string {
  return typeof hours === 'string' ? hours : new Date(now.getTime() - hours * 3_600_000).toISOString();
}

function failedAt(hours: number | string) {
  return { failed: { at: timeOf(hours), message: 'the server answered 429' } };
}

const feed = { origin: 'feed' } as const;

function reasons(
  sources: readonly EvidenceSource[],
  policy: Policy = defaultPolicy,
  findings: readonly Finding[] = [],
): Reason[] {
  return dataReasons({ sources, findings }, policy, now);
}

/** A finding with no more to it than what these rules look at. */
function finding(given: Partial<Finding>): Finding {
  return {
    severity: 'low',
    severitySource: 'publisher',
    presence: 'installed',
    package: 'pkg:deb/a',
    fixed: [],
    paths: [],
    ...given,
  } as Finding;
}

function withAges(byDefault: DataAge, bySource: readonly (readonly [string, DataAge])[] = []): Policy {
  return { ...defaultPolicy, dataAges: { default: byDefault, bySource: new Map(bySource) } };
}

describe('data that is not there', () => {
  test('leaves it undecided', () => {
    const none = { origin: 'none', records: 0, checkedAt: '' } as const;
    expect(reasons([source('Alpine', '', none), source('npm', 1), source('PyPI', '', none)])).toEqual([
      {
        rule: 'data/missing',
        decision: 'undecided',
        message: 'there is no vulnerability data for Alpine, PyPI',
        action,
      },
    ]);
    expect(reasons([source('Alpine', '', { ...none, ...failedAt(2) })])).toEqual([
      {
        rule: 'data/missing',
        decision: 'undecided',
        message:
          'there is no vulnerability data for Alpine (its last update failed (2024-06-10 10:00 UTC: the server answered 429))',
        action,
      },
    ]);
  });

  test('but for the built-in set leaves it undecided, however old that is', () => {
    expect(reasons([source('npm', 9999, { origin: 'starter' })])).toEqual([
      {
        rule: 'data/starter',
        decision: 'undecided',
        message: 'only the built-in starter set was used for npm: it knows a few famous vulnerabilities and no others',
        action,
      },
    ]);
  });
});

describe('age', () => {
  const old = 'the data for npm (sha256:ab12cd34ef56) was last known current';
  const unknown = 'when the data for npm (sha256:ab12cd34ef56) was last current is not known';

  test.each<[number | string, string, string]>([
    [0, 'pass', ''],
    [48, 'pass', ''],
    [48.01, 'warn', `${old} 2024-06-08 11:59 UTC, more than 48 hours ago`],
    [120, 'warn', `${old} 2024-06-05 12:00 UTC, more than 48 hours ago`],
    [120.01, 'undecided', `${old} 2024-06-05 11:59 UTC, more than 120 hours ago`],
    [1e6, 'undecided', `${old} 1910-05-13 20:00 UTC, more than 120 hours ago`],
    // A clock that goes a little wrong is forgiven; one that stands before the data was fetched vouches for nothing.
    [-24, 'pass', ''],
    [-24.01, 'undecided', `${unknown} (it says "2024-06-11T12:00:36.000Z")`],
    ['', 'undecided', unknown],
    ['yesterday', 'undecided', `${unknown} (it says "yesterday")`],
  ])('%s hours: %s', (hours, decision, message) => {
    const expected = decision === 'pass' ? [] : [{ rule: 'data/age', decision, message, action }];
    expect(reasons([source('npm', hours)])).toEqual(expected);
  });

  test('may be judged otherwise by policy, source by source', () => {
    const policy = withAges({ warn: 1, undecided: 2 }, [
      ['Debian', { warn: 10, undecided: 20 }],
      ['npm', { warn: 5, undecided: Number.POSITIVE_INFINITY }],
    ]);
    const found = reasons([source('Debian', 15), source('npm', 1e5), source('PyPI', 1.5)], policy);
    expect(found.map(({ decision, message }) => [decision, message.replace(/\(.*UTC, /, '')])).toEqual([
      ['warn', 'the data for Debian more than 10 hours ago'],
      ['warn', 'the data for npm more than 5 hours ago'],
      ['warn', 'the data for PyPI more than 1 hour ago'],
    ]);
    expect(reasons([source('Debian', 20.5), source('PyPI', 2.5)], policy).map(({ decision }) => decision)).toEqual([
      'undecided',
      'undecided',
    ]);
    const never = Number.POSITIVE_INFINITY;
    expect(reasons([source('PyPI', 1e6)], withAges({ warn: never, undecided: never }))).toEqual([]);
  });

  test('of a source that the image does not need says nothing, whatever the policy says of it', () => {
    const policy = withAges({ warn: 48, undecided: 120 }, [['Debian', { warn: 0, undecided: 0 }]]);
    expect(reasons([source('npm', 1)], policy)).toEqual([]);
    expect(reasons([source('npm', 1), source('Debian', 1)], policy)).toHaveLength(1);
  });
});

describe('an update that failed', () => {
  test('is a warning where the data is good enough', () => {
    expect(reasons([source('Debian', 20, failedAt(2))])).toEqual([
      {
        rule: 'data/update-failed',
        decision: 'warn',
        message:
          'the last update of the data for Debian failed (2024-06-10 10:00 UTC: the server answered 429); its data (sha256:ab12cd34ef56) was last known current 2024-06-09 16:00 UTC',
        action,
      },
    ]);
  });

  test.each([
    [60, 'warn', '2024-06-08 00:00 UTC, more than 48 hours ago'],
    [130, 'undecided', '2024-06-05 02:00 UTC, more than 120 hours ago'],
  ])('with data %d hours old is told with its age: %s', (hours, decision, when) => {
    const message = `the data for Debian (sha256:ab12cd34ef56) was last known current ${when}; its last update failed (2024-06-10 10:00 UTC: the server answered 429)`;
    expect(reasons([source('Debian', hours, failedAt(2))])).toEqual([{ rule: 'data/age', decision, message, action }]);
  });

  test.each([
    [-25, '2024-06-11 13:00 UTC'],
    ['soon', 'soon'],
  ])('at a time that can not be (%s) says that the clock is wrong', (hours, when) => {
    expect(reasons([source('Debian', 20, failedAt(hours))])).toEqual([
      {
        rule: 'data/age',
        decision: 'undecided',
        message: `when the data for Debian (sha256:ab12cd34ef56) was last current is not known: an update of it failed in the future; its last update failed (${when}: the server answered 429)`,
        action,
      },
    ]);
  });
});

describe('a feed', () => {
  test.each([
    ['KEV', 'what is known to be exploited since then is not marked'],
    ['EPSS', 'its scores, and the risk that rests on them, are those of then'],
    ['Debian Security Tracker', 'what the distribution has said of its packages since then is missing'],
  ])('%s warns at most, and says what is missing', (name, lack) => {
    const old = `the feed ${name} (sha256:ab12cd34ef56) was last known current`;
    expect(
      [60, 1e4, 'never'].map((hours) => reasons([source(name, hours, feed)]).map((one) => [one.decision, one.message])),
    ).toEqual([
      [['warn', `${old} 2024-06-08 00:00 UTC, more than 48 hours ago; ${lack}`]],
      [['warn', `${old} 2023-04-20 20:00 UTC, more than 120 hours ago; ${lack}`]],
      [
        [
          'warn',
          `when the feed ${name} (sha256:ab12cd34ef56) was last current is not known (it says "never"); ${lack}`,
        ],
      ],
    ]);
  });

  test('has ages of its own, and tells of a failed update', () => {
    const policy = withAges({ warn: 1, undecided: 2 }, [['KEV', { warn: 72, undecided: Number.POSITIVE_INFINITY }]]);
    expect(reasons([source('KEV', 50, feed)], policy)).toEqual([]);
    expect(reasons([source('KEV', 50, { ...feed, ...failedAt(1) })], policy)).toEqual([
      {
        rule: 'data/update-failed',
        decision: 'warn',
        message:
          'the last update of the feed KEV failed (2024-06-10 11:00 UTC: the server answered 429); its data (sha256:ab12cd34ef56) was last known current 2024-06-08 10:00 UTC',
        action,
      },
    ]);
  });
});

describe("a distribution's feed", () => {
  const tracker = 'Debian Security Tracker';
  const answered = finding({ answered: { by: 'distribution', because: '' } });
  const rated = finding({ severitySource: 'distribution' });

  test.each([
    ['answered', [answered]],
    ['rated', [finding({}), rated]],
  ])('leaves the verdict open past its age where it has %s a finding', (_, findings) => {
    const decisions = [40, 60, 121, -25].map((hours) =>
      reasons([source(tracker, hours, feed)], defaultPolicy, findings).map(({ decision }) => decision),
    );
    expect(decisions).toEqual([[], ['warn'], ['undecided'], ['undecided']]);
  });

  test('warns at most where no finding goes by it, and names the flag without which it stays as it is', () => {
    const vexed = finding({ answered: { by: 'vex', because: '' } });
    const found = reasons([source(tracker, 121, feed)], defaultPolicy, [finding({}), vexed]);
    expect(found.map(({ decision, action }) => [decision, action])).toEqual([
      ['warn', 'run: sluice db update --debian-tracker URL|FILE'],
    ]);
  });

  test('makes no other feed leave it open', () => {
    expect(reasons([source('KEV', 121, feed)], defaultPolicy, [answered]).map(({ decision }) => decision)).toEqual([
      'warn',
    ]);
  });
});

describe('all sources together', () => {
  const hours = fc.constantFrom(-1e5, -25, -24, -1, 0, 47, 49, 119, 121, 1e5, Number.NaN);
  const one = fc.record({
    ecosystem: fc.constantFrom('Debian', 'npm', 'KEV', 'EPSS', 'Debian Security Tracker'),
    origin: fc.constantFrom<EvidenceSource['origin']>('osv-export', 'starter', 'none', 'feed'),
    age: hours,
    failure: fc.option(hours),
  });
  const ages = fc.constantFrom<DataAge>(
    { warn: 48, undecided: 120 },
    { warn: 0, undecided: 0 },
    { warn: 48, undecided: Number.POSITIVE_INFINITY },
    { warn: Number.POSITIVE_INFINITY, undecided: Number.POSITIVE_INFINITY },
  );
  const findings = fc.constantFrom<readonly Finding[]>(
    [],
    [finding({})],
    [finding({ severity: 'critical' })],
    [finding({ severitySource: 'distribution' })],
    [finding({ severity: 'critical', answered: { by: 'distribution', because: '' } })],
  );

  type One = { ecosystem: string; origin: EvidenceSource['origin']; age: number; failure: number | null };

  function sourceOf({ ecosystem, origin, age, failure }: One): EvidenceSource {
    const when = (at: number): string | number => (Number.isNaN(at) ? 'never' : at);
    return source(ecosystem, when(age), { origin, ...(failure === null ? {} : failedAt(when(failure))) });
  }

  function decisionOf(
    sources: readonly EvidenceSource[],
    policy: Policy,
    found: readonly Finding[],
    blind = false,
  ): Decision {
    const problems = blind ? [blinding('rpm/empty', 'cannot be read')] : [];
    const target: Evidence['target'] = { kind: 'image', layers: [] };
    return decide({ target, judged: ['installed'], packages: [], findings: found, problems, sources }, policy, { now })
      .decision;
  }

  /** The rules of docs/data.md once more, written in another way. */
  function expected({ ecosystem, origin, age, failure }: One, { warn, undecided }: DataAge, relied: boolean): Decision {
    if (origin === 'none' || origin === 'starter') return 'undecided';
    const open = origin === 'osv-export' || (relied && ecosystem !== 'KEV' && ecosystem !== 'EPSS');
    const isTime = (at: number): boolean => !Number.isNaN(at) && at >= -24;
    if (!isTime(age) || (failure !== null && !isTime(failure)) || age > undecided) return open ? 'undecided' : 'warn';
    return age > warn || failure !== null ? 'warn' : 'pass';
  }

  function worst(decisions: readonly Decision[]): Decision {
    return [...decisions].sort(compareDecision)[0] ?? 'pass';
  }

  test('come to the worst of what each comes to, and take no stop and no blindness away', () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), ages, findings, fc.boolean(), (given, age, found, blind) => {
        const policy = withAges(age);
        const relied = found.some((f) => f.severitySource === 'distribution' || f.answered?.by === 'distribution');
        const ofFindings = decisionOf([], policy, found);
        const each = given.map((item) => expected(item, age, relied));
        const all = worst([...each, ofFindings, blind ? 'undecided' : 'pass']);
        expect(decisionOf(given.map(sourceOf), policy, found, blind)).toBe(all);
        expect(decisionOf(given.map(sourceOf), { ...policy, failOn: 'never' }, found, blind)).toBe(
          worst([...each, decisionOf([], { ...policy, failOn: 'never' }, found), blind ? 'undecided' : 'pass']),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('are judged each by its own ages: those of one that is not needed never matter', () => {
    fc.assert(
      fc.property(one, ages, ages, findings, (item, age, others, found) => {
        const names = ['Debian', 'npm', 'KEV', 'EPSS', 'Debian Security Tracker'].filter((n) => n !== item.ecosystem);
        const policy = withAges(
          age,
          names.map((name) => [name, others] as const),
        );
        const own = withAges(others, [[item.ecosystem, age]]);
        const plain = decisionOf([sourceOf(item)], withAges(age), found);
        expect(decisionOf([sourceOf(item)], policy, found)).toBe(plain);
        expect(decisionOf([sourceOf(item)], own, found)).toBe(plain);
      }),
      { numRuns: 500 },
    );
  });
});

test('no old source is ever a pass, no message holds the clock, and one source has one reason', () => {
  const hours = fc.integer({ min: -2000, max: 2000 });
  fc.assert(
    fc.property(hours, fc.option(hours), fc.integer({ min: 0, max: 30_000 }), (age, failure, later) => {
      const given = source('npm', age, failure === null ? {} : failedAt(failure));
      const evidence = { target: { kind: 'image', layers: [] }, judged: [], packages: [], findings: [], problems: [] };
      const at = new Date(now.getTime() + later);
      const verdict = decide({ ...evidence, sources: [given] } as never, defaultPolicy, { now });
      expect(verdict.reasons.length).toBeLessThanOrEqual(1);
      if (age > 120 || age < -24) expect(verdict.decision).toBe('undecided');
      else if (age > 48 || failure !== null) expect(verdict.decision).not.toBe('pass');
      else expect(verdict.decision).toBe('pass');
      // Half a minute later nothing but the decision may be another.
      const again = decide({ ...evidence, sources: [given] } as never, defaultPolicy, { now: at });
      if (again.decision === verdict.decision) expect(again).toEqual(verdict);
    }),
    { numRuns: 200 },
  );
});
