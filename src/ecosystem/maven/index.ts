import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/maven.ts';
import type { Ecosystem } from '../contract.ts';
import { scanArchive } from './archive.ts';
import { isArchivePath } from './endings.ts';

/** Bodies above this many bytes are not read. */
const limit = 512 * 1024 * 1024;
/** What a RAR archive begins with: `.rar` is a Java resource adapter only when it is a zip. */
const rarMagic = Buffer.from('Rar!', 'latin1');

/**
 * Java archives: Maven coordinates from `pom.properties`, the manifest or the file name, of the archive and of all
 * archives inside of it. The order of sources, and how a group is guessed, are in `identity.ts`.
 *
 * An archive whose coordinates nothing tells (no version anywhere, or the Java runtime's own) is no package and no
 * problem: configuration, resources and compiled applications are often packed so.
 */
export const ecosystem: Ecosystem = {
  id: 'maven',
  revision: 3,
  database: false,
  limit,
  order,
  claims: isArchivePath,
  // A launch script may stand before the zip, so a beginning other than PK says nothing.
  sniff: (first) => !first.subarray(0, rarMagic.length).equals(rarMagic),
  parse: (file) => scanArchive(file.path, file.bytes),
  purl(record) {
    const at = record.name.indexOf(':');
    const parts = { type: 'maven', name: record.name.slice(at + 1), version: record.version };
    return buildPurl(at < 0 ? parts : { ...parts, namespace: record.name.slice(0, at) });
  },
  advisories: (record) => ({ ecosystem: 'Maven', name: record.name, version: record.version }),
};
