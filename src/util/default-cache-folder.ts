import { homedir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from './error.ts';

/**
 * The cache folder where none is named: `sluice` below the user's cache (XDG base directory specification).
 * @throws SluiceError `cache/no-folder` when nothing tells where it is.
 */
export function defaultCacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const xdg = env.XDG_CACHE_HOME;
  // The specification: a relative path there is invalid and to be ignored.
  return join(xdg?.startsWith('/') ? xdg : join(home(), '.cache'), 'sluice');
}

/** A user that the system does not know, as containers have them, has no home unless HOME says so. */
function home(): string {
  try {
    return homedir();
  } catch {
    throw new SluiceError(
      'cache/no-folder',
      'there is no home folder to keep vulnerability data in',
      'set HOME, or name a folder: --cache-dir DIR',
    );
  }
}
