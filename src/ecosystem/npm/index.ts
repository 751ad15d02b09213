import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { type Found, packageLimit } from './found.ts';
import { packageJsonRecord } from './package-json.ts';
import { readPackageLock } from './package-lock.ts';
import { belowModules, placeOf } from './place.ts';
import { readPnpmLock } from './pnpm-lock.ts';
import { isYarnCache, readYarnCache } from './yarn-cache.ts';
import { readYarnLock } from './yarn-lock.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 64 * 1024 * 1024;
const slash = 0x2f;
const letterN = 0x6e;
const letterK = 0x6b;
const letterL = 0x6c;
const letterP = 0x70;

/** Node packages: what lies in node_modules or Yarn's cache, and what package-lock.json, yarn.lock and pnpm-lock.yaml name. */
export const ecosystem: Ecosystem = {
  id: 'npm',
  revision: 2,
  database: false,
  limit: sizeLimit,
  order,
  claims(path) {
    // The last letter alone turns almost every path away.
    const last = path.charCodeAt(path.length - 1);
    if (last === letterN && isNamed(path, 'package.json')) return placeOf(path) !== 'inside';
    if (last === letterP) return isYarnCache(path);
    // A lock file that was published within a package says what its authors develop with: none of it is in the image.
    return (last === letterN || last === letterK || last === letterL) && isLockFile(path) && !belowModules(path);
  },
  parse(file) {
    if (isNamed(file.path, 'package.json')) return parseManifest(file);
    if (isYarnCache(file.path)) return parseCache(file);
    if (isNamed(file.path, 'yarn.lock')) return parseLock(file, readYarnLock);
    if (isNamed(file.path, 'pnpm-lock.yaml')) return parseLock(file, readPnpmLock);
    return parseLock(file, readPackageLock);
  },
  purl(record) {
    const cut = record.name.startsWith('@') ? record.name.indexOf('/') : -1;
    if (cut === -1) return buildPurl({ type: 'npm', name: record.name, version: record.version });
    const [namespace, name] = [record.name.slice(0, cut), record.name.slice(cut + 1)];
    return buildPurl({ type: 'npm', namespace, name, version: record.version });
  },
  advisories: (record) => ({ ecosystem: 'npm', name: record.name, version: record.version }),
};

/** npm's hidden node_modules/.package-lock.json is none of them: it only repeats what is installed. */
function isLockFile(path: string): boolean {
  return (
    isNamed(path, 'package-lock.json') ||
    isNamed(path, 'npm-shrinkwrap.json') ||
    isNamed(path, 'yarn.lock') ||
    isNamed(path, 'pnpm-lock.yaml')
  );
}

function isNamed(path: string, name: string): boolean {
  if (!path.endsWith(name)) return false;
  return path.length === name.length || path.charCodeAt(path.length - name.length - 1) === slash;
}

/** Below node_modules a package.json that can't be read may hide a package; elsewhere it may be anything, and says nothing. */
function parseManifest(file: ClaimedFile): Parsed {
  const installed = placeOf(file.path) === 'package';
  try {
    const record = packageJsonRecord(file.bytes, installed ? 'installed' : 'application');
    return { packages: record === undefined ? [] : [record], problems: [] };
  } catch (thrown) {
    return installed ? unreadable(file, thrown) : { packages: [], problems: [] };
  }
}

function parseCache(file: ClaimedFile): Parsed {
  try {
    return { packages: readYarnCache(file.bytes), problems: [] };
  } catch (thrown) {
    return unreadable(file, thrown);
  }
}

function parseLock(file: ClaimedFile, read: (bytes: Buffer) => Found): Parsed {
  try {
    const found = read(file.bytes);
    const packages: PackageRecord[] = found.records();
    if (!found.full) return { packages, problems: [] };
    const message = `the lock file names more than ${packageLimit} packages; the rest is left out`;
    return { packages, problems: [warning('npm/too-many-packages', message, file.path)] };
  } catch (thrown) {
    return unreadable(file, thrown);
  }
}

function unreadable(file: ClaimedFile, thrown: unknown): Parsed {
  if (!(thrown instanceof SluiceError)) throw thrown;
  return { packages: [], problems: [warning('npm/unreadable', thrown.message, file.path)] };
}
