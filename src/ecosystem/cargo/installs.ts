import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asRecord, parseJson } from '../../util/json.ts';
import { isField, type LockedRecords, packageLimit } from './locked.ts';

/**
 * What `cargo install` put into a folder, as it notes it in `.crates2.json`: a package of each program, not what it was
 * built from.
 * @throws SluiceError `json/…` when it isn't JSON, `cargo/unreadable` when it isn't such a list.
 */
export function readInstalls(bytes: Buffer): LockedRecords {
  const installs = asRecord(asRecord(parseJson(bytes))?.installs);
  if (installs === undefined) throw new SluiceError('cargo/unreadable', 'the list of cargo install names no installs');
  const records: PackageRecord[] = [];
  let bad = 0;
  for (const key of Object.keys(installs)) {
    const record = recordOf(key);
    if (record === undefined) bad++;
    else if (records.length >= packageLimit) return { records, bad, full: true };
    else records.push(record);
  }
  return { records, bad, full: false };
}

/** `name version (registry+https://…)`; what was built from a folder (`path+file:…`) is a program of its own. */
function recordOf(key: string): PackageRecord | undefined {
  const [name, version, source = ''] = key.split(' ', 3);
  if (!isField(name) || !isField(version) || !source.startsWith('(')) return undefined;
  return { name, version, presence: source.startsWith('(path+') ? 'application' : 'declared' };
}
