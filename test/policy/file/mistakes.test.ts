import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../support/cli.ts';
import { load, policyOf, rule, write } from './samples.ts';

const scratch = scratchFolder();
let made = 0;

/** What a user who runs a policy with this mistake reads: place, what is wrong, and behind the bar the correction. */
async function told(text: string): Promise<string[]> {
  const folder = join(scratch, `f${made++}`);
  mkdirSync(folder);
  write(folder, { 'sluice.yaml': text });
  return (await load(folder)).lines;
}

/** Whole files. */
const files: readonly [text: string, lines: readonly string[]][] = [
  [
    'version: 1\nrules:\n\t- id: a\n',
    ['sluice.yaml:3:1: this is no YAML: Tabs are not allowed as indentation | indent with spaces'],
  ],
  ['version 1\n', ['sluice.yaml:1:1: a policy takes a map, not a text | begin it with version: 1']],
  [
    "version: 1\nname: 'x\nrules: []\n",
    [
      "sluice.yaml:2:7: this quote is not closed | within single quotes, '' is one; within double quotes, a quote has a backslash",
    ],
  ],
  ['version: 1\nuse: [default\n', ['sluice.yaml:2:6: this [ is not closed']],
  ['', ['sluice.yaml:1:1: the file is empty | begin it with version: 1']],
  ['# nothing\n', ['sluice.yaml:1:1: the file is empty | begin it with version: 1']],
  [
    'version: 1\n<<: {a: 1}\n',
    [
      'sluice.yaml:2:1: there is no setting << of a policy | there are version, name, $schema, use, fail-on, data-age, lists, rules, override, blame, licences, waivers, soon, policies, mappings',
    ],
  ],
  ['version: 1\nversion: 1\n', ['sluice.yaml:2:1: version is there twice: first in line 1']],
  [
    '{"version": 1, // no\n}',
    [
      'sluice.yaml:1:16: there is no setting // no of a policy | there are version, name, $schema, use, fail-on, data-age, lists, rules, override, blame, licences, waivers, soon, policies, mappings',
    ],
  ],
  [
    'version: 1\nrules:\n - id: a\n   title: x\n  why: y\n',
    [
      'sluice.yaml:5:1: this is no YAML: Sequence item without - indicator | what belongs together begins in the same column; a key ends with : and a space',
    ],
  ],
  [
    'version: 1\n? [a]\n: b\n',
    [
      'sluice.yaml:2:3: this is no YAML: With stringKeys, all keys must be strings | a key is one word, without brackets',
    ],
  ],
  [
    'version: "1"\nuse: [default]\n',
    ['sluice.yaml:1:10: this version of policies is not known | the one that is known is version: 1'],
  ],
  [
    'version:\nuse: [default]\n',
    ['sluice.yaml:1:9: this version of policies is not known | the one that is known is version: 1'],
  ],
  ['version: 1\nuse: default\n', ['sluice.yaml:2:6: use takes a list, not a text | such as [default]']],
  [
    'version: 1\nuse: { file: a.yaml }\n',
    ['sluice.yaml:2:6: use takes a list, not a map | each entry begins with a dash and a space'],
  ],
  ['version: 1\nuse: [CIS-Docker]\n', ['sluice.yaml:2:7: there is no pack CIS-Docker | did you mean cis-docker?']],
  [
    'version: 1\nuse: [cis]\n',
    [
      'sluice.yaml:2:7: there is no pack cis | there are cis-docker, default, distroless, licences, nist-ssdf, pci-dss-4, slsa, strict; of a file: { file: … }',
    ],
  ],
  [
    'version: 1\nuse:\n',
    ['sluice.yaml:2:5: use takes a list, not nothing | each entry begins with a dash and a space'],
  ],
  [
    'version: 1\nuse: [{ pack: default }]\n',
    [
      'sluice.yaml:2:9: there is no setting pack of use | there are file, digest',
      'sluice.yaml:2:7: use has no file | such as { file: rules/team.yaml }',
    ],
  ],
  [
    'version: 1\nuse: [./team.yaml]\n',
    ['sluice.yaml:2:7: ./team.yaml is no name of a pack | of a file: { file: ./team.yaml }'],
  ],
  ['version: 1\nuse: [{ file: team.yml }]\n', ['sluice.yaml:2:7: team.yml does not exist']],
  [
    'version: 1\nuse: [{ file: "https://example.com/a.yaml" }]\n',
    [
      'sluice.yaml:2:7: https://example.com/a.yaml does not exist | a policy is made of files: download it, and say its digest',
    ],
  ],
  [
    'version: 1\nuse: [{ file: a.yaml, digest: "0123" }]\n',
    [
      'sluice.yaml:2:31: 0123 is no digest | it is sha256: and 64 hexadecimal digits',
      'sluice.yaml:2:7: a.yaml does not exist',
    ],
  ],
  [
    'version: 1\nrules: { team/a: { on: image } }\n',
    ['sluice.yaml:2:8: rules takes a list, not a map | each entry begins with a dash and a space'],
  ],
  ['version: 1\nrules: [x]\n', ['sluice.yaml:2:9: a rule takes a map, not a text | such as - id: team/no-root']],
  ['version: 1\nrules:\n  -\n', ['sluice.yaml:3:4: a rule takes a map, not nothing | such as - id: team/no-root']],
];

