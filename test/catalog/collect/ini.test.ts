import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIni } from '../../../src/catalog/collect/ini.ts';

/** Sections as plain lists. */
const read = (text: string) => {
  const { sections, whole } = parseIni(text);
  return { whole, sections: [...sections].map(([name, keys]) => [name, ...keys]) };
};

describe('an INI file', () => {
  test('has sections with keys and values', () => {
    const text =
      '\ufeffname=top\r\n; no = 1\n# no = 2\n\n[server]\nport = 80\nhost: "a b"\n[ x ] ; rest\nflag\nport = 1\n';
    expect(read(text)).toEqual({
      whole: true,
      sections: [
        ['', ['name', 'top']],
        ['server', ['port', '80'], ['host', 'a b']],
        ['x', ['flag', ''], ['port', '1']],
      ],
    });
  });

  test('of several values of one key the last counts, also where its section stands twice', () => {
    expect(read('[a]\nk=1\nk=2\n[b]\n[a]\nk=3').sections).toEqual([[''], ['a', ['k', '3']], ['b']]);
  });

  test('values keep what looks like a mark', () => {
    expect(read('a=b=c\nd=e:f\ng:h=i\n=x\nq=\'\ns="a"b').sections).toEqual([
      ['', ['a', 'b=c'], ['d', 'e:f'], ['g', 'h=i'], ['q', "'"], ['s', '"a"b']],
    ]);
  });

  test('that is too much is told, and the rest of it is read', () => {
    expect(read(`a=${'x'.repeat(70_000)}\nb=1`)).toEqual({ whole: false, sections: [['', ['b', '1']]] });
    const many = parseIni(Array.from({ length: 100_001 }, (_, i) => `k${i}=`).join('\n'));
    expect([many.whole, many.sections.get('')?.size]).toEqual([false, 100_000]);
  });

  test('gives back what was written', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const sections = fc.dictionary(word, fc.dictionary(word, word, { minKeys: 1 }), { minKeys: 1 });
    fc.assert(
      fc.property(sections, (wanted) => {
        const text = Object.entries(wanted)
          .map(
            ([name, keys]) =>
              `[${name}]\n${Object.entries(keys)
                .map(([key, value]) => `${key} = ${value}\n`)
                .join('')}`,
          )
          .join('\n');
        const found = new Map(parseIni(text).sections);
        found.delete('');
        expect(Object.fromEntries([...found].map(([name, keys]) => [name, Object.fromEntries(keys)]))).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test('of any bytes is read without a failure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { sections, whole } = parseIni(text);
        expect(whole).toBe(true);
        const kept = [...sections].reduce((sum, [, keys]) => sum + keys.size, 0);
        expect(kept).toBeLessThanOrEqual(text.split('\n').length);
      }),
      { numRuns: 300 },
    );
  });
});
