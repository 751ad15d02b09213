import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SluiceError } from '../../src/util/error.ts';
import { asArray, asRecord, asString, parseJson, repeatsMembers } from '../../src/util/json.ts';

const codeOf = (bytes: Buffer, depth?: number): string => {
  try {
    parseJson(bytes, depth);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return thrown.code;
    throw thrown;
  }
  return 'none';
};

describe('parseJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('skips a byte order mark', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
  });

  test.each(['', ' ', '{', '[1,]', '{"a":1} x', '"open', '"open\\', '\ufeff\ufeff{}'])('%j is malformed', (text) => {
    expect(codeOf(Buffer.from(text))).toBe('json/malformed');
  });

  test('UTF-16 is malformed', () => {
    expect(codeOf(Buffer.from('\ufeff{"a":1}', 'utf16le'))).toBe('json/malformed');
  });

  test('the depth limit is exact', () => {
    const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(codeOf(nested(200))).toBe('none');
    expect(codeOf(nested(201))).toBe('json/too-deep');
    expect(codeOf(nested(3), 3)).toBe('none');
    expect(codeOf(nested(4), 3)).toBe('json/too-deep');
  });

  test('brackets inside of strings do not count, siblings do not add up', () => {
    expect(parseJson(Buffer.from('{"a":"[[[[\\"{{{{\\\\","b":[]}'), 2)).toEqual({ a: '[[[["{{{{\\', b: [] });
    expect(codeOf(Buffer.from(`[${'[],'.repeat(1000)}[]]`), 2)).toBe('none');
  });

  test('a million brackets are refused at once, without a stack overflow', () => {
    const started = performance.now();
    expect(codeOf(Buffer.alloc(1 << 20, '['))).toBe('json/too-deep');
    expect(codeOf(Buffer.from('{"a":'.repeat(200_000)))).toBe('json/too-deep');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('a member called __proto__ changes no prototype', () => {
    const value = asRecord(parseJson(Buffer.from('{"__proto__":{"polluted":1}}')));
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('the message is one short line whatever the input quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseJson(Buffer.from(`${text}\n\u001b[2J`));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
          expect((thrown as Error).message).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,220}$/);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('any bytes give a value or a SluiceError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['none', 'json/malformed', 'json/too-deep']).toContain(codeOf(Buffer.from(bytes), 5));
      }),
    );
  });
});

test('a body of two million values is read, and one of more is not built', () => {
  const list = (commas: number) => Buffer.from(`[${'0,'.repeat(commas)}0]`);
  expect((parseJson(list(1_999_999)) as unknown[]).length).toBe(2_000_000);
  expect(codeOf(list(2_000_000))).toBe('json/too-many');
  expect(codeOf(Buffer.from(`[${'{},'.repeat(1_000_000)}0]`))).toBe('json/too-many');
  expect(codeOf(Buffer.from(`["${',{['.repeat(1_000_000)}"]`))).toBe('none');
});

describe('repeatsMembers', () => {
  const repeats = (text: string) => repeatsMembers(Buffer.from(text), parseJson(Buffer.from(text)));

  test.each([
    ['{"a":1,"a":1}', true],
    ['[{"x":{"b":1,"\\u0062":2}}]', true],
    ['{"__proto__":1,"__proto__":2}', true],
    ['{"a":{"a":1},"b":[{"a":1},{"a":1}]}', false],
    ['{"a":"b:c","d:\\"e:":":"}', false],
    ['{"__proto__":1,"constructor":{}}', false],
    ['[]', false],
  ])('%s: %s', (text, expected) => {
    expect(repeats(text)).toBe(expected);
  });

  test('no value repeats a member once it was written by JSON.stringify', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => !repeats(JSON.stringify(value))));
  });
});

test('asRecord, asString and asArray tell the types apart', () => {
  const values = [{ a: 1 }, ['a'], 'a', 1, true, null, undefined];
  expect(values.map(asRecord)).toEqual([{ a: 1 }, ...Array(6).fill(undefined)]);
  expect(values.map(asArray)).toEqual([undefined, ['a'], ...Array(5).fill(undefined)]);
  expect(values.map(asString)).toEqual([undefined, undefined, 'a', ...Array(4).fill(undefined)]);
});
