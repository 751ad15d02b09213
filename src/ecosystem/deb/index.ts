import { readStanzas, type Stanza } from '../../format/control-stanza.ts';
import { StanzaTally, stanzaLimit } from '../../format/stanza-tally.ts';
import { type Distribution, isOneOf, type PackageRecord } from '../../model/package.ts';
import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/dpkg.ts';
import type { AdvisoryKey, ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { isFileList, readDebFiles } from './files.ts';
import { namespaceOf } from './namespace.ts';
import { neededBy } from './needs.ts';

/** Bytes of a package database that are read; the largest seen on a desktop has 10 MiB. */
const statusLimit = 64 * 1024 * 1024;

const statusPath = 'var/lib/dpkg/status';
const statusFolder = 'var/lib/dpkg/status.d/';
const wanted: ReadonlySet<string> = new Set(['package', 'version', 'status', 'architecture', 'source']);
const lists: ReadonlySet<string> = new Set(['depends', 'pre-depends']);

/** Bytes of one package's list of files that are read. */
const fileListLimit = 32 * 1024 * 1024;

/** Distributions whose packages dpkg manages. */
const distributions = new Set(['debian', 'ubuntu', 'echo']);

/** Debian packages: dpkg's database, and the single files that distroless images have instead of it. */
export const ecosystem: Ecosystem = {
  id: 'deb',
  title: 'Debian and Ubuntu packages',
  recognises: [
    { what: "dpkg's database", example: 'var/lib/dpkg/status', presence: 'installed' },
    {
      what: 'distroless: one file a package in `status.d`',
      example: 'var/lib/dpkg/status.d/base',
      presence: 'installed',
    },
  ],
  revision: 2,
  database: true,
  databasePaths: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d'],
  limit: statusLimit,
  order,
  claims(path) {
    if (path === statusPath) return true;
    if (!path.startsWith(statusFolder) || path.endsWith('.md5sums')) return false;
    return path.length > statusFolder.length && path.indexOf('/', statusFolder.length) < 0;
  },
  ownership: { limit: fileListLimit, claims: (path, _head, digests) => isFileList(path, digests), read: readDebFiles },
  parse: parseStatus,
  native: (distribution) => isOneOf(distribution, distributions),
  purl(record, distribution) {
    return buildPurl({
      type: 'deb',
      ...(distribution === undefined ? {} : { namespace: distribution.id }),
      name: record.name.toLowerCase(),
      version: record.version,
      qualifiers: { arch: record.arch, distro: distribution === undefined ? undefined : distroName(distribution) },
    });
  },
  advisories(record, distribution) {
    const namespace = distribution && namespaceOf(distribution);
    return namespace === undefined ? undefined : advisoryKey(namespace, record);
  },
};

/** A package while it is put together. */
type Draft = { -readonly [Key in keyof PackageRecord]: PackageRecord[Key] };

function parseStatus(file: ClaimedFile): Parsed {
  const tally = new StanzaTally('deb');
  let stanzas = 0;
  for (const stanza of readStanzas(file.bytes, wanted, lists)) {
    if (++stanzas > stanzaLimit) {
      tally.cut = true;
      break;
    }
    add(tally, stanza);
  }
  return { packages: tally.packages, problems: tally.problems(file.path) };
}

function add(tally: StanzaTally, stanza: Stanza): void {
  const name = stanza.fields.get('package') ?? '';
  const version = stanza.fields.get('version') ?? '';
  if (name !== '' && isRemoved(stanza.fields.get('status'))) {
    tally.removed++;
  } else if (name === '' || version === '') {
    tally.incomplete.note(stanza.line);
    return;
  } else {
    tally.packages.push(toRecord(name, version, stanza.fields));
  }
  if (stanza.malformed) tally.malformed.note(stanza.line);
}

/** The third word of `Status` is the state, dpkg(1); of a half-installed package the files are there. */
function isRemoved(status: string | undefined): boolean {
  if (status === undefined || status === 'install ok installed') return false;
  const state = status.split(' ').filter((word) => word !== '')[2];
  return state === 'not-installed' || state === 'config-files';
}

function toRecord(name: string, version: string, fields: ReadonlyMap<string, string>): PackageRecord {
  const record: Draft = { name, version, presence: 'installed' };
  const source = fields.get('source');
  const origin = source ? readSource(source, name, version) : undefined;
  if (origin !== undefined && (origin.name !== name || origin.version !== version)) record.origin = origin;
  const arch = fields.get('architecture');
  if (arch) record.arch = arch;
  const needs = neededBy(fields.get('pre-depends'), fields.get('depends'));
  if (needs) record.needs = needs;
  return record;
}

/** `name (version)`: what is not said is as in the binary package (deb-control(5), Source). */
function readSource(source: string, name: string, version: string): { name: string; version: string } {
  const open = source.indexOf('(');
  if (open < 0) return { name: source, version };
  const close = source.indexOf(')', open);
  const stated = source.slice(open + 1, close < 0 ? undefined : close).trim();
  return { name: source.slice(0, open).trim() || name, version: stated || version };
}

function distroName(distribution: Distribution): string {
  const release = distribution.version || distribution.codename;
  return release ? `${distribution.id}-${release}` : distribution.id;
}

function advisoryKey(ecosystem: string, record: PackageRecord): AdvisoryKey {
  const { name, version } = record.origin ?? record;
  return { ecosystem, name, version };
}
