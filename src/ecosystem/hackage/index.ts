import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { isNamed } from '../../util/path.ts';
import { order } from '../../version/hackage.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readFreeze } from './freeze.ts';
import { readPackageConf } from './package-conf.ts';
import { packageId, packageLimit, type Records } from './records.ts';
import { readStackLock } from './stack-lock.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 16 * 1024 * 1024;
const slash = 0x2f;

/** Folders of package databases: GHC's own, cabal's store and Stack's snapshots. */
const databaseFolders = ['package.conf.d', 'package.db', 'pkgdb'];

type Kind = 'conf' | 'freeze' | 'stack';

/**
 * Haskell packages: what GHC's package databases hold, its own libraries with it, and what cabal.project.freeze and
 * stack.yaml.lock name. A program that GHC linked says nothing of what it was made of.
 */
export const ecosystem: Ecosystem = {
  id: 'hackage',
  title: 'Haskell packages',
  recognises: [
    {
      what: "`package.conf.d/*.conf`, cabal's `package.db` and Stack's `pkgdb`",
      example: 'var/lib/ghc/package.conf.d/base-4.15.1.0.conf',
      presence: 'installed',
    },
    { what: '`cabal.project.freeze`', example: 'app/cabal.project.freeze', presence: 'declared' },
    { what: '`stack.yaml.lock`', example: 'app/stack.yaml.lock', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'fek',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    const kind = kindOf(file.path);
    if (kind === 'conf') return parseConf(file);
    if (kind === 'freeze') return parseNaming(file, readFreeze);
    if (kind === 'stack') return parseNaming(file, readStackLock);
    return { packages: [], problems: [] };
  },
  purl: ({ name, version }) => buildPurl({ type: 'hackage', name, version }),
  advisories: ({ name, version }) => ({ ecosystem: 'Hackage', name, version }),
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x66: // conf
      return path.endsWith('.conf') && isInDatabase(path) ? 'conf' : undefined;
    case 0x65: // freeze
      return isNamed(path, 'cabal.project.freeze') ? 'freeze' : undefined;
    case 0x6b: // lock
      return isNamed(path, 'stack.yaml.lock') ? 'stack' : undefined;
    default:
      return undefined;
  }
}

function isInDatabase(path: string): boolean {
  const end = path.lastIndexOf('/');
  for (const folder of databaseFolders) {
    const start = end - folder.length;
    if (start < 0 || !path.startsWith(folder, start)) continue;
    if (start === 0 || path.charCodeAt(start - 1) === slash) return true;
  }
  return false;
}

/** What the file doesn't say, its own name does, so that emptying it hides nothing. */
function parseConf(file: ClaimedFile): Parsed {
  try {
    return { packages: [readPackageConf(file.bytes)], problems: [] };
  } catch (thrown) {
    const named = packageId(file.path.slice(file.path.lastIndexOf('/') + 1, -'.conf'.length));
    const packages: PackageRecord[] = named === undefined ? [] : [{ ...named, presence: 'installed' }];
    return { ...unreadable(file, thrown), packages };
  }
}

function parseNaming(file: ClaimedFile, read: (bytes: Buffer) => Records): Parsed {
  try {
    const { records, full } = read(file.bytes);
    if (!full) return { packages: records, problems: [] };
    const message = `the file names more than ${packageLimit} packages; the rest is left out`;
    return { packages: records, problems: [warning('hackage/too-many-packages', message, file.path)] };
  } catch (thrown) {
    return unreadable(file, thrown);
  }
}

function unreadable(file: ClaimedFile, thrown: unknown): Parsed {
  if (!(thrown instanceof SluiceError)) throw thrown;
  return { packages: [], problems: [warning('hackage/unreadable', thrown.message, file.path)] };
}
