import { readStanzas, type Stanza } from '../format/control-stanza.ts';
import { StanzaTally, stanzaLimit } from '../format/stanza-tally.ts';
import { type Distribution, isOneOf, type PackageRecord } from '../model/package.ts';
import { buildPurl } from '../model/purl.ts';
import { order } from '../version/dpkg.ts';
import type { AdvisoryKey, ClaimedFile, Ecosystem, Parsed } from './contract.ts';

/** Bytes of a package database that are read; the largest seen on a desktop has 10 MiB. */
const statusLimit = 64 * 1024 * 1024;

const statusPath = 'var/lib/dpkg/status';
const statusFolder = 'var/lib/dpkg/status.d/';
const wanted: ReadonlySet<string> = new Set(['package', 'version', 'status', 'architecture', 'source']);

/** Releases by codename, for a system that has not been released yet and so states no `VERSION_ID`. */
const debianReleases = new Map([
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
]);

/** Distributions whose packages dpkg manages. */
const distributions = new Set(['debian', 'ubuntu']);

/** Debian packages: dpkg's database, and the single files that distroless images have instead of it. */
export const ecosystem: Ecosystem = {
  id: 'deb',
  revision: 1,
  database: true,
  databasePaths: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d'],
  limit: statusLimit,
  order,
  claims(path) {
    if (path === statusPath) return true;
    if (!path.startsWith(statusFolder) || path.endsWith('.md5sums')) return false;
    return path.length > statusFolder.length && path.indexOf('/', statusFolder.length) < 0;
  },
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
    const namespace = advisoryNamespace(distribution);
    return namespace === undefined ? undefined : advisoryKey(namespace, record);
  },
};

function parseStatus(file: ClaimedFile): Parsed {
  const tally = new StanzaTally('deb');
  let stanzas = 0;
  for (const stanza of readStanzas(file.bytes, wanted)) {
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
  if (status === undefined) return false;
  const state = status.split(' ').filter((word) => word !== '')[2];
  return state === 'not-installed' || state === 'config-files';
}

function toRecord(name: string, version: string, fields: ReadonlyMap<string, string>): PackageRecord {
  const arch = fields.get('architecture');
  const source = fields.get('source');
  const origin = source ? readSource(source, name, version) : undefined;
  return {
    name,
    version,
    presence: 'installed',
    ...(origin === undefined || (origin.name === name && origin.version === version) ? {} : { origin }),
    ...(arch ? { arch } : {}),
  };
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

/** The namespace of the OSV schema; a derivative rebuilds packages under versions of its own and has none here. */
function advisoryNamespace(distribution: Distribution | undefined): string | undefined {
  if (distribution?.id === 'debian') {
    const release = /^\d+/.exec(distribution.version)?.[0] ?? debianReleases.get(distribution.codename ?? '');
    return release === undefined ? undefined : `Debian:${release}`;
  }
  if (distribution?.id === 'ubuntu') return ubuntuNamespace(distribution.version);
  return undefined;
}

/** `Ubuntu:22.04:LTS`, `Ubuntu:23.10`: the suffix is mandatory for releases with long-term support. */
function ubuntuNamespace(version: string): string | undefined {
  const match = /^(\d{1,2})\.(\d\d)(?=\.|$)/.exec(version);
  if (match === null) return undefined;
  const [release, year, month] = match;
  const longTerm = release === '6.06' || (month === '04' && Number(year) % 2 === 0 && Number(year) >= 8);
  return `Ubuntu:${release}${longTerm ? ':LTS' : ''}`;
}
