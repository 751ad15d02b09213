import type { RandomAccess } from '../random-access.ts';
import { type Damage, isPageSize, PageFile } from './pages.ts';
import { readVarint, type SqliteFile, tableRows } from './sqlite-btree.ts';

const magic = Buffer.from('SQLite format 3\0', 'latin1');
const fileHeader = 100;
const packagesTable = 'packages';
/** The longest name of a table that is read, in bytes. */
const maxName = 1024;

/** Whether the file starts as an SQLite database does. */
export function isSqlite(bytes: Buffer): boolean {
  return bytes.length >= magic.length && bytes.compare(magic, 0, magic.length, 0, magic.length) === 0;
}

/**
 * The package headers in `rpmdb.sqlite`: the second column of table `Packages(hnum INTEGER PRIMARY KEY, blob BLOB)`
 * (SQLite file format; rpm, `lib/backend/sqlite.cc`). What a write-ahead log beside it holds is not seen here.
 */
export function* readSqlitePackages(bytes: Buffer, damage: Damage): Generator<RandomAccess, void, undefined> {
  const file = openSqlite(bytes, damage);
  if (file === undefined) return;
  const root = findRoot(file, bytes.readUInt32BE(56), damage);
  if (root === undefined) return;
  for (const row of tableRows(file, root, damage)) {
    const blob = column(row, 1);
    if (blob !== undefined && blob.type >= 12 && blob.type % 2 === 0) yield within(row, blob.start, blob.size);
    else damage('rpm/row-damaged', 'a row of the table Packages holds no package header');
  }
}

function openSqlite(bytes: Buffer, damage: Damage): SqliteFile | undefined {
  const written = bytes.length >= fileHeader ? bytes.readUInt16BE(16) : 0;
  const pageSize = written === 1 ? 65_536 : written;
  if (!isSqlite(bytes) || !isPageSize(pageSize)) {
    damage('rpm/unreadable', 'the file is not an SQLite database, or its header is damaged');
    return undefined;
  }
  const usable = pageSize - bytes[20]!;
  // The format allows no less; all arithmetic on cells relies on it.
  if (usable < 480) {
    damage('rpm/unreadable', 'the SQLite database reserves more of a page than it may');
    return undefined;
  }
  const pages = new PageFile(bytes, pageSize, 1, damage);
  // The page count is only true when it was written together with the change counter.
  const expected = bytes.readUInt32BE(24) === bytes.readUInt32BE(92) ? bytes.readUInt32BE(28) : 0;
  if (expected * pageSize > bytes.length || bytes.length % pageSize !== 0) {
    damage('rpm/truncated', `the package database has ${pages.count} of the ${expected} pages that it names`);
  }
  return { pages, usable };
}

/** The first page of table `Packages`, from the schema table, which always starts at page 1. */
function findRoot(file: SqliteFile, encoding: number, damage: Damage): number | undefined {
  const roots = new Map<number, number>();
  let found: number | undefined;
  for (const row of tableRows(file, 1, damage)) {
    const root = integer(row, column(row, 3));
    if (root === undefined) {
      damage('rpm/row-damaged', 'a row of the schema of the package database is damaged');
      continue;
    }
    roots.set(root, (roots.get(root) ?? 0) + 1);
    if (name(row, column(row, 0), encoding) === 'table' && name(row, column(row, 1), encoding) === packagesTable)
      found ??= root;
  }
  if (found === undefined) {
    damage('rpm/no-table', 'the package database has no table Packages');
  } else if (roots.get(found) !== 1) {
    // A root changed to that of another, empty table would hide all packages.
    damage('rpm/row-damaged', 'the table Packages shares its pages with another table');
  }
  return found;
}

/** One column of a row: its serial type and where in the row it lies. */
interface Column {
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

/** The longest header of a row that is read, in bytes: far more than the five columns of a schema row need. */
const maxRowHeader = 100;
const fixedSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** Column `wanted` of a row (SQLite file format, section 2.1, "Record Format"); undefined when the row is damaged. */
function column(row: RandomAccess, wanted: number): Column | undefined {
  const head = row.read(0, Math.min(maxRowHeader, row.size));
  const header = readVarint(head, 0);
  if (header === undefined || header.value > head.length) return undefined;
  let start = header.value;
  let at = header.next;
  for (let i = 0; at < header.value; i++) {
    const type = readVarint(head, at);
    if (type === undefined) return undefined;
    const size = type.value < 12 ? fixedSizes[type.value] : Math.floor((type.value - 12) / 2);
    if (size === undefined || start + size > row.size) return undefined;
    if (i === wanted) return { type: type.value, start, size };
    start += size;
    at = type.next;
  }
  return undefined;
}

function within(row: RandomAccess, start: number, size: number): RandomAccess {
  return { size, read: (offset, length) => row.read(start + offset, length) };
}

/** A column that holds the number of a page: positive and below 2^32. */
function integer(row: RandomAccess, value: Column | undefined): number | undefined {
  if (value === undefined || value.type === 0 || value.type > 9) return undefined;
  if (value.type >= 8) return value.type - 8;
  return value.size <= 6 ? row.read(value.start, value.size).readUIntBE(0, value.size) : undefined;
}

/** A text column in lower case, as SQLite compares the names of tables. */
function name(row: RandomAccess, value: Column | undefined, encoding: number): string | undefined {
  if (value === undefined || value.type < 13 || value.type % 2 === 0 || value.size > maxName) return undefined;
  const bytes = row.read(value.start, value.size);
  if (encoding === 2) return bytes.toString('utf16le').toLowerCase();
  if (encoding === 3)
    return bytes.length % 2 === 0 ? Buffer.from(bytes).swap16().toString('utf16le').toLowerCase() : undefined;
  return bytes.toString('utf8').toLowerCase();
}
