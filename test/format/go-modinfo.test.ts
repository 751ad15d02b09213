import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseModuleInfo, unquoteGo } from '../../src/format/go-modinfo.ts';

describe('module information', () => {
  test('every kind of line', () => {
    const text = [
      'path\texample.com/a/cmd',
      'mod\texample.com/a\tv1.0.0\t',
      'dep\texample.com/b\tv1.2.3',
      '=>\texample.com/fork\tv1.2.4\th1:x=',
      'dep\texample.com/c\tv0.0.0',
      '=>\t./local folder\t(devel)\t',
      'build\t-compiler=gc',
      'build\t-ldflags="-s -X \\"main.version=1\\""',
      'future\tanything',
      '',
    ];
    expect(parseModuleInfo(text.join('\n'))).toEqual({
      mainPackage: 'example.com/a/cmd',
      main: { path: 'example.com/a', version: 'v1.0.0' },
      dependencies: [
        { path: 'example.com/b', version: 'v1.2.3', replacement: { path: 'example.com/fork', version: 'v1.2.4' } },
        { path: 'example.com/c', version: 'v0.0.0', replacement: { path: './local folder', version: '(devel)' } },
      ],
      settings: new Map([
        ['-compiler', 'gc'],
        ['-ldflags', '-s -X "main.version=1"'],
      ]),
      badLines: 0,
    });
  });

  test('lines that make no sense are counted, the others stand', () => {
    const text = [
      '=>\texample.com/x\tv1\th1:x=',
      'dep\t',
      'dep\ta b\tv1',
      'dep\ta\tv\u202e1',
      `dep\t${'a'.repeat(1025)}\tv1`,
      'dep\ta\tv1\tsum\tmore',
      'build\t=x',
      'dep\tgood\tv1',
    ];
    const good = { dependencies: [{ path: 'good', version: 'v1' }], settings: new Map(), badLines: 7 };
    expect(parseModuleInfo(text.join('\n'))).toEqual({ mainPackage: '', main: undefined, ...good });
  });

  test('quotes of Go strings', () => {
    const quoted = ['plain', '"a b"', '`a\\n"b`', '"tab\\there \\\\ \\"x\\" \\x41"', '"open', '"', '""', '"end\\"'];
    expect(quoted.map(unquoteGo)).toEqual([
      'plain',
      'a b',
      'a\\n"b',
      'tab\there \\ "x" \\x41',
      '"open',
      '"',
      '',
      'end\\',
    ]);
  });

  test('any text is read without throwing, in time that grows with its length', () => {
    const piece = fc.constantFrom(
      'dep\t',
      'mod\t',
      '=>\t',
      'build\t',
      'path\t',
      '\n',
      '\t',
      '=',
      '"',
      '\\',
      'a/b',
      'v1.0.0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { dependencies, badLines } = parseModuleInfo(pieces.join(''));
        expect(dependencies.every(({ path }) => path !== '')).toBe(true);
        expect(badLines).toBeLessThanOrEqual(pieces.length);
      }),
      { numRuns: 300 },
    );
    const many = parseModuleInfo('dep\ta\tv1\n'.repeat(60_000));
    expect([many.dependencies.length, many.badLines]).toEqual([50_000, 10_000]);
    const started = performance.now();
    parseModuleInfo(`build\tx="${'\\'.repeat(4_000_000)}"`);
    parseModuleInfo('\t'.repeat(4_000_000));
    parseModuleInfo(`dep\t${'\t'.repeat(4_000_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
