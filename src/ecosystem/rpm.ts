import type { RandomAccess } from '../format/random-access.ts';
import { isBdb, readBdbPackages } from '../format/rpm/bdb.ts';
import { type RpmHeader, readHeader } from '../format/rpm/header.ts';
import { readManifest } from '../format/rpm/manifest.ts';
import { isNdb, readNdbPackages } from '../format/rpm/ndb.ts';
import type { Damage } from '../format/rpm/pages.ts';
import { isSqlite, readSqlitePackages } from '../format/rpm/sqlite.ts';
import { walHoldsChanges } from '../format/rpm/sqlite-wal.ts';
import { type Distribution, isOneOf, type Origin, type PackageRecord } from '../model/package.ts';
import { blinding, type Problem } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import type { ErrorCode } from '../util/error.ts';
import { order } from '../version/rpm.ts';
import type { AdvisoryKey, ClaimedFile, Ecosystem, Parsed } from './contract.ts';

const manifestPath = 'var/lib/rpmmanifest/container-manifest-2';
const logSuffix = '/rpmdb.sqlite-wal';

/** Where distributions keep the package database: the usual place, SUSE's and Fedora's, and that of rpm-ostree. */
const folders = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'];
const databases = new Set(
  folders.flatMap((folder) => [`${folder}/Packages`, `${folder}/Packages.db`, `${folder}/rpmdb.sqlite`]),
);
const logs = new Set(folders.map((folder) => folder + logSuffix));

/** Characters of all texts that are taken from one database: the tags of a header may all be the same large one. */
const maxText = 64 * 1024 * 1024;

/** Distributions whose packages rpm manages. */
const distributions = new Set(
  'fedora rhel centos almalinux rocky ol amzn suse sles photon mariner azurelinux openeuler mageia'.split(' '),
);

/** Packages of rpm, whichever of its three databases holds them, or the manifest of images without a database. */
export const ecosystem: Ecosystem = {
  id: 'rpm',
  revision: 1,
  database: true,
  databasePaths: [...databases, manifestPath],
  limit: 512 * 1024 * 1024,
  order,
  claims(path, head) {
    const first = path.charCodeAt(0);
    if (first !== 0x75 && first !== 0x76) return false;
    return databases.has(path) || path === manifestPath || (head.size > 0 && logs.has(path));
  },
  parse,
  native: (distribution) => isOneOf(distribution, distributions) || distribution.id.startsWith('opensuse'),
  purl,
  advisories,
};

function parse(file: ClaimedFile): Parsed {
  const found = new Map<ErrorCode, { message: string; count: number }>();
  const damage: Damage = (code, message) => {
    const known = found.get(code);
    if (known === undefined) found.set(code, { message, count: 1 });
    else known.count++;
  };
  const packages: PackageRecord[] = [];
  let text = 0;
  for (const header of readHeaders(file, damage)) {
    for (const value of Object.values(header)) text += typeof value === 'string' ? value.length : 0;
    if (text > maxText) {
      damage(
        'rpm/too-large',
        `the package database holds more than ${maxText} characters of names, versions and the like`,
      );
      break;
    }
    // An imported signing key is kept as a package, but nothing of it is installed.
    if (header.name !== 'gpg-pubkey') packages.push(recordOf(header));
  }
  const problems: Problem[] = [];
  for (const [code, { message, count }] of found) {
    problems.push(blinding(code, count === 1 ? message : `${message} (and ${count - 1} more like it)`, file.path));
  }
  return { packages, problems };
}

function* readHeaders(file: ClaimedFile, damage: Damage): Generator<RpmHeader> {
  const { path, bytes } = file;
  if (path.endsWith(logSuffix)) {
    if (walHoldsChanges(bytes)) {
      damage('rpm/unfinished-log', 'the log of the package database holds changes that are not in the database yet');
    }
    return;
  }
  if (bytes.length === 0) {
    damage('rpm/empty', 'the package database is an empty file');
    return;
  }
  if (path === manifestPath) {
    yield* readManifest(bytes, damage);
    return;
  }
  for (const blob of readBlobs(bytes, damage)) {
    const header = readHeader(blob, damage);
    if (header !== undefined) yield header;
  }
}

