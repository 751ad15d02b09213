import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, compilePattern, longestGlob } from '../../src/util/glob.ts';

const holding = (pattern: string, ...texts: string[]): string[] => texts.filter(compileGlob(pattern));

describe('globs over paths', () => {
  test('a run stops at a slash, two stars do not', () => {
    expect(holding('/etc/*', '/etc/passwd', '/etc/', '/etc', '/etc/ssl/cert', '/xetc/passwd')).toEqual([
      '/etc/passwd',
      '/etc/',
    ]);
    expect(holding('/etc/**', '/etc/passwd', '/etc/', '/etc', '/etc/ssl/cert')).toEqual([
      '/etc/passwd',
      '/etc/',
      '/etc/ssl/cert',
    ]);
    expect(holding('*.pem', 'a.pem', '.pem', 'a/b.pem', 'a.pem.bak')).toEqual(['a.pem', '.pem']);
    expect(holding('**.pem', 'a.pem', 'a/b.pem', 'a.pem/c')).toEqual(['a.pem', 'a/b.pem']);
  });

  test('whole folders may be none', () => {
    expect(holding('/a/**/b', '/a/b', '/a/x/b', '/a/x/y/b', '/a/xb', '/ab', '/a//b')).toEqual([
      '/a/b',
      '/a/x/b',
      '/a/x/y/b',
      '/a//b',
    ]);
    expect(holding('**/b', 'b', 'x/b', 'xb', '/b')).toEqual(['b', 'x/b', '/b']);
    expect(holding('/**/**/b*', '/b', '/x/bc', '/x/y/b', '/xb')).toEqual(['/b', '/x/bc', '/x/y/b']);
    expect(holding('/**/', '/', '/x/', '/x')).toEqual(['/', '/x/']);
  });

  test('one character, alternatives and escapes', () => {
    expect(holding('/lib/lib?.so', '/lib/libc.so', '/lib/lib/.so', '/lib/lib.so')).toEqual(['/lib/libc.so']);
    expect(holding('/{bin,usr/{bin,sbin}}/s*', '/bin/sh', '/usr/sbin/sshd', '/usr/bin/su', '/sbin/su')).toEqual([
      '/bin/sh',
      '/usr/sbin/sshd',
      '/usr/bin/su',
    ]);
    expect(holding('a\\*\\{b[c]', 'a*{b[c]', 'ax{b[c]')).toEqual(['a*{b[c]']);
    expect(holding('x{,.bak}', 'x', 'x.bak', 'x.')).toEqual(['x', 'x.bak']);
  });

  test('what is no glob is said', () => {
    expect(() => compileGlob('/a/{b,c')).toThrow('the pattern has a { without its }');
    expect(() => compileGlob('x'.repeat(longestGlob + 1))).toThrow('longer than 1024 characters');
    expect(() => compileGlob('{a,b}'.repeat(9))).toThrow('stand for more than 256 texts');
    expect(() => compileGlob('{a,b}'.repeat(200))).toThrow('stand for more than 256 texts');
    expect(() => compileGlob(`${'{'.repeat(20)}a${'}'.repeat(20)}`)).toThrow('nested too deep');
  });

  test('agrees with a regular expression, short and long', () => {
    const piece = fc.constantFrom('*', '**', '?', '/', 'a', 'b', '/**/', 'ab', '**/');
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), text, fc.boolean(), (pieces, body, long) => {
        // A long run in front moves the glob to the matcher for long ones.
        const front = long ? `?${'ab?'.repeat(12)}` : '';
        const glob = front + pieces.join('');
        expect(compileGlob(glob)((long ? `x${'abc'.repeat(12)}` : '') + body)).toBe(
          regExpOf(glob).test((long ? `x${'abc'.repeat(12)}` : '') + body),
        );
      }),
      { numRuns: 1500 },
    );
  });

  test('hostile patterns never throw anything else, and stay linear', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{},*?/\\a'), maxLength: 60 }), fc.string(), (glob, text) => {
        try {
          compileGlob(glob)(text);
        } catch (error) {
          expect((error as Error).name).toBe('SluiceError');
        }
      }),
    );
    const started = performance.now();
    expect(compileGlob(`**${'a*'.repeat(14)}b`)(`${'a'.repeat(100_000)}c`)).toBe(false);
    expect(compileGlob(`**${'a*'.repeat(12)}b*`)(`${'a'.repeat(100_000)}c`)).toBe(false);
    expect(compileGlob(`**${'a*'.repeat(200)}b*`)(`${'a'.repeat(5000)}c`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('patterns over names', () => {
  const matching = (pattern: string, ...texts: string[]): string[] => texts.filter(compilePattern(pattern));

  test('a star is any run at all, and nothing else has a meaning', () => {
    expect(matching('debian:*', 'debian:12', 'debian:', 'debian', 'x/debian:12')).toEqual(['debian:12', 'debian:']);
    expect(matching('registry.example.com/base/*', 'registry.example.com/base/a/b:1')).toHaveLength(1);
    expect(matching('pkg:deb/*?arch=*', 'pkg:deb/debian/a?arch=x', 'pkg:deb/debian/axarch=x')).toEqual([
      'pkg:deb/debian/a?arch=x',
    ]);
    expect(matching('a*a', 'a', 'aa', 'aba')).toEqual(['aa', 'aba']);
    expect(matching('*b*', 'b', 'abc', 'a')).toEqual(['b', 'abc']);
    expect(matching('{a}', '{a}', 'a')).toEqual(['{a}']);
    expect(matching('', '', 'a')).toEqual(['']);
    expect(() => compilePattern('*'.repeat(longestGlob + 1))).toThrow('longer than 1024 characters');
  });

  test('agrees with a regular expression', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(part, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, text) => {
        expect(compilePattern(pattern)(text)).toBe(new RegExp(`^${pattern.replace(/\*+/g, '.*')}$`, 's').test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

/** The same glob as a regular expression, the slow way. */
function regExpOf(glob: string): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] as string;
    if (char === '?') source += '[^/]';
    else if (char !== '*') source += char;
    else {
      const begin = at;
      while (glob[at + 1] === '*') at++;
      const folders = (begin === 0 || glob[begin - 1] === '/') && glob[at + 1] === '/';
      if (begin === at) source += '[^/]*';
      else if (folders) {
        source += '(?:.*/)?';
        at++;
      } else source += '.*';
    }
  }
  return new RegExp(`^${source}$`, 's');
}
