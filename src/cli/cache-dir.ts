import { resolve } from 'node:path';
import { defaultCacheFolder } from '../util/default-cache-folder.ts';
import { SluiceError } from '../util/error.ts';
import type { Flag, Flags } from './flags.ts';

/** The flag that names the cache folder, the same for every command. */
export const cacheDirFlag: Flag = {
  name: 'cache-dir',
  value: 'DIR',
  doc: 'where layer surveys and vulnerability data are kept',
};

/**
 * The cache folder, absolute: `--cache-dir`, `SLUICE_CACHE_DIR`, or `sluice` below the user's cache (XDG base directory
 * specification).
 * @throws SluiceError `cache/no-folder` when nothing tells where it is.
 */
export function cacheDirOf(given: Flags, env: NodeJS.ProcessEnv): string {
  const named = given.text(cacheDirFlag.name);
  if (named !== undefined) return absolute(named);
  return defaultCacheFolder(env);
}

/** In a working folder that was deleted Node would look for a relative one for ever. */
function absolute(folder: string): string {
  try {
    return resolve(folder);
  } catch {
    throw new SluiceError('cache/no-folder', `${folder} is relative to a working folder that does not exist`);
  }
}
