import { describe, expect, test } from 'vitest';
import { orderOfEcosystem } from '../../src/advisory/ecosystem-order.ts';
import { readFlags } from '../../src/cli/flags.ts';
import { policyFlags, policyOf } from '../../src/cli/policy-flags.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import { feedTitles, sourceNames } from '../../src/policy/source-names.ts';

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
