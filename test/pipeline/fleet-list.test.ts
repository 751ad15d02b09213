import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listBytes, parseTargetList } from '../../src/pipeline/fleet-list.ts';
import { SluiceError } from '../../src/util/error.ts';

function parsed(text: string | Buffer): { line: number; text: string }[] {
  return parseTargetList(Buffer.from(text), 'refs.txt');
}

/** The error for a list: code, message, hint. */
function refused(text: string | Buffer): readonly [string, string, string | undefined] {
  try {
    parsed(text);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return [thrown.code, thrown.message, thrown.hint];
    throw thrown;
  }
  throw new Error('the list was read');
}

describe('a list of targets', () => {
  test('has one a line, without blank lines, comments and repetitions', () => {
    const text = [
      '# what runs in production',
      'alpine:3.18',
      '',
      '   \t',
      '  oci:build/image:1.0  ',
      'app.tar # the one of yesterday',
      'strange#name.tar',
      'alpine:3.18',
      '\t# indented',
      'registry:example.org/team/app@sha256:00',
    ];
    expect(parsed(text.join('\n'))).toEqual([
      { line: 2, text: 'alpine:3.18' },
      { line: 5, text: 'oci:build/image:1.0' },
      { line: 6, text: 'app.tar' },
      { line: 7, text: 'strange#name.tar' },
      { line: 10, text: 'registry:example.org/team/app@sha256:00' },
    ]);
  });

  test('may come from Windows, and may end without a line end', () => {
    expect(parsed('\ufeffalpine:3.18\r\n\r\nmy app.tar\r\nalpine:3.18')).toEqual([
      { line: 1, text: 'alpine:3.18' },
      { line: 3, text: 'my app.tar' },
    ]);
  });

  test.each([
    ['', 'names no target'],
    ['\n# nothing\n', 'names no target'],
  ])('%j is empty', (text, why) => {
    expect(refused(text)).toEqual(['fleet/list', `refs.txt ${why}`, 'write one target a line']);
  });

  test('in UTF-16 says how to save it', () => {
    const told = ['fleet/list', 'refs.txt is UTF-16', 'save it as UTF-8'];
    expect(refused(Buffer.from('\ufeffalpine:3.18\r\n', 'utf16le'))).toEqual(told);
    expect(refused(Buffer.from('feff0061', 'hex'))).toEqual(told);
  });

  test.each([
    ['a\nb\u001b[31m\n', "line 2 of refs.txt holds a character that can't be seen: b\\x1b[31m"],
    ['a\u0000b', "line 1 of refs.txt holds a character that can't be seen: a\\x00b"],
    ['alpine\u202e:3', "line 1 of refs.txt holds a character that can't be seen: alpine\\u202e:3"],
    ['a\tb', "line 1 of refs.txt holds a character that can't be seen: a\\x09b"],
    ['a\rb', "line 1 of refs.txt holds a character that can't be seen: a\\x0db"],
    [`a\n\n${'b'.repeat(4097)}\n`, 'line 3 of refs.txt is longer than 4096 characters'],
    [Buffer.from('61ff62', 'hex'), 'line 1 of refs.txt is not UTF-8'],
  ])('with a hostile line is refused, and the line is named: %#', (text, why) => {
    expect(refused(text)).toEqual(['fleet/list', why, undefined]);
  });

  test('has limits', () => {
    const lines = (n: number) => Array.from({ length: n }, (_, i) => `image-${i}`).join('\n');
    expect(parsed(lines(20_000))).toHaveLength(20_000);
    expect(refused(lines(20_001))).toEqual(['fleet/list', 'refs.txt names more than 20000 targets', undefined]);
    expect(parsed('#'.repeat(4096).concat('\na'))).toEqual([{ line: 2, text: 'a' }]);
    expect(refused(Buffer.alloc(listBytes + 1, '\n'))).toEqual([
      'fleet/list',
      `refs.txt is larger than ${listBytes} bytes`,
      undefined,
    ]);
  });

  test('of any bytes is read or refused, and what is read is harmless', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('a:1', '# x', ' #', 'b # c', '\r', '\u2028', '\ufeff'));
    const text = fc.oneof(
      fc.array(line).map((lines) => Buffer.from(lines.join('\n'))),
      fc.uint8Array().map(Buffer.from),
    );
    fc.assert(
      fc.property(text, (bytes) => {
        let targets: { line: number; text: string }[];
        try {
          targets = parseTargetList(bytes as Buffer, 'refs.txt');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
          return;
        }
        expect(new Set(targets.map((target) => target.text)).size).toBe(targets.length);
        const numbers = targets.map((target) => target.line);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        for (const target of targets)
          expect(target.text).toMatch(/^[^\u0000-\u001f\u007f-\u009f#\s][^\u0000-\u001f]*$/);
      }),
    );
  });
});
