import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../../src/policy/expression/compile.ts';
import { EvaluationFailure, type Scope } from '../../../src/policy/expression/contract.ts';
import { parseExpression } from '../../../src/policy/expression/parse.ts';

/** Variables of each type, with the values that a scope may give them. */
const variables = {
  a: 'int',
  b: 'int',
  x: 'double',
  y: 'double',
  s: 'string',
  t: 'string',
  p: 'bool',
  q: 'bool',
  l: 'list<string>',
  n: 'list<int>',
  m: 'map<string, string>',
};

type Kind = 'int' | 'double' | 'string' | 'bool' | 'list<string>' | 'list<int>';

const words = ['', 'a', 'b', 'ab', 'ba', 'a-b', 'key', '7', '12'];
const quoted = (text: string): string => `'${text}'`;

/** The simplest expressions of a type. */
const leaves: Record<Kind, readonly string[]> = {
  int: ['a', 'b', '0', '1', '3', '-2', 'l.size()', 'size(m)', 's.size()'],
  double: ['x', 'y', '0.0', '1.5', '-0.5'],
  string: ['s', 't', ...words.map(quoted), "m['key']", 'm.a', 'l[0]', 'l[a]'],
  bool: ['p', 'q', 'true', 'false', 'has(m.key)', "'a' in m", 's in l', 'a in n'],
  'list<string>': ['l', "['a', 'b', 'ab']", "s.split('')", "t.split('-')", "['7']"],
  'list<int>': ['n', '[1, 2, 3]', '[a, b]'],
};

/** An expression of a type, nested at most so deep; `$` stands for the number of a loop's variable. */
function expression(kind: Kind, depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...leaves[kind]);
  if (depth === 0) return leaf;
  const of = (one: Kind): fc.Arbitrary<string> => expression(one, depth - 1);
  const two = (one: Kind, ...by: string[]): fc.Arbitrary<string> =>
    fc.tuple(of(one), fc.constantFrom(...by), of(one)).map(([left, op, right]) => `(${left} ${op} ${right})`);
  const called = (one: Kind, ...names: string[]): fc.Arbitrary<string> =>
    fc.tuple(of(one), fc.constantFrom(...names)).map(([subject, name]) => `(${subject})${name}`);
  const choice = fc.tuple(of('bool'), of(kind), of(kind)).map(([test, one, other]) => `(${test} ? ${one} : ${other})`);
  const item = `v${depth}`;
  const loop = (name: string, over: Kind, ...bodies: string[]): fc.Arbitrary<string> =>
    fc
      .tuple(of(over), fc.constantFrom(...bodies), of('bool'), fc.constantFrom('&&', '||'))
      .map(([list, body, more, by]) => `(${list}).${name}(${item}, ${body.replaceAll('$', item)} ${by} ${more})`);
  const onTexts = ['$ == s', '$.contains(t)', "$ in m && m[$] == ''", '$.size() > a', "int('1' + $) > a"];
  const onNumbers = ['$ > a', '10 / $ > 2', '$ % 2 == 0', 'n[$] == b', '$ in n'];
  switch (kind) {
    case 'int':
      return fc.oneof(
        leaf,
        choice,
        two('int', '+', '-', '*', '/', '%'),
        of('int').map((one) => `-(${one})`),
        of('string').map((one) => `int('1' + ${one})`),
        of('double').map((one) => `int(${one})`),
        called('list<string>', '.size()'),
        called('string', ".indexOf('b')", '.lastIndexOf(t)', '.size()'),
        called('list<int>', '[0]', '[a]'),
      );
    case 'double':
      return fc.oneof(
        leaf,
        choice,
        two('double', '+', '-', '*', '/'),
        of('int').map((one) => `double(${one})`),
      );
    case 'string':
      return fc.oneof(
        leaf,
        choice,
        two('string', '+'),
        of('int').map((one) => `string(${one})`),
        of('bool').map((one) => `string(${one})`),
        called('string', '.trim()', '.substring(1)', '.substring(a, b)', '.upperAscii()', '.lowerAscii()'),
        called('list<string>', ".join(',')", '.join()', '[1]'),
      );
    case 'bool':
      return fc.oneof(
        choice,
        two('bool', '&&', '||', '==', '!='),
        of('bool').map((one) => `!(${one})`),
        two('int', '<', '<=', '>', '>=', '==', '!='),
        two('double', '<', '<=', '>', '>=', '==', '!='),
        two('string', '<', '<=', '>', '>=', '==', '!='),
        two('list<string>', '==', '!='),
        two('list<int>', '==', '!='),
        fc.tuple(of('string'), of('list<string>')).map(([one, list]) => `(${one} in ${list})`),
        fc.tuple(of('int'), of('list<int>')).map(([one, list]) => `(${one} in ${list})`),
        fc.tuple(of('int'), of('double')).map(([one, other]) => `(${one} < ${other})`),
        called('string', ".startsWith('a')", '.endsWith(t)', ".contains('b')"),
        loop('exists', 'list<string>', ...onTexts),
        loop('all', 'list<string>', ...onTexts),
        loop('exists_one', 'list<string>', ...onTexts),
        loop('exists', 'list<int>', ...onNumbers),
        loop('all', 'list<int>', ...onNumbers),
        fc.constantFrom('m.exists(k, m[k] == s)', 'm.all(k, k in l)', 'm.exists_one(k, m[k] == t)'),
      );
    case 'list<string>':
      return fc.oneof(
        leaf,
        two('list<string>', '+'),
        loop('filter', 'list<string>', ...onTexts),
        of('list<string>').map((list) => `(${list}).map(${item}, ${item} + s)`),
        of('list<string>').map((list) => `(${list}).map(${item}, ${item} != '', ${item} + t)`),
        of('list<int>').map((list) => `(${list}).map(${item}, string(${item}))`),
      );
    case 'list<int>':
      return fc.oneof(
        leaf,
        two('list<int>', '+'),
        loop('filter', 'list<int>', ...onNumbers),
        of('list<int>').map((list) => `(${list}).map(${item}, ${item} * 2)`),
      );
  }
}