/** The content tells which database it is: a file's name is no promise. */
function readBlobs(bytes: Buffer, damage: Damage): Iterable<RandomAccess> {
  if (isSqlite(bytes)) return readSqlitePackages(bytes, damage);
  if (isNdb(bytes)) return readNdbPackages(bytes, damage);
  if (isBdb(bytes)) return readBdbPackages(bytes, damage);
  damage('rpm/unreadable', 'the package database is of no known kind (sqlite, ndb, Berkeley DB hash)');
  return [];
}

function recordOf(header: RpmHeader): PackageRecord {
  const prefix = header.epoch ? `${header.epoch}:` : '';
  const origin = originOf(header.sourceRpm, prefix);
  return {
    name: header.name,
    version: `${prefix}${header.version}-${header.release}`,
    presence: 'installed',
    ...(origin && { origin }),
    ...(header.arch && { arch: header.arch }),
    ...(header.module && { module: header.module }),
    ...(header.vendor && { vendor: header.vendor }),
    ...(header.license && { license: header.license }),
  };
}

/** The source package from its file name. That has no epoch; a package is nearly always built with its source's. */
function originOf(file: string | undefined, prefix: string): Origin | undefined {
  if (file === undefined) return undefined;
  let end = -1;
  if (file.endsWith('.nosrc.rpm')) end = file.length - '.nosrc.rpm'.length;
  else if (file.endsWith('.src.rpm')) end = file.length - '.src.rpm'.length;
  const release = end < 0 ? -1 : file.lastIndexOf('-', end - 1);
  const version = release <= 0 ? -1 : file.lastIndexOf('-', release - 1);
  if (version <= 0) return undefined;
  return { name: file.slice(0, version), version: prefix + file.slice(version + 1, end) };
}

/** purl specification, type `rpm`: the epoch is a qualifier, not part of the version. */
function purl(record: PackageRecord, distribution: Distribution | undefined): string {
  const colon = record.version.indexOf(':');
  const distro =
    distribution && (distribution.version ? `${distribution.id}-${distribution.version}` : distribution.id);
  return buildPurl({
    type: 'rpm',
    ...(distribution && { namespace: distribution.id }),
    name: record.name,
    version: record.version.slice(colon + 1),
    qualifiers: {
      arch: record.arch,
      distro,
      epoch: colon > 0 ? record.version.slice(0, colon) : undefined,
      rpmmod: record.module,
    },
  });
}

/** AlmaLinux names binary packages in its advisories (though OSV's schema says otherwise), all others source packages. */
function advisories(record: PackageRecord, distribution: Distribution | undefined): AdvisoryKey | undefined {
  const ecosystem = distribution && namespaceOf(distribution);
  if (ecosystem === undefined) return undefined;
  if (distribution?.id === 'almalinux') return { ecosystem, name: record.name, version: record.version };
  const { name, version } = record.origin ?? record;
  return { ecosystem, name, version };
}

/**
 * The distribution as OSV writes it. Not here: Red Hat and SUSE Linux Enterprise, whose advisories are filed by product
 * (a CPE, a module, a support phase) that `os-release` does not tell: a guess would find nothing and look like a pass.
 */
function namespaceOf(distribution: Distribution): string | undefined {
  const { id, version } = distribution;
  if (id === 'opensuse-tumbleweed') return 'openSUSE:Tumbleweed';
  if (version === '') return undefined;
  const dot = version.indexOf('.');
  const major = dot < 0 ? version : version.slice(0, dot);
  switch (id) {
    case 'almalinux':
      return `AlmaLinux:${major}`;
    case 'rocky':
      return `Rocky Linux:${major}`;
    case 'azurelinux':
      return `Azure Linux:${major}`;
    case 'mageia':
      return `Mageia:${major}`;
    case 'opensuse-leap':
      return `openSUSE:Leap ${version}`;
    case 'openeuler':
      return openEulerRelease(distribution);
    default:
      return undefined;
  }
}

/** `openEuler 22.03 (LTS-SP3)` is `openEuler:22.03-LTS-SP3`; releases without long-term support have no advisories. */
function openEulerRelease(distribution: Distribution): string | undefined {
  const { name, version } = distribution;
  const open = name.indexOf('(LTS');
  const close = name.indexOf(')', open);
  return open < 0 || close < 0 ? undefined : `openEuler:${version}-${name.slice(open + 1, close)}`;
}
