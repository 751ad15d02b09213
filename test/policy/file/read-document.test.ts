import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { policyOf, read, rule, sampleFolder } from './samples.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const schema = JSON.parse(readFileSync(join(root, 'schema/sluice-policy-v1.json'), 'utf8'));
const fits = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
const sample = readFileSync(join(sampleFolder, 'sluice.yaml'), 'utf8');

describe('a policy with everything', () => {
  const { document, faults } = read(sample);

  test('has no fault', () => {
    expect(faults).toEqual([]);
  });

  test('is read as it is written', () => {
    const { rules, ...layer } = document?.layer ?? { rules: [] };
    expect({ ...document, layer }).toEqual({
      name: 'payments',
      layer: {
        use: [
          { pack: 'default', place: { file: 'sluice.yaml', line: 4, column: 5 } },
          { file: 'rules/team.yaml', place: { file: 'sluice.yaml', line: 5, column: 5 } },
        ],
        failOn: 'medium',
        dataAges: [
          ['default', '24h:100h'],
          ['KEV', '3d:never'],
        ],
        lists: [
          {
            name: 'allowed-bases',
            texts: ['debian:*', 'registry.example.com/base/*'],
            place: { file: 'sluice.yaml', line: 9, column: 3 },
          },
          { name: 'malware', file: 'hashes.txt', place: { file: 'sluice.yaml', line: 10, column: 12 } },
        ],
        override: [
          { id: 'vulnerability/below', outcome: 'track', place: { file: 'sluice.yaml', line: 47, column: 3 } },
          {
            id: 'team/no-root',
            from: '2026-06-01',
            fix: 'Add USER 1000.',
            place: { file: 'sluice.yaml', line: 48, column: 3 },
          },
        ],
        blame: { 'inherited-known': 'track', grace: { default: 5 } },
      },
      policies: [
        {
          name: 'production',
          layer: {
            use: [{ pack: 'strict', place: { file: 'sluice.yaml', line: 54, column: 11 } }],
            failOn: 'low',
            dataAges: [],
            lists: [],
            rules: [],
            override: [{ id: 'strict/age', outcome: 'off', place: { file: 'sluice.yaml', line: 57, column: 7 } }],
          },
          place: { file: 'sluice.yaml', line: 53, column: 3 },
        },
      ],
      mappings: [
        {
          name: 'production',
          policy: 'production',
          registry: ['registry.example.com'],
          repository: ['team/*'],
          tag: ['v*', 'stable'],
          labels: [['stage', ['prod*']]],
          place: { file: 'sluice.yaml', line: 59, column: 5 },
        },
        {
          name: 'by-environment',
          policy: 'production',
          environment: ['prod'],
          place: { file: 'sluice.yaml', line: 62, column: 5 },
        },
      ],
      waivers: [{ file: 'sluice.waivers.yaml', place: { file: 'sluice.yaml', line: 50, column: 11 } }],
      soonDays: 7,
      ownOnly: [
        { key: 'waivers', place: { file: 'sluice.yaml', line: 50, column: 1 } },
        { key: 'soon', place: { file: 'sluice.yaml', line: 51, column: 1 } },
        { key: 'policies', place: { file: 'sluice.yaml', line: 52, column: 1 } },
        { key: 'mappings', place: { file: 'sluice.yaml', line: 58, column: 1 } },
      ],
      place: { file: 'sluice.yaml', line: 1, column: 1 },
    });
    expect(rules.map(({ when, ...rest }) => ({ ...rest, when: when.text, reads: when.reads }))).toEqual([
      {
        id: 'payments/base',
        title: 'Base image that is not ours',
        why: 'Only our base images are patched every night.',
        fix: 'Begin with one of our base images.',
        on: 'image',
        when: "image.base.known && !lists['allowed-bases'].exists(base, image.base.name.glob(base))",
        reads: ['image.base', 'image.base.known', 'image.base.name', 'lists.allowed-bases'],
        outcome: 'stop',
        controls: ['CIS-DI-0001', 'PCI DSS 4.0 6.3.3'],
        place: 'sluice.yaml:12:5',
        pack: 'sluice.yaml',
      },
      {
        id: 'payments/malware',
        title: 'Known malware',
        why: 'It is on the list.',
        on: 'file',
        when: "file.sha256 in lists.malware || 'root' in file.matches || 'port' in file.values && file.values['port'] == '22'",
        reads: ['file.matches', 'file.sha256', 'file.values', 'lists.malware'],
        files: {
          id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          paths: ['/opt/**', '/usr/**'],
          kinds: ['file'],
          modes: ['executable', 'setuid'],
          digest: true,
          matches: { root: '(?m)^root:' },
          values: { port: { format: 'json', at: '/server/port' } },
        },
        outcome: 'warn',
        controls: [],
        place: 'sluice.yaml:24:5',
        pack: 'sluice.yaml',
      },
      {
        id: 'payments/new',
        title: 'Flaws that are used',
        why: 'They are used.',
        on: 'finding',
        when: 'finding.exploited && pkg.installed',
        reads: ['finding.exploited', 'pkg.installed'],
        outcome: 'stop',
        from: '2026-01-01',
        until: '2027-01-01',
        grace: { critical: 7, default: 30 },
        controls: [],
        place: 'sluice.yaml:37:5',
        pack: 'sluice.yaml',
      },
    ]);
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  test('fits the JSON schema', () => {
    fits(parse(sample));
    expect(fits.errors).toBe(null);
  });
});

test('two rules that ask for the same files ask with the same id', () => {
  const files = (text: string): string | undefined => {
    const { document, faults } = read(policyOf(rule('a/b', { on: 'file', when: 'file.setuid', files: text })));
    expect(faults).toEqual([]);
    return document?.layer.rules[0]?.files?.id;
  };
  const one = files("{ paths: ['/a', '/b'], modes: [setuid], matches: { x: 'a', y: 'b' } }");
  expect(files("{ matches: { y: 'b', x: 'a' }, modes: setuid, paths: ['/b', '/a', '/b'] }")).toBe(one);
  expect(files("{ paths: ['/a', '/b'], modes: [setuid], matches: { x: 'a', y: 'c' } }")).not.toBe(one);
});

/** A rule's lines, and what is wrong with them. */
const ruleFaults: readonly [name: string, lines: Readonly<Record<string, string>>, faults: readonly string[]][] = [
  [
    'an unknown setting',
    { severty: 'high' },
    [
      'sluice.yaml:9:5: there is no setting severty of a rule | there are id, title, why, fix, on, when, outcome, from, until, grace, controls, files, says',
    ],
  ],
  [
    'a setting that is nearly one',
    { titel: 'x' },
    ['sluice.yaml:9:5: there is no setting titel of a rule | did you mean title?'],
  ],
  ['no title, no why', { title: '', why: '' }, ['sluice.yaml:3:5: the rule has no title, no why']],
  [
    'an id in capitals',
    { id: 'Team/Root' },
    ['sluice.yaml:3:9: Team/Root is no name of a rule | lower case, digits, - and /: such as team/no-root'],
  ],
  [
    'an outcome that is none',
    { outcome: 'stpo' },
    ['sluice.yaml:8:14: outcome takes stop, warn or track, not stpo | did you mean stop?'],
  ],
  [
    'a subject that is none',
    { on: 'images' },
    [
      'sluice.yaml:6:9: on takes finding, package, file, package-file, account, instruction, image, secret, misconfiguration, licence, external, change, source or problem, not images | did you mean image?',
    ],
  ],
  [
    'a number for a text',
    { title: '1.50' },
    ["sluice.yaml:4:12: title takes a text, not a number | put it in quotes: '1.50'"],
  ],
  [
    'a day that does not exist',
    { from: '2026-02-30' },
    ['sluice.yaml:9:11: from: there is no 2026-02-30 | February 2026 has 28 days'],
  ],
  [
    'a leap day in another year',
    { until: '2027-02-29' },
    ['sluice.yaml:9:12: until: there is no 2027-02-29 | February 2027 has 28 days'],
  ],
  [
    'a month that does not exist',
    { from: '2026-13-01' },
    ['sluice.yaml:9:11: from: 2026-13-01 is no day | months are 01 to 12'],
  ],
  [
    'a day in another form',
    { from: '1.2.2026' },
    ['sluice.yaml:9:11: from: 1.2.2026 is no day | a day is written as 2026-01-31'],
  ],
  [
    'an end before the beginning',
    { from: '2026-02-02', until: '2026-02-01' },
    ['sluice.yaml:10:12: until 2026-02-01 is before from 2026-02-02: it is never in force'],
  ],
  [
    'grace of an image',
    { grace: '{ high: 3 }' },
    ['sluice.yaml:9:5: grace is of rules on findings, and this one is on image | leave it out'],
  ],
  [
    'grace that is no number of days',
    { on: 'finding', when: 'finding.exploited', grace: '{ high: 3.5, low: x, hihg: 1 }' },
    [
      'sluice.yaml:9:33: there is no setting hihg of grace | did you mean high?',
      'sluice.yaml:9:20: grace: high takes a whole number from 0 to 3660, not 3.5',
      'sluice.yaml:9:30: grace: low takes a whole number from 0 to 3660, not a text',
    ],
  ],
  [
    'files of an image',
    { files: '{ paths: [/a] }' },
    ['sluice.yaml:9:5: files is of rules on files, and this one is on image'],
  ],
  [
    'a rule on files without them',
    { on: 'file', when: 'file.setuid' },
    ["sluice.yaml:6:9: a rule on files needs files | which files it looks at: files: { paths: ['/etc/**'] }"],
  ],
  [
    'an escape sequence for people',
    { title: '"a\\e[31mb"', why: '"ok\\u202edesrever"' },
    [
      "sluice.yaml:4:12: title has a character that can't be printed",
      "sluice.yaml:5:10: why has a character that can't be printed",
    ],
  ],
  [
    'a message with something unknown',
    { says: "'{found} of {all}'" },
    ['sluice.yaml:9:11: says knows no {all} | it knows {found} and {failOn}'],
  ],
  [
    'a path that is not absolute',
    { on: 'file', when: 'file.setuid', files: "{ paths: ['etc/x'] }" },
    ['sluice.yaml:9:22: paths: etc/x is not absolute | such as /etc/x'],
  ],
  [
    'a glob without its end',
    { on: 'file', when: 'file.setuid', files: "{ paths: ['/etc/{a'] }" },
    ['sluice.yaml:9:22: paths: the pattern has a { without its }'],
  ],
  [
    'a regular expression that could take for ever',
    { on: 'file', when: 'file.setuid', files: "{ paths: [/a], matches: { x: '(a)\\1' } }" },
    [
      'sluice.yaml:9:45: matches: x: RE2 has no back-references: \\1 | regular expressions are those of RE2: no lookaround, no backreferences, so that time stays linear',
    ],
  ],
  [
    'a name that would be a prototype',
    { on: 'file', when: 'file.setuid', files: "{ paths: [/a], matches: { __proto__: 'a' } }" },
    ['sluice.yaml:9:38: matches: __proto__ is no name | a name has letters, digits, - and _'],
  ],
  [
    'a value of an unknown format',
    { on: 'file', when: 'file.setuid', files: '{ paths: [/a], values: { x: { format: jsn, at: x } } }' },
    [
      'sluice.yaml:9:50: values: x: format takes json, yaml, toml, ini or xml, not jsn | did you mean json?',
      'sluice.yaml:9:59: values: x: x is no JSON pointer | such as /server/port (RFC 6901)',
    ],
  ],
];

describe('what is wrong with a rule', () => {
  test.each(ruleFaults)('%s', (_name, lines, faults) => {
    const { id = 'team/root', ...others } = lines;
    expect(read(policyOf(rule(id, others))).faults).toEqual(faults);
  });
});

/** A condition, and where the fault in it is. */
const conditions: readonly [when: string, place: string][] = [
  ["finding.severty == 'high'", '7:19'],
  ["'finding.exploited && finding.severty == ''high'''", '7:41'],
  ["|\n      finding.exploited &&\n        finding.severty == 'high'", '9:17'],
  ["finding.severity.matches('(?=a)b')", '7:37'],
  ['finding.epss > "a"', '7:11'],
  ['finding.exploited &&', '7:31'],
  ['finding.exploitd', '7:19'],
];

describe('what is wrong with a condition', () => {
  test.each(conditions)('%j', (when, place) => {
    const { faults } = read(policyOf(rule('a/b', { on: 'finding', when })));
    expect(faults.map((line) => line.split(': ')[0])).toEqual([`sluice.yaml:${place}`]);
  });

  test('names the nearest field', () => {
    const { faults } = read(policyOf(rule('a/b', { on: 'finding', when: "finding.severty == 'high'" })));
    expect(faults).toEqual(['sluice.yaml:7:19: Finding has no field severty | did you mean severity?']);
  });
});

/** Lines of a policy beside a rule that is right, and what is wrong with them. */
const policyFaults: readonly [name: string, text: string, faults: readonly string[]][] = [
  ['an unknown setting', 'rulez: []', ['sluice.yaml:9:1: there is no setting rulez of a policy | did you mean rules?']],
  [
    'a pack that is a file',
    'use: [team.yaml]',
    ['sluice.yaml:9:7: team.yaml is no name of a pack | of a file: { file: team.yaml }'],
  ],
  [
    'a use without file',
    'use: [{ digest: x }]',
    ['sluice.yaml:9:7: use has no file | such as { file: rules/team.yaml }'],
  ],
  [
    'a digest that is none',
    'use: [{ file: a.yaml, digest: sha256:12 }]',
    ['sluice.yaml:9:31: sha256:12 is no digest | it is sha256: and 64 hexadecimal digits'],
  ],
  [
    'a severity that is none',
    'fail-on: hgh',
    ['sluice.yaml:9:10: fail-on takes critical, high, medium, low, negligible or never, not hgh | did you mean high?'],
  ],
  [
    'an age that is none',
    'data-age: { default: 48, Debain: 1h:2h, npm: 3h:1h }',
    [
      "sluice.yaml:9:22: data-age: default takes a text, not a number | put it in quotes: '48'",
      'sluice.yaml:9:26: data-age: there is no source of data Debain | did you mean Debian?',
      'sluice.yaml:9:46: data-age 3h:1h: it would be undecided before it warns',
    ],
  ],
  [
    'a list with a number',
    'lists: { a: [x, 1] }',
    ["sluice.yaml:9:17: the list a takes a text, not a number | put it in quotes: '1'"],
  ],
  [
    'an override that changes nothing',
    'override: { a/b: {} }',
    ['sluice.yaml:9:13: the override of a/b changes nothing'],
  ],
  [
    'an override of the condition',
    "override: { a/b: { when: 'true' } }",
    ['sluice.yaml:9:20: there is no setting when of an override | there are outcome, from, until, grace, fix'],
  ],
  [
    'a quadrant that is none',
    'blame: { introduced: stop }',
    [
      'sluice.yaml:9:10: there is no setting introduced of blame | there are introduced-known, introduced-since, inherited-known, inherited-since, grace',
    ],
  ],
  ['days that are too many', 'soon: 1000', ['sluice.yaml:9:7: soon takes a whole number from 0 to 366, not 1000']],
  [
    'a mapping to no policy',
    "mappings: [{ name: a, match: { tag: '*' }, policy: prod }]",
    ['sluice.yaml:9:52: there is no policy prod | name it under policies:'],
  ],
  [
    'a mapping without match',
    'mappings: [{ name: a, policy: prod }]',
    [
      "sluice.yaml:9:12: a mapping needs name, match and policy | such as { name: production, match: { tag: 'v*' }, policy: strict }",
    ],
  ],
  [
    'two mappings of one name',
    'policies: { p: {} }\nmappings: [{ name: a, match: {}, policy: p }, { name: a, match: {}, policy: p }]',
    ['sluice.yaml:10:47: there are two mappings a | reports name them: give each a name of its own'],
  ],
  [
    'a mapping by something unknown',
    'policies: { p: {} }\nmappings: [{ name: a, match: { tags: x }, policy: p }]',
    ['sluice.yaml:10:32: there is no setting tags of match | did you mean tag?'],
  ],
  ['a rule that is a text', 'override: text', ['sluice.yaml:9:11: override takes a map, not a text']],
];

describe('what is wrong with a policy', () => {
  test.each(policyFaults)('%s', (_name, text, faults) => {
    expect(read(`${policyOf(rule('team/root'))}${text}\n`).faults).toEqual(faults);
  });

  test('no version, or another one', () => {
    expect(read('name: x\n').faults).toEqual(['sluice.yaml:1:1: the policy has no version | begin it with version: 1']);
    expect(read('version: 2\n').faults).toEqual([
      'sluice.yaml:1:10: this version of policies is not known | the one that is known is version: 1',
    ]);
    expect(read('- version: 1\n').faults).toEqual([
      'sluice.yaml:1:1: a policy takes a map, not a list | begin it with version: 1',
    ]);
  });

  test('too many rules', () => {
    const text = `version: 1\nrules: [${'{id: a},'.repeat(10_001)}]`;
    expect(read(text).faults).toEqual(['sluice.yaml:2:9: rules has more than 10000 entries']);
  });
});

describe('what ships', () => {
  const packs = readdirSync(join(root, 'policies/packs')).filter((name) => /^[a-z0-9-]+\.yaml$/.test(name));
  const triggers = readdirSync(join(root, 'policies/triggers')).filter((name) => /^[a-z0-9-]+\.yaml$/.test(name));
  const files = [...packs.map((name) => `packs/${name}`), ...triggers.map((name) => `triggers/${name}`)];

  test.each(files)('%s is right, and fits the JSON schema', (name) => {
    const text = readFileSync(join(root, 'policies', name), 'utf8');
    expect(read(text).faults).toEqual([]);
    fits(parse(text));
    expect(fits.errors).toBe(null);
  });

  test('is not nothing', () => {
    expect(packs).toContain('default.yaml');
  });
});

test('a mutation of a good policy is a policy or has a fault with a place', () => {
  const positions = fc.nat(sample.length);
  const pieces = fc.oneof(
    fc.constantFrom('', ' ', '\n', ':', '- ', '{', ']', '"', "'", '|', '&a', '*a', '\t', '#', '0', '\u0000', 'rules: '),
    fc.string({ maxLength: 4 }),
  );
  const mutation = fc.tuple(positions, fc.nat(8), pieces);
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      let text = sample;
      for (const [at, gone, piece] of mutations) text = text.slice(0, at) + piece + text.slice(at + gone);
      const { document, faults } = read(text);
      if (faults.length === 0)
        expect(document?.layer.rules.every(({ id, when }) => id !== '' && when.text !== '')).toBe(true);
      for (const fault of faults) {
        const [, line, column] = /^sluice\.yaml:(\d+):(\d+): ./.exec(fault) ?? [];
        expect([Number(line) > 0, Number(column) > 0, /[\n\r]/.test(fault)]).toEqual([true, true, false]);
        expect(Number(line)).toBeLessThanOrEqual(text.split('\n').length);
      }
    }),
    { numRuns: 120 },
  );
});
