import { describe, expect, test } from 'vitest';
import type { Evidence, EvidenceSource } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Presence } from '../../src/model/package.ts';
import { blinding, type Problem, warning } from '../../src/model/problem.ts';
import type { Severity } from '../../src/model/severity.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import { decide } from '../support/decide.ts';

const now = new Date('2024-06-10T12:00:00Z');

interface Given {
  readonly findings?: readonly Finding[];
  readonly problems?: readonly Problem[];
  readonly sources?: readonly EvidenceSource[];
  readonly judged?: readonly Presence[];
}

function finding(
  severity: Severity,
  name = 'zlib',
  fixed: readonly string[] = [],
  presence: Presence = 'installed',
): Finding {
  return {
    kind: 'vulnerability',
    id: `CVE-2024-${severity.length}${name.length}`,
    aliases: [],
    advisories: [],
    severity,
    severitySource: 'publisher',
    package: `pkg:npm/${name}@1.0.0`,
    name,
    version: '1.0.0',
    presence,
    fixed,
    layer: 0,
    from: 'own',
    paths: [`/app/node_modules/${name}/package.json`],
    title: '',
    cwes: [],
  };
}

function source(
  ecosystem: string,
  hours: number | string,
  origin: EvidenceSource['origin'] = 'osv-export',
): EvidenceSource {
  const checkedAt = typeof hours === 'string' ? hours : new Date(now.getTime() - hours * 3_600_000).toISOString();
  return { ecosystem, origin, records: 1, newest: '', checkedAt };
}

function verdict(given: Given, policy: Partial<Policy> = {}): Verdict {
  const evidence: Evidence = {
    target: { kind: 'image', layers: [] },
    judged: given.judged ?? ['installed'],
    packages: [],
    findings: given.findings ?? [],
    problems: given.problems ?? [],
    sources: given.sources ?? [],
  };
  return told(decide(evidence, { ...defaultPolicy, ...policy }, { now }));
}

/** Decision and messages alone: what reasons teach beside them has tests of its own. */
function told({ decision, reasons }: Verdict): Verdict {
  return {
    decision,
    reasons: reasons.map(({ rule, decision, message, action }) => ({
      ...{ rule, decision, message },
      ...(action === undefined ? {} : { action }),
    })),
  };
}

const action = 'run: sluice db update';

test('nothing found, everything read, data that is current: pass', () => {
  expect(verdict({ sources: [source('npm', 1), source('Alpine', 48)] })).toEqual({ decision: 'pass', reasons: [] });
  expect(defaultPolicy).toEqual({
    failOn: 'high',
    dataAges: { default: { warn: 48, undecided: 120 }, bySource: new Map() },
  });
});

test('a finding that is answered stops nothing', () => {
  const answered = { ...finding('critical'), answered: { by: 'owner', because: 'it is another package' } } as const;
  expect(verdict({ findings: [answered] }).decision).toBe('pass');
});

test('packages that nobody publishes advisories for are told as that, and not as files', () => {
  const problems = [
    warning('data/no-advisories', 'nobody publishes advisories'),
    warning('npm/unreadable', 'no JSON', '/x'),
  ];
  expect(verdict({ problems }).reasons.map(({ rule, decision, message }) => [rule, decision, message])).toEqual([
    ['data/no-advisories', 'warn', 'nobody publishes advisories'],
    ['problems/reading', 'warn', '1 file could not be read in full'],
  ]);
});

test('what of VEX documents could not be read is told as that, once', () => {
  const problems = [1, 2, 3].map((n) => warning('vex/unread', `acme.json: statement ${n} has no status`));
  const [first = ''] = problems.map(({ message }) => message);
  const reason = { rule: 'vex/unread', decision: 'warn' } as const;
  expect(verdict({ problems }).reasons).toEqual([
    { ...reason, message: `VEX documents could not be read in full: ${first} (and 2 more)` },
  ]);
  expect(verdict({ problems: problems.slice(0, 1) }).reasons).toEqual([
    { ...reason, message: `VEX documents could not be read in full: ${first}` },
  ]);
});

describe('a release that gets no more fixes', () => {
  const distribution = { id: 'debian', version: '10', like: [], name: 'Debian GNU/Linux 10 (buster)' };
  const of = (endOfLife: string, extended?: { until: string; name: string }) => {
    const release = { endOfLife, source: 'Debian Releases', ...(extended ? { extended } : {}) };
    const target = { kind: 'image', layers: [], distribution, release } as const;
    return decide(
      { target, judged: ['installed'], packages: [], findings: [], problems: [], sources: [] },
      defaultPolicy,
      { now },
    );
  };

  test('warns from the day after its end', () => {
    expect(of('2024-06-10').decision).toBe('pass');
    expect(of('2024-06-09', { until: '2030-01-01', name: 'ELTS' })).toEqual({
      decision: 'warn',
      reasons: [
        {
          rule: 'distribution/end-of-life',
          decision: 'warn',
          message:
            'Debian GNU/Linux 10 (buster) has had no security updates for everybody since 2024-06-09 (ELTS until 2030-01-01)',
          action: 'move to a newer release',
        },
      ],
    });
  });
});

