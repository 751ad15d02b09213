import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { baseName, dirName, isNamed } from '../../util/path.ts';
import { order } from '../../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readBunLock, refuseBunLockb } from './bun-lock.ts';
import { readDenoLock } from './deno-lock.ts';
import { type Found, packageLimit } from './found.ts';
import { packageJsonRecord } from './package-json.ts';
import { readPackageLock } from './package-lock.ts';
import { inPackage, placeOf } from './place.ts';
import { readPnpmLock } from './pnpm-lock.ts';
import { isYarnCache, readYarnCache } from './yarn-cache.ts';
import { readYarnLock } from './yarn-lock.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 64 * 1024 * 1024;
const letterN = 0x6e;
const letterK = 0x6b;
const letterL = 0x6c;
const letterP = 0x70;
const letterB = 0x62;

/** Packages of the npm registry: what lies in node_modules or a cache that programs run from, and what lock files name. */
export const ecosystem: Ecosystem = {
  id: 'npm',
  title: 'npm packages',
  recognises: [
    { what: '`node_modules/**/package.json`', example: 'app/node_modules/x/package.json', presence: 'installed' },
    {
      what: "`.yarn/cache/*.zip` (Plug'n'Play)",
      example: 'app/.yarn/cache/a-npm-1.0.0-0123456789-abcdef0123.zip',
      presence: 'installed',
    },
    {
      what: "Deno's and Bun's caches",
      example: 'deno-dir/npm/registry.npmjs.org/x/1.0.0/package.json',
      presence: 'installed',
    },
    { what: '`package.json` elsewhere', example: 'app/package.json', presence: 'application' },
    { what: '`package-lock.json`', example: 'app/package-lock.json', presence: 'declared' },
    { what: '`npm-shrinkwrap.json`', example: 'app/npm-shrinkwrap.json', presence: 'declared' },
    { what: '`yarn.lock`', example: 'app/yarn.lock', presence: 'declared' },
    { what: '`pnpm-lock.yaml`', example: 'app/pnpm-lock.yaml', presence: 'declared' },
    { what: '`bun.lock`', example: 'app/bun.lock', presence: 'declared' },
    { what: '`deno.lock`', example: 'app/deno.lock', presence: 'declared' },
  ],
  revision: 3,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'npklb',
  claims(path) {
    // The last letter alone turns almost every path away.
    const last = path.charCodeAt(path.length - 1);
    if (last === letterN && isNamed(path, 'package.json')) return placeOf(path) !== 'inside';
    if (last === letterP) return isYarnCache(path);
    // A lock file that was published within a package says what its authors develop with: none of it is in the image.
    const mayBe = last === letterN || last === letterK || last === letterL || last === letterB;
    return mayBe && isLockFile(path) && !inPackage(path);
  },
  parse(file) {
    if (isNamed(file.path, 'package.json')) return parseManifest(file);
    if (isYarnCache(file.path)) return parseCache(file);
    return parseLock(file, lockReaderOf(file.path));
  },
  folder(path) {
    const isPackage = isNamed(path, 'package.json') && placeOf(path) === 'package';
    return isPackage ? dirName(path) : undefined;
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
    isNamed(path, 'pnpm-lock.yaml') ||
    isNamed(path, 'bun.lock') ||
    isNamed(path, 'bun.lockb') ||
    isNamed(path, 'deno.lock')
  );
}

function lockReaderOf(path: string): (bytes: Buffer) => Found {
  switch (baseName(path)) {
    case 'yarn.lock':
      return readYarnLock;
    case 'pnpm-lock.yaml':
      return readPnpmLock;
    case 'bun.lock':
      return readBunLock;
    case 'bun.lockb':
      return refuseBunLockb;
    case 'deno.lock':
      return readDenoLock;
    default:
      return readPackageLock;
  }
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
