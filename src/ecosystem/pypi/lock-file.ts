import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { devGroups, type LockedRecords, packageLimit } from './locked.ts';
import { usableField } from './name.ts';
import { type LockedPackage, packageTables, tomlString, tomlStrings } from './toml-tables.ts';

/**
 * Reads a poetry.lock of any version (`category`, later `groups`, tell what only development needs).
 * @throws SluiceError `pypi/unreadable` when it isn't one.
 */
export function readPoetryLock(bytes: Buffer): LockedRecords {
  return readTables(bytes, '[metadata]', (table) => {
    const local = tomlString(table.source.get('type')) === 'directory';
    return { local, dev: isPoetryDev(table) };
  });
}

/**
 * Reads a uv.lock. It names the project and the members of its workspace too, by where they lie.
 * @throws SluiceError `pypi/unreadable` when it isn't one.
 */
export function readUvLock(bytes: Buffer): LockedRecords {
  return readTables(bytes, 'version = ', (table) => {
    const source = table.own.get('source') ?? '';
    const kind = source.startsWith('{') ? source.slice(1).trimStart() : '';
    const local = ['virtual ', 'editable ', 'directory '].some((word) => kind.startsWith(word));
    return { local, dev: false };
  });
}

function readTables(
  bytes: Buffer,
  mark: string,
  judge: (table: LockedPackage) => { local: boolean; dev: boolean },
): LockedRecords {
  const text = bytes.toString('utf8');
  const records: PackageRecord[] = [];
  let tables = 0;
  for (const table of packageTables(text)) {
    tables++;
    const name = tomlString(table.own.get('name'));
    const version = tomlString(table.own.get('version'));
    // A project whose version is only known when it is built has none here.
    if (!usableField(name) || !usableField(version)) continue;
    if (records.length >= packageLimit) return { records, full: true };
    const { local, dev } = judge(table);
    records.push({ name, version, presence: local ? 'application' : 'declared', ...(dev ? { dev } : {}) });
  }
  const known = tables > 0 || text.startsWith(mark) || text.includes(`\n${mark}`) || text.trim() === '';
  if (!known) throw new SluiceError('pypi/unreadable', 'this is not a lock file of Poetry or uv');
  return { records, full: false };
}

function isPoetryDev(table: LockedPackage): boolean {
  const groups = tomlStrings(table.own.get('groups'));
  if (groups !== undefined && groups.length > 0) return groups.every((group) => devGroups.has(group));
  return tomlString(table.own.get('category')) === 'dev';
}
