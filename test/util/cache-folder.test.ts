import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CacheFolder } from '../../src/util/cache-folder.ts';
import { scratchFolder } from '../support/cli.ts';

const scratch = scratchFolder();
let serial = 0;
const fresh = () => join(scratch, String(serial++), 'deep');

describe('a cache folder', () => {
  test('is made when it is written to, gives back what it was given, and keeps nothing else', () => {
    const folder = fresh();
    const cache = new CacheFolder(folder);
    expect(cache.read('a/b/c')).toBeUndefined();
    expect(cache.write('a/b/c', Buffer.from([0, 255]))).toBe(true);
    expect(cache.write('d', 'text')).toBe(true);
    expect(cache.read('a/b/c')).toEqual(Buffer.from([0, 255]));
    expect(cache.read('d')).toEqual(Buffer.from('text'));
    expect(cache.write('d', '')).toBe(true);
    expect(cache.read('d')).toEqual(Buffer.alloc(0));
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['a', 'a/b', 'a/b/c', 'd']);
  });

  test('is for its owner alone, for a survey that another put there would be believed', () => {
    const folder = fresh();
    new CacheFolder(folder).write('a/b', 'x');
    expect([folder, join(folder, 'a')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  test('replaces an entry and never writes through a link that stands in its place', () => {
    const folder = fresh();
    const cache = new CacheFolder(folder);
    mkdirSync(folder, { recursive: true });
    const outside = join(scratch, 'outside');
    writeFileSync(outside, 'untouched');
    symlinkSync(outside, join(folder, 'entry'));
    expect(cache.write('entry', 'new')).toBe(true);
    expect([cache.read('entry')?.toString(), readFileSync(outside, 'utf8')]).toEqual(['new', 'untouched']);
  });

  test('that can not be read or written is no failure', () => {
    const folder = fresh();
    mkdirSync(join(folder, 'taken'), { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    const cache = new CacheFolder(folder);
    expect(cache.read('taken')).toBeUndefined();
    expect(cache.write('taken', 'x')).toBe(false);
    expect(cache.write('file/x', 'x')).toBe(false);
    expect(cache.write('x'.repeat(300), 'x')).toBe(false);
    expect(new CacheFolder('/dev/null/x').write('y', 'z')).toBe(false);
    expect(new CacheFolder(`/tmp/${'x'.repeat(6000)}`).write('y', 'z')).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });
});
