import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPolicySet } from '../../../src/policy/file/policy-set.ts';
import { packs } from '../../../src/policy/packs.gen.ts';
import { defaultBlame } from '../../../src/policy/policy.ts';
import { scratchFolder } from '../../support/cli.ts';
import { load, policyOf, rule, sampleFolder, write } from './samples.ts';

const scratch = scratchFolder();
let made = 0;

/** A folder with these files. */
function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(scratch, `f${made++}`);
  mkdirSync(path);
  write(path, files);
  return path;
}

/** What is wrong with the policy of a folder with these files. */
async function wrong(files: Readonly<Record<string, string>>): Promise<string[]> {
  return (await load(folder(files))).lines;
}

/** A policy that uses files, and says more. */
const using = (uses: string, more = ''): string => `version: 1\nuse: ${uses}\n${more}`;

const nothing = { waivers: [], environment: '', dataAges: new Map() };

describe('files that are used', () => {
  test('bring their rules in order, the own ones last', async () => {
    const { top, lines } = await load(
      folder({
        'sluice.yaml': using('[default, { file: rules/a.yaml }]', `rules:\n${rule('own/one')}`),
        'rules/a.yaml': using('[{ file: b.yaml }]', `rules:\n${rule('a/one')}`),
        'rules/b.yaml': policyOf(rule('b/one')),
      }),
    );
    expect(lines).toEqual([]);
    expect([...(top?.rules.values() ?? [])].map(({ rule: { id, pack, place } }) => [id, pack, place])).toEqual([
      ['vulnerability/severity', 'default', undefined],
      ['vulnerability/below', 'default', undefined],
      ['secret/found', 'default', undefined],
      ['secret/doubtful', 'default', undefined],
      ['misconfiguration/severity', 'default', undefined],
      ['misconfiguration/below', 'default', undefined],
      ['misconfiguration/minor', 'default', undefined],
      ['b/one', 'rules/b.yaml', 'rules/b.yaml:3:5'],
      ['a/one', 'rules/a.yaml', 'rules/a.yaml:4:5'],
      ['own/one', 'sluice.yaml', 'sluice.yaml:4:5'],
    ]);
  });

  test('are the same by whatever way they come', async () => {
    const path = folder({
      'sluice.yaml': using('[{ file: a.yaml }, { file: b.yaml }, { file: link.yaml }]'),
      'a.yaml': using('[{ file: b.yaml }]', 'override: { b/one: { outcome: track } }\n'),
      'b.yaml': policyOf(rule('b/one')),
    });
    symlinkSync('b.yaml', join(path, 'link.yaml'));
    const { top, lines } = await load(path);
    expect(lines).toEqual([]);
    expect([...(top?.rules.values() ?? [])].map(({ rule: { id, outcome } }) => [id, outcome])).toEqual([
      ['b/one', 'track'],
    ]);
  });

  test('in a circle', async () => {
    const uses = (file: string): string => using(`[default, { file: ${file} }]`);
    expect(
      await wrong({ 'sluice.yaml': uses('a.yaml'), 'a.yaml': uses('b.yaml'), 'b.yaml': uses('./a.yaml') }),
    ).toEqual(['b.yaml:2:16: rule sets in a circle: a.yaml uses b.yaml uses a.yaml | take one of them out']);
    expect(await wrong({ 'sluice.yaml': uses('sluice.yaml') })).toEqual([
      'sluice.yaml:2:16: rule sets in a circle: sluice.yaml uses sluice.yaml | take one of them out',
    ]);
  });

  test('in a circle through a symbolic link', async () => {
    const path = folder({ 'sluice.yaml': using('[{ file: other.yaml }]') });
    symlinkSync('sluice.yaml', join(path, 'other.yaml'));
    expect((await load(path)).lines).toEqual([
      'sluice.yaml:2:7: rule sets in a circle: sluice.yaml uses other.yaml | take one of them out',
    ]);
  });

  test('that are not there, folders, pipes, loops', async () => {
    const path = folder({
      'sluice.yaml': using(
        '[{ file: gone.yaml }, { file: sub }, { file: loop.yaml }, { file: "/dev/null" }, { file: "a\\0b" }]',
      ),
    });
    mkdirSync(join(path, 'sub'));
    symlinkSync('loop.yaml', join(path, 'loop.yaml'));
    expect((await load(path)).lines).toEqual([
      'sluice.yaml:2:7: gone.yaml does not exist',
      'sluice.yaml:2:28: sub is a folder',
      'sluice.yaml:2:43: loop.yaml is a symbolic link that leads in a circle',
      'sluice.yaml:2:64: /dev/null is no regular file',
      'sluice.yaml:2:87: a\0b is no name of a file',
    ]);
  });

  test('whose digest is another', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const lines = await wrong({
      'sluice.yaml': using(
        `[{ file: a.yaml, digest: '${digest}' }]`,
        `lists: { l: { file: l.txt, digest: '${digest}' } }\n`,
      ),
      'a.yaml': policyOf(rule('a/one')),
      'l.txt': 'x\n',
    });
    expect(lines.map((line) => line.replace(/[0-9a-f]{64}/, 'F').replace(/[0-9a-f]{12}…/, 'f…'))).toEqual([
      'sluice.yaml:2:7: a.yaml is not what it was: its digest is sha256:f… | if that is meant: digest: sha256:F',
      'sluice.yaml:3:13: l.txt is not what it was: its digest is sha256:f… | if that is meant: digest: sha256:F',
    ]);
    const right = /digest: (sha256:[0-9a-f]{64})/.exec(lines[0] ?? '')?.[1] ?? '';
    expect(
      await wrong({
        'sluice.yaml': using(`[{ file: a.yaml, digest: '${right}' }]`),
        'a.yaml': policyOf(rule('a/one')),
      }),
    ).toEqual([]);
  });

  test('too deep, and too many', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 18 }, (_, i) => [
        i === 0 ? 'sluice.yaml' : `f${i}.yaml`,
        using(`[{ file: f${i + 1}.yaml }]`),
      ]),
    );
    expect(await wrong(chain)).toEqual(['f15.yaml:2:7: files use files more than 16 deep']);
    const listed = Array.from({ length: 64 }, (_, i) => `{ file: r${i}.yaml }`).join(', ');
    const files = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`r${i}.yaml`, policyOf(rule(`r/r${i}`))]));
    expect(
      (await wrong({ 'sluice.yaml': using(`[${listed}]`), ...files })).map((line) => line.replace(/:\d+:\d+/, '')),
    ).toEqual(['sluice.yaml: the policy is made of more than 64 files']);
  });

  test('that use each other twice on every level are put together once', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 15 }, (_, i) => [
        i === 0 ? 'sluice.yaml' : `f${i}.yaml`,
        using(
          `[${Array(20)
            .fill(`{ file: f${i + 1}.yaml }`)
            .join(', ')}]`,
        ),
      ]),
    );
    expect(await wrong({ ...files, 'f15.yaml': policyOf(rule('a/b')) })).toEqual([]);
  });

  test('that have what only the policy file can have', async () => {
    expect(
      await wrong({ 'sluice.yaml': using('[{ file: a.yaml }]'), 'a.yaml': `${policyOf(rule('a/b'))}soon: 3\n` }),
    ).toEqual(['a.yaml:9:1: only the policy file itself can have soon: this one is used by sluice.yaml']);
  });

  test('packs that are not there', async () => {
    expect(await wrong({ 'sluice.yaml': using('[defalt]') })).toEqual([
      'sluice.yaml:2:7: there is no pack defalt | did you mean default?',
    ]);
    expect(await wrong({ 'sluice.yaml': using('[constructor]') })).toEqual([
      expect.stringMatching(/^sluice\.yaml:2:7: there is no pack constructor \| there are cis-docker, default, /),
    ]);
  });
});

