import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { pruneCache } from '../../src/pipeline/prune-cache.ts';
import { scratchFolder } from '../support/cli.ts';

const root = scratchFolder();
const now = new Date('2024-06-30T00:00:00Z');
const dayMs = 86_400_000;
const hex = (digit: string) => digit.repeat(64);
const version = '0123456789abcdef';
const all = { keepMs: Infinity, maxBytes: Infinity };
let folder = '';
let serial = 0;

beforeEach(() => {
  folder = join(root, `cache-${serial++}`);
  mkdirSync(folder);
});

/** Puts a file of some days and bytes below the cache. */
function put(name: string, days: number, bytes = 10): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(bytes));
  const moment = new Date(now.getTime() - days * dayMs);
  utimesSync(path, moment, moment);
}

const names = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [] : [join(entry.parentPath, entry.name).slice(folder.length + 1)]))
    .sort();

describe('the own cache', () => {
  test('loses what is old, of every kind, and keeps what it does not know', () => {
    const known = ['evidence', 'beside', 'unpacked', 'seen', 'policy'].map((name) => `${name}/${hex('a')}`);
    const entries = [...known, `surveys/${version}/${hex('a')}`, `images/${version}/${hex('a')}`];
    const foreign = [`db/${hex('a')}`, 'evidence/notes.txt', `surveys/other/${hex('a')}`, hex('a')];
    for (const name of [...entries, ...foreign]) put(name, 31);
    put(`surveys/${version}/${hex('b')}-${'c'.repeat(32)}`, 29);
    const pruned = pruneCache(folder, 'own', { ...all, keepMs: 30 * dayMs }, now);
    expect(pruned).toEqual({ removed: { files: 7, bytes: 7 * 4096 }, kept: { files: 1, bytes: 4096 } });
    expect(names()).toEqual([...foreign, `surveys/${version}/${hex('b')}-${'c'.repeat(32)}`].sort());
    expect(existsSync(join(folder, 'images', version))).toBe(false);
  });

  test('loses the oldest until it is small enough, and the same of what is of one moment', () => {
    for (const [digit, days] of [
      ['a', 1],
      ['b', 3],
      ['c', 3],
      ['d', 2],
    ] as const)
      put(`evidence/${hex(digit)}`, days, 5000);
    expect(pruneCache(folder, 'own', { ...all, maxBytes: 20_000 }, now)).toEqual({
      removed: { files: 2, bytes: 16_384 },
      kept: { files: 2, bytes: 16_384 },
    });
    expect(names()).toEqual([`evidence/${hex('a')}`, `evidence/${hex('d')}`]);
  });

  test('keeps what is being written, and loses what nobody ended', () => {
    put(`evidence/${hex('a')}.77-1.tmp`, 0.01);
    put(`evidence/${hex('b')}.77-2.tmp`, 0.1);
    pruneCache(folder, 'own', { keepMs: 0, maxBytes: 0 }, now);
    expect(names()).toEqual([`evidence/${hex('a')}.77-1.tmp`]);
  });

  test('is not left by a link, to a file or to a folder', () => {
    put(`elsewhere/${hex('a')}`, 100);
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'evidence'));
    mkdirSync(join(folder, 'unpacked'));
    symlinkSync(join(folder, 'elsewhere', hex('a')), join(folder, 'unpacked', hex('b')));
    const { removed } = pruneCache(folder, 'own', { keepMs: 0, maxBytes: 0 }, now);
    expect(removed).toEqual({ files: 0, bytes: 0 });
    expect(names()).toEqual([`elsewhere/${hex('a')}`, 'evidence', `unpacked/${hex('b')}`]);
  });

  test('that is not there has nothing', () => {
    const nothing = { files: 0, bytes: 0 };
    expect(pruneCache(join(folder, 'absent'), 'own', all, now)).toEqual({ removed: nothing, kept: nothing });
  });
});

describe('the folder that machines share', () => {
  const entry = (digit: string, id = 'open') => `s1-${version}-${id}-${hex(digit)}`;

  test('loses what is old, whoever made it, and nothing else', () => {
    const others = ['README.md', hex('a'), `evidence/${hex('a')}`];
    for (const name of [entry('a'), entry('b', version), `${entry('c')}.${'0'.repeat(24)}.tmp`, ...others])
      put(name, 40);
    put(entry('d'), 1);
    expect(pruneCache(folder, 'shared', { ...all, keepMs: 30 * dayMs }, now)).toEqual({
      removed: { files: 3, bytes: 3 * 4096 },
      kept: { files: 1, bytes: 4096 },
    });
    expect(names()).toEqual([...others, entry('d')].sort());
  });
});
