import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/golang/index.ts';
import type { PackageRecord } from '../../src/model/package.ts';

function goMod(...lines: string[]) {
  const bytes = Buffer.from(lines.join('\n'));
  return ecosystem.parse({ path: 'app/go.mod', bytes, size: bytes.length, mode: 0o644 });
}

function declared(name: string, version: string): PackageRecord {
  return { name, version, presence: 'declared' };
}

function unreadable(message: string) {
  return { code: 'go/mod-unreadable', message, path: 'app/go.mod', blinding: false };
}

describe('go.mod', () => {
  test('required modules, replaced and excluded as written', () => {
    const parsed = goMod(
      '// A comment before everything.',
      'module "example.com/shop" // trailing',
      '',
      'go 1.22',
      'toolchain go1.22.1\r',
      'require github.com/single/line v1.0.0',
      'require (',
      '\tgithub.com/A/Upper v0.0.0-20190701094942-4def268fd1a4 // indirect',
      '\t`github.com/raw/quoted` "v3.2.0+incompatible"',
      '\tgithub.com/every/version v1.0.0',
      '\tgithub.com/this/version v1.1.0',
      '\tgithub.com/other/version v1.2.0',
      '\tgithub.com/local/folder v1.0.0',
      '\tgithub.com/left/out v1.0.0',
      '\tgithub.com/left/out v1.0.1',
      ')',
      'replace github.com/every/version => github.com/fork/every v1.9.0',
      'replace (',
      '\tgithub.com/this/version v1.1.0 => github.com/fork/this v1.9.1',
      '\tgithub.com/this/version => github.com/fork/wrong v0.0.1',
      '\tgithub.com/other/version v9.9.9 => github.com/fork/wrong v0.0.2',
      '\tgithub.com/local/folder => ../folder',
      ')',
      'exclude github.com/left/out v1.0.0',
      'exclude ()',
      'retract [v1.0.0, v1.1.0] // broken',
      'future directive (',
      'tool example.com/tool',
    );
    const packages = [
      declared('github.com/single/line', 'v1.0.0'),
      declared('github.com/A/Upper', 'v0.0.0-20190701094942-4def268fd1a4'),
      declared('github.com/raw/quoted', 'v3.2.0+incompatible'),
      declared('github.com/fork/every', 'v1.9.0'),
      declared('github.com/fork/this', 'v1.9.1'),
      declared('github.com/other/version', 'v1.2.0'),
      declared('github.com/left/out', 'v1.0.1'),
    ];
    expect(parsed).toEqual({ packages, problems: [] });
  });

  test.each([
    ['no path', 'module', 'a "module" directive of go.mod can not be read'],
    ['an open block', 'require (', 'line 1 of go.mod can not be read'],
    ['an open quote', 'module "example.com', 'line 1 of go.mod can not be read'],
    ['a block that opens and goes on', 'require ( x v1.0.0', 'line 1 of go.mod can not be read'],
    ['no version', 'require github.com/a/b', 'a "require" directive of go.mod can not be read'],
    ['a name that is no module', 'require a\u202eb v1.0.0', 'a "require" directive of go.mod can not be read'],
    ['no arrow', 'replace a v1.0.0 b v1.0.0', 'a "replace" directive of go.mod can not be read'],
    ['nothing behind the arrow', 'replace a =>', 'a "replace" directive of go.mod can not be read'],
    ['too many words', 'x '.repeat(17), 'line 1 of go.mod can not be read'],
  ])('broken, with what can be read of it: %s', (_, line, message) => {
    const problems = [unreadable(message)];
    const open = line.endsWith('(');
    const packages = [declared('example.com/good', 'v1.0.0')];
    expect(goMod(line, open ? 'example.com/good v1.0.0' : 'require example.com/good v1.0.0')).toEqual({
      packages,
      problems,
    });
  });

  test('an empty one says nothing, a huge one is not read', () => {
    expect(goMod('')).toEqual({ packages: [], problems: [] });
    const problems = [unreadable('go.mod is larger than 16 MiB')];
    expect(goMod(' '.repeat(16 * 1024 * 1024 + 1))).toEqual({ packages: [], problems });
  });

  test('more directives than any real file has are cut, and said', () => {
    const { packages, problems } = goMod('require (', 'a/b v1.0.0\n'.repeat(50_000), 'c/d v1.0.0', ')');
    expect({ packages, problems }).toEqual({
      packages: [declared('a/b', 'v1.0.0')],
      problems: [unreadable('line 50003 of go.mod can not be read')],
    });
  });

  test('any text is read without throwing, in time that grows with its length', () => {
    const piece = fc.constantFrom(
      'require',
      'replace',
      'module',
      ' ',
      '\n',
      '(',
      ')',
      '=>',
      '"',
      '`',
      '//',
      'a/b',
      'v1.0.0',
      '[',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 60 }).map((p) => p.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const { packages, problems } = goMod(text);
          expect(packages.every(({ presence, version }) => presence === 'declared' && version !== '')).toBe(true);
          expect(problems.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
    const started = performance.now();
    for (const text of [
      'require (\n'.repeat(400_000),
      '"'.repeat(4_000_000),
      '// '.repeat(1_000_000),
      'a '.repeat(2_000_000),
    ]) {
      goMod(text);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
