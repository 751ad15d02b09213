import { type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { parseBinary, partialReader } from './binary.ts';
import { readCargoLock } from './cargo-lock.ts';
import { claims, isInstallList, isLockFile, sniff } from './claims.ts';
import { readInstalls } from './installs.ts';
import { type LockedRecords, packageLimit } from './locked.ts';

/** Largest program that is read, in bytes: it may be held in memory as a whole. */
const limit = 512 * 1024 * 1024;
/** Largest lock file or list that is read, in bytes. */
const textLimit = 64 * 1024 * 1024;

/** Rust crates: the audit data in programs, Cargo.lock, and the list of what `cargo install` installed. */
export const ecosystem: Ecosystem = {
  id: 'cargo',
  title: 'Rust crates',
  recognises: [
    {
      what: 'programs that cargo-auditable built (ELF, PE, Mach-O)',
      example: 'usr/bin/app',
      presence: 'installed',
    },
    { what: '`Cargo.lock`', example: 'app/Cargo.lock', presence: 'declared' },
    { what: '`.crates2.json` (`cargo install`)', example: 'root/.cargo/.crates2.json', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit,
  order,
  claims,
  sniff,
  partial: partialReader,
  bytesAlone: (path) => !isLockFile(path) && !isInstallList(path),
  parse(file) {
    if (isLockFile(file.path)) return parseText(file, parseLock);
    return isInstallList(file.path) ? parseText(file, parseInstalls) : parseBinary(file);
  },
  purl: ({ name, version }) => buildPurl({ type: 'cargo', name, version }),
  advisories: ({ name, version }) => ({ ecosystem: 'crates.io', name, version }),
};

function parseText(file: ClaimedFile, parse: (file: ClaimedFile) => Parsed): Parsed {
  if (file.bytes.length <= textLimit) return parse(file);
  return { packages: [], problems: [unreadable(file, `the file is larger than ${textLimit} bytes`)] };
}

function parseLock(file: ClaimedFile): Parsed {
  const lock = readCargoLock(file.bytes);
  if (lock.foreign) return { packages: [], problems: [unreadable(file, 'this is not a lock file of Cargo')] };
  const { packages, problems } = parsedOf(file, lock);
  if (lock.badLine === undefined) return { packages, problems };
  return { packages, problems: [unreadable(file, `line ${lock.badLine} of Cargo.lock can not be read`), ...problems] };
}

function parseInstalls(file: ClaimedFile): Parsed {
  try {
    return parsedOf(file, readInstalls(file.bytes));
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [unreadable(file, thrown.message)] };
  }
}

function parsedOf(file: ClaimedFile, { records, bad, full }: LockedRecords): Parsed {
  const problems: Problem[] = [];
  if (bad > 0) {
    const entries = bad === 1 ? '1 package has' : `${bad} packages have`;
    problems.push(unreadable(file, `${entries} no name and version that can be read`));
  }
  if (full) {
    const message = `the file names more than ${packageLimit} packages; the rest is left out`;
    problems.push(warning('cargo/too-many-packages', message, file.path));
  }
  return { packages: records, problems };
}

function unreadable(file: ClaimedFile, message: string): Problem {
  return warning('cargo/unreadable', message, file.path);
}
