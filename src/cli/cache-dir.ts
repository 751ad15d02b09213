import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Flag, Flags } from './flags.ts';

/** The flag that names the cache folder, the same for every command. */
export const cacheDirFlag: Flag = {
  name: 'cache-dir',
  value: 'DIR',
  doc: 'where layer surveys and vulnerability data are kept',
};

/** The cache folder: `--cache-dir`, `SLUICE_CACHE_DIR`, or `sluice` below the user's cache (XDG base directory specification). */
export function cacheDirOf(given: Flags, env: NodeJS.ProcessEnv): string {
  const named = given.text(cacheDirFlag.name);
  if (named !== undefined) return named;
  const xdg = env.XDG_CACHE_HOME;
  // The specification: a relative path there is invalid and to be ignored.
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.cache'), 'sluice');
}
