import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textLines } from '../../src/util/text-lines.ts';

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\nb', ['a', 'b']],
  ['\n\r\n\r', ['', '', '']],
  ['a\rb\n c ', ['a\rb', ' c ']],
])('%j', (text, lines) => {
  expect([...textLines(text)]).toEqual(lines);
});

test('the lines put together again are the text', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', ' ', '\n', '\u2028', '\ud83d\ude00')), (parts) => {
      const text = parts.join('');
      const lines = [...textLines(text)];
      expect(lines.join('\n') + (text.endsWith('\n') ? '\n' : '')).toBe(text);
    }),
  );
});