describe('severities', () => {
  test('high and critical stop, what is below warns', () => {
    const findings = [
      finding('critical', 'a'),
      finding('high', 'a'),
      finding('high', 'b'),
      finding('low', 'c'),
      finding('unknown', 'c'),
    ];
    expect(verdict({ findings })).toEqual({
      decision: 'stop',
      reasons: [
        {
          rule: 'vulnerability/severity',
          decision: 'stop',
          message: '1 critical and 2 high vulnerabilities in 2 packages; the policy stops at high',
        },
        {
          rule: 'vulnerability/below',
          decision: 'warn',
          message: '1 low and 1 unrated vulnerabilities in 1 package, none at high or worse',
        },
      ],
    });
  });

  test('one line says what to do first', () => {
    const findings = [
      finding('high', 'a', ['1.0.2']),
      finding('critical', 'b', ['2.0.0']),
      finding('low', 'c', ['9.0.0']),
    ];
    const [stop, warn] = verdict({ findings }).reasons;
    expect(stop?.action).toBe('begin with b 1.0.0: update to 2.0.0');
    expect(warn?.action).toBe('begin with c 1.0.0: update to 9.0.0');
    expect(verdict({ findings: [finding('critical', 'b')] }).reasons[0]).not.toHaveProperty('action');
  });

  const all: Severity[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

  test.each<[Policy['failOn'], number]>([
    ['critical', 1],
    ['high', 2],
    ['medium', 3],
    ['low', 4],
    // What nobody has rated could be anything: it stops where everything does.
    ['negligible', 6],
    ['unknown', 6],
    ['never', 0],
  ])('--fail-on %s stops at %d of six', (failOn, stops) => {
    const decisions = all.map((severity) => verdict({ findings: [finding(severity)] }, { failOn }).decision);
    expect(decisions).toEqual(all.map((_severity, i) => (i < stops ? 'stop' : 'warn')));
  });

  test('never takes away the stops alone', () => {
    const given: Given = {
      findings: [finding('critical', 'a', ['2.0.0'])],
      problems: [blinding('apk/damaged', 'the database is damaged', '/lib/apk/db/installed')],
      sources: [source('npm', 50)],
    };
    expect(verdict(given, { failOn: 'never' })).toEqual({
      decision: 'undecided',
      reasons: [
        { rule: 'apk/damaged', decision: 'undecided', message: '/lib/apk/db/installed: the database is damaged' },
        {
          rule: 'vulnerability/below',
          decision: 'warn',
          message: '1 critical vulnerability in 1 package',
          action: 'begin with a 1.0.0: update to 2.0.0',
        },
        {
          rule: 'data/age',
          decision: 'warn',
          message: 'the data for npm was last known current 2024-06-08 10:00 UTC, more than 48 hours ago',
          action,
        },
      ],
    });
  });

  test('only what is judged counts: what is declared does so in a source tree alone', () => {
    const findings = [finding('critical', 'a', [], 'declared'), finding('critical', 'b', [], 'application')];
    expect(verdict({ findings })).toEqual({ decision: 'pass', reasons: [] });
    const inSource = verdict({ findings, judged: ['declared', 'installed'] });
    expect(inSource.decision).toBe('stop');
    expect(inSource.reasons.map(({ message }) => message)).toEqual([
      '1 critical vulnerability in 1 package; the policy stops at high',
    ]);
  });

  test('many findings take no more than linear time', () => {
    const findings = Array.from({ length: 100_000 }, (_, i) => finding(i % 2 === 0 ? 'high' : 'low', `p${i % 50}`));
    const before = process.cpuUsage();
    expect(verdict({ findings }).decision).toBe('stop');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3000);
  });
});

describe('problems', () => {
  test('that blind leave it undecided, each with its reason; the others warn together', () => {
    const problems = [
      blinding('rpm/damaged', 'the database is damaged', '/var/lib/rpm/Packages'),
      blinding('data/no-advisories', 'there are no advisories'),
      warning('npm/malformed', 'x', '/app/package.json'),
      warning('npm/malformed', 'y', '/b/package.json'),
    ];
    expect(verdict({ problems })).toEqual({
      decision: 'undecided',
      reasons: [
        { rule: 'rpm/damaged', decision: 'undecided', message: '/var/lib/rpm/Packages: the database is damaged' },
        { rule: 'data/no-advisories', decision: 'undecided', message: 'there are no advisories' },
        { rule: 'problems/reading', decision: 'warn', message: '2 files could not be read in full' },
      ],
    });
    expect(verdict({ problems: problems.slice(3) })).toEqual({
      decision: 'warn',
      reasons: [{ rule: 'problems/reading', decision: 'warn', message: '1 file could not be read in full' }],
    });
  });
});

test('stop outranks undecided, which outranks warn; reasons of one rank keep their order', () => {
  const given: Given = {
    findings: [finding('low', 'a'), finding('critical', 'b')],
    problems: [warning('npm/x', 'x'), blinding('deb/y', 'y')],
    sources: [source('Debian', '', 'none'), source('npm', 60)],
  };
  const found = verdict(given);
  expect(found.decision).toBe('stop');
  expect(found.reasons.map(({ rule, decision }) => [rule, decision])).toEqual([
    ['vulnerability/severity', 'stop'],
    ['deb/y', 'undecided'],
    ['data/missing', 'undecided'],
    ['vulnerability/below', 'warn'],
    ['problems/reading', 'warn'],
    ['data/age', 'warn'],
  ]);
});