/** Lines of a rule, which begins in line 3. */
const rules: readonly [lines: Readonly<Record<string, string>>, told: readonly string[]][] = [
  [
    { when: '!image.root' },
    ['sluice.yaml:7:11: tags (!name) are not read here | write it out; a text that begins with ! goes in quotes'],
  ],
  [
    { title: 'a: b' },
    [
      "sluice.yaml:4:12: this is no YAML: Nested mappings are not allowed in compact mappings | a text with ': ', with ' #' or with a mark at its beginning goes in quotes",
    ],
  ],
  [
    { title: '@x' },
    [
      "sluice.yaml:4:12: this is no YAML: Plain value cannot start with reserved character @ | a text with ': ', with ' #' or with a mark at its beginning goes in quotes",
    ],
  ],
  [
    { title: '`x`' },
    [
      "sluice.yaml:4:12: this is no YAML: Plain value cannot start with reserved character ` | a text with ': ', with ' #' or with a mark at its beginning goes in quotes",
    ],
  ],
  [
    { title: '%x' },
    [
      "sluice.yaml:4:12: this is no YAML: Plain value cannot start with directive indicator character % | a text with ': ', with ' #' or with a mark at its beginning goes in quotes",
    ],
  ],
  [{ id: '7' }, ["sluice.yaml:3:9: id takes a text, not a number | put it in quotes: '7'"]],
  [
    { id: '__proto__' },
    ['sluice.yaml:3:9: __proto__ is no name of a rule | lower case, digits, - and /: such as team/no-root'],
  ],
  [
    { id: 'team/no_root' },
    ['sluice.yaml:3:9: team/no_root is no name of a rule | lower case, digits, - and /: such as team/no-root'],
  ],
  [
    { id: 'teаm/root' },
    ['sluice.yaml:3:9: teаm/root is no name of a rule | lower case, digits, - and /: such as team/no-root'],
  ],
  [{ id: 'true' }, ["sluice.yaml:3:9: id takes a text, not a truth value | put it in quotes: 'true'"]],
  [
    { id: 'no root' },
    ['sluice.yaml:3:9: no root is no name of a rule | lower case, digits, - and /: such as team/no-root'],
  ],
  [
    { id: 'team/' },
    ['sluice.yaml:3:9: team/ is no name of a rule | lower case, digits, - and /: such as team/no-root'],
  ],
  [{ on: '' }, ['sluice.yaml:3:5: the rule has no on']],
  [{ when: '' }, ['sluice.yaml:3:5: the rule has no when']],
  [
    { on: 'pkg' },
    [
      'sluice.yaml:6:9: on takes finding, package, file, package-file, account, instruction, image, secret, misconfiguration, licence, external, change, source or problem, not pkg',
    ],
  ],
  [
    { on: 'vulnerability' },
    [
      'sluice.yaml:6:9: on takes finding, package, file, package-file, account, instruction, image, secret, misconfiguration, licence, external, change, source or problem, not vulnerability',
    ],
  ],
  [
    { on: 'packages' },
    [
      'sluice.yaml:6:9: on takes finding, package, file, package-file, account, instruction, image, secret, misconfiguration, licence, external, change, source or problem, not packages | did you mean package?',
    ],
  ],
  [{ outcome: 'fail' }, ['sluice.yaml:8:14: outcome takes stop, warn or track, not fail']],
  [
    { outcome: 'off' },
    [
      'sluice.yaml:8:14: a rule is not off where it is written | take it out, or switch it off where it is used, under override:',
    ],
  ],
  [{ outcome: 'no' }, ['sluice.yaml:8:14: outcome takes stop, warn or track, not no']],
  [{ outcome: 'Stop' }, ['sluice.yaml:8:14: outcome takes stop, warn or track, not Stop | did you mean stop?']],
  [
    { severity: 'high' },
    [
      'sluice.yaml:9:5: there is no setting severity of a rule | there are id, title, why, fix, on, when, outcome, from, until, grace, controls, files, says',
    ],
  ],
  [
    { description: 'x' },
    [
      'sluice.yaml:9:5: there is no setting description of a rule | there are id, title, why, fix, on, when, outcome, from, until, grace, controls, files, says',
    ],
  ],
  [
    { message: 'x' },
    [
      'sluice.yaml:9:5: there is no setting message of a rule | there are id, title, why, fix, on, when, outcome, from, until, grace, controls, files, says',
    ],
  ],
  [
    { when: '', condition: 'image.root' },
    [
      'sluice.yaml:8:5: there is no setting condition of a rule | there are id, title, why, fix, on, when, outcome, from, until, grace, controls, files, says',
      'sluice.yaml:3:5: the rule has no when',
    ],
  ],
  [
    { from: '2026-01-01T00:00:00Z' },
    ['sluice.yaml:9:11: from: 2026-01-01T00:00:00Z is no day | a day is written as 2026-01-31'],
  ],
  [{ from: '20260101' }, ['sluice.yaml:9:11: from: 20260101 is no day | a day is written as 2026-01-31']],
  [{ until: 'never' }, ['sluice.yaml:9:12: until: never is no day | a day is written as 2026-01-31']],
  [
    { on: 'finding', when: 'finding.exploited', grace: '30' },
    ['sluice.yaml:9:12: grace takes a map, not a number | such as { critical: 7, default: 30 }'],
  ],
  [
    { on: 'finding', when: 'finding.exploited', grace: '{ default: 30d }' },
    [
      'sluice.yaml:9:23: grace: default takes a whole number from 0 to 3660, not a text | without quotes and unit, such as 30',
    ],
  ],
  [
    { on: 'finding', when: 'finding.exploited', grace: '{ high: -1 }' },
    ['sluice.yaml:9:20: grace: high takes a whole number from 0 to 3660, not -1'],
  ],
  [{ controls: '[4.1]' }, ["sluice.yaml:9:16: controls takes a text, not a number | put it in quotes: '4.1'"]],
  [{ controls: '["a\\e[31m"]' }, ["sluice.yaml:9:16: controls has a character that can't be printed"]],
  [
    { when: "image.user = 'root'" },
    ['sluice.yaml:7:22: unexpected character: = | equal is written ==, a regular expression is matched by .matches(…)'],
  ],
  [
    { when: 'image.root and image.changed' },
    ["sluice.yaml:7:22: unexpected character: 'd' | and is written &&, or ||, not !"],
  ],
  [
    { when: "pkg.name == 'a'" },
    ['sluice.yaml:7:11: there is no variable pkg | pkg is there in rules that say on: package'],
  ],
  [
    { on: 'package', when: "package.name == 'a'" },
    ["sluice.yaml:7:11: package is a word of CEL's own | the package is called pkg"],
  ],
  [
    { on: 'finding', when: "finding.severity.atLeast('hgh')" },
    ['sluice.yaml:7:36: there is no severity hgh | did you mean high?'],
  ],
  [
    { on: 'finding', when: "finding.severity >= 'high'" },
    [
      "sluice.yaml:7:19: >= compares letters here, and not severities | write .atLeast(…), as in finding.severity.atLeast('high')",
    ],
  ],
  [{ when: 'image.user' }, ['sluice.yaml:7:11: a rule asks for true or false, and this is string']],
  [
    { on: 'package', when: "pkg.name.startWith('a')" },
    ['sluice.yaml:7:20: there is no function startWith | did you mean startsWith?'],
  ],
  [{ on: 'package', when: "pkg.name.matches('(')" }, ['sluice.yaml:7:29: missing closing ): (']],
  [{ on: 'package', when: "pkg.name.matches('(?!a)')" }, ['sluice.yaml:7:29: RE2 has no look-around: (?!']],
  [
    { on: 'package', when: "pkg.inRange('>> 1')" },
    ['sluice.yaml:7:23: ">> 1" is no range of versions | write it as >= 1.2, < 2 || 3.*'],
  ],
  [
    { when: 'image.user in lists.constructor' },
    [
      'sluice.yaml:3:5: the rule team/a asks for the list constructor, which is not there | say under lists: what constructor is',
    ],
  ],
  [
    { when: "image.user in lists['__proto__']" },
    [
      'sluice.yaml:3:5: the rule team/a asks for the list __proto__, which is not there | say under lists: what __proto__ is',
    ],
  ],
  [
    { when: '"image.user == "root""' },
    [
      'sluice.yaml:7:27: this is no YAML: Unexpected scalar at node end | a text with quotes in it goes in quotes of the other kind: \'…"…"…\'',
    ],
  ],
  [
    { on: 'file', when: 'file.mode == 0o4755', files: '{ paths: [/a] }' },
    ["sluice.yaml:7:25: unexpected character: '5'"],
  ],
  [
    { when: 'env.PATH == 1' },
    ['sluice.yaml:7:11: there is no variable env | rules can read image, policy, lists, today'],
  ],
  [{ when: "''" }, ['sluice.yaml:7:11: when is empty']],
  [
    { when: '|\n      image.root &&\n      image.usr == "x"\n' },
    ['sluice.yaml:9:13: Image has no field usr | did you mean user?'],
  ],
  [
    { on: 'file', when: 'true', files: "{ paths: '*.pem' }" },
    ['sluice.yaml:9:21: paths: *.pem is not absolute | such as /**/*.pem'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: 1 }' },
    ["sluice.yaml:9:21: paths takes a text, not a number | put it in quotes: '1'"],
  ],
  [{ on: 'file', when: 'true', files: '{ paths: [] }' }, ['sluice.yaml:9:21: paths is empty']],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], kinds: [directory] }' },
    ['sluice.yaml:9:35: kinds takes file, folder, symlink or device, not directory'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], kinds: [link] }' },
    ['sluice.yaml:9:35: kinds takes file, folder, symlink or device, not link'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], modes: [suid] }' },
    ['sluice.yaml:9:35: modes takes setuid, setgid, sticky, world-writable, executable or capable, not suid'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], modes: [0777] }' },
    ["sluice.yaml:9:35: modes takes a text, not a number | put it in quotes: '0777'"],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], digest: sha256 }' },
    ['sluice.yaml:9:35: digest takes true or false, not a text'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], matches: [x] }' },
    ['sluice.yaml:9:36: matches takes a map, not a list'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], values: { p: { format: json, at: server.port } } }' },
    ['sluice.yaml:9:60: values: p: server.port is no JSON pointer | such as /server/port (RFC 6901)'],
  ],
  [
    { on: 'file', when: 'true', files: '{ paths: [/a], values: { p: { format: yml, at: /a } } }' },
    ['sluice.yaml:9:50: values: p: format takes json, yaml, toml, ini or xml, not yml | did you mean yaml?'],
  ],
];

