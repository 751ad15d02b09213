import type { PackageRecord } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/conda.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readEnvironment } from './environment.ts';
import { packageLimit, recordOf } from './identity.ts';
import { readCondaLock, readExplicit, readPixiLock } from './lock-file.ts';
import type { Locked } from './locked.ts';
import { isMeta, metaOwnership, namedIdentity, readMeta } from './meta.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 64 * 1024 * 1024;

type Kind = 'meta' | 'conda-lock' | 'pixi' | 'explicit' | 'environment';

/** Packages of conda: what its environments record as installed, and what lock files name. */
export const ecosystem: Ecosystem = {
  id: 'conda',
  title: 'conda packages',
  recognises: [
    {
      what: '`conda-meta/*.json`',
      example: 'opt/conda/conda-meta/zlib-1.3.1-hb9d3cd8_2.json',
      presence: 'installed',
    },
    { what: '`conda-lock.yml`', example: 'app/conda-lock.yml', presence: 'declared' },
    { what: '`pixi.lock`', example: 'app/pixi.lock', presence: 'declared' },
    {
      what: '`conda-*.lock`, `spec-file.txt` (explicit lists)',
      example: 'app/conda-linux-64.lock',
      presence: 'declared',
    },
    { what: '`environment*.yml`, exact versions', example: 'app/environment.yml', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'nlkt',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    switch (kindOf(file.path)) {
      case 'meta':
        return parseMeta(file);
      case 'conda-lock':
        return parseLock(file, readCondaLock);
      case 'pixi':
        return parseLock(file, readPixiLock);
      case 'explicit':
        return parseLock(file, readExplicit);
      case 'environment':
        return parseLock(file, (bytes) => readEnvironment(bytes, isForDevelopment(file.path)));
      default:
        return { packages: [], problems: [] };
    }
  },
  ownership: metaOwnership,
  purl({ name, version, build, vendor: channel, arch: subdir }) {
    return buildPurl({ type: 'conda', name: name.toLowerCase(), version, qualifiers: { build, channel, subdir } });
  },
  // OSV has no advisories for conda; a Python package in an environment is found by its own metadata, too.
  advisories: () => undefined,
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x6e: // json
      return isMeta(path) ? 'meta' : undefined;
    case 0x6c: // yml, yaml
      return yamlKind(path);
    case 0x6b: // lock
      return path.endsWith('.lock') ? lockKind(path) : undefined;
    case 0x74: // txt
      return path.endsWith('spec-file.txt') && isWhole(path, 'spec-file.txt') && !inPackage(path)
        ? 'explicit'
        : undefined;
    default:
      return undefined;
  }
}

function yamlKind(path: string): Kind | undefined {
  if (!path.endsWith('.yml') && !path.endsWith('.yaml')) return undefined;
  const start = path.lastIndexOf('/') + 1;
  if (path.startsWith('environment', start)) return inPackage(path) ? undefined : 'environment';
  const isLock = path.endsWith('conda-lock.yml') || path.endsWith('conda-lock.yaml');
  return isLock && !inPackage(path) ? 'conda-lock' : undefined;
}

function lockKind(path: string): Kind | undefined {
  const start = path.lastIndexOf('/') + 1;
  const kind = isWhole(path, 'pixi.lock') ? 'pixi' : path.startsWith('conda-', start) ? 'explicit' : undefined;
  return kind !== undefined && inPackage(path) ? undefined : kind;
}

function isWhole(path: string, name: string): boolean {
  return (
    path.endsWith(name) && (path.length === name.length || path.charCodeAt(path.length - name.length - 1) === 0x2f)
  );
}

/** A lock file within an installed package says what its authors develop with; one in conda's cache is of no environment. */
function inPackage(path: string): boolean {
  return (
    path.includes('site-packages/') ||
    path.includes('dist-packages/') ||
    path.includes('node_modules/') ||
    path.includes('/gems/') ||
    path.includes('conda/pkgs/')
  );
}

/** environment-dev.yml, environment_test.yaml … */
function isForDevelopment(path: string): boolean {
  const words = path.slice(path.lastIndexOf('/') + 1).split(/[-_.]/);
  return words.some((word) => word === 'dev' || word === 'test' || word === 'docs');
}

function parseMeta(file: ClaimedFile): Parsed {
  try {
    const record = readMeta(file);
    return { packages: record === undefined ? [] : [record], problems: [] };
  } catch (thrown) {
    const identity = namedIdentity(file.path);
    const packages: PackageRecord[] = identity === undefined ? [] : [recordOf(identity, 'installed', {})];
    return { packages, problems: [unreadable(file, thrown)] };
  }
}

function parseLock(file: ClaimedFile, read: (bytes: Buffer) => Locked): Parsed {
  try {
    const locked = read(file.bytes);
    const problems: Problem[] = [];
    if (locked.full) {
      const message = `the file names more than ${packageLimit} packages; the rest is left out`;
      problems.push(warning('conda/too-many-packages', message, file.path));
    }
    const { conda: packages, pypi } = locked;
    return { packages, problems, ...(pypi.length > 0 && { others: [{ ecosystem: 'pypi', packages: pypi }] }) };
  } catch (thrown) {
    return { packages: [], problems: [unreadable(file, thrown)] };
  }
}

function unreadable(file: ClaimedFile, thrown: unknown): Problem {
  if (!(thrown instanceof SluiceError)) throw thrown;
  return warning('conda/unreadable', thrown.message, file.path);
}
