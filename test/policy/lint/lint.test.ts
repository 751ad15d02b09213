import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../src/policy/expression/parse.ts';
import { variablesOf } from '../../../src/policy/file/read-expression.ts';
import { lintPolicy, rulesInShort } from '../../../src/policy/lint/lint.ts';
import { truthOf } from '../../../src/policy/lint/truth.ts';
import type { SubjectKind } from '../../../src/policy/subject/contract.ts';
import { scratchFolder } from '../../support/cli.ts';
import { lineOf, load, policyOf, rule, sampleFolder, write } from '../file/samples.ts';

const scratch = scratchFolder();
let made = 0;

/** What there is to say against a policy. */
async function lint(text: string, files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const folder = join(scratch, `f${made++}`);
  mkdirSync(folder);
  write(folder, { 'sluice.yaml': text, ...files });
  const loaded = await load(folder);
  expect(loaded.lines).toEqual([]);
  return lintPolicy(loaded, '2026-06-01').map(lineOf);
}

const always: readonly [on: SubjectKind, when: string][] = [
  ['finding', 'true'],
  ['finding', "1 == 1 && 'a' < 'b'"],
  ['finding', 'finding.exploited || !finding.exploited'],
  ['finding', 'finding.epss >= 0.0'],
  ['finding', "finding.from == 'base' || finding.from == 'own'"],
  ['finding', "finding.severity.atLeast('low') || !finding.severity.atLeast('high')"],
  ['finding', "finding.kind == 'vulnerability'"],
  ['image', "image.user == '' || image.user != ''"],
  ['image', 'image.size == image.size'],
  ['image', 'image.ports.all(port, true)'],
];

const never: readonly [on: SubjectKind, when: string][] = [
  ['finding', 'false'],
  ['finding', "finding.severity == 'High'"],
  ['finding', "finding.severity in ['HIGH', 'CRITICAL']"],
  ['finding', "finding.severity == 'high' && finding.severity == 'low'"],
  ['finding', "finding.severity.atLeast('high') && finding.severity == 'low'"],
  ['finding', 'finding.exploited && finding.hasFix && !finding.exploited'],
  ['finding', 'finding.epss > 0.5 && finding.epss <= 0.5'],
  ['finding', 'finding.daysSinceFix > 3 && finding.daysSinceFix < 4'],
  ['finding', 'finding.daysSinceFix < -1'],
  ['finding', 'finding.score > 10.0'],
  ['finding', '11.0 <= finding.score'],
  ['finding', "finding.kind == 'secret' && finding.exploited"],
  ['finding', "!(finding.presence in ['installed', 'declared', 'application'])"],
  ['finding', "pkg.from == 'mine'"],
  ['image', 'image.root ? false : 1 > 2'],
  ['image', 'image.user in []'],
  ['image', 'image.size != image.size'],
  ['image', 'image.layers == 3 && image.layers == 4'],
  ['image', "image.ports.exists(port, port == 'a' && false)"],
  ['image', 'image.root && !(image.root || image.hasHealthcheck)'],
  ['change', "change.what == 'ports'"],
];

const open: readonly [on: SubjectKind, when: string][] = [
  ['finding', "finding.severity == 'high'"],
  ['finding', "finding.severity in ['HIGH', 'critical']"],
  ['finding', "finding.severity.atLeast('low') && !finding.severity.atLeast('high')"],
  ['finding', 'finding.epss > 0.5 && finding.epss < 0.6'],
  ['finding', 'finding.daysSinceFix > 3 && finding.daysSinceFix < 5'],
  ['finding', 'finding.daysSinceFix >= 0'],
  ['finding', "finding.title == 'a' || finding.title == 'b'"],
  ['finding', "finding.severity == 'high' || pkg.worst == 'low'"],
  ['finding', 'finding.exploited == !finding.hasFix'],
  ['image', 'image.ports.exists(port, port in lists.ports)'],
  ['image', "image.labels['a'] == 'x' && image.labels['b'] == 'y'"],
  ['image', 'image.layers > 3 && image.size > 4'],
  ['change', "change.what == 'port' && change.how != 'added'"],
];

describe('what a condition always is', () => {
  const truth = (on: SubjectKind, when: string): boolean | undefined =>
    truthOf(parseExpression(when, variablesOf(on)).node);
  test.each(always)('true: on %s: %s', (on, when) => expect(truth(on, when)).toBe(true));
  test.each(never)('false: on %s: %s', (on, when) => expect(truth(on, when)).toBe(false));
  test.each(open)('neither: on %s: %s', (on, when) => expect(truth(on, when)).toBe(undefined));
});

