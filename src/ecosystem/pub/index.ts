import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { isNamed } from '../../util/path.ts';
import { order } from '../../version/pub.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readPubspec } from './pubspec.ts';
import { readPubspecLock } from './pubspec-lock.ts';
import { packageLimit } from './records.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 32 * 1024 * 1024;
const slash = 0x2f;
const hosted = '/hosted/';

type Kind = 'lock' | 'cached';

/**
 * Dart packages: what pub's cache holds, and what pubspec.lock names. A program that was compiled
 * ahead of time (Flutter's too) says nothing of what it was made of.
 */
export const ecosystem: Ecosystem = {
  id: 'pub',
  title: 'Dart and Flutter packages',
  recognises: [
    {
      what: "`pubspec.yaml` in pub's cache",
      example: 'root/.pub-cache/hosted/pub.dev/x-1.0.0/pubspec.yaml',
      presence: 'installed',
    },
    { what: '`pubspec.lock`', example: 'app/pubspec.lock', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'kl',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    const kind = kindOf(file.path);
    if (kind === 'cached') return parseCached(file);
    if (kind === 'lock') return parseLock(file);
    return { packages: [], problems: [] };
  },
  folder: (path) => (kindOf(path) === 'cached' ? path.slice(0, path.lastIndexOf('/')) : undefined),
  /** The purl type's own rule: lower case, and an underscore for every other character. */
  purl: ({ name, version }) =>
    buildPurl({ type: 'pub', name: name.toLowerCase().replace(/[^a-z0-9_]/g, '_'), version }),
  advisories: ({ name, version }) => ({ ecosystem: 'Pub', name, version }),
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x6b: // lock
      return isNamed(path, 'pubspec.lock') && !inOthers(path) ? 'lock' : undefined;
    case 0x6c: // yaml
      return isNamed(path, 'pubspec.yaml') && isCached(path) ? 'cached' : undefined;
    default:
      return undefined;
  }
}

/** A lock file within an installed package says what its authors develop with: none of it is in the image. */
function inOthers(path: string): boolean {
  return path.includes('.pub-cache/') || path.includes('node_modules/') || path.includes('site-packages/');
}

/** `….pub-cache/hosted/<host>/<name>-<version>/pubspec.yaml`, and no deeper: examples have a pubspec.yaml too. */
function isCached(path: string): boolean {
  const end = path.lastIndexOf('/');
  const cache = path.indexOf('.pub-cache/hosted/');
  if (cache === -1 || (cache > 0 && path.charCodeAt(cache - 1) !== slash)) return false;
  const host = path.indexOf(hosted, cache) + hosted.length;
  const folder = path.indexOf('/', host) + 1;
  return folder > 0 && folder < end && path.indexOf('/', folder) === end;
}

function parseCached(file: ClaimedFile): Parsed {
  const end = file.path.lastIndexOf('/');
  const folder = file.path.slice(file.path.lastIndexOf('/', end - 1) + 1, end);
  const { record, complete } = readPubspec(file.bytes, folder);
  const message = record ? "name or version is missing; the folder's name tells it" : 'it names no package and version';
  return {
    packages: record === undefined ? [] : [record],
    problems: complete ? [] : [warning('pub/unreadable', message, file.path)],
  };
}

function parseLock(file: ClaimedFile): Parsed {
  try {
    const { records, full } = readPubspecLock(file.bytes);
    if (!full) return { packages: records, problems: [] };
    const message = `the file names more than ${packageLimit} packages; the rest is left out`;
    return { packages: records, problems: [warning('pub/too-many-packages', message, file.path)] };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('pub/unreadable', thrown.message, file.path)] };
  }
}
