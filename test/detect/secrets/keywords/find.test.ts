import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { automatonOf, placeOf, statesOf } from '../../../../src/detect/secrets/keywords/automaton.ts';
import { KeywordFinder } from '../../../../src/detect/secrets/keywords/find.ts';

const capacity = 4096;

/** What is found, as where each of the longest words ends and which it is. */
function found(words: readonly string[], bytes: Buffer, from = 0, to = bytes.length): [number, string][] {
  const automaton = automatonOf(statesOf(words.map((word) => Buffer.from(word))));
  const finder = new KeywordFinder(automaton, capacity);
  const count = finder.find(bytes, from, to);
  return Array.from({ length: count }, (_, hit) => {
    const ended = automaton.ended[finder.states[hit]!]!;
    return [finder.ends[hit]!, ended.map((word) => words[word]!).join()];
  });
}

/** The same by comparing all words at all places, with a letter for each byte of one place. */
function compared(words: readonly string[], bytes: Uint8Array, from = 0, to = bytes.length): [number, string][] {
  const plain = (text: Uint8Array): string => Buffer.from(text.map((byte) => 0x40 + placeOf(byte))).toString('latin1');
  const text = plain(bytes);
  const folded = words.map((word) => plain(Buffer.from(word)));
  const hits: [number, string][] = [];
  for (let end = from + 1; end <= to; end++) {
    const here = words.filter((_, number) => text.slice(0, end).endsWith(folded[number]!));
    if (here.length > 0) hits.push([end, here.sort((a, b) => b.length - a.length).join()]);
  }
  return hits;
}

const words = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom('a', 'b', 'k', '_', '1'), minLength: 1, maxLength: 6 }),
  {
    minLength: 1,
    maxLength: 12,
  },
);
/** Long enough for four parts side by side, made of what words are made of. */
const text = fc
  .array(fc.constantFrom('a', 'b', 'A', 'K', '_', '1', ' ', '\u00e1', '\n', '\u007f'), {
    minLength: 1,
    maxLength: 1800,
  })
  .map((parts) => Buffer.from(parts.join('')));

describe('words in bytes', () => {
  test('are those that comparing finds, wherever the bytes lie in memory and whatever part of them is searched', () => {
    const part = fc.tuple(fc.nat(200), fc.nat(200), fc.nat(3));
    fc.assert(
      fc.property(words, text, part, (some, bytes, [front, back, lead]) => {
        const memory = Buffer.alloc(bytes.length + lead);
        const moved = memory.subarray(lead);
        moved.set(bytes);
        const from = Math.min(front, bytes.length);
        const to = Math.max(from, bytes.length - back);
        expect(found(some, moved, from, to)).toEqual(compared(some, bytes, from, to));
      }),
      { numRuns: 300 },
    );
  });

  test('are found in each part and over the borders of parts', () => {
    const bytes = Buffer.alloc(2000, '.');
    for (const at of [0, 3, 497, 498, 499, 500, 997, 1000, 1496, 1500, 1995]) {
      const one = Buffer.from(bytes);
      one.write('token', at);
      expect(found(['token'], one), `at ${at}`).toEqual([[at + 5, 'token']]);
    }
  });

  test('are found in front of, in and behind a run of one byte', () => {
    const some = ['aaa', 'ab', 'ka', '_k'];
    for (const [byte, front, behind] of [
      ['a', 'k', 'b'],
      ['_', 'ab', 'k'],
      [' ', 'aaa', 'ka'],
    ] as const) {
      const text = Buffer.from(front + byte.repeat(1500) + behind);
      expect(found(some, text)).toEqual(compared(some, text));
      expect(found(some, text, front.length, text.length - behind.length)).toEqual(
        compared(some, text, front.length, text.length - behind.length),
      );
      expect(found(some, text, 700, 1400)).toEqual(compared(some, text, 700, 1400));
    }
  });

  test('may be of other letters than ASCII', () => {
    expect(found(['пароль'], Buffer.from('мой пароль: x'))).toEqual([[19, 'пароль']]);
  });
});
