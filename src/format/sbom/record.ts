import type { PackageRecord } from '../../model/package.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import type { PurlParts } from '../../model/purl.ts';
import { distributionTypes } from './distribution.ts';
import type { SbomPackage } from './document.ts';
import { originOf } from './origin.ts';

/** A component as a package of some kind. */
export interface SbomRecord {
  /** The purl's type, or `generic` for what has no purl. */
  readonly ecosystem: string;
  /** Its version is empty when none is stated. */
  readonly record: PackageRecord;
  /** Package URL as the document writes it, where it has one. */
  readonly purl?: string;
  /** purl of the distribution's package whose files these are. */
  readonly ownedBy?: string;
}

/** Component types that are parts of the software; all others (files, data, machines …) need a purl to be one. */
const partTypes: ReadonlySet<string> = new Set([
  'library',
  'application',
  'framework',
  'platform',
  'module',
  'install',
]);
/** Components that are none whatever their purl: what a package was built from, and whole images. */
const noParts: ReadonlySet<string> = new Set(['source', 'container', 'operating-system', 'operatingsystem']);
const imageTypes: ReadonlySet<string> = new Set(['oci', 'docker']);

/** What a component is as a package: undefined for what is no part of the software that could be judged. */
export function recordOf(found: SbomPackage): SbomRecord | undefined {
  if (noParts.has(found.type)) return undefined;
  const purl = found.purl === undefined ? undefined : parsePurl(found.purl);
  if (found.properties.has('sluice:ecosystem')) return ownRecord(found, purl);
  if (purl === undefined) return genericRecord(found);
  if (imageTypes.has(purl.type) || isSource(purl)) return undefined;
  const written = { purl: found.purl as string };
  if (distributionTypes.has(purl.type)) return { ...systemRecord(found, purl), ...written };
  const name = nameOf(found, purl);
  const version = versionOf(found, purl, name);
  return { ecosystem: purl.type, record: { name, version, ...commonOf(found), ...builtFor(purl) }, ...written };
}

/** What tells builds of one version apart: qualifiers of the purl that are fields of a package here. */
function builtFor({ type, qualifiers = {} }: PurlParts): Pick<PackageRecord, 'arch' | 'build' | 'vendor'> {
  if (type === 'gem') return qualifiers.platform ? { arch: qualifiers.platform } : {};
  if (type === 'nix') return qualifiers.output ? { arch: qualifiers.output } : {};
  if (type !== 'conda') return {};
  const { subdir, build, channel } = qualifiers;
  return {
    ...(subdir ? { arch: subdir } : {}),
    ...(build ? { build } : {}),
    ...(channel ? { vendor: channel } : {}),
  };
}

/** Distributions' source packages are what others were built from. */
function isSource({ type, qualifiers }: PurlParts): boolean {
  const arch = qualifiers?.arch;
  return (type === 'deb' && arch === 'source') || (type === 'rpm' && (arch === 'src' || arch === 'nosrc'));
}

/** What sluice wrote names the kind of package, and name and version exactly. */
function ownRecord(found: SbomPackage, purl: PurlParts | undefined): SbomRecord {
  const { properties, group } = found;
  const ecosystem = properties.get('sluice:ecosystem') as string;
  const joined = group === '' ? found.name : `${group}${ecosystem === 'maven' ? ':' : '/'}${found.name}`;
  const arch = properties.get('sluice:arch');
  const module = properties.get('sluice:module');
  const vendor = properties.get('sluice:vendor') ?? found.supplier;
  const ownedBy = properties.get('sluice:ownedBy');
  const version =
    properties.get('sluice:version') ?? (found.version || (purl === undefined ? '' : fullVersion(found, purl)));
  const name = joined || (purl?.name ?? '');
  const source = properties.get('sluice:origin:name');
  const origin =
    source === undefined ? undefined : { name: source, version: properties.get('sluice:origin:version') ?? version };
  return {
    ecosystem,
    record: {
      name,
      version,
      ...commonOf(found),
      ...(origin ? { origin } : {}),
      ...(arch ? { arch } : {}),
      ...(module ? { module } : {}),
      ...(purl?.type === 'conda' ? builtFor(purl) : {}),
      ...(vendor ? { vendor } : {}),
    },
    ...(ownedBy ? { ownedBy } : {}),
    ...(found.purl ? { purl: found.purl } : {}),
  };
}

