import { isContentManifest, parseContentManifest } from '../../format/content-sets.ts';
import { type RpmHeader, readHeader } from '../../format/rpm/header.ts';
import { readInventory } from '../../format/rpm/inventory.ts';
import { readManifest } from '../../format/rpm/manifest.ts';
import type { Damage } from '../../format/rpm/pages.ts';
import { walHoldsChanges } from '../../format/rpm/sqlite-wal.ts';
import { type Distribution, isOneOf, type Origin, type PackageRecord } from '../../model/package.ts';
import { blinding, type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import type { ErrorCode } from '../../util/error.ts';
import { order } from '../../version/rpm.ts';
import type { AdvisoryKey, ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readBlobs } from './blobs.ts';
import { namespaceOf, vendorOf } from './namespace.ts';
import { neededBy } from './needs.ts';
import { readOwnedFiles } from './owned.ts';
import { redHatProducts, unknownContentSets } from './products.ts';
import { epochPrefix, versionOf } from './version.ts';

const manifestPath = 'var/lib/rpmmanifest/container-manifest-2';
const inventoryPath = 'usr/share/bottlerocket/application-inventory.json';
const logSuffix = '/rpmdb.sqlite-wal';

/** Where distributions keep the package database: the usual place, SUSE's and Fedora's, and that of rpm-ostree. */
const folders = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'];
const databases = new Set(
  folders.flatMap((folder) => [`${folder}/Packages`, `${folder}/Packages.db`, `${folder}/rpmdb.sqlite`]),
);
const logs = new Set(folders.map((folder) => folder + logSuffix));

/** Bytes of a package database that are read. */
const sizeLimit = 512 * 1024 * 1024;

/** Characters of all texts that are taken from one database: the tags of a header may all be the same large one. */
const maxText = 64 * 1024 * 1024;

/** Distributions whose packages rpm manages. */
const distributions = new Set(
  [
    'fedora rhel centos almalinux rocky ol amzn photon mariner azurelinux openeuler mageia bottlerocket',
    'suse sles sled sles_sap sle_hpc sle-micro sl-micro suse-microos',
  ].flatMap((ids) => ids.split(' ')),
);

/** Packages of rpm, whichever of its three databases holds them, or the manifest of images without a database. */
export const ecosystem: Ecosystem = {
  id: 'rpm',
  title: 'RPM packages',
  recognises: [
    {
      what: 'the rpm database: Berkeley DB, NDB or SQLite',
      example: 'var/lib/rpm/rpmdb.sqlite',
      presence: 'installed',
    },
    {
      what: 'the container manifest of Azure Linux',
      example: 'var/lib/rpmmanifest/container-manifest-2',
      presence: 'installed',
    },
    { what: 'the application inventory of Bottlerocket', example: inventoryPath, presence: 'installed' },
  ],
  revision: 2,
  database: true,
  databasePaths: [...databases, manifestPath, inventoryPath],
  limit: sizeLimit,
  order,
  lastLetters: 'sbel2n',
  claims(path, head) {
    const first = path.charCodeAt(0);
    if (first !== 0x72 && first !== 0x75 && first !== 0x76) return false;
    if (isContentManifest(path)) return true;
    return databases.has(path) || path === manifestPath || path === inventoryPath || (head.size > 0 && logs.has(path));
  },
  ownership: { limit: sizeLimit, claims: (path) => databases.has(path), read: readOwnedFiles },
  parse,
  native: (distribution) => isOneOf(distribution, distributions) || distribution.id.startsWith('opensuse'),
  purl,
  advisories,
  advisoryGaps(distribution, contentSets) {
    const products = redHatProducts(distribution, contentSets);
    return products ? unknownContentSets(products) : [];
  },
};

function parse(file: ClaimedFile): Parsed {
  return isContentManifest(file.path) ? parseManifest(file) : parseDatabase(file);
}

/** What a Red Hat image says of the repositories that its packages may be from. */
function parseManifest({ path, bytes }: ClaimedFile): Parsed {
  const manifest = parseContentManifest(bytes);
  if (manifest) return { packages: [], problems: [], contentSets: manifest.contentSets };
  return { packages: [], problems: [warning('rpm/content-manifest', 'the content manifest can not be read', path)] };
}

function parseDatabase(file: ClaimedFile): Parsed {
  const found = new Map<ErrorCode, { message: string; count: number }>();
  const damage: Damage = (code, message) => {
    const known = found.get(code);
    if (known === undefined) found.set(code, { message, count: 1 });
    else known.count++;
  };
  const packages: PackageRecord[] = [];
  let text = 0;
  for (const header of readHeaders(file, damage)) {
    text += lengthOf(header);
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

function lengthOf({ requires, ...texts }: RpmHeader): number {
  let length = 0;
  for (const value of Object.values(texts)) length += typeof value === 'string' ? value.length : 0;
  for (const name of requires ?? []) length += name.length;
  return length;
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
  if (path === inventoryPath) {
    yield* readInventory(bytes, damage);
    return;
  }
  for (const blob of readBlobs(bytes, damage)) {
    const header = readHeader(blob, damage);
    if (header !== undefined) yield header;
  }
}

function recordOf(header: RpmHeader): PackageRecord {
  const origin = originOf(header.sourceRpm, epochPrefix(header));
  const needs = header.requires && neededBy(header.name, header.requires);
  return {
    name: header.name,
    version: versionOf(header),
    presence: 'installed',
    ...(origin && { origin }),
    ...(header.arch && { arch: header.arch }),
    ...(header.module && { module: header.module }),
    ...(header.vendor && { vendor: header.vendor }),
    ...(header.license && { license: header.license }),
    ...(needs && { needs }),
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
    ...(distribution && { namespace: vendorOf(distribution) }),
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

/**
 * AlmaLinux and Red Hat name binary packages in their advisories (AlmaLinux though OSV's schema says otherwise), all
 * others source packages: Photon's `name of the RPM package` is the one that it publishes its fixes by.
 */
function advisories(
  record: PackageRecord,
  distribution: Distribution | undefined,
  contentSets?: readonly string[],
): AdvisoryKey | undefined {
  const products = redHatProducts(distribution, contentSets);
  if (products) {
    return { ecosystem: products.ecosystem, name: record.name, version: record.version, also: products.also };
  }
  const ecosystem = distribution && namespaceOf(distribution);
  if (ecosystem === undefined) return undefined;
  if (distribution?.id === 'almalinux') return { ecosystem, name: record.name, version: record.version };
  const { name, version } = record.origin ?? record;
  return { ecosystem, name, version };
}
