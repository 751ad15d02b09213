import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/perl.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { distribution } from './distribution.ts';
import { readMeta } from './meta.ts';
import { packageLimit, readSnapshot } from './snapshot.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 32 * 1024 * 1024;
const slash = 0x2f;
const snapshot = 'cpanfile.snapshot';
const metaEnd = '/MYMETA.json';
const metaFolder = '.meta/';

/**
 * Perl distributions: what cpanm and Carton installed, and what cpanfile.snapshot names. Perl's own modules, and those that
 * `cpan` or a distribution's packages installed, leave no such files.
 */
export const ecosystem: Ecosystem = {
  id: 'cpan',
  title: 'Perl distributions',
  recognises: [
    {
      what: '`.meta/*/MYMETA.json`',
      example: 'usr/local/lib/perl5/site_perl/5.36.0/x86_64-linux-gnu/.meta/Try-Tiny-0.31/MYMETA.json',
      presence: 'installed',
    },
    { what: '`cpanfile.snapshot`', example: 'app/cpanfile.snapshot', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'nt',
  claims: (path) => isMeta(path) || isSnapshot(path),
  parse: (file) => (isMeta(file.path) ? parseMeta(file) : parseSnapshot(file)),
  purl: ({ name, version }) => buildPurl({ type: 'cpan', name, version }),
  /** OSV has no namespace for CPAN. */
  advisories: () => undefined,
};

/** `.meta/<distribution>/MYMETA.json`, and no deeper. */
function isMeta(path: string): boolean {
  if (!path.endsWith(metaEnd)) return false;
  const start = path.lastIndexOf('/', path.length - metaEnd.length - 1) + 1 - metaFolder.length;
  return start >= 0 && path.startsWith(metaFolder, start) && (start === 0 || path.charCodeAt(start - 1) === slash);
}

function isSnapshot(path: string): boolean {
  if (!path.endsWith(snapshot)) return false;
  return path.length === snapshot.length || path.charCodeAt(path.length - snapshot.length - 1) === slash;
}

/** What the file doesn't say, its folder's name does, so that emptying the file hides nothing. */
function parseMeta(file: ClaimedFile): Parsed {
  try {
    return { packages: [readMeta(file.bytes)], problems: [] };
  } catch (thrown) {
    const folder = file.path.slice(0, -metaEnd.length);
    const named = distribution(folder.slice(folder.lastIndexOf('/') + 1));
    const packages: PackageRecord[] = named === undefined ? [] : [{ ...named, presence: 'installed' }];
    return { ...unreadable(file, thrown), packages };
  }
}

function parseSnapshot(file: ClaimedFile): Parsed {
  try {
    const { records, full } = readSnapshot(file.bytes);
    if (!full) return { packages: records, problems: [] };
    const message = `the snapshot names more than ${packageLimit} distributions; the rest is left out`;
    return { packages: records, problems: [warning('cpan/too-many-packages', message, file.path)] };
  } catch (thrown) {
    return unreadable(file, thrown);
  }
}

function unreadable(file: ClaimedFile, thrown: unknown): Parsed {
  if (!(thrown instanceof SluiceError)) throw thrown;
  return { packages: [], problems: [warning('cpan/unreadable', thrown.message, file.path)] };
}
