import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { isNamed } from '../../util/path.ts';
import { order } from '../../version/cran.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readDescription } from './description.ts';
import { readPackratLock, readRenvLock } from './locks.ts';
import { packageLimit, type Records } from './records.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 32 * 1024 * 1024;
const descriptionEnd = '/DESCRIPTION';
/** What R, and Debian's and renv's ways of laying it, call the folders that hold installed packages. */
const libraryEnd = 'library';

type Kind = 'description' | 'renv' | 'packrat';

/**
 * R packages: what R's libraries hold, and what renv.lock and packrat.lock name. Those of Bioconductor and of GitHub are
 * installed in the same way and reported with them; those that come with R itself are not.
 */
export const ecosystem: Ecosystem = {
  id: 'cran',
  title: 'R packages',
  recognises: [
    {
      what: '`DESCRIPTION` of installed packages',
      example: 'usr/local/lib/R/site-library/jsonlite/DESCRIPTION',
      presence: 'installed',
    },
    { what: '`renv.lock`', example: 'app/renv.lock', presence: 'declared' },
    { what: '`packrat.lock`', example: 'app/packrat/packrat.lock', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'Nk',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    const kind = kindOf(file.path);
    if (kind === 'description') return parseDescription(file);
    if (kind === 'renv') return parseLock(file, readRenvLock);
    if (kind === 'packrat') return parseLock(file, readPackratLock);
    return { packages: [], problems: [] };
  },
  folder: (path) => (kindOf(path) === 'description' ? path.slice(0, -descriptionEnd.length) : undefined),
  purl: ({ name, version }) => buildPurl({ type: 'cran', name, version }),
  advisories: ({ name, version }) => ({ ecosystem: 'CRAN', name, version }),
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x4e: // DESCRIPTION
      return path.endsWith(descriptionEnd) ? 'description' : undefined;
    case 0x6b: // lock
      return lockKind(path);
    default:
      return undefined;
  }
}

/** A lock file within an installed package says what its authors develop with: none of it is in the image. */
function lockKind(path: string): Kind | undefined {
  const kind = isNamed(path, 'renv.lock') ? 'renv' : isNamed(path, 'packrat.lock') ? 'packrat' : undefined;
  return kind !== undefined && (path.includes('-library/') || path.includes('R/library/')) ? undefined : kind;
}

/** Many things have a file of that name: only in a library of R is one that says nothing a problem. */
function parseDescription(file: ClaimedFile): Parsed {
  const description = readDescription(file.bytes);
  if (description.kind === 'package') return { packages: [description.record], problems: [] };
  if (description.kind === 'other' || !isInLibrary(file.path)) return { packages: [], problems: [] };
  const message = 'the installed package states no name and version';
  return { packages: [], problems: [warning('cran/unreadable', message, file.path)] };
}

/** `site-library/jsonlite/DESCRIPTION`. */
function isInLibrary(path: string): boolean {
  const end = path.lastIndexOf('/', path.length - descriptionEnd.length - 1);
  return end > 0 && path.startsWith(libraryEnd, end - libraryEnd.length);
}

function parseLock(file: ClaimedFile, read: (bytes: Buffer) => Records): Parsed {
  // An emptied file names nothing.
  if (file.bytes.length === 0) return { packages: [], problems: [] };
  try {
    const { records, full } = read(file.bytes);
    if (!full) return { packages: records, problems: [] };
    const message = `the lock file names more than ${packageLimit} packages; the rest is left out`;
    return { packages: records, problems: [warning('cran/too-many-packages', message, file.path)] };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('cran/unreadable', thrown.message, file.path)] };
  }
}