describe('rules', () => {
  test('that never fire, and that always do', async () => {
    expect(
      await lint(
        policyOf(
          rule('a/never', { on: 'finding', when: "finding.severity == 'High'" }),
          rule('a/always', { when: "image.root || !image.root || image.user == 'x'" }),
          rule('a/file', { on: 'file', when: 'true', files: '{ paths: [/etc/x] }' }),
        ),
      ),
    ).toEqual([
      'sluice.yaml:3:5: a/never can never fire: its condition is never true | finding.severity is critical, high, medium, low, negligible, unknown, and nothing else',
      'sluice.yaml:9:5: a/always fires on every image: its condition is always true',
    ]);
  });

  test('on files that they do not ask for', async () => {
    const on = 'file';
    expect(
      await lint(
        policyOf(
          rule('a/link', { on, when: "file.kind == 'symlink'", files: '{ paths: [/etc/x] }' }),
          rule('a/folder', { on, when: "file.kind == 'folder'", files: '{ paths: [/etc/x], kinds: [file, folder] }' }),
          rule('a/mode', { on, when: "'!file.setuid'", files: '{ paths: [/**], modes: [setuid] }' }),
          rule('a/modes', { on, when: "'!file.setuid'", files: '{ paths: [/**], modes: [setuid, setgid] }' }),
        ),
      ),
    ).toEqual([
      'sluice.yaml:3:5: a/link can never fire: its condition is true of no file that it asks for | files: asks for file',
      'sluice.yaml:17:5: a/mode can never fire: its condition is true of no file that it asks for | files: asks for file, setuid',
    ]);
  });

  test('that read an entry which need not be there', async () => {
    expect(
      await lint(
        policyOf(
          rule('a/b', { when: "image.labels['stage'] == 'prod' || image.env.PATH == ''" }),
          rule('a/c', {
            when: "has(image.env.PATH) && image.env.PATH == '' || !('a' in image.labels && image.labels.a == '')",
          }),
          rule('a/d', {
            on: 'file',
            when: "file.values['port'] == '1'",
            files: '{ paths: [/a], values: { port: { format: json, at: /a } } }',
          }),
        ),
      ),
    ).toEqual([
      "sluice.yaml:3:5: a/b: where image.labels has no stage, it can't be answered and the verdict is undecided | ask before: 'stage' in image.labels && …",
      "sluice.yaml:3:5: a/b: where image.env has no PATH, it can't be answered and the verdict is undecided | ask before: 'PATH' in image.env && …",
      "sluice.yaml:15:5: a/d: where file.values has no port, it can't be answered and the verdict is undecided | ask before: 'port' in file.values && …",
    ]);
  });

  test('that are not in force any more, unless they are off', async () => {
    const text = policyOf(
      rule('a/b', { until: '2026-05-31' }),
      rule('a/c', { on: 'package', when: 'pkg.declared', until: '2026-06-01' }),
    );
    expect(await lint(text)).toEqual([
      'sluice.yaml:3:5: a/b has not been in force since 2026-05-31: it only tracks | take it out',
    ]);
    expect(await lint(`${text}override: { a/b: { outcome: off } }\n`)).toEqual([]);
  });

  test('that read what is not filled', async () => {
    expect(
      await lint(
        policyOf(
          rule('a/b', { when: `"!image.signed && image.provenance.builder == ''"` }),
          rule('a/c', {
            on: 'file',
            when: "file.sha256 == 'x' || 'rot' in file.matches || file.values['port'] == '1' || 'user' in file.values",
            files:
              "{ paths: [/etc/x], matches: { root: 'x' }, values: { prot: { format: json, at: /a }, user: { format: json, at: /b } } }",
          }),
        ),
      ),
    ).toEqual([
      'sluice.yaml:3:5: a/b: image.signed is false until signatures are read',
      'sluice.yaml:3:5: a/b: image.provenance.builder is empty until attestations are verified',
      'sluice.yaml:9:5: a/c: file.sha256 is always empty | say digest: true under files:',
      'sluice.yaml:9:5: a/c: files: has no matches rot | did you mean root?',
      'sluice.yaml:9:5: a/c: files: has no values port | did you mean prot?',
    ]);
  });

  test('that add nothing', async () => {
    const on = 'finding';
    expect(
      await lint(
        policyOf(
          rule('a/wide', { on, when: 'finding.exploited' }),
          rule('a/narrow', { on, when: 'finding.hasFix && finding.exploited', outcome: 'warn' }),
          rule('a/same', { on, when: 'finding.hasFix && finding.exploited', outcome: 'warn', from: '2026-01-01' }),
          rule('b/weak', { on, when: 'finding.disputed', outcome: 'track' }),
          rule('b/strong', { on, when: 'finding.disputed && finding.hasFix' }),
          rule('c/once', { when: 'image.root', until: '2027-01-01' }),
          rule('c/again', { when: 'image.root && image.hasBaseline' }),
        ),
      ),
    ).toEqual([
      'sluice.yaml:9:5: a/narrow adds nothing: whatever it fires on, a/wide (sluice.yaml:3:5) fires on too | take one of them out, or make them different',
      'sluice.yaml:15:5: a/same adds nothing: whatever it fires on, a/wide (sluice.yaml:3:5) fires on too | take one of them out, or make them different',
    ]);
  });

  test('of which there are two alike, or one in a pack', async () => {
    expect(await lint(policyOf(rule('a/two'), rule('a/one')))).toEqual([
      'sluice.yaml:3:5: a/two adds nothing: whatever it fires on, a/one (sluice.yaml:9:5) fires on too | take one of them out, or make them different',
    ]);
    const when = "finding.exploited && finding.paths.exists(path, path == '/x')";
    expect(await lint(`version: 1\nuse: [strict]\nrules:\n${rule('own/kev', { on: 'finding', when })}`)).toEqual([
      'sluice.yaml:4:5: own/kev adds nothing: whatever it fires on, strict/exploited (the pack strict) fires on too | take one of them out, or make them different',
    ]);
  });
});

