import os from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { cacheDirFlag, cacheDirOf } from '../../src/cli/cache-dir.ts';
import { readFlags } from '../../src/cli/flags.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const folder = (env: Record<string, string>, ...args: string[]) =>
  cacheDirOf(readFlags(args, [cacheDirFlag], env), env);

test('the flag goes before the environment, which goes before the home folder', () => {
  const env = { SLUICE_CACHE_DIR: '/env', XDG_CACHE_HOME: '/xdg' };
  expect(folder(env, '--cache-dir', '/flag')).toBe('/flag');
  expect(folder(env)).toBe('/env');
  expect(folder({ XDG_CACHE_HOME: '/xdg' })).toBe('/xdg/sluice');
  expect(folder({ XDG_CACHE_HOME: 'xdg' })).toBe(`${os.homedir()}/.cache/sluice`);
  expect(folder({}, '--cache-dir', 'here')).toBe(`${process.cwd()}/here`);
});

test('a relative folder in a working folder that is gone', () => {
  vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw new Error('ENOENT: process.cwd failed');
  });
  expect(() => folder({}, '--cache-dir', 'here')).toThrow('here is relative to a working folder that does not exist');
  expect(folder({}, '--cache-dir', '/there')).toBe('/there');
});
