import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeName } from '../../../src/format/tar/text.ts';

describe('names as text', () => {
  test.each([
    ['usr/bin/env', 'usr/bin/env'],
    ['é/日本/🙂', 'é/日本/🙂'],
    ['a\\b', 'a\\x5cb'],
    ['\ufffd', '\ufffd'],
    ['\ufeffx', '\ufeffx'],
    ['a\nb', 'a\nb'],
  ])('%j', (name, text) => {
    expect(decodeName(Buffer.from(name))).toBe(text);
  });

  test.each([
    [[0xff], '\\xff'],
    [[0x61, 0xc3], 'a\\xc3'],
    [[0xc3, 0xa9, 0xc3], 'é\\xc3'],
    [[0xc0, 0xaf], '\\xc0\\xaf'],
    [[0xe0, 0x80, 0xaf], '\\xe0\\x80\\xaf'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[0xf0, 0x80, 0x80, 0x80], '\\xf0\\x80\\x80\\x80'],
    [[0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    [[0xf5, 0x80, 0x80, 0x80], '\\xf5\\x80\\x80\\x80'],
    [[0xef, 0xbf, 0xbd, 0xff], '\ufffd\\xff'],
  ])('bytes that are no UTF-8: %j', (bytes, text) => {
    expect(decodeName(Buffer.from(bytes))).toBe(text);
  });

  const bytes = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }).map(Buffer.from),
        fc.constantFrom('\\', '\\xff', 'xff', 'é', '\ufffd', 'a', '🙂').map((text) => Buffer.from(text)),
        fc.constantFrom([0xff], [0xed, 0xa0], [0xf0, 0x9f], [0xef, 0xbf]).map((list) => Buffer.from(list)),
      ),
      { maxLength: 5 },
    )
    .map((parts) => Buffer.concat(parts));

  /** Undoes the escapes. */
  function encode(text: string): Buffer {
    const parts: Buffer[] = [];
    for (let i = 0; i < text.length; i++) {
      if (text[i] === '\\') {
        parts.push(Buffer.from([Number.parseInt(text.slice(i + 2, i + 4), 16)]));
        i += 3;
      } else {
        const point = String.fromCodePoint(text.codePointAt(i) ?? 0);
        parts.push(Buffer.from(point));
        i += point.length - 1;
      }
    }
    return Buffer.concat(parts);
  }

  test('no two names become the same text: the bytes can be had back', () => {
    fc.assert(
      fc.property(bytes, (name) => {
        const text = decodeName(name);
        expect(text.isWellFormed()).toBe(true);
        expect(encode(text)).toEqual(name);
      }),
      { numRuns: 1000 },
    );
  });
});
