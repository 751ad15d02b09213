import { type Distribution, isOneOf } from '../../model/package.ts';
import { blinding, type Problem } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/alpm.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readDesc } from './desc.ts';
import { isFileList, readAlpmFiles } from './files.ts';
import { entryOf } from './place.ts';

/** Bytes of one package's description that are read; real ones have some 2 KiB. */
const descLimit = 1024 * 1024;
/** Bytes of one package's list of files that are read. */
const fileListLimit = 32 * 1024 * 1024;

/** Distributions whose packages pacman manages; most others say that they are like Arch Linux. */
const distributions = new Set('arch arch32 archarm artix cachyos endeavouros garuda manjaro msys2 parabola'.split(' '));

/** Packages of pacman, in the database that it keeps on the system itself: a folder a package. */
export const ecosystem: Ecosystem = {
  id: 'alpm',
  title: 'Arch Linux packages',
  recognises: [
    {
      what: "pacman's database",
      example: 'var/lib/pacman/local/bash-5.2.026-2/desc',
      presence: 'installed',
    },
  ],
  revision: 1,
  database: true,
  databasePaths: ['var/lib/pacman/local'],
  limit: descLimit,
  order,
  lastLetters: 'c',
  claims: (path) => entryOf(path, '/desc'),
  ownership: { limit: fileListLimit, claims: (path, _head, digests) => isFileList(path, digests), read: readAlpmFiles },
  parse,
  native: (distribution) => isOneOf(distribution, distributions),
  /** purl specification, type `alpm`: the namespace is the vendor, `arch` or a derivative; name in lower case. */
  purl(record, distribution) {
    return buildPurl({
      type: 'alpm',
      ...(distribution && { namespace: distribution.id }),
      name: record.name.toLowerCase(),
      version: record.version,
      qualifiers: { arch: record.arch, distro: distribution && distroName(distribution) },
    });
  },
  /** The OSV schema has no ecosystem for Arch Linux or a derivative. */
  advisories: () => undefined,
};

function parse({ path, bytes }: ClaimedFile): Parsed {
  const { record, malformed } = readDesc(bytes.toString('utf8'));
  const problems: Problem[] = [];
  if (record === undefined) {
    problems.push(blinding('alpm/unreadable', 'the description of a package names no package or no version', path));
  } else if (malformed) {
    problems.push(
      blinding('alpm/malformed', 'the description of a package says two things of its name or version', path),
    );
  }
  return { packages: record === undefined ? [] : [record], problems };
}

function distroName({ id, version }: Distribution): string {
  return version === '' ? id : `${id}-${version}`;
}
