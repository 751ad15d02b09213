import type { RandomAccess } from '../../format/random-access.ts';
import { isBdb, readBdbPackages } from '../../format/rpm/bdb.ts';
import { isNdb, readNdbPackages } from '../../format/rpm/ndb.ts';
import type { Damage } from '../../format/rpm/pages.ts';
import { isSqlite, readSqlitePackages } from '../../format/rpm/sqlite.ts';

/** The package headers in a database. The content tells which kind it is: a file's name is no promise. */
export function readBlobs(bytes: Buffer, damage: Damage): Iterable<RandomAccess> {
  if (isSqlite(bytes)) return readSqlitePackages(bytes, damage);
  if (isNdb(bytes)) return readNdbPackages(bytes, damage);
  if (isBdb(bytes)) return readBdbPackages(bytes, damage);
  damage('rpm/unreadable', 'the package database is of no known kind (sqlite, ndb, Berkeley DB hash)');
  return [];
}
