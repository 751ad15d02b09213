import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchorsOf, type Run } from '../../../src/detect/secrets/pattern/anchor.ts';
import { inBytes } from '../../../src/detect/secrets/pattern/bytes.ts';
import { type CharSet, charSet } from '../../../src/detect/secrets/pattern/node.ts';
import { parsePattern } from '../../../src/detect/secrets/pattern/parse.ts';
import { createScanner } from '../../../src/detect/secrets/scanner.ts';
import { readSecretRules } from '../../../src/detect/secrets/toml/read-rule-set.ts';

function setOf(characters: string): CharSet {
  return charSet([...characters].map((char) => [char.charCodeAt(0), char.charCodeAt(0)]));
}

function runsOf(pattern: string): { run: Run | undefined; next: CharSet | undefined }[] {
  return anchorsOf(inBytes(parsePattern(pattern)))!.map(({ run, next }) => ({ run, next }));
}

const small = setOf('abcdefghijklmnopqrstuvwxyz');

describe('what a run of characters tells before the pattern is run', () => {
  test('it ends at what comes next, though more of the pattern is in it', () => {
    expect(runsOf('abc_[a-z]{0,20}key(?:["]{0,2}[=:]|[ ]{1,3})x')).toEqual([
      { run: { of: small, min: 3, max: 23, mixed: true }, next: setOf('" =:') },
    ]);
    expect(runsOf('abc_[a-z]{2,9}(?:id|name)?[.]')).toEqual([
      { run: { of: small, min: 2, max: 13, mixed: true }, next: setOf('.') },
    ]);
    expect(runsOf('abc_([a-z]{2,}(?:id|name)){1,2}[0-9]')).toEqual([{ run: undefined, next: undefined }]);
  });

  test.each([
    ['what comes next may be in the run', 'abc_[a-z]{0,20}key(?:[m-p]|=)'],
    ['what comes next may be nothing', 'abc_[a-z]{0,20}key(?:=x)?'],
    ['the pattern ends with it', 'abc_[a-z]{0,20}key'],
    ['a part of it is not of the run', 'abc_[a-z]{0,20}(?:KEY|key)[a-z]'],
  ])('nothing where %s', (_, pattern) => {
    expect(runsOf(pattern)).toEqual([{ run: undefined, next: undefined }]);
  });

  test('the same is found as by the plain expressions', async () => {
    const plain = new Map([
      ['key', /abc_[\w.-]{0,9}key["']{0,2}[ ]{0,2}[:=]([0-9]{4})/g],
      ['either', /web[a-z]{1,6}(?:hook|pack)?[.]([0-9]{3})/g],
      ['lazy', /lead[a-z]{0,7}?(?:er)?(?:[-]{1,2}|[:])([0-9]{3})/g],
    ]);
    const rules = [...plain].map(([id, { source }]) => {
      return `[[rules]]\nid = "${id}"\nregex = '''${source}'''\nkeywords = ["abc_", "web", "lead"]\n`;
    });
    const scanner = createScanner([await readSecretRules(rules.join('\n'), 'r.toml')]);
    const part = fc.constantFrom(
      ...['abc_', 'key', 'web', 'hook', 'pack', 'lead', 'er', 'x', 'ab', '.', '-', '=', ':', '"', ' ', '\n'],
      ...['1234', '123', 'abc_key=1234', 'webhook.123', 'leader-123', 'abc_abc_'],
    );
    let matches = 0;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (all) => {
        const text = all.join('');
        const expected = [...plain].flatMap(([id, form]) => [...text.matchAll(form)].map(() => id)).sort();
        matches += expected.length;
        const found = scanner.search(text, 'a').map(({ rule }) => rule);
        expect([...found].sort()).toEqual(expected);
      }),
      { numRuns: 1000, seed: 8 },
    );
    expect(matches).toBeGreaterThan(500);
  });
});
