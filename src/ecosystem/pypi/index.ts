import type { PackageRecord } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { dirName, isNamed } from '../../util/path.ts';
import { order } from '../../version/pep440.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { eggMetadata, readEgg } from './egg.ts';
import { readPdmLock, readPoetryLock, readPylock, readUvLock } from './lock-file.ts';
import { devGroups, type LockedRecords, packageLimit } from './locked.ts';
import { folderIdentity, readMetadata } from './metadata.ts';
import { normalizedName } from './name.ts';
import { readPipfileLock } from './pipfile-lock.ts';
import { recordReader } from './record.ts';
import { readRequirements } from './requirements.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 64 * 1024 * 1024;

type Kind = 'metadata' | 'egg' | 'requirements' | LockKind;
type LockKind = 'poetry' | 'uv' | 'pdm' | 'pipfile' | 'pylock';

const lockReaders: Record<LockKind, (bytes: Buffer) => LockedRecords> = {
  poetry: readPoetryLock,
  uv: readUvLock,
  pdm: readPdmLock,
  pipfile: readPipfileLock,
  pylock: readPylock,
};

/** Python packages: what lies in site-packages, and what requirements files and lock files name. */
export const ecosystem: Ecosystem = {
  id: 'pypi',
  title: 'Python packages',
  recognises: [
    {
      what: '`*.dist-info/METADATA`',
      example: 'usr/lib/python3/site-packages/x-1.dist-info/METADATA',
      presence: 'installed',
    },
    {
      what: '`*.egg-info`, `*.egg`',
      example: 'usr/lib/python3/site-packages/x-1.egg-info/PKG-INFO',
      presence: 'installed',
    },
    { what: '`requirements*.txt`', example: 'app/requirements.txt', presence: 'declared' },
    { what: '`poetry.lock`', example: 'app/poetry.lock', presence: 'declared' },
    { what: '`uv.lock`', example: 'app/uv.lock', presence: 'declared' },
    { what: '`pdm.lock`', example: 'app/pdm.lock', presence: 'declared' },
    { what: '`Pipfile.lock`', example: 'app/Pipfile.lock', presence: 'declared' },
    { what: '`pylock.toml`, `pylock.*.toml` (PEP 751)', example: 'app/pylock.toml', presence: 'declared' },
    {
      what: '`_vendor/vendor.txt`: copies that a package says it holds',
      example: 'usr/lib/python3/site-packages/pip/_vendor/vendor.txt',
      presence: 'declared',
    },
  ],
  revision: 3,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'AOogtkl',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    const kind = kindOf(file.path);
    if (kind === 'metadata') return parseMetadata(file);
    if (kind === 'egg') return parseEgg(file);
    if (kind === 'requirements') return parseRequirements(file);
    return kind === undefined ? { packages: [], problems: [] } : parseLock(file, lockReaders[kind]);
  },
  ownership: recordReader,
  folder(path) {
    const kind = kindOf(path);
    if (kind !== 'metadata' || path.endsWith('.egg-info')) return undefined;
    const folder = dirName(path);
    return isNamed(folder, 'EGG-INFO') ? dirName(folder) || undefined : folder;
  },
  /** The purl type's own rule: lower case, and `-` for `_`. */
  purl: ({ name, version }) => buildPurl({ type: 'pypi', name: name.toLowerCase().replaceAll('_', '-'), version }),
  advisories: ({ name, version }) => ({ ecosystem: 'PyPI', name: normalizedName(name), version }),
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x41: // METADATA
      return path.endsWith('.dist-info/METADATA') ? 'metadata' : undefined;
    case 0x4f: // PKG-INFO
      return path.endsWith('.egg-info/PKG-INFO') || isNamed(path, 'EGG-INFO/PKG-INFO') ? 'metadata' : undefined;
    case 0x6f: // egg-info
      return path.endsWith('.egg-info') ? 'metadata' : undefined;
    case 0x67: // egg
      return path.endsWith('.egg') ? 'egg' : undefined;
    case 0x74: // txt
      return path.endsWith('.txt') && isRequirements(path) ? 'requirements' : undefined;
    case 0x6b: // lock
      return lockKind(path);
    case 0x6c: // toml
      return path.endsWith('.toml') && isPylock(path) ? 'pylock' : undefined;
    default:
      return undefined;
  }
}

/** A lock file within an installed package says what its authors develop with: none of it is in the image. */
function lockKind(path: string): Kind | undefined {
  const kind = lockKindByName(path);
  return kind !== undefined && inPackage(path) ? undefined : kind;
}

function lockKindByName(path: string): Kind | undefined {
  if (isNamed(path, 'poetry.lock')) return 'poetry';
  if (isNamed(path, 'uv.lock')) return 'uv';
  if (isNamed(path, 'pdm.lock')) return 'pdm';
  return isNamed(path, 'Pipfile.lock') ? 'pipfile' : undefined;
}

