import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { orderOfEcosystem } from '../../src/advisory/ecosystem-order.ts';
import { readFlags } from '../../src/cli/flags.ts';
import { type PolicySet, policyFlags, policyOf, policySetOf } from '../../src/cli/policy-flags.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import { feedTitles, sourceNames } from '../../src/policy/source-names.ts';
import { scratchFolder } from '../support/cli.ts';

function policy(args: readonly string[], env: Record<string, string> = {}): Policy {
  return policyOf(readFlags(args, policyFlags, env));
}

/** What is refused, as a message and a hint. */
function refusal(text: string): (string | undefined)[] {
  try {
    policy(['--data-age', text]);
  } catch (thrown) {
    const { code, message, hint } = thrown as { code: string; message: string; hint?: string };
    return [code, message, hint];
  }
  return [];
}

test('without flags the default policy holds', () => {
  expect(policy([])).toEqual(defaultPolicy);
});

test('ages of all sources, and of some', () => {
  const args = [
    '--data-age',
    '24h:72h',
    '--data-age',
    'Debian=12h:2d',
    '--data-age',
    'kev=3d:never',
    '--fail-on',
    'low',
  ];
  const expected: Policy = {
    failOn: 'low',
    dataAges: {
      default: { warn: 24, undecided: 72 },
      bySource: new Map([
        ['Debian', { warn: 12, undecided: 48 }],
        ['KEV', { warn: 72, undecided: Number.POSITIVE_INFINITY }],
      ]),
    },
  };
  expect(policy(args)).toEqual(expected);
  const env = { SLUICE_DATA_AGE: '24h:72h, Debian=12h:2d,kev=3d:never', SLUICE_FAIL_ON: 'low' };
  expect(policy([], env)).toEqual(expected);
});

test('the last word counts, and the command line before the environment', () => {
  const { dataAges } = policy(['--data-age', '1h:2h,npm=1h:1h', '--data-age', 'npm=never:never,3h:4h'], {
    SLUICE_DATA_AGE: 'Debian=1h:2h',
  });
  expect(dataAges).toEqual({
    default: { warn: 3, undecided: 4 },
    bySource: new Map([['npm', { warn: Number.POSITIVE_INFINITY, undecided: Number.POSITIVE_INFINITY }]]),
  });
});

describe('what is refused', () => {
  const form = 'such as 48h:120h, Debian=12h:2d or KEV=3d:never';

  test.each([
    '48h',
    '48:120',
    '1h:2h:3h',
    'x',
    'Debian=',
    'Debian=1h',
    '1.5h:2h',
    '-1h:2h',
    '999999h:never',
    '1h:2h,',
    '=1',
  ])('%s is no pair of ages', (text) => {
    const one = text.split(',').at(-1) ?? '';
    expect(refusal(text)).toEqual(['usage/data-age', `--data-age takes [SOURCE=]WARN:UNDECIDED, not ${one}`, form]);
  });

  test.each(['3d:71h', 'never:5d', 'KEV=2h:1h'])('%s warns too late', (text) => {
    expect(refusal(text)).toEqual([
      'usage/data-age',
      `--data-age ${text}: it would be undecided before it warns`,
      undefined,
    ]);
  });

  test.each([
    ['Debain', 'did you mean Debian?'],
    ['Debian:12', 'did you mean Debian?'],
    ['redhat', 'did you mean Red Hat?'],
    ['__proto__', 'such as Debian, npm, KEV, EPSS'],
    ['', 'such as Debian, npm, KEV, EPSS'],
  ])('%s is no source', (name, hint) => {
    expect(refusal(`${name}=1h:2h`)).toEqual(['usage/data-age', `--data-age knows no source of data ${name}`, hint]);
  });
});

test('the sources that can be named are the ecosystems whose versions can be ordered, and the feeds', () => {
  const feeds = Object.values(feedTitles);
  expect(sourceNames.filter((name) => orderOfEcosystem(name) === undefined)).toEqual(feeds);
  expect(new Set(sourceNames.map((name) => name.toLowerCase())).size).toBe(sourceNames.length);
});

