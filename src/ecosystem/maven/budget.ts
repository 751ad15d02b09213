import type { PackageRecord } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { messageOf, SluiceError } from '../../util/error.ts';

const mebibyte = 1024 * 1024;

/** What one file may cost, with all archives inside of it. A bomb runs into these, an application never should. */
export const mavenLimits = {
  /** Archives inside of each other, the file itself included. */
  depth: 8,
  /** Bytes of one nested archive, unpacked. */
  nestedBytes: 256 * mebibyte,
  /** Bytes of archives that are open at the same time, one inside of the other, the file itself included. */
  openBytes: 512 * mebibyte,
  /** Bytes that archives inside of a file may have however large it is. */
  leftBytes: 64 * mebibyte,
  /** Bytes unpacked from one file altogether. */
  totalBytes: 1024 * mebibyte,
  /** Entries in all directories of one file. */
  entries: 1_000_000,
  /** Bytes of the central directory of one archive. */
  directoryBytes: 128 * mebibyte,
  /** Nested archives and `pom.properties` read in one file. */
  reads: 20_000,
  /** Bytes of one `pom.properties`. */
  pomBytes: 16 * 1024,
  /** Bytes of one manifest; signed archives list a digest of every class in it. */
  manifestBytes: 16 * mebibyte,
  /** Characters of a chain of names like `!/a.war!/WEB-INF/lib/b.jar`: every package inside carries it. */
  placeLength: 4096,
  /** Problems named one by one in one file; more are only counted. */
  problems: 20,
} as const;

/** What has been found in one file, and what of its budget is left. */
export interface Scan {
  readonly path: string;
  readonly packages: PackageRecord[];
  readonly problems: Problem[];
  /** How many problems were too many to be named. */
  unnamed: number;
  bytes: number;
  entries: number;
  reads: number;
  /** Set when the budget of the file is used up: nothing more is read of it. */
  spent: boolean;
}

/** A scan of the file at `path` with the whole budget before it. */
export function beginScan(path: string): Scan {
  const { totalBytes, entries, reads } = mavenLimits;
  return { path, packages: [], problems: [], unnamed: 0, bytes: totalBytes, entries, reads, spent: false };
}

/** Takes one read of `bytes` from the budget; false, with a problem said once, when the budget doesn't hold that. */
export function spend(scan: Scan, bytes: number, inside: string): boolean {
  if (scan.spent) return false;
  if (scan.reads >= 1 && scan.entries >= 1 && scan.bytes >= bytes) {
    scan.reads--;
    scan.bytes -= bytes;
    return true;
  }
  scan.spent = true;
  addProblem(scan, 'java/too-large', 'more is inside than is read of one file; nothing is read from here on', inside);
  return false;
}

/** Notes what a place inside of the file failed with. No problem blinds: an archive is no package database. */
export function addFailure(scan: Scan, thrown: unknown, inside: string): void {
  const large = thrown instanceof SluiceError && tooLarge.has(thrown.code);
  addProblem(scan, large ? 'java/too-large' : 'java/unreadable', messageOf(thrown), inside);
}

const tooLarge = new Set<string>(['zip/entry-too-large', 'zip/too-many-entries', 'zip/directory-too-large']);

/** Notes a problem at a place inside of the file (empty: the file itself). */
export function addProblem(scan: Scan, code: Problem['code'], message: string, inside: string): void {
  if (scan.problems.length >= mavenLimits.problems) {
    scan.unnamed++;
    return;
  }
  const where = inside === '' ? 'the Java archive' : `${printable(inside)} in the Java archive`;
  scan.problems.push(warning(code, `${where}: ${message}`, scan.path));
}

/** The end of a scan: the problems that were not named are counted in one more. */
export function endScan(scan: Scan): { packages: readonly PackageRecord[]; problems: readonly Problem[] } {
  if (scan.unnamed > 0) {
    const message = `the Java archive: ${scan.unnamed} more places inside of it could not be read`;
    scan.problems.push(warning('java/unreadable', message, scan.path));
  }
  return { packages: scan.packages, problems: scan.problems };
}

/** One line of a terminal, however an entry is called; only the end of a long chain of names says which it is. */
function printable(text: string): string {
  const shown = text.length > 300 ? `…${text.slice(-300)}` : text;
  return shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?').toWellFormed();
}
