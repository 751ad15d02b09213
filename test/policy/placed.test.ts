import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/model/digest.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { PlacedFinding } from '../../src/model/placed-finding.ts';
import type { Reason, Verdict } from '../../src/model/verdict.ts';
import { judge } from '../../src/policy/judge.ts';
import type { Judging } from '../../src/policy/judging.ts';
import { defaultBlame, defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import type { Waiver } from '../../src/policy/waiver/contract.ts';
import { evidence, facts, now, placedFinding, policyOf, rule } from './make.ts';

const looked = ['packages', 'secrets', 'configuration', 'licences'] as const;

function verdict(given: Partial<Evidence>, policy: Policy, judging: Partial<Judging> = {}): Verdict {
  return judge(evidence({ looked, ...given }), policy, { now, ...judging }).verdict;
}

/** What each reason comes to, without what it teaches. */
function said({ reasons }: Verdict): (readonly [string, string, string])[] {
  return reasons.map(({ rule: id, decision, message }: Reason) => [id, decision, message]);
}

const key = placedFinding({
  id: 'secret/private-key',
  severity: 'critical',
  title: 'Private key',
  fix: 'Replace the key.',
  place: { in: 'file', path: '/root/.ssh/id_rsa', line: 1, layer: 1, removedIn: 2, from: 'own' },
  fingerprint: 'cccc',
});
const variable = placedFinding({
  severity: 'medium',
  place: { in: 'environment', name: 'GITHUB_TOKEN', from: 'base' },
  fingerprint: 'dddd',
});
const setting = placedFinding({
  kind: 'misconfiguration',
  id: 'image/runs-as-root',
  aliases: ['CIS-DI-0001', 'DS-0002'],
  severity: 'medium',
  title: 'Runs as root',
  fix: 'Name a user.',
  place: { in: 'configuration', name: 'User' },
  fingerprint: 'eeee',
});
const bandit = placedFinding({
  kind: 'external',
  id: 'B105',
  tool: 'Bandit 1.7.5',
  severity: 'low',
  title: 'Hard-coded password',
  fix: '',
  place: { in: 'file', path: 'app/main.py', line: 4 },
  fingerprint: 'ffff',
});
const placed = [bandit, setting, key, variable];

describe('rules on what was found in places', () => {
  const fired = (when: string, on: 'secret' | 'misconfiguration' | 'external'): number =>
    verdict({ placed }, policyOf([rule(when, { on })])).reasons[0]?.subjects?.length ?? 0;

  test.each([
    ['secret', 'true', 2],
    ['secret', "secret.id == 'secret/private-key' && secret.removed && secret.layer == 1 && secret.line == 1", 1],
    ['secret', "secret.where == 'environment' && secret.name == 'GITHUB_TOKEN' && secret.path == ''", 1],
    ['secret', "secret.from == 'base' && secret.layer == -1 && secret.line == 0 && !secret.removed", 1],
    ['secret', "secret.score == 90 && secret.notes.size() == 0 && secret.expires == '' && !secret.expired", 2],
    ['secret', "secret.introduced && secret.blame == '' && secret.package == '' && secret.commit == ''", 2],
    ['misconfiguration', "'DS-0002' in misconfiguration.aliases && misconfiguration.controls.size() == 0", 1],
    ['misconfiguration', "misconfiguration.name == 'User' && misconfiguration.message == 'a GitHub token'", 1],
    ['external', "external.tool.startsWith('Bandit') && external.path == 'app/main.py' && external.line == 4", 1],
    ['external', "external.severity == 'high'", 0],
  ] as const)('%s: %s', (on, when, count) => {
    expect(fired(when, on)).toBe(count);
  });

  test('speak of every place that a secret is in, and fire once', () => {
    const also = [
      { in: 'file', path: '/srv/.env', line: 2, layer: 3, removedIn: 4, from: 'own' },
      { in: 'history', step: 1, from: 'own' },
    ] as const;
    const everywhere = { ...variable, also };
    const times = (when: string): number =>
      verdict({ placed: [everywhere] }, policyOf([rule(when, { on: 'secret' })])).reasons[0]?.subjects?.length ?? 0;
    expect(times('true')).toBe(1);
    for (const when of [
      "where == 'environment'",
      "where == 'history'",
      "path.startsWith('/srv/')",
      'removed',
      'layer == 3',
    ])
      expect([when, times(`secret.${when}`)]).toEqual([when, 1]);
    // What is excused in one place is not in the others.
    expect(times("secret.from == 'own'")).toBe(1);
    expect(times("!(secret.where in ['environment', 'history'])")).toBe(1);
    expect(times("secret.where == 'label'")).toBe(0);
    expect(times("secret.where == 'environment' && secret.removed")).toBe(0);
  });

  test('tell days by the moment that is judged as of', () => {
    const token = placedFinding({ secret: { shown: '', score: 90, notes: [], expires: '2024-06-09T10:00:00Z' } });
    const expired = policyOf([rule("secret.expired && secret.expires == '2024-06-09'", { on: 'secret' })]);
    const decision = (day: string) => verdict({ placed: [token] }, expired, { now: new Date(day) }).decision;
    expect([decision('2024-06-09T23:59:59Z'), decision('2024-06-10T00:00:00Z')]).toEqual(['pass', 'stop']);
  });

  test('teach what ends the first, where to look, and where all of them are', () => {
    const rules = [rule('true', { on: 'secret', id: 'team/secret', title: 'Secrets', why: '' })];
    expect(verdict({ placed }, policyOf(rules)).reasons).toEqual([
      {
        rule: 'team/secret',
        decision: 'stop',
        message: 'Secrets: Private key (/root/.ssh/id_rsa:1), GitHub token (ENV GITHUB_TOKEN)',
        action: 'begin with secret/private-key: Replace the key.',
        look: 'sluice explain secret/private-key TARGET',
        subjects: [
          { id: 'secret/private-key', at: '/root/.ssh/id_rsa:1', fingerprint: 'cccc', fix: 'Replace the key.' },
          { id: 'secret/github-token', at: 'ENV GITHUB_TOKEN', fingerprint: 'dddd', fix: 'Revoke it.' },
        ],
      },
    ]);
    const other = rule('true', { on: 'external', fix: 'Ask the team.', title: 'Others' });
    expect(verdict({ placed }, policyOf([other])).reasons[0]).toMatchObject({
      message: 'Others: Hard-coded password (app/main.py:4)',
      action: 'Ask the team.',
      subjects: [{ id: 'B105', at: 'app/main.py:4', fingerprint: 'ffff' }],
    });
  });

  test('name all places', () => {
    const places = [
      { in: 'file', path: '/a', line: 2 },
      { in: 'file', path: '/a' },
      { in: 'commit', path: 'a', line: 3, commit: '1'.repeat(40) },
      { in: 'dockerfile', path: 'Dockerfile', line: 4 },
      { in: 'environment', name: 'A' },
      { in: 'label', name: 'b' },
      { in: 'annotation', name: 'c' },
      { in: 'configuration', name: 'User' },
      { in: 'configuration' },
      { in: 'history', step: 3 },
      { in: 'history' },
      { in: 'package', name: 'openssl' },
    ] as const;
    const found = places.map((place, i) => placedFinding({ place, fingerprint: String(i) }));
    const { reasons } = verdict({ placed: found }, policyOf([rule('true', { on: 'secret' })]));
    expect(reasons[0]?.subjects?.map(({ at }) => at)).toEqual([
      ...['/a:2', '/a', 'a:3', 'Dockerfile:4', 'ENV A', 'label b', 'annotation c', 'configuration User'],
      ...['configuration', 'history step 3', 'history', 'openssl'],
    ]);
  });

  test('do not speak of what is answered', () => {
    const answered = { ...key, answered: { by: 'owner', because: 'openssl ships it to everybody' } } as const;
    expect(verdict({ placed: [answered] }, policyOf([rule('true', { on: 'secret' })])).decision).toBe('pass');
  });
});

describe('what was not looked for', () => {
  const rules = (['secret', 'misconfiguration', 'licence', 'external'] as const).map((on) =>
    rule('true', { on, id: `team/${on}`, title: on }),
  );

  test('leaves a rule that asks for it undecided', () => {
    const undecided = [
      ['team/secret', 'undecided', 'secret: the report does not tell of secrets: they were not looked for'],
      [
        'team/misconfiguration',
        'undecided',
        'misconfiguration: the report does not tell of settings: they were not looked for',
      ],
      ['team/licence', 'undecided', 'licence: the report does not tell of licences: they were not looked for'],
    ];
    const { looked: _looked, ...older } = evidence({ placed: [] });
    expect(said(judge(older, policyOf(rules), { now }).verdict)).toEqual(undecided);
    expect(said(verdict({ looked: ['packages'] }, policyOf(rules)))).toEqual(undecided);
    expect(said(verdict({ looked: ['secrets', 'licences'] }, policyOf(rules)))).toEqual([undecided[1]]);
    expect(said(verdict({}, policyOf(rules)))).toEqual([]);
  });

  test('is not taken for packages without flaws', () => {
    const on = (['finding', 'package', 'package-file'] as const).map((kind) =>
      rule('true', { on: kind, id: `team/${kind}`, title: kind }),
    );
    const message = (title: string) => `${title}: the report does not tell of packages: they were not looked for`;
    expect(said(verdict({ looked: ['secrets'] }, policyOf(on)))).toEqual(
      on.map(({ id, title }) => [id, 'undecided', message(title)]),
    );
    const target = { kind: 'dockerfile', layers: [] } as const;
    expect(said(verdict({ looked: ['secrets', 'configuration'], target }, policyOf(on)))).toEqual([]);
  });

  test('in layers that were read by their index alone leaves such rules undecided, and the default pack as it is', () => {
    const digest = parseDigest(`sha256:${'1'.repeat(64)}`);
    const layers = [{ digest, diffId: digest, size: 1, createdBy: '', read: 'index' as const }];
    const partly = 'layers were read by their index alone, and --verify reads them';
    const given = { looked, target: { kind: 'image' as const, layers } };
    expect(said(verdict(given, policyOf(rules)))).toEqual([
      ['team/secret', 'undecided', `secret: the report does not tell of all secrets: ${partly}`],
      ['team/licence', 'undecided', `licence: the report does not tell of all licences: ${partly}`],
    ]);
    expect(verdict(given, defaultPolicy).decision).toBe('pass');
  });

  test('is not missed where it can not be, nor by the default pack', () => {
    const target = { kind: 'sbom', layers: [] } as const;
    expect(said(verdict({ looked: ['packages', 'licences'], target }, policyOf(rules)))).toEqual([]);
    expect(verdict({ looked: ['packages'] }, defaultPolicy).decision).toBe('pass');
  });

  test('of a Dockerfile, rules on files and accounts have nothing to say, those on the image have', () => {
    const target = { kind: 'dockerfile', layers: [] } as const;
    const files = { id: 'sha256:1', paths: ['/**'] };
    const policy = policyOf([
      rule('true', { on: 'file', files }),
      rule('true', { on: 'account' }),
      rule('true', { on: 'package-file' }),
      rule('image.root', { on: 'image', id: 'team/root' }),
      rule('true', { on: 'licence', id: 'team/licence' }),
    ]);
    const given = { looked: ['configuration'], target, image: facts({ user: 'app' }) } as const;
    expect(said(verdict(given, policy))).toEqual([]);
    expect(said(verdict({ ...given, image: facts({ user: 'root' }) }, policy))).toEqual([
      ['team/root', 'stop', 'Wrong'],
    ]);
  });
});

describe('the blame gate', () => {
  const held = (found: readonly PlacedFinding[], given: Partial<Evidence> = {}) => ({
    evidence: evidence({ looked, placed: found, ...given }),
    since: '2024-05-01T00:00:00Z',
  });
  const rules = [rule('true', { on: 'secret', title: 'Secrets' })];

  test('tells by the fingerprint what was there before, wherever its line is now', () => {
    const moved = { ...key, place: { ...key.place, path: '/srv/key', line: 9 } };
    const { baseline, reasons } = verdict({ placed: [key, variable] }, policyOf(rules), { baseline: held([moved]) });
    expect(reasons.map(({ decision, message, subjects }) => [decision, message, subjects?.[0]?.blame])).toEqual([
      ['stop', 'Secrets: GitHub token (ENV GITHUB_TOKEN)', 'introduced-known'],
      ['warn', 'Secrets: Private key (/root/.ssh/id_rsa:1), in the baseline already and known then', 'inherited-known'],
    ]);
    expect(baseline?.findings).toEqual({
      'introduced-known': 1,
      'introduced-since': 0,
      'inherited-known': 1,
      'inherited-since': 0,
    });
  });

  test('lets rules ask who brought it', () => {
    const policy = policyOf([rule("secret.introduced && secret.blame == 'introduced-known'", { on: 'secret' })]);
    expect(verdict({ placed: [key, variable] }, policy, { baseline: held([key]) }).reasons[0]?.subjects).toMatchObject([
      { fingerprint: 'dddd' },
    ]);
  });

  test('tracks without a day where the policy says so, and makes nothing worse', () => {
    const blame = { ...defaultBlame, 'inherited-known': 'track' } as const;
    const one = (outcome: 'stop' | 'warn' | 'track', by: typeof blame | typeof defaultBlame) =>
      said(
        verdict({ placed: [key] }, policyOf([rule('true', { on: 'secret', outcome })], { blame: by }), {
          baseline: held([key]),
        }),
      );
    const shown = 'Wrong: Private key (/root/.ssh/id_rsa:1)';
    const there = 'in the baseline already and known then';
    expect(one('stop', blame)).toEqual([['team/rule', 'track', `${shown}, ${there}: only tracked`]]);
    expect(one('warn', defaultBlame)).toEqual([['team/rule', 'warn', shown]]);
    expect(one('track', defaultBlame)).toEqual([['team/rule', 'track', shown]]);
  });

  test('counts what an answer of the distribution hid then as brought now, and what was waived as there', () => {
    const answered = (by: 'owner' | 'waiver') => ({ ...key, answered: { by, because: 'x' } });
    const decision = (by: 'owner' | 'waiver') =>
      verdict({ placed: [key] }, policyOf(rules), { baseline: held([answered(by)]) }).decision;
    expect([decision('owner'), decision('waiver')]).toEqual(['stop', 'warn']);
  });

  test('says so where the baseline was not searched for what is found now', () => {
    const older = held([], { looked: ['packages'] });
    expect(said(verdict({ placed }, policyOf(rules), { baseline: older }))[1]).toEqual([
      'baseline/incomplete',
      'warn',
      'the baseline does not tell all that was there, and what it hides counts as introduced: ' +
        'secrets were not looked for; its settings were not judged',
    ]);
    expect(said(verdict({ placed: [] }, policyOf(rules), { baseline: older }))).toEqual([]);
  });
});

describe('waivers', () => {
  const waiver = (given: Partial<Waiver>): Waiver => ({
    ...{ ids: [], packages: [], paths: [], rules: [], images: [], until: {} },
    ...{ reason: 'seen', owner: 'shop', expires: '2024-12-31', place: 'w.yaml:1' },
    ...given,
  });
  const own = placedFinding({ package: 'pkg:npm/zlib@1.0.0', fingerprint: 'abab' });
  const twice = placedFinding({ also: [{ in: 'file', path: '/srv/.env', line: 2 }], fingerprint: 'baba' });
  const source = placedFinding({
    id: 'secret/slack-token',
    aliases: ['slack-bot-token'],
    place: { in: 'commit', path: 'src/a.ts', line: 7, commit: '1'.repeat(40) },
    fingerprint: 'acac',
  });
  const beside = placedFinding({ also: [{ in: 'environment', name: 'TOKEN' }], fingerprint: 'bebe' });
  const all = [setting, key, variable, own, twice, source, beside];

  /** The fingerprints of what a waiver answers. */
  function answered(given: Partial<Waiver>): readonly (string | number)[] {
    const waivers = { waivers: [waiver(given)], files: [] };
    const { evidence: after, verdict: of } = judge(evidence({ looked, placed: all }), defaultPolicy, { now, waivers });
    const found = (after.placed ?? []).filter(({ answered: by }) => by?.by === 'waiver');
    expect(of.waivers?.[0]?.answers).toBe(found.length);
    return found.map(({ fingerprint }) => fingerprint);
  }

  test.each([
    ['the id of the rule', { ids: ['secret/github-token'] }, ['dddd', 'abab', 'baba', 'bebe']],
    ['another name of it, in any case', { ids: ['ds-0002'] }, ['eeee']],
    ['a fingerprint', { ids: ['cccc'] }, ['cccc']],
    ['a path', { paths: ['/app/**'] }, ['abab']],
    ['every path, of what is also where there are none', { ids: ['bebe'], paths: ['/**'] }, []],
    ['all of several paths', { paths: ['/app/**', '/srv/**'] }, ['abab', 'baba']],
    ['a path of a source tree', { paths: ['/src/*.ts'] }, ['acac']],
    ['an id at a path', { ids: ['secret/private-key'], paths: ['/root/**'] }, ['cccc']],
    ['an id at another path', { ids: ['secret/private-key'], paths: ['/home/**'] }, []],
    ['an id in a package', { ids: ['secret/github-token'], packages: ['pkg:npm/*'] }, ['abab']],
    ['a package: that is about its flaws', { packages: ['pkg:npm/zlib'] }, []],
    ['a package at a path', { packages: ['pkg:npm/*'], paths: ['/**'] }, []],
    ['what gitleaks calls it', { ids: [`${'1'.repeat(40)}:src/a.ts:slack-token:7`] }, ['acac']],
    ['the same in whatever commit', { ids: ['src/a.ts:slack-token:7'] }, ['acac']],
    ['the same by another name of the rule', { ids: [`${'1'.repeat(40)}:src/a.ts:slack-bot-token:7`] }, ['acac']],
    ['the same in another line', { ids: [`${'1'.repeat(40)}:src/a.ts:slack-token:8`] }, []],
    ['gitleaks, in a file of an image', { ids: ['/root/.ssh/id_rsa:private-key:1'] }, ['cccc']],
    ['a severity, which is no name', { ids: ['critical'] }, []],
  ] as const)('by %s', (_, given, fingerprints) => {
    expect(answered(given)).toEqual(fingerprints);
  });

  test('say in the finding who waived it, and until when', () => {
    const waivers = { waivers: [waiver({ ids: ['cccc'] })], files: [] };
    const before = evidence({ looked, placed: [key] });
    const { evidence: after, verdict: of } = judge(before, defaultPolicy, { now, waivers });
    expect(after.placed).toEqual([
      { ...key, answered: { by: 'waiver', because: 'waived until 2024-12-31 by shop: seen [w.yaml:1]' } },
    ]);
    expect(of.decision).toBe('pass');
    expect(judge(after, defaultPolicy, { now, waivers: { waivers: [], files: [] } }).evidence).toEqual(before);
  });

  test('of a rule take away what it fires on and leave the finding to others', () => {
    const waivers = { waivers: [waiver({ rules: ['team/a'], ids: ['DS-0002'] })], files: [] };
    const policy = policyOf(['team/a', 'team/b'].map((id) => rule('true', { on: 'misconfiguration', id })));
    const { evidence: after, verdict: of } = judge(evidence({ looked, placed: [setting] }), policy, { now, waivers });
    expect(of.reasons.map(({ rule: id }) => id)).toEqual(['team/b']);
    expect(after.placed).toEqual([setting]);
  });

  test('that end by what happens to a flaw answer nothing that is none', () => {
    const waivers = { waivers: [waiver({ ids: ['cccc'], until: { fixReleased: true } })], files: [] };
    const { verdict: of } = judge(evidence({ looked, placed: [key] }), defaultPolicy, { now, waivers });
    expect([of.decision, of.waivers?.[0]?.state]).toEqual(['stop', 'ended']);
  });

  test('leave the evidence as it is where they are over nothing', () => {
    const before = evidence({ looked, placed: all });
    const waivers = { waivers: [waiver({ ids: ['CVE-1'] })], files: [] };
    expect(judge(before, defaultPolicy, { now, waivers }).evidence).toBe(before);
  });
});
