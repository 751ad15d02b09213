import { defaultExportUrl } from '../advisory/contract.ts';
import { defaultCacheFolder } from '../util/default-cache-folder.ts';
import type { UpdateOptions, UpdateResult } from './contract.ts';

/**
 * Brings vulnerability data up to date. What succeeds comes into force together, at the end; what fails keeps its data.
 * @throws SluiceError when nothing can be done at all: offline, no such place, a cache folder that can't be written
 */
export async function update(options: UpdateOptions = {}): Promise<UpdateResult> {
  const { from = defaultExportUrl, ecosystems, env = {}, offline = false, insecure = false } = options;
  const { updateAdvisories } = await import('../advisory/update.ts');
  const { replaced, unchanged, failed } = await updateAdvisories({
    from,
    cacheDir: options.cacheDir ?? defaultCacheFolder(env),
    ...(ecosystems ? { ecosystems } : {}),
    offline,
    allowInsecure: insecure,
    env,
    now: () => new Date(),
  });
  const told = failed.map(({ ecosystem, error }) => ({ ecosystem, code: error.code, message: error.message }));
  return { replaced, unchanged, failed: told };
}
