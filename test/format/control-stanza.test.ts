import { describe, expect, test } from 'vitest';
import { fieldLimit, readStanzas } from '../../src/format/control-stanza.ts';

function read(text: string, ...wanted: string[]) {
  return [...readStanzas(Buffer.from(text), new Set(wanted))].map(({ fields, line, malformed }) => ({
    fields: Object.fromEntries(fields),
    line,
    malformed,
  }));
}

describe('control stanzas', () => {
  test('are parted by blank lines and hold the wanted fields', () => {
    expect(read('\n\nName: a\nOther: x\n more\n\n \t\r\nNAME:b:c  \r\nSize:\n\n\n', 'name', 'size')).toEqual([
      { fields: { name: 'a' }, line: 3, malformed: false },
      { fields: { name: 'b:c', size: '' }, line: 8, malformed: false },
    ]);
    expect(read('', 'name')).toEqual([]);
    expect(read('A: 1', 'a')).toEqual([{ fields: { a: '1' }, line: 1, malformed: false }]);
  });

  test.each([
    ['a line that is no field', 'Name: a\njunk', { name: 'a' }],
    ['a name with a blank', 'Name: a\nna me: b', { name: 'a' }],
    ['a line without a name', 'Name: a\n: b', { name: 'a' }],
    ['a name that never ends', `Name: a\n${'n'.repeat(100)}: b`, { name: 'a' }],
    ['a wanted field that stands twice', 'Name: a\nNAME: b', { name: 'a' }],
    ['a wanted field that is too long', `Name: ${'a'.repeat(fieldLimit)}`, {}],
  ])('are malformed by %s', (_what, text, fields) => {
    expect(read(text, 'name')).toEqual([{ fields, line: 1, malformed: true }]);
  });

  test('may hold anything in what nobody asked for', () => {
    const text = `Name: a\nOther: ${'x'.repeat(fieldLimit)}\nOther: again\n\tcontinued: é\n`;
    expect(read(text, 'name')).toEqual([{ fields: { name: 'a' }, line: 1, malformed: false }]);
  });
});

describe('fields that are lists', () => {
  const read = (text: string) =>
    [...readStanzas(Buffer.from(text), new Set(['name']), new Set(['needs']))].map(({ fields, malformed }) => ({
      fields: Object.fromEntries(fields),
      malformed,
    }));

  test('may be longer than others, and the first counts', () => {
    const long = 'a, '.repeat(fieldLimit).trim();
    expect(read(`Name: a\nNeeds: ${long}\nNEEDS: b\n`)).toEqual([
      { fields: { name: 'a', needs: long }, malformed: false },
    ]);
  });

  test('are left out where they have no end, without harm to the stanza', () => {
    expect(read(`Name: a\nNeeds: ${'x'.repeat(300_000)}\n`)).toEqual([{ fields: { name: 'a' }, malformed: false }]);
  });
});