/** pylock.toml, or with one word between (PEP 751). */
function isPylock(path: string): boolean {
  const start = path.lastIndexOf('/') + 1;
  if (!path.startsWith('pylock.', start)) return false;
  const dot = path.indexOf('.', start + 7);
  return (dot === -1 || dot === path.length - 5) && !inPackage(path);
}

/** requirements.txt, requirements-dev.txt …, for which the same holds; and what a package says of the copies that it holds. */
function isRequirements(path: string): boolean {
  if (path.startsWith('requirements', path.lastIndexOf('/') + 1)) return !inPackage(path);
  return isNamed(path, '_vendor/vendor.txt') || isNamed(path, '_vendor/vendored.txt');
}

/** Whether a path lies in a package that was installed, of whatever language. */
function inPackage(path: string): boolean {
  return inSitePackages(path) || path.includes('node_modules/') || path.includes('/gems/');
}

function inSitePackages(path: string): boolean {
  return path.includes('site-packages/') || path.includes('dist-packages/');
}

/** An installed package; what its metadata doesn't say, its folder's name does, so that emptying the file hides nothing. */
function parseMetadata(file: ClaimedFile): Parsed {
  const metadata = readMetadata(file.bytes);
  const folder = folderOf(file.path);
  const named = folderIdentity(folder);
  const name = metadata.name ?? named?.name;
  const version = metadata.version ?? named?.version;
  const complete = metadata.name !== undefined && metadata.version !== undefined;
  const problems: Problem[] = [];
  if (name === undefined || version === undefined) {
    problems.push(warning('pypi/unreadable', 'the metadata names no package and version', file.path));
    return { packages: [], problems };
  }
  if (!complete) {
    problems.push(warning('pypi/unreadable', "name or version is missing; the folder's name tells it", file.path));
  }
  const presence = isSourceTree(file.path, named !== undefined) ? 'application' : 'installed';
  const { license, needs } = metadata;
  return { packages: [{ name, version, presence, ...(license && { license }), ...(needs && { needs }) }], problems };
}

/** A zipped egg is as installed as an unpacked one; what its metadata doesn't say, its own name does. */
function parseEgg(file: ClaimedFile): Parsed {
  try {
    const bytes = readEgg(file.bytes);
    const { packages, problems } = parseMetadata({ ...file, path: `${file.path}/${eggMetadata}`, bytes });
    return {
      packages: packages.map((record) => ({ ...record, inside: `!/${eggMetadata}` })),
      problems: problems.map((problem) => ({ ...problem, path: file.path })),
    };
  } catch (thrown) {
    return unreadable(file, thrown);
  }
}

/** The `….dist-info` or `….egg-info` that the file is or lies in; for an egg, the `….egg`. */
function folderOf(path: string): string {
  let end = path.endsWith('.egg-info') ? path.length : path.lastIndexOf('/');
  if (path.startsWith('EGG-INFO/', path.lastIndexOf('/', end - 1) + 1)) end = path.lastIndexOf('/', end - 1);
  return end <= 0 ? '' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

/** `setup.py develop` leaves an egg-info without a version in its name beside the program's own source. */
function isSourceTree(path: string, versioned: boolean): boolean {
  return path.includes('.egg-info') && !versioned && !inSitePackages(path);
}

function parseRequirements(file: ClaimedFile): Parsed {
  if (file.bytes.includes(0) && !(file.bytes[0] === 0xff && file.bytes[1] === 0xfe)) {
    return { packages: [], problems: [warning('pypi/unreadable', 'the requirements file is not text', file.path)] };
  }
  const words = file.path.slice(file.path.lastIndexOf('/') + 1).split(/[-_.]/);
  return limited(
    file,
    readRequirements(
      file.bytes,
      words.some((word) => devGroups.has(word)),
    ),
  );
}

function parseLock(file: ClaimedFile, read: (bytes: Buffer) => LockedRecords): Parsed {
  try {
    return limited(file, read(file.bytes));
  } catch (thrown) {
    return unreadable(file, thrown);
  }
}

function unreadable(file: ClaimedFile, thrown: unknown): Parsed {
  if (!(thrown instanceof SluiceError)) throw thrown;
  return { packages: [], problems: [warning('pypi/unreadable', thrown.message, file.path)] };
}

function limited(file: ClaimedFile, locked: LockedRecords): Parsed {
  const packages: readonly PackageRecord[] = locked.records;
  if (!locked.full) return { packages, problems: [] };
  const message = `the file names more than ${packageLimit} packages; the rest is left out`;
  return { packages, problems: [warning('pypi/too-many-packages', message, file.path)] };
}
