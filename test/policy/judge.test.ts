import { describe, expect, test } from 'vitest';
import type { FileFact } from '../../src/model/collected.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { blinding } from '../../src/model/problem.ts';
import type { Reason, Verdict } from '../../src/model/verdict.ts';
import { defaultVerdict } from '../../src/policy/default-verdict.ts';
import { judge } from '../../src/policy/judge.ts';
import type { Judging } from '../../src/policy/judging.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import type { Waiver } from '../../src/policy/waiver/contract.ts';
import { evidence, facts, finding, found, now, policyOf, rule } from './make.ts';

function verdict(given: Partial<Evidence>, policy: Policy, judging: Partial<Judging> = {}): Verdict {
  return judge(evidence(given), policy, { now, ...judging }).verdict;
}

/** What each reason comes to, without what it teaches. */
function said({ reasons }: Verdict): (readonly [string, string, string])[] {
  return reasons.map(({ rule: id, decision, message }: Reason) => [id, decision, message]);
}

const anyFinding = rule('true', { title: 'Flawed' });

describe('a reason teaches', () => {
  test('the rule, why it is, what ends it, where to look, what it serves, and what it fired on', () => {
    const findings = [
      finding({ id: 'CVE-2024-1', severity: 'critical', fixed: ['1.0.2'] }),
      finding({ id: 'CVE-2024-2', fixed: ['1.0.1'] }),
      finding({ id: 'CVE-2024-3', name: 'left-pad', severity: 'low' }),
    ];
    const given = {
      why: 'Flaws are used.',
      fix: 'rebuild the image',
      controls: ['PCI DSS 4.0 6.3.3'],
      place: 'sluice.yaml:7:3',
    };
    expect(verdict({ findings }, policyOf([rule('finding.severity.atLeast("high")', given)]))).toEqual({
      decision: 'stop',
      reasons: [
        {
          rule: 'team/rule',
          decision: 'stop',
          message: 'Wrong: 1 critical and 1 high vulnerabilities in 1 package',
          action: 'begin with zlib 1.0.0: update to 1.0.2; rebuild the image',
          why: 'Flaws are used.',
          look: 'sluice explain CVE-2024-1 TARGET',
          controls: ['PCI DSS 4.0 6.3.3'],
          place: 'sluice.yaml:7:3',
          subjects: [
            { id: 'CVE-2024-1', package: 'pkg:npm/zlib@1.0.0', fix: 'update zlib to 1.0.2' },
            { id: 'CVE-2024-2', package: 'pkg:npm/zlib@1.0.0', fix: 'update zlib to 1.0.2' },
          ],
        },
      ],
      policy: { name: 'team', digest: `sha256:${'1'.repeat(64)}`, rules: 1 },
    });
  });

  test('of the base, that it brings the package; of a lock file, which one', () => {
    const target = { kind: 'image', layers: [], base: { name: 'node:20', layers: 1, by: 'history' } } as const;
    const findings = [
      finding({ id: 'CVE-1', from: 'base', fixed: ['2.0.0'] }),
      finding({
        id: 'CVE-2',
        name: 'lodash',
        presence: 'declared',
        fixed: ['3.0.0'],
        paths: ['/app/package-lock.json'],
      }),
    ];
    const { reasons } = verdict({ target, findings, judged: ['installed', 'declared'] }, policyOf([anyFinding]));
    expect(reasons[0]?.subjects?.map(({ fix }) => fix)).toEqual([
      'update zlib to 2.0.0, which the base image node:20 brings',
      'update lodash to 3.0.0 in /app/package-lock.json',
    ]);
  });

  test('of very many the first thousand, and the number of all', () => {
    const findings = Array.from({ length: 1500 }, (_, i) => finding({ id: `CVE-2024-${i}` }));
    const [reason] = verdict({ findings }, policyOf([anyFinding])).reasons;
    expect(reason?.subjects?.length).toBe(1000);
    expect(reason?.message).toBe('Flawed: 1500 high vulnerabilities in 1 package');
  });
});

