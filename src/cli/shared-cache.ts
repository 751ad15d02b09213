import { closeSync, openSync, readSync } from 'node:fs';
import { analyzerVersion } from '../catalog/layer-cache.ts';
import { sharedKey } from '../catalog/shared-key.ts';
import type { SharedSurveys } from '../catalog/survey-image.ts';
import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import type { Look } from '../pipeline/options.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import { openSharedStore, parseSharedTarget } from '../source/shared-target.ts';
import { SluiceError } from '../util/error.ts';
import type { Flag, Flags } from './flags.ts';

/** The flags of the layer cache that machines share. */
export const sharedCacheFlags: readonly Flag[] = [
  { name: 'cache', value: 'DIR|oci://REPOSITORY', doc: 'layer surveys that machines share: a folder or a repository' },
  { name: 'cache-key-file', value: 'FILE', doc: 'believe of them only what was made with this key' },
];

/** The environment's key, which `--cache-key-file` outranks. */
const keyVariable = 'SLUICE_CACHE_KEY';
/** Most bytes of a key. */
const maxKeyBytes = 4096;

/**
 * The shared cache that the flags name; undefined without one. What it needs is loaded when it is first asked. What was
 * looked for otherwise than by `look` stands in it under other names.
 * @throws SluiceError `usage/cache`, `cache/key`
 */
export function sharedCacheOf(given: Flags, access: RegistryAccess, look?: Look): SharedSurveys | undefined {
  const text = given.text('cache');
  if (text === undefined || given.on('no-layer-cache')) return undefined;
  const target = parseSharedTarget(text);
  const key = keyOf(given, access.env);
  let loading: Promise<SharedSurveys> | undefined;
  const load = async (): Promise<SharedSurveys> => {
    const [{ SharedEntries }, { SharedSurveyCache }, store] = await Promise.all([
      import('../catalog/shared-entry.ts'),
      import('../catalog/shared-surveys.ts'),
      openSharedStore(target, access),
    ]);
    const onWarning = (message: string): void => access.onWarning?.(message);
    const layerLook = look && (await (await import('../pipeline/placed/layer-look.ts')).layerLookOf(look));
    const entries = new SharedEntries(analyzerVersion(ecosystemFacts, layerLook?.looked), key);
    return new SharedSurveyCache({ store, entries, onWarning });
  };
  const loaded = (): Promise<SharedSurveys> => {
    loading ??= load();
    return loading;
  };
  return {
    find: async (blob) => (await loaded()).find(blob),
    keep: async (blob, encoded) => (await loaded()).keep(blob, encoded),
  };
}

function keyOf(given: Flags, env: RegistryAccess['env']): Buffer | undefined {
  const file = given.text('cache-key-file');
  if (file !== undefined) return sharedKey(readKey(file));
  const text = env[keyVariable];
  return text === undefined ? undefined : sharedKey(Buffer.from(text));
}

function readKey(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(maxKeyBytes + 1);
      const length = readSync(file, bytes);
      if (length <= maxKeyBytes) return bytes.subarray(0, length);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    throw new SluiceError('cache/key', `the key file can't be read (${(thrown as NodeJS.ErrnoException).code})`);
  }
  throw new SluiceError('cache/key', `the key file has more than ${maxKeyBytes} bytes`);
}