describe('the set of policies', () => {
  const scratch = scratchFolder();
  const folder = join(scratch, 'app');
  const rule = '{ id: a/b, title: A, why: B, on: image, when: image.root, outcome: stop }';
  mkdirSync(folder);
  writeFileSync(join(folder, 'other.yaml'), `version: 1\nrules: [${rule}]\n`);
  writeFileSync(join(folder, 'w.yaml'), 'version: 1\nwaivers: []\n');
  writeFileSync(join(folder, 'bad.yaml'), `version: 1\nrulez: [${rule}]\n`);

  const set = (...args: readonly string[]): Promise<PolicySet> =>
    policySetOf(readFlags(args, policyFlags, {}), { cacheDir: join(scratch, 'cache'), build: '1', folder });
  const image = { names: [], labels: {} };

  /** What is refused, as code, message and hint. */
  const refused = async (...args: readonly string[]): Promise<unknown> => {
    try {
      return await set(...args);
    } catch (thrown) {
      const { code, message, hint } = thrown as { code: string; message: string; hint?: string };
      return [code, message, hint];
    }
  };

  test('without files is the default policy, with nothing of its own', async () => {
    const { choose, ...rest } = await set('--fail-on', 'low', '--environment', 'prod');
    expect([rest, choose(image)]).toEqual([{ mapped: false }, { ...defaultPolicy, failOn: 'low' }]);
  });

  test('reads what the flags name', async () => {
    const { choose, at, waivers } = await set(
      '--policy',
      'other.yaml',
      '--waivers',
      'w.yaml',
      '--environment',
      'prod',
      '--at',
      '2026-02-28',
    );
    const { custom, failOn } = choose(image);
    expect([custom?.name, custom?.environment, custom?.rules.map(({ place }) => place), failOn]).toEqual([
      'other',
      'prod',
      ['other.yaml:2:9'],
      'high',
    ]);
    expect([at?.toISOString(), waivers?.files.map(({ name }) => name)]).toEqual([
      '2026-02-28T00:00:00.000Z',
      ['w.yaml'],
    ]);
    expect((await set('--at', '2026-02-28T10:30:00Z')).at?.toISOString()).toBe('2026-02-28T10:30:00.000Z');
  });

  test('is no pass where something is wrong', async () => {
    expect(await refused('--policy', 'gone.yaml')).toEqual([
      'policy/unreadable',
      'the policy gone.yaml does not exist',
      expect.stringContaining('a file, or a pack: cis-docker, default, '),
    ]);
    expect(await refused('--policy', 'strct')).toEqual([
      'policy/unreadable',
      'the policy strct does not exist',
      'did you mean the pack strict?',
    ]);
    expect(await refused('--policy', 'bad.yaml')).toEqual([
      'policy/malformed',
      'bad.yaml:2:1: there is no setting rulez of a policy',
      'did you mean rules?',
    ]);
    expect(await refused('--policy', 'other.yaml', '--waivers', 'other.yaml')).toEqual([
      'waivers/malformed',
      expect.stringMatching(/^other\.yaml:2:1: /),
      expect.any(String),
    ]);
    expect(await refused('--at', '2026-02-30')).toEqual([
      'usage/at',
      '--at: there is no 2026-02-30',
      'February 2026 has 28 days',
    ]);
    expect(await refused('--at', 'tomorrow')).toEqual([
      'usage/at',
      '--at: tomorrow is no day',
      'a day is written as 2026-01-31',
    ]);
    expect(await refused('--at', '2026-02-28T99:00:00Z')).toEqual([
      'usage/at',
      '--at: 2026-02-28T99:00:00Z is no time',
      undefined,
    ]);
    expect(await refused('--environment', 'a b')).toEqual([
      'usage/environment',
      '--environment takes a name, not a b',
      'such as production',
    ]);
  });
});
