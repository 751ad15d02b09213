import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { keptHashes } from './hashes.ts';
import { devGroups, type LockedRecords, packageLimit } from './locked.ts';
import { usableField } from './name.ts';
import { sortedNames } from './needs.ts';
import { type LockedPackage, packageTables, tomlString, tomlStrings } from './toml-tables.ts';

/** One tool's shape of lock file. */
interface Shape {
  /** What its tables of packages are called: `package`, unless it says so. */
  readonly word?: string;
  /** The line, or the beginning of one, that such a file has even when it locks nothing. */
  readonly mark: string;
  /** Whose it is, for the message. */
  readonly of: string;
  judge(table: LockedPackage): { local: boolean; dev: boolean };
}

/**
 * Reads a poetry.lock of any version (`category`, later `groups`, tell what only development needs).
 * @throws SluiceError `pypi/unreadable` when it isn't one.
 */
export function readPoetryLock(bytes: Buffer): LockedRecords {
  return readTables(bytes, {
    mark: '[metadata]',
    of: 'Poetry or uv',
    judge: (table) => ({ local: tomlString(table.source.get('type')) === 'directory', dev: isDev(table) }),
  });
}

/**
 * Reads a uv.lock. It names the project and the members of its workspace too, by where they lie.
 * @throws SluiceError `pypi/unreadable` when it isn't one.
 */
export function readUvLock(bytes: Buffer): LockedRecords {
  return readTables(bytes, {
    mark: 'version = ',
    of: 'Poetry or uv',
    judge(table) {
      const source = table.own.get('source') ?? '';
      const kind = source.startsWith('{') ? source.slice(1).trimStart() : '';
      return { local: ['virtual ', 'editable ', 'directory '].some((word) => kind.startsWith(word)), dev: false };
    },
  });
}

/**
 * Reads a pdm.lock. A package that it locks once more with extras is the same package.
 * @throws SluiceError `pypi/unreadable` when it isn't one.
 */
export function readPdmLock(bytes: Buffer): LockedRecords {
  return readTables(bytes, {
    mark: '[metadata]',
    of: 'PDM',
    judge(table) {
      const file = /\.(whl|zip|tar\.gz)["']$/.test(table.own.get('path') ?? '');
      return { local: table.own.has('path') && !file, dev: isDev(table) };
    },
  });
}

/**
 * Reads a pylock.toml (PyPA, "pylock.toml Specification", PEP 751).
 * @throws SluiceError `pypi/unreadable` when it isn't one.
 */
export function readPylock(bytes: Buffer): LockedRecords {
  return readTables(bytes, {
    word: 'packages',
    mark: 'lock-version = ',
    of: 'PEP 751',
    judge: ({ own, tables }) => ({ local: own.has('directory') || tables.has('directory'), dev: false }),
  });
}

function readTables(bytes: Buffer, shape: Shape): LockedRecords {
  const text = bytes.toString('utf8');
  const records = new Map<string, PackageRecord>();
  let tables = 0;
  for (const table of packageTables(text, shape.word)) {
    tables++;
    const name = tomlString(table.own.get('name'));
    const version = tomlString(table.own.get('version'));
    // A project whose version is only known when it is built has none here.
    if (!usableField(name) || !usableField(version)) continue;
    if (records.size >= packageLimit) return { records: [...records.values()], full: true };
    const { local, dev } = shape.judge(table);
    const key = `${name}\0${version}\0${local}`;
    const known = records.get(key);
    if (known === undefined || (known.dev && !dev)) records.set(key, recordOf(name, version, local, dev, table));
  }
  const { mark, of } = shape;
  const known = tables > 0 || text.startsWith(mark) || text.includes(`\n${mark}`) || text.trim() === '';
  if (!known) throw new SluiceError('pypi/unreadable', `this is not a lock file of ${of}`);
  return { records: [...records.values()], full: false };
}

function recordOf(name: string, version: string, local: boolean, dev: boolean, table: LockedPackage): PackageRecord {
  const hashes = keptHashes(table.hashes);
  // PDM lets a package with extras need the one without.
  const needs = sortedNames(table.needs.filter((need) => need !== name));
  return {
    name,
    version,
    presence: local ? 'application' : 'declared',
    ...(hashes && { hashes }),
    ...(needs && { needs }),
    ...(dev ? { dev } : {}),
  };
}

/** Poetry's and PDM's `groups`, and `category` of older files. */
function isDev(table: LockedPackage): boolean {
  const groups = tomlStrings(table.own.get('groups'));
  if (groups !== undefined && groups.length > 0) return groups.every((group) => devGroups.has(group));
  return tomlString(table.own.get('category')) === 'dev';
}