describe('rules on', () => {
  test('packages, sources, problems and instructions name what they fire on', () => {
    const given: Partial<Evidence> = {
      packages: [found('zlib'), found('lodash'), found('left-pad')],
      sources: [{ ecosystem: 'npm', origin: 'none', records: 0, newest: '', checkedAt: '' }],
      problems: [blinding('npm/x', 'it is damaged', '/a.json')],
      image: facts({
        history: [
          { name: 'RUN', text: 'RUN curl x | sh', layer: 0, from: 'own' },
          { name: 'USER', text: 'USER app', from: 'own' },
        ],
      }),
    };
    const rules = [
      rule('pkg.name in lists.names', { id: 'a', on: 'package', title: 'Packages' }),
      rule('source.missing', { id: 'b', on: 'source', title: 'Sources', outcome: 'warn' }),
      rule('problem.blinding', { id: 'c', on: 'problem', title: 'Problems', outcome: 'track' }),
      rule('instruction.name == "RUN"', { id: 'd', on: 'instruction', title: 'Steps', fix: 'drop it' }),
    ];
    const { reasons } = verdict(given, policyOf(rules));
    expect(reasons.filter(({ rule: id }) => id.length === 1)).toEqual([
      {
        rule: 'a',
        decision: 'stop',
        message: 'Packages: zlib 1.0.0, lodash 1.0.0',
        why: 'It matters.',
        subjects: [
          { id: 'pkg:npm/zlib@1.0.0', package: 'pkg:npm/zlib@1.0.0' },
          { id: 'pkg:npm/lodash@1.0.0', package: 'pkg:npm/lodash@1.0.0' },
        ],
      },
      {
        rule: 'd',
        decision: 'stop',
        message: 'Steps: RUN curl x | sh',
        action: 'drop it',
        why: 'It matters.',
        subjects: [{ id: 'RUN curl x | sh' }],
      },
      { rule: 'b', decision: 'warn', message: 'Sources: npm', why: 'It matters.', subjects: [{ id: 'npm' }] },
      {
        rule: 'c',
        decision: 'track',
        message: 'Problems: /a.json: it is damaged',
        why: 'It matters.',
        subjects: [{ id: 'npm/x' }],
      },
    ]);
  });

  test('the image fire once and say no more than their title', () => {
    const digest = `sha256:${'a'.repeat(64)}` as never;
    const target = { kind: 'image', layers: [], digest } as const;
    expect(verdict({ target }, policyOf([rule('image.root', { on: 'image', title: 'Runs as root' })])).reasons).toEqual(
      [
        {
          rule: 'team/rule',
          decision: 'stop',
          message: 'Runs as root',
          why: 'It matters.',
          subjects: [{ id: digest }],
        },
      ],
    );
    const image = facts({ user: '1000' });
    expect(verdict({ image }, policyOf([rule('image.root', { on: 'image' })])).decision).toBe('pass');
  });

  test('one list of the image name its items', () => {
    const env = ['TOKEN', 'KEY'].map((name) => ({ name, value: '***', secret: true }));
    const image = facts({ env, ports: ['22/tcp'] });
    const rules = [
      rule('image.secretEnv.size() > 0', { id: 'a', on: 'image', title: 'Secrets' }),
      rule('image.unservedPorts.size() > 0 && image.kind == "image"', { id: 'b', on: 'image', title: 'Ports' }),
      rule('image.secretEnv.size() + image.ports.size() > 0', { id: 'c', on: 'image', title: 'Both' }),
    ];
    expect(said(verdict({ image }, policyOf(rules))).map(([, , message]) => message)).toEqual([
      'Secrets: TOKEN, KEY',
      'Ports: 22',
      'Both',
    ]);
  });

  test("an image's configuration have nothing to say of what is no image, unless they ask for the kind", () => {
    const { image: _image, ...source } = evidence({ target: { kind: 'source', layers: [] } });
    const plain = rule('!image.hasHealthcheck', { on: 'image' });
    const asking = rule('image.kind != "image" || image.hasHealthcheck', { on: 'image' });
    expect(judge(source, policyOf([plain]), { now }).verdict.reasons).toEqual([]);
    expect(judge(source, policyOf([asking]), { now }).verdict.decision).toBe('stop');
    const { image: _facts, ...kept } = evidence();
    expect(said(judge(kept, policyOf([plain]), { now }).verdict)).toEqual([
      ['team/rule', 'undecided', "Wrong: the report does not hold the image's configuration that the rule asks for"],
    ]);
  });
});