/** Lines behind a rule that is right, which ends in line 8. */
const settings: readonly [text: string, told: readonly string[]][] = [
  [
    'lists: { a: [*.example.com] }',
    ['sluice.yaml:9:14: aliases (*name) are not read here | write it out; a text that begins with * goes in quotes'],
  ],
  ['fail-on: none', ['sluice.yaml:9:10: fail-on takes critical, high, medium, low, negligible or never, not none']],
  ['failOn: high', ['sluice.yaml:9:1: there is no setting failOn of a policy | did you mean fail-on?']],
  [
    'fail-on: unknown',
    ['sluice.yaml:9:10: fail-on takes critical, high, medium, low, negligible or never, not unknown'],
  ],
  [
    'fail-on: moderate',
    ['sluice.yaml:9:10: fail-on takes critical, high, medium, low, negligible or never, not moderate'],
  ],
  ['data-age: 48h', ['sluice.yaml:9:11: data-age takes a map, not a text | such as { default: 48h:120h }']],
  [
    'data-age: { default: 48h }',
    ['sluice.yaml:9:22: data-age takes WARN:UNDECIDED, not 48h | such as 48h:120h, 12h:2d or 3d:never'],
  ],
  [
    'data-age: { default: 1:2 }',
    ['sluice.yaml:9:22: data-age takes WARN:UNDECIDED, not 1:2 | such as 48h:120h, 12h:2d or 3d:never'],
  ],
  ['lists: [a]', ['sluice.yaml:9:8: lists takes a map, not a list | such as { allowed: [one, two] }']],
  ['lists: { 1: [a] }', ['sluice.yaml:9:10: 1 is no name of a list | a name has letters, digits, - and _']],
  [
    'lists: { __proto__: [a] }',
    ['sluice.yaml:9:10: __proto__ is no name of a list | a name has letters, digits, - and _'],
  ],
  ['lists: { a: { file: x.txt } }', ['sluice.yaml:9:13: x.txt does not exist']],
  [
    'override: { team/b: { outcome: off } }',
    ['sluice.yaml:9:13: there is no rule team/b to override | did you mean team/a?'],
  ],
  [
    "override: { 'team/*': { outcome: off } }",
    ['sluice.yaml:9:13: there is no rule team/* to override | did you mean team/a?'],
  ],
  [
    'override: { team/a: off }',
    ['sluice.yaml:9:21: team/a takes a map, not a text | such as team/a: { outcome: off }'],
  ],
  ['override: { __proto__: { outcome: off } }', ['sluice.yaml:9:13: there is no rule __proto__ to override']],
  ['override: { constructor: { outcome: off } }', ['sluice.yaml:9:13: there is no rule constructor to override']],
  ['override: [team/a]', ['sluice.yaml:9:11: override takes a map, not a list']],
  ['blame: strict', ['sluice.yaml:9:8: blame takes a map, not a text']],
  ['blame: { introduced-known: off }', ['sluice.yaml:9:28: introduced-known takes stop, warn or track, not off']],
  ['blame: { grace: 7 }', ['sluice.yaml:9:17: grace takes a map, not a number | such as { critical: 7, default: 30 }']],
  [
    'waivers: { a: b }',
    ['sluice.yaml:9:10: waivers takes a list, not a map | each entry begins with a dash and a space'],
  ],
  [
    'soon: 14d',
    ['sluice.yaml:9:7: soon takes a whole number from 0 to 366, not a text | without quotes and unit, such as 14'],
  ],
  ['soon: 1.5', ['sluice.yaml:9:7: soon takes a whole number from 0 to 366, not 1.5']],
  ['policies: [a]', ['sluice.yaml:9:11: policies takes a map, not a list']],
  ['policies: { __proto__: {} }', ['sluice.yaml:9:13: __proto__ is no name of a policy']],
  ['policies: { prod: }', ['sluice.yaml:9:19: policies: prod takes a map, not nothing | such as { use: [strict] }']],
  [
    'mappings: { name: a }',
    ['sluice.yaml:9:11: mappings takes a list, not a map | each entry begins with a dash and a space'],
  ],
  [
    "policies: { p: {} }\nmappings: [{ name: a, match: 'prod/*', policy: p }]",
    ["sluice.yaml:10:30: match takes a map, not a text | such as { tag: 'v*' }"],
  ],
  [
    'policies: { p: {} }\nmappings: [{ name: a, match: { labels: stage }, policy: p }]',
    ["sluice.yaml:10:40: match: labels takes a map, not a text | such as { stage: 'prod*' }"],
  ],
  [
    'policies: { p: {} }\nmappings: [{ name: a, match: { labels: { stage: true } }, policy: p }]',
    ["sluice.yaml:10:49: match: labels: stage takes a text, not a truth value | put it in quotes: 'true'"],
  ],
  [
    'policies: { p: {} }\nmappings: [{ name: a, match: { tag: 1.2 }, policy: p }]',
    ["sluice.yaml:10:37: match: tag takes a text, not a number | put it in quotes: '1.2'"],
  ],
  [
    'policies: { production: {} }\nmappings: [{ name: a, match: { tag: x }, policy: prodution }]',
    ['sluice.yaml:10:50: there is no policy prodution | did you mean production?'],
  ],
  [
    'mappings: [{ name: a, match: { tag: x }, policy: strict }]',
    ['sluice.yaml:9:50: there is no policy strict | name it under policies:'],
  ],
  [
    'policies: { p: {} }\nmappings: [{ match: { tag: x }, policy: p }]',
    [
      "sluice.yaml:10:12: a mapping needs name, match and policy | such as { name: production, match: { tag: 'v*' }, policy: strict }",
    ],
  ],
  [
    'policies: { p: {} }\nmappings: [{ name: a, match: { image: x }, policy: p }]',
    [
      'sluice.yaml:10:32: there is no setting image of match | there are registry, repository, tag, labels, environment',
    ],
  ],
  [
    'policies: { p: { override: { team/a: { outcome: off } } } }\nmappings: [{ name: a, match: { tag: x }, policy: p }]',
    ['sluice.yaml:9:13: all rules of the policy p are off: everything would pass | begin with use: [default]'],
  ],
  ['name: [a]', ['sluice.yaml:9:7: name takes a text, not a list']],
  ['name: my policy', ['sluice.yaml:9:7: my policy is no name | a name has letters, digits, - . _ and /']],
  ['name: 1', ["sluice.yaml:9:7: name takes a text, not a number | put it in quotes: '1'"]],
];

describe('mistakes that people make', () => {
  test.each(files)('in a file: %j', async (text, lines) => expect(await told(text)).toEqual(lines));
  test.each(rules)('in a rule: %j', async (lines, expected) => {
    const { id = 'team/a', ...others } = lines;
    expect(await told(policyOf(rule(id, others)))).toEqual(expected);
  });
  test.each(settings)('in a setting: %j', async (text, lines) => {
    expect(await told(`${policyOf(rule('team/a'))}${text}\n`)).toEqual(lines);
  });
});