describe('what nobody asks for', () => {
  test('lists, policies, mappings that are never reached, overrides and settings without effect', async () => {
    const text = `${policyOf(rule('a/b', { when: 'image.user in lists.users' }))}lists: { users: [x], idle: [y] }
fail-on: low
override: { a/b: { outcome: stop } }
policies: { used: { lists: { own: [x] } }, idle: {} }
mappings:
  - { name: one, match: { registry: 'a.example.com', tag: 'v*' }, policy: used }
  - { name: two, match: { registry: 'a.example.com', tag: ['v1', 'v2*'] }, policy: used }
  - { name: three, match: { tag: 'v1' }, policy: used }
  - { name: four, match: {}, policy: used }
  - { name: five, match: { environment: prod }, policy: used }
`;
    expect(await lint(text)).toEqual([
      'sluice.yaml:1:1: fail-on has no effect: no rule asks for it | use: [default], or write finding.severity.atLeast(policy.failOn)',
      'sluice.yaml:9:22: no rule asks for the list idle | take it out',
      'sluice.yaml:11:13: the override of a/b changes nothing: it says so itself',
      'sluice.yaml:12:30: no rule asks for the list own | take it out',
      'sluice.yaml:12:44: no mapping chooses the policy idle | name it in mappings:',
      'sluice.yaml:15:5: the mapping two is never reached: one before it fits all that it fits | put it before one',
      'sluice.yaml:18:5: the mapping five is never reached: four before it fits all that it fits | put it before four',
    ]);
  });

  test('a list that is the name of a file', async () => {
    const text = policyOf(
      rule('a/b', { when: 'image.user in lists.a || image.user in lists.b || image.user in lists.c' }),
    );
    expect(await lint(`${text}lists: { a: users.txt, b: [users.txt, x], c: 'registry.example.com/a.json' }\n`)).toEqual(
      [
        'sluice.yaml:9:10: the list a is the one text users.txt, and not what that file holds | of a file: a: { file: users.txt }',
        'sluice.yaml:9:43: the list c is the one text registry.example.com/a.json, and not what that file holds | of a file: c: { file: registry.example.com/a.json }',
      ],
    );
  });

  test('nothing, where a rule works out the name of a list', async () => {
    const text = policyOf(rule('a/b', { when: 'image.user in lists[image.user]' }));
    expect(await lint(`${text}lists: { idle: [y] }\n`)).toEqual([]);
  });
});

test('there is nothing to say against the sample, nor against the packs', async () => {
  const loaded = await load(sampleFolder);
  expect(lintPolicy(loaded, '2026-06-01').map(lineOf)).toEqual([]);
  expect(loaded.top && rulesInShort(loaded.top)).toBe('11 rules: 5 stop, 4 warn, 2 track');
  for (const pack of ['default', 'strict', 'cis-docker', 'nist-ssdf', 'pci-dss-4', 'slsa', 'distroless']) {
    expect(lintPolicy(await load(scratch, pack), '2026-06-01').map(lineOf)).toEqual([]);
  }
});