describe('rules by their ids', () => {
  test('that are there twice', async () => {
    expect(
      await wrong({
        'sluice.yaml': using('[default, { file: a.yaml }]', `rules:\n${rule('a/b')}${rule('vulnerability/below')}`),
        'a.yaml': policyOf(rule('a/b')),
      }),
    ).toEqual([
      'sluice.yaml:4:5: there is a rule a/b already: a.yaml:3:5 | change that one under override:',
      'sluice.yaml:10:5: there is a rule vulnerability/below already: the pack default | change that one under override:',
    ]);
    expect(
      await wrong({
        'sluice.yaml': using('[{ file: a.yaml }, { file: b.yaml }]'),
        'a.yaml': policyOf(rule('a/b')),
        'b.yaml': policyOf(rule('a/b')),
      }),
    ).toEqual(['sluice.yaml:2:25: the rule a/b is in a.yaml and in b.yaml | rename one of them']);
  });

  test('that are overridden and not there', async () => {
    expect(
      await wrong({ 'sluice.yaml': using('[default]', 'override: { vulnerability/belov: { outcome: off } }\n') }),
    ).toEqual([
      'sluice.yaml:3:13: there is no rule vulnerability/belov to override | did you mean vulnerability/below?',
    ]);
  });

  test('that two rule sets override', async () => {
    const changing = (what: string): string => using('[{ file: base.yaml }]', `override: { a/b: { ${what} } }\n`);
    const files = (a: string, b: string) => ({
      'base.yaml': policyOf(rule('a/b')),
      'a.yaml': changing(a),
      'b.yaml': changing(b),
    });
    const both = '[{ file: a.yaml }, { file: b.yaml }]';
    expect(await wrong({ 'sluice.yaml': using(both), ...files('outcome: off', 'fix: Do it.') })).toEqual([
      'sluice.yaml:2:25: two rule sets change the rule a/b, and not alike | say under override: what holds',
    ]);
    expect(await wrong({ 'sluice.yaml': using(both), ...files('outcome: warn', 'outcome: warn') })).toEqual([]);
    const settled = using(both, 'override: { a/b: { outcome: stop } }\n');
    expect(await wrong({ 'sluice.yaml': settled, ...files('outcome: warn', 'outcome: track') })).toEqual([]);
    const named = using('[{ file: a.yaml }]', 'policies: { p: { use: [{ file: b.yaml }] } }\n');
    expect(await wrong({ 'sluice.yaml': named, ...files('outcome: warn', 'outcome: track') })).toEqual([]);
  });

  test('that are overridden to what can not be', async () => {
    const overrides = 'override: { a/b: { grace: { high: 1 } }, a/c: { until: 2026-01-01 } }\n';
    expect(
      await wrong({ 'sluice.yaml': `${policyOf(rule('a/b'), rule('a/c', { from: '2026-02-01' }))}${overrides}` }),
    ).toEqual([
      'sluice.yaml:16:13: grace is of rules on findings, and a/b is on image',
      'sluice.yaml:16:42: a/c would end on 2026-01-01, before it begins on 2026-02-01',
    ]);
  });
});

