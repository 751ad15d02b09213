import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { keptHashes, noteHashes } from './hashes.ts';
import { devGroups, type LockedRecords, packageLimit } from './locked.ts';
import { usableField } from './name.ts';

/**
 * Reads a Pipfile.lock (pipenv.pypa.io): `default`, `develop` and categories of the user's own map names to what is
 * locked. What comes from a repository or folder has no version there.
 * @throws SluiceError `json/…` when it isn't JSON, `pypi/unreadable` when it isn't a Pipfile.lock.
 */
export function readPipfileLock(bytes: Buffer): LockedRecords {
  const lock = asRecord(parseJson(bytes));
  if (asRecord(lock?._meta) === undefined) throw new SluiceError('pypi/unreadable', 'this is not a Pipfile.lock');
  const records = new Map<string, PackageRecord>();
  for (const [category, packages] of Object.entries(lock ?? {})) {
    if (category === '_meta') continue;
    const dev = devGroups.has(category);
    for (const [name, value] of Object.entries(asRecord(packages) ?? {})) {
      const record = recordOf(name, asRecord(value) ?? {}, dev);
      if (record === undefined) continue;
      if (records.size >= packageLimit) return { records: [...records.values()], full: true };
      const key = `${name}\0${record.version}`;
      const known = records.get(key);
      if (known === undefined || (known.dev && !dev)) records.set(key, record);
    }
  }
  return { records: [...records.values()], full: false };
}

function recordOf(name: string, entry: Record<string, unknown>, dev: boolean): PackageRecord | undefined {
  const pin = asString(entry.version);
  const version = pin?.startsWith('==') ? pin.slice(pin.startsWith('===') ? 3 : 2) : undefined;
  if (!usableField(name) || !usableField(version)) return undefined;
  const noted = new Set<string>();
  for (const hash of asArray(entry.hashes) ?? []) noteHashes(asString(hash) ?? '', noted);
  const hashes = keptHashes(noted);
  return { name, version, presence: 'declared', ...(hashes && { hashes }), ...(dev ? { dev } : {}) };
}
