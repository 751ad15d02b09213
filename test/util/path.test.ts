import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseName, cleanPath, dirName, escapesRoot } from '../../src/util/path.ts';

const messy = fc
  .array(
    fc.oneof(fc.constantFrom('', '.', '..', '...', '.a', 'a.', '..a', 'a', 'b', ' '), fc.string({ maxLength: 3 })),
    { maxLength: 7 },
  )
  .map((parts) => parts.join('/'));

describe('paths of archives', () => {
  test.each([
    ['etc/passwd', 'etc/passwd'],
    ['./etc//passwd/', 'etc/passwd'],
    ['/etc/./passwd', 'etc/passwd'],
    ['../../etc/passwd', 'etc/passwd'],
    ['a/../../b', 'b'],
    ['a/..', ''],
    ['.', ''],
    ['', ''],
    ['/', ''],
    ['.../..a/.b', '.../..a/.b'],
    ['a/.wh.b', 'a/.wh.b'],
  ])('%j is %j', (path, clean) => {
    expect(cleanPath(path)).toBe(clean);
  });

  test('become what they are below a root that has no parent', () => {
    fc.assert(
      fc.property(messy, (path) => {
        expect(cleanPath(path)).toBe(posix.resolve('/', path.replace(/^\/+/, '')).slice(1));
        expect(cleanPath(cleanPath(path))).toBe(cleanPath(path));
      }),
      { numRuns: 1000 },
    );
  });

  test('escape when, and only when, they stand above the root on the way', () => {
    fc.assert(
      fc.property(messy, (path) => {
        let depth = 0;
        let lowest = 0;
        for (const part of path.split('/')) {
          if (part === '..') depth--;
          else if (part !== '' && part !== '.') depth++;
          lowest = Math.min(lowest, depth);
        }
        expect(escapesRoot(path)).toBe(lowest < 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('have a folder and a last segment', () => {
    expect([dirName('a/b/c'), baseName('a/b/c')]).toEqual(['a/b', 'c']);
    expect([dirName('a'), baseName('a')]).toEqual(['', 'a']);
    expect([dirName(''), baseName('')]).toEqual(['', '']);
  });
});
