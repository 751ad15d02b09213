import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { packageLimit, readPackageResolved } from './package-resolved.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 32 * 1024 * 1024;
const fileName = 'Package.resolved';
const letterD = 0x64;
const slash = 0x2f;

/**
 * Folders in which other packages' sources lie, whose own lock files say what their authors develop with: the Swift
 * Package Manager's and Xcode's checkouts, and what CocoaPods, Carthage and npm fetched.
 */
const others = ['checkouts/', 'Pods/', 'Carthage/', 'node_modules/'];

/** Swift packages that Package.resolved names. A program that Swift built says nothing of what it was made of. */
export const ecosystem: Ecosystem = {
  id: 'swift',
  title: 'Swift packages',
  recognises: [{ what: '`Package.resolved`', example: 'app/Package.resolved', presence: 'declared' }],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'd',
  claims(path) {
    if (path.charCodeAt(path.length - 1) !== letterD || !path.endsWith(fileName)) return false;
    const before = path.length - fileName.length - 1;
    return (before < 0 || path.charCodeAt(before) === slash) && !liesInOthers(path);
  },
  parse: parseResolved,
  /** The namespace is the host and all of the path but its end; a registry's `scope.name` has its scope there. */
  purl({ name, version }) {
    const cut = name.includes('/') ? name.lastIndexOf('/') : name.indexOf('.');
    const namespace = cut > 0 ? { namespace: name.slice(0, cut) } : {};
    return buildPurl({ type: 'swift', ...namespace, name: name.slice(cut + 1), version });
  },
  /** OSV knows packages by their repositories. A revision is no version and can't be judged. */
  advisories({ name, version }) {
    return name.includes('/') && version.includes('.') ? { ecosystem: 'SwiftURL', name, version } : undefined;
  },
};

function liesInOthers(path: string): boolean {
  for (const folder of others) {
    const at = path.indexOf(folder);
    if (at === 0 || (at > 0 && path.charCodeAt(at - 1) === slash)) return true;
  }
  return false;
}

function parseResolved(file: ClaimedFile): Parsed {
  // An emptied file names nothing.
  if (file.bytes.length === 0) return { packages: [], problems: [] };
  try {
    const { records, full } = readPackageResolved(file.bytes);
    if (!full) return { packages: records, problems: [] };
    const message = `the file names more than ${packageLimit} packages; the rest is left out`;
    return { packages: records, problems: [warning('swift/too-many-packages', message, file.path)] };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('swift/unreadable', thrown.message, file.path)] };
  }
}
