import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationRulesIn, rulesForm } from '../../../src/configuration/file/load-rules.ts';
import { readRules } from '../../../src/configuration/file/read-rules.ts';
import { lackingTests, runTests } from '../../../src/configuration/test/run.ts';
import { Faults } from '../../../src/policy/file/fault.ts';

const good = `version: 1
rules:
  - id: team/a
    title: A setting that is wrong
    why: It matters.
    fix: End it.
    severity: high
    on: document
    document: { format: ini, paths: [/etc/a.ini] }
    when: document.get('debug', 'off') == 'on'
    says: '{found} is in debug mode'
    aliases: [B-2, A-1]
    controls: [NIST SP 800-190 4.1.2]
    links: ['https://docs.example/a?b=c#d']
    targets: [rootfs, image]
    tests:
      - name: on
        document: |
          [main]
          debug = on
        lines: [2]
        expect: fires
      - { name: off, document: 'debug = off', expect: silent }
`;

/** What is wrong with a file, as people read it. */
function faultsOf(text: string): readonly string[] {
  const faults = new Faults();
  readRules(Buffer.from(text), 'r.yaml', 'r.yaml', faults);
  return faults.all.map(
    ({ place, message, hint }) => `${place.line}:${place.column} ${message}${hint ? ` | ${hint}` : ''}`,
  );
}

test('a rule is read with its tests', async () => {
  const faults = new Faults();
  const [one, ...more] = readRules(Buffer.from(good), 'r.yaml', 'team', faults);
  expect(faults.all).toEqual([]);
  expect(more).toEqual([]);
  expect(one && { ...one.rule, when: one.rule.when.text }).toEqual({
    id: 'team/a',
    title: 'A setting that is wrong',
    why: 'It matters.',
    fix: 'End it.',
    severity: 'high',
    on: 'document',
    documents: { format: 'ini', paths: ['/etc/a.ini'] },
    when: "document.get('debug', 'off') == 'on'",
    says: '{found} is in debug mode',
    aliases: ['A-1', 'B-2'],
    controls: ['NIST SP 800-190 4.1.2'],
    links: ['https://docs.example/a?b=c#d'],
    targets: ['image', 'rootfs'],
    place: 'r.yaml:3:5',
    pack: 'team',
  });
  expect(one && lackingTests(one)).toEqual([]);
  expect(one && (await runTests(one)).map(({ test: { name }, miss }) => [name, miss])).toEqual([
    ['on', undefined],
    ['off', undefined],
  ]);
});

describe('what is wrong is told where it stands', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a setting that is not there',
      'severity: high',
      'severty: high',
      ['7:5 there is no setting severty of a rule | did you mean severity?', '3:5 the rule has no severity'],
    ],
    [
      'a severity',
      'severity: high',
      'severity: hihg',
      ['7:15 severity takes critical, high, medium or low, not hihg | did you mean high?'],
    ],
    [
      'a subject',
      'on: document',
      'on: documents',
      [
        '8:9 on takes image, instruction, file, account, package, package-file, document or dockerfile, not documents | did you mean document?',
      ],
    ],
    [
      'a format',
      'format: ini',
      'format: inni',
      [
        '9:25 format takes json, yaml, toml, ini, xml, properties, lines, sshd, nginx, httpd, redis, postgres or sudoers, not inni | did you mean ini?',
      ],
    ],
    [
      'a path',
      'paths: [/etc/a.ini]',
      'paths: [etc/a.ini]',
      ['9:38 paths: etc/a.ini is not absolute | such as /etc/a.ini'],
    ],
    [
      'a variable of another kind',
      "document.get('debug', 'off') == 'on'",
      'image.root && file.setuid',
      ['10:25 there is no variable file | file is there in rules that say on: file'],
    ],
    [
      'a field',
      "document.get('debug', 'off') == 'on'",
      'document.setings.size() > 0',
      ['10:20 Document has no field setings | did you mean settings?'],
    ],
    [
      'a policy',
      "document.get('debug', 'off') == 'on'",
      "policy.failOn == 'high'",
      [expect.stringMatching(/^10:11 there is no variable policy/)] as never,
    ],
    [
      'each elsewhere',
      'on: document',
      'on: document\n    each: image.ports',
      ['9:5 each is of rules on image, and this one is on document'],
    ],
    ['a message', '{found} is', '{line} is', ['11:11 says knows no {line} | it knows {found}']],
    [
      'a link',
      'https://docs.example/a?b=c#d',
      'http://docs.example',
      ['14:13 links: http://docs.example is none | such as https://docs.example/page'],
    ],
    ['an alias', '[B-2, A-1]', "['B 2']", ['12:15 aliases: B 2 is none | such as CIS-DI-0001']],
    [
      'a name',
      'team/a',
      'Team A',
      ['3:9 Team A is no name of a rule | lower case, digits, - and /: such as team/no-root'],
    ],
    [
      'a target',
      '[rootfs, image]',
      '[folder]',
      ['15:15 targets takes image, rootfs, source or dockerfile, not folder'],
    ],
    ['an expectation', 'expect: silent', 'expect: quiet', ['23:55 expect takes fires or silent, not quiet']],
    [
      'a test',
      '{ name: off',
      '{ nme: off',
      ['23:11 there is no setting nme of a test | did you mean name?', '23:9 the test has no name'],
    ],
    [
      'a version',
      'version: 1',
      'version: 2',
      ['1:10 this version of rules is not known | the one that is known is version: 1'],
    ],
    ['no rules', good, 'version: 1\n', ['1:1 the file has no rules | such as rules: [{ id: team/no-root, … }]']],
    ['nothing', good, '', ['1:1 the file is empty | begin it with version: 1']],
    [
      'two of one name',
      good,
      `${good}${good.slice(good.indexOf('  - id'))}`,
      ['24:5 there are two rules team/a | the first is in r.yaml:3:5'],
    ],
  ])('%s', (_, from, to, expected) => {
    expect(good).toContain(from);
    expect(faultsOf(good.replace(from, () => to))).toEqual(expected);
  });

  test('each of no list', () => {
    const text = good
      .replace('on: document\n    document: { format: ini, paths: [/etc/a.ini] }', 'on: image\n    each: image.prts')
      .replace("document.get('debug', 'off') == 'on'", "each == '1'");
    expect(faultsOf(text)[0]).toBe(
      '9:11 each takes a list of texts or a map of the image, not image.prts | did you mean image.ports?',
    );
  });
});