describe('a policy that would pass everything', () => {
  test.each([
    ['no rule', 'version: 1\nname: x\n', 'the policy has no rule'],
    ['an empty list of rules', 'version: 1\nrules: []\n', 'the policy has no rule'],
    ['only named ones have rules', 'version: 1\npolicies: { p: { use: [default] } }\n', 'the policy has no rule'],
    ['all are off', `${policyOf(rule('a/b'))}override: { a/b: { outcome: off } }\n`, 'all rules of the policy are off'],
  ])('%s', async (_name, text, what) => {
    expect(await wrong({ 'sluice.yaml': text })).toEqual([
      `sluice.yaml:1:1: ${what}: everything would pass | begin with use: [default]`,
    ]);
  });
});

describe('rules on files', () => {
  const asking = (id: string, files: string): string => rule(id, { on: 'file', when: 'true', files });
  const listed = (count: number, text: (i: number) => string): string =>
    `[${Array.from({ length: count }, (_, i) => `'${text(i)}'`).join(', ')}]`;

  test('that would look at every path for ever', async () => {
    const paths = (more: string): string =>
      `{ paths: ${listed(100, (i) => `/**/{a,b,c}{a,b,c}{a,b,c}{a,b}${more}${i}`)} }`;
    expect(await wrong({ 'sluice.yaml': policyOf(asking('a/b', paths('x'))) })).toEqual([]);
    expect(await wrong({ 'sluice.yaml': policyOf(asking('a/b', paths('x')), asking('a/c', paths('y'))) })).toEqual([
      'sluice.yaml:10:5: the rules on files ask for more than 10000 things | ask for folders (/etc/**) and not for each file; braces count as all that they stand for',
    ]);
    // The same question is asked once.
    expect(await wrong({ 'sluice.yaml': policyOf(asking('a/b', paths('x')), asking('a/c', paths('x'))) })).toEqual([]);
    const many = `{ paths: ${listed(1001, (i) => `/${i}`)} }`;
    expect(await wrong({ 'sluice.yaml': policyOf(asking('a/b', many)) })).toEqual([
      'sluice.yaml:9:21: paths has more than 1000 entries',
    ]);
  });
});

