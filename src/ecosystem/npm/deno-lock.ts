import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { Found } from './found.ts';
import { integrityHashes } from './integrity.ts';
import { neededNames, sortedNames } from './needs.ts';

/**
 * The npm packages that a deno.lock names: version 2 (`npm.packages`), 3 (`packages.npm`), 4 and 5 (`npm`). Modules by
 * URL and those of JSR are of no registry that advisories know.
 * @throws SluiceError `json/…` when it isn't JSON, `npm/unreadable` when it isn't a deno.lock.
 */
export function readDenoLock(bytes: Buffer): Found {
  const lock = asRecord(parseJson(bytes));
  if (lock === undefined || !isDenoLock(lock)) throw new SluiceError('npm/unreadable', 'this is not a deno.lock');
  const older = asRecord(lock.packages)?.npm;
  const oldest = lock.version === '2' ? asRecord(lock.npm)?.packages : undefined;
  const found = new Found();
  for (const [key, value] of Object.entries(asRecord(older ?? oldest ?? lock.npm) ?? {})) {
    const [name, version] = splitKey(key);
    const entry = asRecord(value);
    if (entry === undefined) continue;
    found.declare(name, version, { hashes: integrityHashes(entry.integrity), needs: needsOf(entry) });
  }
  return found;
}

/** Version 1 was but a map of URLs to digests, and locked no package. */
function isDenoLock(lock: Record<string, unknown>): boolean {
  return typeof lock.version === 'string' || Object.values(lock).every((value) => typeof value === 'string');
}

/** `@s/a@1.0.0` of `@s/a@1.0.0_peer@2.0.0`: no version holds an underscore. */
function splitKey(key: string): [name: string, version: string] {
  const cut = key.indexOf('@', 1);
  if (cut === -1) return ['', ''];
  const peers = key.indexOf('_', cut);
  return [key.slice(0, cut), key.slice(cut + 1, peers === -1 ? undefined : peers)];
}

/** A list of `name` or `name@version`; before version 4, a map of them. */
function needsOf(entry: Record<string, unknown>): string[] | undefined {
  const lists = [asArray(entry.dependencies), asArray(entry.optionalDependencies)];
  if (lists.every((list) => list === undefined)) return neededNames(entry.dependencies);
  const names = lists.flatMap((list) => list ?? []).map((item) => nameOf(asString(item) ?? ''));
  return sortedNames(names.filter((name) => name !== ''));
}

function nameOf(text: string): string {
  const cut = text.indexOf('@', 1);
  return cut === -1 ? text : text.slice(0, cut);
}
