import { looksExecutable } from '../../format/executable.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/maven.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { scanArchive } from './archive.ts';
import { isArchivePath } from './endings.ts';
import { isGradleLock, readGradleLock } from './gradle-lock.ts';
import { mayBeNativeImage, partialReaderOf, readNativeImage } from './native-image.ts';
import { isPom, readPom } from './pom.ts';

/** Bodies above this many bytes are not read. */
const limit = 512 * 1024 * 1024;
/** Largest lock file or project description that is read, in bytes. */
const textLimit = 16 * 1024 * 1024;
/** What a RAR archive begins with: `.rar` is a Java resource adapter only when it is a zip. */
const rarMagic = Buffer.from('Rar!', 'latin1');

/** Whether nothing but a program is claimed at a path. */
const isProgram = (path: string): boolean => !isArchivePath(path) && !isGradleLock(path) && !isPom(path);

/**
 * Java archives: Maven coordinates from `pom.properties`, the manifest or the file name, of the archive and of all
 * archives inside of it. The order of sources, and how a group is guessed, are in `identity.ts`.
 *
 * An archive whose coordinates nothing tells (no version anywhere, or the Java runtime's own) is no package and no
 * problem: configuration, resources and compiled applications are often packed so.
 */
export const ecosystem: Ecosystem = {
  id: 'maven',
  title: 'Java archives',
  recognises: [
    {
      what: '`*.jar`, `*.war`, `*.ear` …, nested and shaded ones too; programs that GraalVM compiled and listed the parts of (ELF)',
      example: 'app/app.jar',
      presence: 'installed',
    },
    {
      what: '`gradle.lockfile`, `gradle/dependency-locks/*.lockfile`',
      example: 'app/gradle.lockfile',
      presence: 'declared',
    },
    { what: '`pom.xml`', example: 'app/pom.xml', presence: 'declared' },
  ],
  revision: 4,
  database: false,
  limit,
  order,
  claims: (path, head) => !isProgram(path) || mayBeNativeImage(path, head),
  // A launch script may stand before the zip, so a beginning other than PK says nothing.
  sniff: (first, path) =>
    isProgram(path) ? looksExecutable(first) : !first.subarray(0, rarMagic.length).equals(rarMagic),
  bytesAlone: isProgram,
  partial: partialReaderOf(isProgram),
  parse(file) {
    if (isArchivePath(file.path)) return scanArchive(file.path, file.bytes);
    return isProgram(file.path) ? readNativeImage(file.path, file.bytes) : parseText(file);
  },
  purl(record) {
    const at = record.name.indexOf(':');
    const parts = { type: 'maven', name: record.name.slice(at + 1), version: record.version };
    return buildPurl(at < 0 ? parts : { ...parts, namespace: record.name.slice(0, at) });
  },
  advisories: (record) => ({ ecosystem: 'Maven', name: record.name, version: record.version }),
};

function parseText({ path, bytes }: ClaimedFile): Parsed {
  if (bytes.length > textLimit) {
    const message = `the file is larger than ${textLimit} bytes, the most that is read of its kind`;
    return { packages: [], problems: [warning('maven/too-large', message, path)] };
  }
  return isGradleLock(path) ? readGradleLock(path, bytes) : readPom(path, bytes);
}