test('a named policy by which everything would pass', async () => {
  const text = `${policyOf(rule('a/b'))}policies: { p: { override: { a/b: { outcome: off } } } }\n`;
  expect(await wrong({ 'sluice.yaml': text })).toEqual([
    'sluice.yaml:9:13: all rules of the policy p are off: everything would pass | begin with use: [default]',
  ]);
});

describe('lists', () => {
  const asking = (when: string): string => policyOf(rule('a/b', { when }));

  test('of files: one text a line, without comments', async () => {
    const { top } = await load(sampleFolder);
    expect([...(top?.lists ?? [])].map(([name, { texts }]) => [name, texts])).toEqual([
      ['allowed-bases', ['debian:*', 'registry.example.com/base/*']],
      ['malware', ['aaaa', 'bbbb']],
    ]);
  });

  test('that are asked for and not there', async () => {
    expect(await wrong({ 'sluice.yaml': `${asking('image.user in lists.alowed')}lists: { allowed: [x] }\n` })).toEqual([
      'sluice.yaml:3:5: the rule a/b asks for the list alowed, which is not there | did you mean allowed?',
    ]);
    expect(await wrong({ 'sluice.yaml': asking(`"'x' in lists && image.user in lists['x']"`) })).toEqual([]);
  });

  test('of the policy take the place of those that are used; two of those must not differ', async () => {
    const with_ = (text: string): string => `version: 1\nlists: { l: [${text}] }\nrules:\n${rule(`r/${text}`)}`;
    const files = { 'a.yaml': with_('a'), 'b.yaml': with_('b') };
    const uses = '[{ file: a.yaml }, { file: b.yaml }]';
    const own = await load(folder({ 'sluice.yaml': using(uses, 'lists: { l: [own] }\n'), ...files }));
    expect([own.lines, own.top?.lists.get('l')?.texts]).toEqual([[], ['own']]);
    expect(await wrong({ 'sluice.yaml': using(uses), ...files })).toEqual([
      'sluice.yaml:2:25: the list l is in two rule sets: a.yaml:2:10, b.yaml:2:10 | say under lists: what it is',
    ]);
  });

  test('that are too long', async () => {
    const path = folder({
      'sluice.yaml': `${policyOf(rule('a/b'))}lists: { a: { file: a.txt }, b: [x] }\n`,
      'a.txt': 'x\n'.repeat(1_000_000),
    });
    expect((await load(path)).lines).toEqual(['sluice.yaml:9:30: all lists together have more than 1000000 texts']);
  });
});

