import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicationOf } from '../../src/report/text-advisory.ts';
import { count, fixSentence, listed } from '../../src/report/text-fix.ts';
import { jsonText } from '../../src/report/text-json.ts';
import { clip, clipStart, displayWidth, pad as fill, wrap } from '../../src/report/text-width.ts';
import { harmless } from '../../src/util/harmless.ts';
import { hostile } from './samples.ts';

describe('width', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['\u{1F600}', 2],
    ['✅', 2],
    ['…', 1],
  ])('%j takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('a cut text keeps to its columns and says that it was cut', () => {
    expect([clip('abcdef', 6), clip('abcdef', 5), clip('漢字漢字', 5), clip('漢字漢字', 4), clip('abc', 0)]).toEqual([
      'abcdef',
      'abcd…',
      '漢字…',
      '漢…',
      '',
    ]);
    expect([clipStart('abcdef', 6), clipStart('abcdef', 4), clipStart('漢字漢字', 4), clipStart('abc', 0)]).toEqual([
      'abcdef',
      '…def',
      '…字',
      '',
    ]);
    expect(fill('漢', 4)).toBe('漢  ');
  });

  test('any text: cut and broken lines keep to their columns, and breaking loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 2, max: 40 }), (raw, columns) => {
        const text = harmless(raw);
        expect(displayWidth(clip(text, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(clipStart(text, columns))).toBeLessThanOrEqual(columns);
        const lines = wrap(text, columns);
        expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
      { numRuns: 100 },
    );
  });
});

test('words', () => {
  expect([listed([], 'or'), listed(['a'], 'or'), listed(['a', 'b'], 'or'), listed(['a', 'b', 'c'], 'and')]).toEqual([
    '',
    'a',
    'a or b',
    'a, b and c',
  ]);
  expect([count(1, 'layer'), count(1234567, 'layer'), count(0, 'fix', 'fixes')]).toEqual([
    '1 layer',
    '1,234,567 layers',
    '0 fixes',
  ]);
  expect(fixSentence({ name: 'a', version: '1', fixed: ['2', '3'] })).toBe('Update a 1 to 2 or 3.');
  expect(fixSentence({ name: 'a', version: '1', fixed: [] })).toBe('No fix is known for a 1.');
});

test('where an id can be read', () => {
  expect(['CVE-2024-1234', 'GHSA-jf85-cpcp-j695', 'DSA-5041-1', hostile].map((id) => publicationOf(id).url)).toEqual([
    'https://nvd.nist.gov/vuln/detail/CVE-2024-1234',
    'https://github.com/advisories/GHSA-jf85-cpcp-j695',
    'https://osv.dev/vulnerability/DSA-5041-1',
    `https://osv.dev/vulnerability/${encodeURIComponent(hostile.toWellFormed())}`,
  ]);
});

test('JSON holds nothing raw that a terminal acts on, and means the same', () => {
  const value = { text: hostile.toWellFormed(), list: ['\u009b\u202e\ufeff\u2028', 1, null] };
  expect(jsonText(value)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/);
  expect(JSON.parse(jsonText(value))).toEqual(value);
  expect(jsonText('\ud800')).toBe('"\ufffd"\n');
});
