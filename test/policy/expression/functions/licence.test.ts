import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMetBy } from '../../../../src/policy/expression/functions/licence.ts';

describe('whether a statement of licences can be met by those that are allowed', () => {
  test.each([
    ['MIT', ['MIT'], true],
    ['mit', ['MIT'], true],
    ['MIT', ['Apache-2.0'], false],
    ['', ['*'], false],
    ['MIT OR GPL-3.0-only', ['MIT'], true],
    ['MIT AND GPL-3.0-only', ['MIT'], false],
    ['MIT and GPL-3.0-only', ['MIT', 'GPL-*'], true],
    ['MIT AND (GPL-3.0-only OR Apache-2.0)', ['MIT', 'Apache-2.0'], true],
    ['(MIT AND GPL-3.0-only) OR Zlib', ['MIT'], false],
    ['GPL-2.0-or-later', ['GPL-2.0-only'], true],
    ['GPL-2.0+', ['GPL-2.0-or-later'], true],
    ['GPL-2.0-only', ['GPL-2.0-or-later'], false],
    ['GPL-2.0', ['GPL-2.0-only'], true],
    ['GPL-2.0-only WITH Classpath-exception-2.0', ['GPL-2.0-only'], true],
    ['GPL-2.0-only WITH Classpath-exception-2.0', ['GPL-2.0-only WITH Classpath-exception-2.0'], true],
    ['GPL-2.0-only', ['GPL-2.0-only WITH Classpath-exception-2.0'], false],
    ['MIT/Apache-2.0', ['Apache-2.0'], true],
    ['LicenseRef-acme', ['LicenseRef-*'], true],
    ['MIT OR', ['MIT'], false],
    ['MIT OR', ['MIT OR'], true],
    ['(MIT', ['MIT'], false],
    ['BSD 3-clause "New"', ['BSD 3-Clause "New"'], true],
    ['MIT AND AND Zlib', ['MIT', 'Zlib'], false],
    ['MIT WITH', ['MIT'], false],
  ])('%j by %j: %j', (statement, allowed, met) => {
    expect(isMetBy(statement, allowed)).toBe(met);
  });

  test('hostile statements neither throw nor hang', () => {
    const words = fc.constantFrom('(', ')', 'MIT', 'AND', 'or', 'WITH', ' ', '/', '*', 'GPL-2.0+', '😀');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), fc.array(words), (statement, allowed) => {
        expect(typeof isMetBy(statement.join(' '), allowed)).toBe('boolean');
      }),
    );
    for (const text of ['('.repeat(3000), `MIT${' OR MIT'.repeat(500)}`, '/'.repeat(100_000), `${'MIT('.repeat(900)}`])
      expect(typeof isMetBy(text, ['Zlib'])).toBe('boolean');
  });
});