describe('a set of policies', () => {
  const given = { ...nothing, folder: sampleFolder };
  const rulesOf = (policy: { custom?: { rules: readonly { id: string; outcome: string }[] } }) =>
    new Map(policy.custom?.rules.map(({ id, outcome }) => [id, outcome]));

  test('chooses by the first mapping that fits', async () => {
    const set = await readPolicySet(given, { packs });
    const by = (names: readonly string[], labels: Readonly<Record<string, string>> = {}): unknown[] => {
      const { custom, failOn } = set.choose({ names, labels });
      return [custom?.name, custom?.mapping, failOn];
    };
    const prod = { stage: 'production' };
    expect(set.mapped).toBe(true);
    expect(by([])).toEqual(['payments', undefined, 'medium']);
    expect(by(['registry.example.com/team/a:v1'], prod)).toEqual(['payments/production', 'production', 'low']);
    expect(by(['other:1', 'registry.example.com/team/a:stable'], prod)).toEqual([
      'payments/production',
      'production',
      'low',
    ]);
    expect(by(['registry.example.com/team/a:v1'])).toEqual(['payments', undefined, 'medium']);
    expect(by(['registry.example.com/team/a:v1'], { stage: 'test' })).toEqual(['payments', undefined, 'medium']);
    expect(by(['registry.example.com/team/a:1', 'registry.example.com/b:v1'], prod)).toEqual([
      'payments',
      undefined,
      'medium',
    ]);
    expect(by(['not a reference'], prod)).toEqual(['payments', undefined, 'medium']);
    const inProd = await readPolicySet({ ...given, environment: 'prod' }, { packs });
    const { custom } = inProd.choose({ names: [], labels: {} });
    expect([custom?.mapping, custom?.environment]).toEqual(['by-environment', 'prod']);
  });

  test('puts a named policy on top of the file', async () => {
    const set = await readPolicySet({ ...given, environment: 'prod' }, { packs });
    const policy = set.choose({ names: [], labels: {} });
    const rules = rulesOf(policy);
    expect([rules.get('vulnerability/below'), rules.get('team/no-root'), rules.get('payments/base')]).toEqual([
      'track',
      'warn',
      'stop',
    ]);
    expect([rules.get('strict/age'), rules.get('strict/root')]).toEqual(['off', 'stop']);
    expect(policy.custom?.rules.find(({ id }) => id === 'team/no-root')).toMatchObject({
      from: '2026-06-01',
      fix: 'Add USER 1000.',
      place: 'rules/team.yaml:3:5',
    });
  });

  test('has the settings of the file, and flags count more', async () => {
    const plain = (await readPolicySet(given, { packs })).choose({ names: [], labels: {} });
    expect([plain.failOn, plain.dataAges]).toEqual([
      'medium',
      {
        default: { warn: 24, undecided: 100 },
        bySource: new Map([['KEV', { warn: 72, undecided: Number.POSITIVE_INFINITY }]]),
      },
    ]);
    expect([plain.custom?.blame, plain.custom?.soonDays, plain.custom?.environment]).toEqual([
      { ...defaultBlame, 'inherited-known': 'track', grace: { default: 5 } },
      7,
      '',
    ]);
    const age = { warn: 1, undecided: 2 };
    const flagged = await readPolicySet(
      {
        ...given,
        failOn: 'never',
        dataAges: new Map([
          ['npm', age],
          ['default', age],
        ]),
      },
      { packs },
    );
    expect(flagged.choose({ names: [], labels: {} })).toMatchObject({
      failOn: 'never',
      dataAges: {
        default: age,
        bySource: new Map([
          ['KEV', { warn: 72, undecided: Number.POSITIVE_INFINITY }],
          ['npm', age],
        ]),
      },
    });
  });

  test('is known by a digest over all that was read, wherever it stands', async () => {
    const digestIn = async (path: string): Promise<string | undefined> =>
      (await readPolicySet({ ...nothing, folder: path }, { packs })).choose({ names: [], labels: {} }).custom?.digest;
    const copies = ['hashes.txt', 'rules/team.yaml', 'sluice.yaml', undefined].map((changed) => {
      const path = join(scratch, `copy${made++}`);
      cpSync(sampleFolder, path, { recursive: true });
      return { path, changed };
    });
    const digests = await Promise.all(
      copies.map(async ({ path, changed }) => {
        if (changed !== undefined) {
          const { readFileSync } = await import('node:fs');
          write(path, { [changed]: `${readFileSync(join(path, changed), 'utf8')}\n# more\n` });
        }
        return digestIn(path);
      }),
    );
    const own = await digestIn(sampleFolder);
    expect(own).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect([digests[3] === own, new Set(digests).size]).toEqual([true, 4]);
  });

  test('a pack by its name', async () => {
    const set = await readPolicySet({ ...nothing, folder: scratch, policy: 'strict' }, { packs });
    const { custom } = set.choose({ names: [], labels: {} });
    expect([custom?.name, custom?.rules.every(({ place }) => place === undefined)]).toEqual(['strict', true]);
  });
});

