import { type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { isNamed } from '../../util/path.ts';
import { order } from '../../version/composer.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { packageLimit } from './field.ts';
import { type NamedPackages, readInstalled, readLock, readManifest } from './packages.ts';
import { isInPackage, isInTests } from './place.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 64 * 1024 * 1024;
const letterN = 0x6e;
const letterK = 0x6b;

/** PHP packages: what Composer installed, and what composer.lock names. */
export const ecosystem: Ecosystem = {
  id: 'composer',
  title: 'PHP packages',
  recognises: [
    { what: '`vendor/composer/installed.json`', example: 'app/vendor/composer/installed.json', presence: 'installed' },
    { what: '`composer.lock`', example: 'app/composer.lock', presence: 'declared' },
    { what: '`composer.json` with a version', example: 'app/composer.json', presence: 'application' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'nk',
  claims(path) {
    // The last letter alone turns almost every path away.
    const last = path.charCodeAt(path.length - 1);
    if (last === letterK) return isNamed(path, 'composer.lock') && !isInPackage(path);
    if (last !== letterN) return false;
    // A package that brings its own vendor folder has these packages too.
    if (isNamed(path, 'composer/installed.json')) return !isInTests(path);
    return isNamed(path, 'composer.json') && !isInPackage(path);
  },
  parse(file) {
    if (isNamed(file.path, 'composer/installed.json')) return parseList(file, readInstalled);
    if (isNamed(file.path, 'composer.lock')) return parseList(file, readLock);
    return parseManifest(file);
  },
  purl({ name, version }) {
    const cut = name.indexOf('/');
    return buildPurl({ type: 'composer', namespace: name.slice(0, cut), name: name.slice(cut + 1), version });
  },
  advisories: ({ name, version }) => ({ ecosystem: 'Packagist', name, version }),
};

function parseList(file: ClaimedFile, read: (bytes: Buffer) => NamedPackages): Parsed {
  try {
    const { records, full, unusable } = read(file.bytes);
    const problems: Problem[] = [];
    if (unusable > 0) {
      const message = `the file has ${unusable} ${unusable === 1 ? 'package' : 'packages'} without a usable name and version`;
      problems.push(warning('composer/unreadable', message, file.path));
    }
    if (full) {
      const message = `the file names more than ${packageLimit} packages; the rest is left out`;
      problems.push(warning('composer/too-many-packages', message, file.path));
    }
    return { packages: records, problems };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('composer/unreadable', thrown.message, file.path)] };
  }
}

/** Outside of vendor/ a composer.json that can't be read may be anything, and says nothing. */
function parseManifest(file: ClaimedFile): Parsed {
  try {
    const record = readManifest(file.bytes);
    return { packages: record === undefined ? [] : [record], problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [] };
  }
}