test('tests that do not hold say what became of them', async () => {
  const text = good.replace('lines: [2]', 'lines: [7]').replace("document: 'debug = off'", "document: 'debug = on'");
  const [one] = readRules(Buffer.from(text), 'r.yaml', 'r.yaml', new Faults());
  expect(one && (await runTests(one)).map(({ miss }) => miss)).toEqual([
    'it fires on lines 2, not 7',
    'it fires: /etc/a.ini is in debug mode (line 1)',
  ]);
  const [silent] = readRules(Buffer.from(good.replace('debug = on', 'debug = off')), 'r.yaml', 'r.yaml', new Faults());
  expect(silent && (await runTests(silent))[0]?.miss).toBe('it is silent');
  const half = good.slice(0, good.indexOf('      - { name: off'));
  const [untested] = readRules(Buffer.from(half), 'r.yaml', 'r.yaml', new Faults());
  expect(untested && lackingTests(untested)).toEqual(['silent']);
});

test('the form of rules is told by their content', () => {
  expect(rulesForm(Buffer.from(good))).toBe('yaml');
  expect(rulesForm(Buffer.from('# rules\n\n---\nversion: 1\n'))).toBe('yaml');
  expect(rulesForm(Buffer.from('{"version": 1}'))).toBe('yaml');
  expect(rulesForm(Buffer.from('\ufefftitle = "x"\n'))).toBe('toml');
  expect(rulesForm(Buffer.from('# gitleaks\n[extend]\nuseDefault = true\n'))).toBe('toml');
  expect(rulesForm(Buffer.from('[[rules]]\n'))).toBe('toml');
});

test('a file that is given ends the run over its first fault', () => {
  expect(configurationRulesIn(Buffer.from(good), 'r.yaml').map(({ id }) => id)).toEqual(['team/a']);
  const wrong = good.replace('severity: high', 'severity: x').replace('team/a', 'A');
  expect(() => configurationRulesIn(Buffer.from(wrong), 'r.yaml')).toThrow(
    'r.yaml:3:9: A is no name of a rule (and 1 more fault: see sluice rules test r.yaml)',
  );
});

describe('the JSON schema', () => {
  const schema = JSON.parse(readFileSync('schema/sluice-rules-v1.json', 'utf8'));
  const fits = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
  const files = ['rules/configuration', 'rules/dockerfile']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
    .filter((file) => file.endsWith('.yaml'));

  test.each(files)('%s fits', (file) => {
    expect([fits(parse(readFileSync(file, 'utf8'))), fits.errors]).toEqual([true, null]);
  });

  test('what is wrong does not fit', () => {
    expect(fits(parse(good))).toBe(true);
    expect(fits(parse(good.replace('severity: high', 'severity: hihg')))).toBe(false);
    expect(fits(parse(good.replace('format: ini', 'format: inni')))).toBe(false);
    expect(fits(parse(good.replace('expect: silent', 'expect: quiet')))).toBe(false);
  });
});

test('whatever a file holds, it is read or its faults are told', () => {
  const pieces = good.split(/(?<=[\s:,[\]{}'])/);
  const mutated = fc
    .array(
      fc.tuple(
        fc.nat(pieces.length - 1),
        fc.constantFrom('', ' ', '\n', '[', '}', "'", ': ', '- ', '1', '*a', '!x', '\0'),
      ),
      { maxLength: 4 },
    )
    .map((changes) => {
      const copy = [...pieces];
      for (const [at, piece] of changes) copy[at] = piece;
      return copy.join('');
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' })), (text) => {
      const faults = new Faults();
      const rules = readRules(Buffer.from(text), 'r.yaml', 'r.yaml', faults);
      for (const { rule, tests } of rules) {
        expect(rule.id).not.toBe('');
        expect(rule.when.node).toBeDefined();
        for (const { name } of tests) expect(typeof name).toBe('string');
      }
      if (rules.length === 0) expect(faults.all.length).toBeGreaterThan(0);
      for (const { place, message } of faults.all) {
        expect(place.line).toBeGreaterThan(0);
        expect(message).not.toContain('\n');
      }
    }),
    { numRuns: 150 },
  );
});