describe('where policies and waivers are found', () => {
  const files = async (given: { folder: string; policy?: string; waivers?: readonly string[] }): Promise<unknown> => {
    const set = await readPolicySet({ ...nothing, ...given }, { packs });
    const { custom } = set.choose({ names: [], labels: {} });
    return [custom?.rules.at(-1)?.place, set.waiverFiles.map(({ name }) => name)];
  };

  test('in the folder and above, the nearest first', async () => {
    const path = folder({
      'sluice.yaml': policyOf(rule('a/b')),
      'sluice.waivers.yaml': '',
      'deep/sluice.yaml': policyOf(rule('a/c')),
      'deep/er/x': '',
      'other/x': '',
      'other/w.yaml': '',
    });
    expect(await files({ folder: path })).toEqual(['sluice.yaml:3:5', ['sluice.waivers.yaml']]);
    expect(await files({ folder: join(path, 'other') })).toEqual(['../sluice.yaml:3:5', ['../sluice.waivers.yaml']]);
    expect(await files({ folder: join(path, 'deep/er') })).toEqual(['../sluice.yaml:3:5', []]);
    expect(await files({ folder: join(path, 'deep'), policy: 'default' })).toEqual([
      undefined,
      ['../sluice.waivers.yaml'],
    ]);
    expect(await files({ folder: join(path, 'other'), policy: '../sluice.yaml', waivers: ['w.yaml'] })).toEqual([
      '../sluice.yaml:3:5',
      ['w.yaml'],
    ]);
  });

  test('what is named and can not be read is no pass', async () => {
    const path = folder({
      'ok.yaml': policyOf(rule('a/b')),
      'named.yaml': `${policyOf(rule('a/b'))}waivers: [gone.yaml]\n`,
    });
    const refusal = async (given: object): Promise<unknown> => {
      try {
        return await readPolicySet({ ...nothing, folder: path, ...given }, { packs });
      } catch (thrown) {
        const { code, message } = thrown as { code: string; message: string };
        return [code, message];
      }
    };
    expect(await refusal({ policy: 'gone.yaml' })).toEqual([
      'policy/unreadable',
      'the policy gone.yaml does not exist',
    ]);
    expect(await refusal({ policy: '.' })).toEqual(['policy/unreadable', 'the policy . is a folder']);
    expect(await refusal({ policy: 'ok.yaml', waivers: ['gone'] })).toEqual([
      'policy/unreadable',
      '--waivers: the waivers gone does not exist',
    ]);
    expect(await refusal({ policy: 'named.yaml' })).toEqual([
      'policy/unreadable',
      'named.yaml:9:11: the waivers gone.yaml does not exist',
    ]);
    write(path, { 'sluice.yml': policyOf(rule('a/b')) });
    expect(await refusal({})).toEqual(['policy/name', `${join(path, 'sluice.yml')} is not read`]);
    symlinkSync('gone', join(path, 'sluice.yaml'));
    expect(await refusal({})).toEqual(['policy/unreadable', 'the policy sluice.yaml does not exist']);
  });
});
