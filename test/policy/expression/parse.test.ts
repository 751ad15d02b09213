import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpressionError } from '../../../src/policy/expression/contract.ts';
import { functions } from '../../../src/policy/expression/functions.ts';
import { longestExpression, parseExpression } from '../../../src/policy/expression/parse.ts';
import { allParts } from '../../../src/policy/expression/parts.ts';
import { subjectVariables } from '../../../src/policy/subject/contract.ts';
import { commonVariables, types } from '../../../src/policy/subject/fields/all.ts';

const variables: Record<string, string> = { finding: 'Finding', pkg: 'Package', ...commonVariables };
const subjects = Object.fromEntries(Object.values(subjectVariables).map(({ name, type }) => [name, type]));
const everything = { ...subjects, ...commonVariables, document: 'Document' };

/** The message, what of the text it points at, and the correction. */
function complaint(text: string, lists: readonly string[] = ['allowed-bases']): readonly (string | undefined)[] {
  try {
    parseExpression(text, variables, lists);
  } catch (error) {
    if (error instanceof ExpressionError) return [error.message, text.slice(error.start, error.end), error.hint];
    throw error;
  }
  return ['right'];
}

describe('what is wrong is said, with its place and the correction', () => {
  test.each([
    ['imag.user == ""', 'there is no variable imag', 'imag', 'did you mean image?'],
    ['finding.sevrity == "high"', 'Finding has no field sevrity', 'sevrity', 'did you mean severity?'],
    ['image.base.nam == ""', 'Base has no field nam', 'nam', 'did you mean name?'],
    ['has(finding.cwe)', 'Finding has no field cwe', 'cwe', 'did you mean cwes?'],
    ['image.packages.exists(p, p.flaw > 0)', 'Package has no field flaw', 'flaw', 'did you mean flaws?'],
    [
      'has(image.layers)',
      'layers is always there',
      'image.layers',
      'has() is for texts, lists and maps that may be empty: compare it instead',
    ],
    ['finding.severity.atLest("high")', 'there is no function atLest', 'atLest', 'did you mean atLeast?'],
    ['image.cmd.exist(c, c == "")', 'there is no exist', 'exist', 'did you mean exists?'],
    ['image.cmd.exists(c)', 'exists does not fit', 'exists', "write it as in list.exists(item, item != '')"],
    [
      'finding.id.contains(1)',
      'string.contains(int) does not fit',
      'contains',
      'there is string.contains(string): bool',
    ],
    ['finding.severity.atLeast("hihg")', 'there is no severity hihg', '"hihg"', 'did you mean high?'],
    [
      'finding.score == 7',
      "double == int: these types don't go together",
      'finding.score == 7',
      'a double is written with its point, as in 7.0',
    ],
    [
      'image.layers == "3"',
      "int == string: these types don't go together",
      'image.layers == "3"',
      'a text is written in quotes; string(…) makes one',
    ],
    [
      'finding == finding',
      "Finding == Finding: these types don't go together",
      'finding == finding',
      'compare one of the fields of Finding',
    ],
    ['pkg in image.packages', "Package can't be compared", 'pkg in image.packages', 'compare one of its fields'],
    ['finding.severity', 'a rule asks for true or false, and this is string', 'finding.severity', undefined],
    [
      'finding.severity = "high"',
      'unexpected character: =',
      '=',
      'equal is written ==, a regular expression is matched by .matches(…)',
    ],
    ['image.root and image.signed', "unexpected character: 'd'", 'and', 'and is written &&, or ||, not !'],
    ['image.user == "a', 'unterminated string', '"a', undefined],
    ['(image.root', ') is expected here, not the end', '', undefined],
    ['image.root &&', 'the expression ends too early', '', undefined],
    ['', 'the expression ends too early', '', undefined],
    ['package.name == ""', "package is a word of CEL's own", 'package', 'the package is called pkg'],
    [
      "lists.allowedbases == ['']",
      'the policy has no list allowedbases',
      'allowedbases',
      'did you mean allowed-bases?',
    ],
    ["finding.id in lists['b']", 'the policy has no list b', "'b'", 'its lists are allowed-bases'],
    ["finding['id'] == ''", 'a field is read with a point', "'id'", 'write .id'],
    ["image.cmd.exists(image, image == '')", 'image is taken', 'image', 'give the variable another name'],
    ['9007199254740992 > 1', 'whole numbers go up to 9007199254740991', '9007199254740992', undefined],
    ['1u == 1u', 'unsigned numbers are left out of rules', '1u', 'write the number without the u'],
    ["b'a' == b'a'", 'bytes are left out of rules', "b'a'", 'write a text without the b'],
    ["{'a': 1}.a == 1", 'a map can not be written in a rule', "{'a': 1}", undefined],
    ['dyn(1) == 1', 'dyn is left out of rules', 'dyn(1)', undefined],
    ['cel.bind(x, 1, x == 1)', 'bind is left out of rules', 'cel.bind(x, 1, x == 1)', undefined],
    [
      "timestamp('2024-01-01T00:00:00Z') == timestamp(0)",
      'timestamp is left out of rules',
      "timestamp('2024-01-01T00:00:00Z')",
      undefined,
    ],
    ['int == int', "int can't be used in rules", 'int', undefined],
    ["days('2026-02-30') > 1", '"2026-02-30" is no date', "'2026-02-30'", 'write a day as 2026-01-31'],
    ["pkg.inRange('^1.2')", '"^1.2" is no range of versions', "'^1.2'", 'write it as >= 1.2, < 2 || 3.*'],
    [
      "file.path == ''",
      'there is no variable file',
      'file',
      'rules can read finding, pkg, image, policy, lists, today; its fields as in finding.name',
    ],
    ["image.user.glob('{a')", 'the pattern has a { without its }', "'{a'", undefined],
    [
      "image.hasPackage('pkg:')",
      'this is no package URL',
      "'pkg:'",
      'as in pkg:deb/debian/openssl or pkg:npm/lodash@4.17.*; the type can hold no *',
    ],
  ])('%s', (text, message, pointed, hint) => {
    expect(complaint(text)).toEqual([message, pointed, hint]);
  });

  test.each([
    ["image.tag.matches('(a)\\\\1')", 'RE2 has no back-references: \\1', '\\1'],
    ["image.tag.matches(r'a(?=b)c')", 'RE2 has no look-around: (?=', '(?='],
    ["image.tag.matches('(?<!x)a')", 'RE2 has no look-around: (?<!x)a', '(?<!x)a'],
    ["image.tag.matches('x{1001}')", 'invalid repeat count: {1001}', '{1001}'],
    ["image.tag.matches('((x{100}){100}){100}')", 'invalid repeat count: {100}', '{100}'],
    [`image.tag.matches('${'a'.repeat(1001)}')`, 'a regular expression has at most 1000 characters', 'a'.repeat(1001)],
  ])('a regular expression that can be slow or is none: %#', (text, message, pointed) => {
    expect(complaint(text).slice(0, 2)).toEqual([message, pointed]);
  });

  test('what explodes is refused while it is read', () => {
    const limits = 'an expression has at most 1000 parts, nested at most 40 deep';
    for (const text of [
      `true${' || true'.repeat(900)}`,
      `${'('.repeat(100)}true${')'.repeat(100)}`,
      `${'!'.repeat(5000)}true`,
      `${'['.repeat(3000)}`,
      `image.cmd${'.filter(a, true)'.repeat(400)} == []`,
    ])
      expect(complaint(text)[0], text.slice(0, 40)).toBe(limits);
    expect(complaint(' '.repeat(longestExpression + 1))[0]).toBe('an expression has at most 8192 characters');
  });
});