const word = fc.constantFrom(...words);
const number = fc.integer({ min: -3, max: 12 });
const double = fc.constantFrom(0, 0.5, -1.25, 3, 100);
const scope = fc.record({
  a: number,
  b: number,
  x: double,
  y: double,
  s: word,
  t: word,
  p: fc.boolean(),
  q: fc.boolean(),
  l: fc.array(word, { maxLength: 12 }),
  n: fc.array(number, { maxLength: 4 }),
  m: fc.dictionary(fc.constantFrom('key', 'a', '7'), word, { maxKeys: 3 }),
});

const environment = new Environment();
for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);

/** Whole numbers as cel-js has them. */
function forCel(values: Scope): Scope {
  const { a, b, n } = values as { a: number; b: number; n: readonly number[] };
  return { ...values, a: BigInt(a), b: BigInt(b), n: n.map(BigInt) };
}

function outcome(evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch {
    return 'fails';
  }
}

test('compiled expressions say what cel-js says, failures included', () => {
  const seen = { true: 0, false: 0, fails: 0 };
  fc.assert(
    fc.property(
      expression('bool', 3),
      fc.array(scope, { minLength: 3, maxLength: 3 }),
      fc.boolean(),
      (text, scopes, fixed) => {
        const parsed = parseExpression(text, variables);
        const reference = environment.parse(text);
        for (const values of scopes) {
          // What is the same in all evaluations goes another way through the compiler.
          const { s, n, ...others } = values;
          const compiled = compile(JSON.parse(JSON.stringify(parsed)), {
            lists: new Map(),
            ...(fixed ? { constants: { s, n } } : {}),
          });
          const expected = outcome(() => reference(forCel(values)));
          const found = outcome(() => compiled(fixed ? others : values));
          expect(found, `${text} on ${JSON.stringify(values)}`).toBe(expected);
          // A second evaluation is as the first.
          expect(outcome(() => compiled(fixed ? others : values))).toBe(expected);
          seen[String(found) as keyof typeof seen]++;
        }
      },
    ),
    { numRuns: 700 },
  );
  // Expressions that say little would prove little.
  expect(Math.min(seen.true, seen.false, seen.fails)).toBeGreaterThan(60);
});

test('nothing but EvaluationFailure is thrown', () => {
  fc.assert(
    fc.property(expression('bool', 2), scope, (text, values) => {
      const compiled = compile(parseExpression(text, variables), { lists: new Map() });
      try {
        expect(typeof compiled(values)).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(EvaluationFailure);
      }
    }),
    { numRuns: 500 },
  );
});
