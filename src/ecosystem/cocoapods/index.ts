import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { isNamed } from '../../util/path.ts';
import { order } from '../../version/gem.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { packageLimit, readPodfileLock } from './podfile-lock.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 32 * 1024 * 1024;
const letterK = 0x6b;
const manifest = 'Pods/Manifest.lock';

/** CocoaPods' pods: what lies in Pods/, and what Podfile.lock names. Their versions are those of Ruby gems. */
export const ecosystem: Ecosystem = {
  id: 'cocoapods',
  title: 'CocoaPods',
  recognises: [
    { what: '`Pods/Manifest.lock`', example: 'app/ios/Pods/Manifest.lock', presence: 'installed' },
    { what: '`Podfile.lock`', example: 'app/ios/Podfile.lock', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'k',
  claims(path) {
    if (path.charCodeAt(path.length - 1) !== letterK) return false;
    // What npm and CocoaPods fetched has example apps with lock files of their own: nothing of that is in the image.
    if (path.includes('node_modules/')) return false;
    return isNamed(path, manifest) || (isNamed(path, 'Podfile.lock') && !path.includes('Pods/'));
  },
  parse: parseLock,
  purl: ({ name, version }) => buildPurl({ type: 'cocoapods', name, version }),
  /** OSV has no namespace for pods. */
  advisories: () => undefined,
};

/** CocoaPods copies the lock file to Pods/ once all that it names has been put there. */
function parseLock(file: ClaimedFile): Parsed {
  try {
    const { records, full } = readPodfileLock(file.bytes, isNamed(file.path, manifest) ? 'installed' : 'declared');
    if (!full) return { packages: records, problems: [] };
    const message = `the lock file names more than ${packageLimit} pods; the rest is left out`;
    return { packages: records, problems: [warning('cocoapods/too-many-packages', message, file.path)] };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('cocoapods/unreadable', thrown.message, file.path)] };
  }
}