describe('what is right', () => {
  test('all functions have an example that is', () => {
    for (const { example, signature } of functions) {
      const { node } = parseExpression(example, everything);
      const name = /(?:^|\.)(\w+)\(/.exec(signature)?.[1];
      const called = [...allParts(node)].some((part) => part.op === 'call' && part.fn === name);
      expect(called, `${signature}: ${example}`).toBe(true);
    }
  });

  test('all fields of all types can be read', () => {
    const asked: Record<string, (path: string) => string> = {
      string: (path) => `${path} != ''`,
      bool: (path) => path,
      int: (path) => `${path} > 0`,
      double: (path) => `${path} > 0.0`,
    };
    for (const [type, fields] of Object.entries(types)) {
      for (const [name, field] of Object.entries(fields)) {
        const text = (asked[field.type] ?? ((path: string) => `has(${path}) || true`))(`it.${name}`);
        if (Object.hasOwn(types, field.type)) continue;
        expect(parseExpression(text, { it: type }).reads, `${type}.${name}`).toContain(`it.${name}`);
      }
    }
  });

  test('what it reads is told', () => {
    const text =
      "finding.cvss.AV == 'N' && image.packages.exists(p, p.flaws > 1 && pkg.inRange('> 1')) && days(finding.kevDue) > 1 && finding.id in lists.allowed && has(image.labels.stage)";
    expect(parseExpression(text, variables)).toMatchObject({
      text,
      reads: [
        'finding.cvss',
        'finding.cvss.AV',
        'finding.id',
        'finding.kevDue',
        'image.labels',
        'image.packages',
        'lists.allowed',
        'pkg.ecosystem',
        'pkg.flaws',
        'pkg.version',
        'today',
      ],
    });
  });

  test('it is plain JSON', () => {
    const parsed = parseExpression('finding.score >= 7 && -image.layers < -1 && has(image.user)', variables);
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
    expect(parsed.node).toEqual({
      op: 'and',
      left: {
        op: 'and',
        left: {
          op: 'compare',
          by: '>=',
          left: { op: 'field', of: { op: 'var', name: 'finding' }, name: 'score' },
          right: { op: 'const', value: 7 },
        },
        right: {
          op: 'compare',
          by: '<',
          left: { op: 'negate', of: { op: 'field', of: { op: 'var', name: 'image' }, name: 'layers' } },
          right: { op: 'const', value: -1 },
        },
      },
      right: {
        op: 'compare',
        by: '!=',
        left: { op: 'field', of: { op: 'var', name: 'image' }, name: 'user' },
        right: { op: 'const', value: '' },
      },
    });
  });
});

test('hostile texts throw nothing but ExpressionError, with a place inside of the text', () => {
  const pieces = [
    'finding',
    '.',
    'severity',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    "'",
    '"',
    'a',
    ' ',
    '&&',
    '||',
    '!',
    '==',
    '1',
    '1.5',
    ',',
    'exists',
    'has',
    '\\',
    '?',
    ':',
    'in',
    'lists',
    '\n',
    '\u{1f600}',
    'r"',
    'matches',
    '__proto__',
    'constructor',
    'image.labels',
  ];
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((some) => some.join(''));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 })), (text) => {
      try {
        parseExpression(text, variables, []);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
        const { start, end, message } = error as ExpressionError;
        expect(start >= 0 && start <= end && end <= text.length, `${start} to ${end} of ${JSON.stringify(text)}`).toBe(
          true,
        );
        expect(message).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: 1000 },
  );
});
