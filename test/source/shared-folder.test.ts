import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SharedFolder } from '../../src/source/shared-folder.ts';
import type { SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';

const scratch = scratchFolder();
const bytes = Buffer.from('what is kept');
let serial = 0;

function fresh(): { folder: string; store: SharedFolder } {
  const folder = join(scratch, `shared-${serial++}`);
  return { folder, store: new SharedFolder(folder) };
}

describe('a shared folder', () => {
  test('gives what was put, and nothing else', async () => {
    const { folder, store } = fresh();
    expect(await store.find('a', 100)).toBeUndefined();
    await store.put('a', bytes);
    await store.put('b', Buffer.alloc(0));
    expect(await store.find('a', bytes.length)).toEqual(bytes);
    expect(await store.find('b', 0)).toEqual(Buffer.alloc(0));
    expect(await store.find('c', 100)).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
    expect(statSync(folder).mode & 0o022).toBe(0);
  });

  test('does not read what is too large', async () => {
    const { store } = fresh();
    await store.put('a', bytes);
    expect(await store.find('a', bytes.length - 1)).toBeUndefined();
  });

  test('follows no link, and replaces it instead of what it leads to', async () => {
    const { folder, store } = fresh();
    mkdirSync(folder);
    const elsewhere = join(scratch, `secret-${serial}`);
    writeFileSync(elsewhere, 'secret');
    symlinkSync(elsewhere, join(folder, 'a'));
    expect(await store.find('a', 100)).toBeUndefined();
    await store.put('a', bytes);
    expect(await store.find('a', 100)).toEqual(bytes);
    expect(readFileSync(elsewhere, 'utf8')).toBe('secret');
  });

  test('waits for no pipe, and reads no folder', async () => {
    const { folder, store } = fresh();
    mkdirSync(join(folder, 'folder'), { recursive: true });
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
    expect(await store.find('pipe', 100)).toBeUndefined();
    expect(await store.find('folder', 1_000_000)).toBeUndefined();
  });

  test('that can not be written says so, and leaves nothing behind', async () => {
    const { folder, store } = fresh();
    mkdirSync(join(folder, 'a', 'x'), { recursive: true });
    const error = await store.put('a', bytes).catch((thrown: SluiceError) => thrown);
    expect(error).toMatchObject({ code: 'cache/shared', message: 'the file system says EISDIR' });
    expect(readdirSync(folder)).toEqual(['a']);
    const blocked = new SharedFolder(join(folder, 'file', 'below'));
    writeFileSync(join(folder, 'file'), '');
    await expect(blocked.put('a', bytes)).rejects.toMatchObject({ message: 'the file system says ENOTDIR' });
    expect(await blocked.find('a', 100)).toBeUndefined();
  });

  test.skipIf(process.getuid?.() === 0)('without permissions is like one without entries', async () => {
    const { folder, store } = fresh();
    await store.put('a', bytes);
    chmodSync(folder, 0);
    expect(await store.find('a', 100)).toBeUndefined();
    await expect(store.put('b', bytes)).rejects.toMatchObject({ message: 'the file system says EACCES' });
    chmodSync(folder, 0o700);
  });

  test('written by many at once holds one of what they wrote', async () => {
    const { folder, store } = fresh();
    const all = Array.from({ length: 30 }, (_, i) => Buffer.alloc(50_000, i));
    const found: (Buffer | undefined)[] = [];
    await Promise.all(
      all.map(async (content) => {
        await new SharedFolder(folder).put('a', content);
        found.push(await store.find('a', 50_000));
      }),
    );
    for (const content of found) expect(all.some((one) => content !== undefined && one.equals(content))).toBe(true);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('holds no names that are paths', async () => {
    const { store } = fresh();
    for (const name of ['../x', 'a/b', '', 'A', '.a', 'x'.repeat(129)]) {
      await expect(store.put(name, bytes)).rejects.toThrow('is no name of an entry');
      await expect(store.find(name, 100)).rejects.toThrow();
    }
  });
});
