import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSecretRules } from '../../../../src/detect/secrets/toml/read-rule-set.ts';

const whole = `
title = "mine"
[extend]
useDefault = true
disabledRules = ["jwt"]

[[allowlists]]
description = "lock files"
paths = ['''\\.lock$''']
targetRules = ["a"]

[[rules]]
id = "a"
description = "An a"
regex = '''a-(\\d{4})'''
secretGroup = 1
entropy = 2.5
keywords = ["A-"]
tags = ["x"]
path = '''\\.txt$'''
[rules.allowlist]
regexes = ["""a-0000"""]
stopwords = ["Zero"]
[[rules.required]]
id = "b"
withinLines = 5
[rules.sluice]
severity = "critical"
title = "The a"
why = "Because."
fix = "So."
links = ["https://example.com/a"]
check = "github"
score = 90
samples = ["{{digits:4}}"]
lookalikes = ["a-0000"]

[[rules]]
id = "b"
path = '''\\.key$'''
skipReport = true
`;

describe('readSecretRules', () => {
  test('reads all of the form', async () => {
    const { digest, ...set } = await readSecretRules(whole, 'r.toml');
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(set).toEqual({
      rules: [
        {
          id: 'a',
          title: 'The a',
          severity: 'critical',
          why: 'Because.',
          fix: 'So.',
          links: ['https://example.com/a'],
          tags: ['x'],
          pattern: 'a-(\\d{4})',
          group: 1,
          entropy: 2.5,
          keywords: ['a-'],
          path: '\\.txt$',
          allowances: [
            {
              condition: 'or',
              target: 'secret',
              patterns: ['a-0000'],
              paths: [],
              stopWords: ['zero'],
              commits: [],
              rules: [],
            },
          ],
          check: 'github',
          score: 90,
          required: [{ rule: 'b', lines: 5 }],
        },
        {
          id: 'b',
          title: 'b',
          severity: 'high',
          why: 'Whoever can read this can use it as if it were theirs.',
          fix: 'Withdraw it where it was issued, take it out, and hand the new one over at run time.',
          links: [],
          tags: [],
          group: 0,
          keywords: [],
          path: '\\.key$',
          allowances: [],
          score: 75,
          silent: true,
        },
      ],
      allowances: [
        {
          condition: 'or',
          target: 'secret',
          patterns: [],
          paths: ['\\.lock$'],
          stopWords: [],
          commits: [],
          rules: ['a'],
        },
      ],
      disabled: ['jwt'],
      extendsBuiltIn: true,
    });
  });

  test('has another digest when it says something else', async () => {
    const digests = await Promise.all(
      [whole, `${whole}\n# more`, whole.replace('2.5', '2.6')].map((text) => readSecretRules(text, 'r')),
    );
    expect(digests[0]!.digest).toBe(digests[1]!.digest);
    expect(digests[0]!.digest).not.toBe(digests[2]!.digest);
  });

  test.each([
    ['a = ', /^r\.toml:1:\d+: this is no TOML/],
    ['rulez = 1', 'r.toml:1: the file has no field "rulez"; did you mean rules?'],
    ["[[rules]]\nid = 'a'\nregexp = 'x'", 'r.toml:3: rules has no field "regexp"; did you mean regex?'],
    ["[[rules]]\nregex = 'x'", 'r.toml:1: a rule needs an id'],
    ["\n[[rules]]\nid = 'a'", 'r.toml:2: the rule "a" has neither regex nor path'],
    ["[[rules]]\nid = 'a'\nregex = 'x('", 'r.toml:3: regex: the pattern has a ( without its )'],
    [
      "[[rules]]\nid = 'a'\nregex = '(?=x)'",
      'r.toml:3: regex: RE2 has no group like "(?=x": neither look-around nor other extensions',
    ],
    ["[[rules]]\nid = 'a'\nregex = '''\nx\\1'''", 'r.toml:3: regex: RE2 has no back references: \\1'],
    ["[[rules]]\nid = 'a'\nregex = 5", 'r.toml:3: regex must be a text'],
    ["[[rules]]\nid = 'a'\nregex = 'x'\n[[rules]]\nid = 'a'\nregex = 'y'", 'r.toml:5: there are two rules "a"'],
    ["[[rules]]\nid = 'a'\nregex = 'x'\nkeywords = 'x'", 'r.toml:4: keywords must be a list of texts'],
    [
      "[[rules]]\nid = 'a'\nregex = 'x'\n[[rules.allowlists]]\ncondition = 'nor'",
      'r.toml:5: condition must be one of or, and, ||, &&; did you mean or?',
    ],
    [
      "[[rules]]\nid = 'a'\nregex = 'x'\n[[rules.allowlists]]\ncondition = 'or'",
      'r.toml:4: an allowance needs at least one of commits, paths, regexes and stopwords',
    ],
    [
      "[[rules]]\nid = 'a'\nregex = 'x'\n[rules.sluice]\nseverity = 'hihg'",
      /^r\.toml:5: severity must be one of .*; did you mean high\?$/,
    ],
    ["[extend]\npath = 'b.toml'", 'r.toml:2: a file that extends another is not read here'],
    ["[extend]\nurl = 'https://example.com'", 'r.toml:2: rules are not fetched: give the file by its path'],
    ['rules = 1', 'r.toml:1: rules must be a list of tables'],
  ])('names the line of %j', async (text, message) => {
    await expect(readSecretRules(text, 'r.toml')).rejects.toThrow(message);
  });

  test('extends a file: what is said later holds, lists grow', async () => {
    const base =
      "[[rules]]\nid = 'a'\ndescription = 'A'\nregex = 'x+'\nkeywords = ['x']\n[[rules]]\nid = 'b'\nregex = 'y'";
    const text =
      "[extend]\npath = 'base.toml'\ndisabledRules = ['b']\n[[rules]]\nid = 'a'\nentropy = 3\nkeywords = ['z']\n";
    const { rules } = await readSecretRules(text, 'r.toml', { extended: () => base });
    expect(rules).toMatchObject([{ id: 'a', title: 'A', pattern: 'x+', entropy: 3, keywords: ['x', 'z'] }]);
    await expect(readSecretRules(text, 'r.toml', { extended: () => text })).rejects.toThrow(
      'more than 2 files extend each other',
    );
  });

  test('never fails but with a clear message', async () => {
    const words = fc.constantFrom(
      '[[rules]]\n',
      '[rules.sluice]\n',
      '[extend]\n',
      "id = 'a'\n",
      "regex = '''x{2,3}'''\n",
      'regex = "("\n',
      '[[allowlists]]\n',
      "paths = ['a']\n",
      '"""',
      "'''",
      '[',
      ']]',
      '=',
      '\n',
      '{',
      '__proto__ = 1\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(words, fc.string({ maxLength: 12 })), { maxLength: 30 }), async (parts) => {
        const thrown: unknown = await readSecretRules(parts.join(''), 'r.toml').then(
          () => undefined,
          (error: unknown) => error,
        );
        if (thrown !== undefined)
          expect(thrown).toMatchObject({ name: 'SluiceError', message: expect.stringMatching(/^[^\n]+$/) });
      }),
      { numRuns: 200 },
    );
  });
});