describe('what can not be answered', () => {
  test('leaves the verdict undecided and is never a pass', () => {
    const failing = rule('image.labels["team"] == "shop"', { on: 'image', title: 'Label', place: 'sluice.yaml:3:5' });
    expect(verdict({}, policyOf([failing]))).toMatchObject({
      decision: 'undecided',
      reasons: [
        {
          rule: 'team/rule',
          decision: 'undecided',
          message: 'Label: it can\'t be evaluated: there is no "team"',
          why: 'It matters.',
          place: 'sluice.yaml:3:5',
        },
      ],
    });
  });

  test('is told beside what the rule did fire on, with how often it happened', () => {
    const findings = ['x', '7', 'y'].map((title, i) => finding({ id: `CVE-${i}`, title }));
    expect(said(verdict({ findings }, policyOf([rule('int(finding.title) > 5', { outcome: 'warn' })])))).toEqual([
      ['team/rule', 'undecided', 'Wrong: it can\'t be evaluated: "x" is no whole number (and 1 more times)'],
      ['team/rule', 'warn', 'Wrong: 1 high vulnerability in 1 package'],
    ]);
  });

  test('of a rule that is not in force changes no verdict', () => {
    const failing = { on: 'image', title: 'Labelled' } as const;
    const asked = (given: object) =>
      said(verdict({}, policyOf([rule('image.labels["x"] == ""', { ...failing, ...given })])));
    const words = expect.stringMatching(/^Labelled: it can't be evaluated: /);
    expect(asked({ from: '2024-07-01' })).toEqual([['team/rule', 'track', words]]);
    expect(asked({ until: '2024-06-09' })).toEqual([['team/rule', 'track', words]]);
    expect(asked({ from: '2024-06-10', until: '2024-06-10' })).toEqual([['team/rule', 'undecided', words]]);
  });

  test('of a rule that only tracks changes no verdict', () => {
    const failing = rule('image.labels["team"] == "shop"', { on: 'image', outcome: 'track' });
    expect(verdict({}, policyOf([failing]))).toMatchObject({ decision: 'pass', reasons: [{ decision: 'track' }] });
  });

  test('files that were not collected: undecided; those that were: judged', () => {
    const files = { id: 'sha256:q', paths: ['/etc/**'] };
    const byMode = policyOf([rule('file.worldWritable', { on: 'file', files, title: 'Writable' })]);
    const fact: FileFact = {
      ...{ path: '/etc/x', kind: 'file', size: 1, mode: 0o666, uid: 0, gid: 0, layer: 0, from: 'own' },
      queries: ['sha256:q'],
    };
    const lacking = 'Writable: the report does not hold the files that the rule asks for';
    const others = [{ ...fact, queries: ['sha256:other'] }];
    expect(said(verdict({}, byMode))).toEqual([['team/rule', 'undecided', lacking]]);
    const collected = { queries: ['sha256:other'], files: others };
    expect(said(verdict({ collected }, byMode))).toEqual([['team/rule', 'undecided', lacking]]);
    expect(said(verdict({ collected: { queries: ['sha256:q'], files: others } }, byMode))).toEqual([]);
    expect(said(verdict({ collected: { queries: ['sha256:q'], files: [fact, ...others] } }, byMode))).toEqual([
      ['team/rule', 'stop', 'Writable: /etc/x'],
    ]);
  });

  test('accounts and package files that were not collected: undecided', () => {
    const rules = [
      rule('account.uid == 0', { id: 'a', on: 'account' }),
      rule('packageFile.state == "changed"', { id: 'b', on: 'package-file' }),
      rule('"root" in image.users', { id: 'c', on: 'image' }),
    ];
    expect(said(verdict({}, policyOf(rules)))).toEqual([
      ['a', 'undecided', 'Wrong: the report does not hold the accounts that the rule asks for'],
      ['b', 'undecided', 'Wrong: the report does not hold the check of package files that the rule asks for'],
      ['c', 'undecided', 'Wrong: the report does not hold the accounts that the rule asks for'],
    ]);
    const root = {
      name: 'root',
      uid: 0,
      gid: 0,
      home: '/',
      shell: '/bin/sh',
      groups: ['root'],
      password: 'locked',
    } as const;
    const packageFiles = [{ path: '/bin/a', package: 'pkg:deb/debian/a@1', state: 'changed', layer: 0 }] as const;
    const collected = { queries: [], files: [], accounts: [root], packageFiles };
    expect(said(verdict({ collected }, policyOf(rules)))).toEqual([
      ['a', 'stop', 'Wrong: root'],
      ['b', 'stop', 'Wrong: /bin/a of a (changed)'],
      ['c', 'stop', 'Wrong'],
    ]);
  });
});

describe('outcomes', () => {
  const findings = [finding()];

  test('stop, warn and track; a rule that is off is not asked', () => {
    const rules = (['stop', 'warn', 'track', 'off'] as const).map((outcome) => rule('true', { id: outcome, outcome }));
    const given = verdict({ findings }, policyOf(rules));
    expect(given.reasons.map(({ rule: id, decision }) => [id, decision])).toEqual([
      ['stop', 'stop'],
      ['warn', 'warn'],
      ['track', 'track'],
    ]);
    expect(given.policy?.rules).toBe(3);
    expect(verdict({ findings }, policyOf(rules.slice(2))).decision).toBe('pass');
    expect(verdict({ findings }, policyOf(rules.slice(1))).decision).toBe('warn');
  });

  test('--fail-on never: every stop warns, what is undecided stays so', () => {
    const rules = [rule('true', { id: 'a' }), rule('image.root', { id: 'b', on: 'image', outcome: 'warn' })];
    expect(said(verdict({ findings }, policyOf(rules, { failOn: 'never' })))).toEqual([
      ['a', 'warn', 'Wrong: 1 high vulnerability in 1 package'],
      ['b', 'warn', 'Wrong'],
    ]);
    const failing = rule('image.labels["x"] == ""', { on: 'image' });
    expect(verdict({}, policyOf([failing], { failOn: 'never' })).decision).toBe('undecided');
  });

  test('the words of a rule name what was found and the threshold', () => {
    const says = '{found}; the policy stops at {failOn}';
    const worded = [rule('finding.severity.atLeast(policy.failOn)', { says }), rule('true', { id: 'b', says })];
    expect(said(verdict({ findings }, policyOf(worded, { failOn: 'medium' })))[0]?.[2]).toBe(
      '1 high vulnerability in 1 package; the policy stops at medium',
    );
    expect(said(verdict({ findings }, policyOf(worded, { failOn: 'never' })))).toEqual([
      ['b', 'warn', '1 high vulnerability in 1 package'],
    ]);
  });

  test.each([
    ['2024-06-11', undefined, 'track', '; the rule comes into force on 2024-06-11'],
    ['2024-06-10', undefined, 'stop', ''],
    [undefined, '2024-06-10', 'stop', ''],
    [undefined, '2024-06-09', 'track', '; the rule was in force until 2024-06-09'],
    ['2024-06-01', '2024-06-30', 'stop', ''],
  ] as const)('in force from %s until %s: %s', (from, until, decision, more) => {
    const dated = rule('image.root', {
      on: 'image',
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    });
    expect(said(verdict({}, policyOf([dated])))).toEqual([['team/rule', decision, `Wrong${more}`]]);
  });

  test('grace: what was disclosed lately is tracked until its day is over, by severity', () => {
    const grace = { critical: 3, default: 10 };
    const ages = [
      finding({ id: 'CVE-1', severity: 'critical', published: '2024-06-07T23:00:00Z' }),
      finding({ id: 'CVE-2', severity: 'critical', published: '2024-06-08T01:00:00Z' }),
      finding({ id: 'CVE-3', published: '2024-06-01T00:00:00Z' }),
      finding({ id: 'CVE-4', published: '2024-05-31T00:00:00Z' }),
      finding({ id: 'CVE-5' }),
    ];
    const graced = policyOf([rule('true', { grace })]);
    const at = (day: string) =>
      verdict({ findings: ages }, graced, { now: new Date(`${day}T00:00:00Z`) }).reasons.map(
        ({ decision, message, subjects }) => [decision, message, subjects?.map(({ id, due }) => [id, due])],
      );
    expect(at('2024-06-10')).toEqual([
      [
        'stop',
        'Wrong: 1 critical and 2 high vulnerabilities in 1 package',
        [
          ['CVE-1', '2024-06-09'],
          ['CVE-4', '2024-06-09'],
          ['CVE-5', undefined],
        ],
      ],
      [
        'track',
        'Wrong: 1 critical and 1 high vulnerabilities in 1 package, disclosed lately: only tracked until 2024-06-10',
        [
          ['CVE-2', '2024-06-10'],
          ['CVE-3', '2024-06-10'],
        ],
      ],
    ]);
    expect(at('2024-06-11').map(([decision]) => decision)).toEqual(['stop']);
    expect(at('2024-06-09').map(([decision, , subjects]) => [decision, (subjects as unknown[]).length])).toEqual([
      ['stop', 1],
      ['track', 4],
    ]);
  });
});

describe('waivers', () => {
  const waiver = (given: Partial<Waiver>): Waiver => ({
    ...{ ids: [], packages: [], paths: [], rules: [], images: [], reason: 'known', owner: 'shop', until: {} },
    ...{ expires: '2024-07-01', place: 'sluice.waivers.yaml:3' },
    ...given,
  });
  const waivers = (...some: readonly Waiver[]) => ({ waivers: some, files: [] });

  test('answer findings, which are then no subjects and stay in the evidence', () => {
    const findings = [finding({ id: 'CVE-1' }), finding({ id: 'CVE-2' })];
    const judged = judge(evidence({ findings }), policyOf([anyFinding]), {
      now,
      waivers: waivers(waiver({ ids: ['CVE-1'] })),
    });
    expect(judged.evidence.findings.map(({ id, answered }) => [id, answered?.by])).toEqual([
      ['CVE-1', 'waiver'],
      ['CVE-2', undefined],
    ]);
    expect(said(judged.verdict)).toEqual([['team/rule', 'stop', 'Flawed: 1 high vulnerability in 1 package']]);
    expect(judged.verdict.waivers?.map(({ state, answers }) => [state, answers])).toEqual([['matched', 1]]);
  });

  test('of rules take away what these fire on, and leave it to others', () => {
    const rules = [rule('true', { id: 'team/a', on: 'package' }), rule('true', { id: 'team/b', on: 'package' })];
    const packages = [found('zlib'), found('lodash')];
    const given = waivers(waiver({ rules: ['team/a'], packages: ['pkg:npm/zlib'] }));
    expect(said(verdict({ packages }, policyOf(rules), { waivers: given }))).toEqual([
      ['team/a', 'stop', 'Wrong: lodash 1.0.0'],
      ['team/b', 'stop', 'Wrong: zlib 1.0.0, lodash 1.0.0'],
    ]);
    const all = waivers(waiver({ rules: ['team/*'] }));
    expect(verdict({ packages }, policyOf(rules), { waivers: all }).decision).toBe('pass');
  });

  test('of rules take away nothing that is also at a place they are not over', () => {
    const paths = ['/a/zlib', '/b/zlib'];
    const given = waivers(waiver({ rules: ['team/*'], paths: ['/a/**'] }));
    const onPackage = policyOf([rule('true', { on: 'package' })]);
    expect(verdict({ packages: [found('zlib', { paths })] }, onPackage, { waivers: given }).decision).toBe('stop');
    expect(verdict({ packages: [found('zlib', { paths: ['/a/zlib'] })] }, onPackage, { waivers: given }).decision).toBe(
      'pass',
    );
    // Twice the same package, and so the same flaw, each at a place of its own.
    const findings = ['/b/zlib', '/a/zlib'].map((path) => finding({ paths: [path] }));
    const { decision, waivers: uses } = verdict({ findings }, policyOf([anyFinding]), { waivers: given });
    expect([decision, uses?.map(({ answers }) => answers)]).toEqual(['stop', [1]]);
  });

  test('take away nothing that sluice itself says', () => {
    const given = waivers(
      waiver({ rules: ['*'] }),
      waiver({ rules: ['data/*'] }),
      waiver({ paths: ['**'] }),
      waiver({ ids: ['rpm/header-truncated', 'data/missing'] }),
    );
    const problems = [blinding('rpm/header-truncated', 'it ends within a package')];
    const sources = [{ ecosystem: 'npm', origin: 'none', records: 0, newest: '', checkedAt: '' }] as const;
    const policy = policyOf([rule('true', { on: 'problem' }), rule('true', { id: 'team/s', on: 'source' })]);
    expect(said(verdict({ problems, sources }, policy, { waivers: given }))).toEqual([
      ['rpm/header-truncated', 'undecided', 'it ends within a package'],
      ['data/missing', 'undecided', 'there is no vulnerability data for npm'],
    ]);
  });

  test('do not answer a rule that could not be evaluated', () => {
    const failing = rule('image.labels["x"] == ""', { id: 'team/x', on: 'image' });
    const given = waivers(waiver({ rules: ['team/x'] }));
    expect(verdict({}, policyOf([failing]), { waivers: given }).decision).toBe('undecided');
  });
});

test('what a rule fires on is told without what could rewrite a terminal', () => {
  const packages = [found('evil\u001b[2J\nname')];
  const [reason] = verdict({ packages }, policyOf([rule('true', { on: 'package' })])).reasons;
  expect(reason?.message).toBe('Wrong: evil\\x1b[2J\\x0aname 1.0.0');
});

test('the age of data is judged as of its own moment where there is one, deadlines as of the other', () => {
  const source = { ecosystem: 'npm', origin: 'osv-export', records: 1, newest: '', checkedAt: '2024-06-10T00:00:00Z' };
  const given = { sources: [source as Evidence['sources'][number]] };
  const later = new Date('2024-12-24T00:00:00Z');
  const rules = policyOf([
    rule('source.ageHours > 100', { id: 'team/old', on: 'source' }),
    rule('true', { id: 'team/then', on: 'source', from: '2024-12-01' }),
  ]);
  const ids = (judging: Judging) => judge(evidence(given), rules, judging).verdict.reasons.map(({ rule: id }) => id);
  expect(ids({ now: later, dataNow: now })).toEqual(['team/then']);
  expect(ids({ now: later })).toEqual(['team/old', 'team/then', 'data/age']);
  const earlier = new Date('2024-01-01T00:00:00Z');
  expect(ids({ now: earlier })).toEqual(['data/age', 'team/then']);
  expect(ids({ now: earlier, dataNow: now })).toEqual(['team/then']);
  expect(defaultVerdict(evidence(given), defaultPolicy, { now: later, dataNow: now }).decision).toBe('pass');
});