function genericRecord(found: SbomPackage): SbomRecord | undefined {
  if (!partTypes.has(found.type) || found.name === '' || found.version === '') return undefined;
  const name = found.group === '' ? found.name : `${found.group}/${found.name}`;
  return { ecosystem: 'generic', record: { name, version: found.version, ...commonOf(found) } };
}

function commonOf({ presence, license, hashes, dev }: SbomPackage): Omit<PackageRecord, 'name' | 'version'> {
  return {
    // What does not say how it is there is taken for there: a list of parts means to list parts.
    presence: presence ?? 'installed',
    ...(license ? { license } : {}),
    ...(hashes.length > 0 ? { hashes } : {}),
    ...(dev ? { dev } : {}),
  };
}

function systemRecord(found: SbomPackage, purl: PurlParts): SbomRecord {
  const { type, qualifiers } = purl;
  const { properties, supplier } = found;
  // purl's rules have names of deb and apk in lower case; the document may still have the true one.
  const name = found.name.toLowerCase() === purl.name.toLowerCase() ? found.name : purl.name;
  const version = fullVersion(found, purl);
  const arch = qualifiers?.arch ?? properties.get('syft:metadata:architecture');
  const module = type === 'rpm' ? moduleOf(found, purl) : undefined;
  const origin = originOf({ type, name, version, found, upstream: qualifiers?.upstream });
  return {
    ecosystem: type,
    record: {
      name,
      version,
      ...commonOf(found),
      ...(origin ? { origin } : {}),
      ...(arch ? { arch } : {}),
      ...(module ? { module } : {}),
      // Elsewhere it is who packed it, not whose it is.
      ...(type === 'rpm' && supplier ? { vendor: supplier } : {}),
    },
  };
}

/** The modularity label, for which every tool has a name of its own. */
function moduleOf({ properties }: SbomPackage, { qualifiers }: PurlParts): string | undefined {
  return (
    qualifiers?.rpmmod ??
    qualifiers?.modularitylabel ??
    properties.get('aquasecurity:trivy:Modularitylabel') ??
    properties.get('syft:metadata:modularityLabel')
  );
}

/** The epoch is a qualifier in the purl, or stands only in the component's own version. */
function fullVersion({ version: stated }: SbomPackage, { type, version = '', qualifiers }: PurlParts): string {
  if (version === '') return stated;
  if (!distributionTypes.has(type) || type === 'apk' || version.includes(':')) return version;
  const epoch = qualifiers?.epoch;
  if (epoch !== undefined) return `${epoch}:${version}`;
  return /^\d+:/.test(stated) && stated.slice(stated.indexOf(':') + 1) === version ? stated : version;
}

/**
 * The name as the ecosystem writes it. A purl may spell it in lower case or cut it up; where the component's own name
 * is the same but for that, it is the true one.
 */
function nameOf({ name, group }: SbomPackage, purl: PurlParts): string {
  const joiner = purl.type === 'maven' ? ':' : '/';
  const scope = purl.type === 'npm' && purl.namespace?.startsWith('@') === false ? '@' : '';
  const plain = purl.namespace === undefined ? purl.name : `${scope}${purl.namespace}${joiner}${purl.name}`;
  // Go modules' paths may end in what Syft puts into the subpath: `/v2`, or the folder of a module in a repository.
  const below = purl.type === 'golang' && purl.subpath !== undefined ? `${plain}/${purl.subpath}` : plain;
  if (purl.type === 'golang' && (plain === 'std' || plain === 'stdlib')) return 'stdlib';
  const candidates = [name, ...(group === '' ? [] : [`${group}${joiner}${name}`])];
  return (
    candidates.find((text) => isSame(text, below, purl.type)) ??
    candidates.find((text) => isSame(text, plain, purl.type)) ??
    below
  );
}

function isSame(text: string, name: string, type: string): boolean {
  return text === name || folded(text, type) === folded(name, type);
}

function folded(text: string, type: string): string {
  const lower = text.toLowerCase();
  return type === 'pypi' ? lower.replace(/[-_.]+/g, '-') : lower;
}

/** Go's standard library is called by the release of the toolchain: `go1.21.5`, `v1.21.5`, `1.21.5`. */
function versionOf(found: SbomPackage, purl: PurlParts, name: string): string {
  const version = fullVersion(found, purl);
  return purl.type === 'golang' && name === 'stdlib' ? version.replace(/^(?:go|v)(?=\d)/, '') : version;
}
