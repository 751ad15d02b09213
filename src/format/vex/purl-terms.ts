import { parsePurl } from '../../model/parse-purl.ts';
import type { PurlParts } from '../../model/purl.ts';

/** A package URL in the terms in which two of them are compared. */
export interface PurlTerms {
  readonly type: string;
  /** Type, namespace and name by the type's rules: two purls with the same one name the same package. */
  readonly key: string;
  /** Name alone, by the type's rules. */
  readonly name: string;
  /** Full, with the epoch of a distribution's package; absent: all versions. */
  readonly version?: string;
  /** Without `epoch`, which is in the version. */
  readonly qualifiers: Readonly<Record<string, string | undefined>>;
  readonly subpath?: string;
}

/** Types whose names are compared in lower case (purl specification, known types; NuGet and GitHub go by no case either). */
const inLowerCase: ReadonlySet<string> = new Set([
  ...['alpm', 'apk', 'bitbucket', 'bitnami', 'composer', 'conda', 'deb', 'docker', 'github', 'githubactions', 'gitlab'],
  ...['golang', 'hex', 'luarocks', 'npm', 'nuget', 'oci', 'otp', 'pub', 'pypi', 'qpkg', 'swift', 'vscode-extension'],
]);

/** Types whose versions are written with and without a `v` in front. */
const withV: ReadonlySet<string> = new Set(['golang', 'composer', 'swift', 'githubactions']);

/** Types whose versions have an epoch, which purls have in a qualifier or in the version. */
const withEpoch: ReadonlySet<string> = new Set(['deb', 'rpm', 'alpm']);

/** Names that distributions have in purls beside the `ID` of their os-release, which is what is compared. */
const namespaces: ReadonlyMap<string, string> = new Map([
  ['redhat', 'rhel'],
  ['suse', 'sles'],
  ['opensuse-leap', 'opensuse'],
  ['opensuse-tumbleweed', 'opensuse'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['amazon', 'amzn'],
  ['amazonlinux', 'amzn'],
  ['rockylinux', 'rocky'],
  ['alma', 'almalinux'],
  ['archlinux', 'arch'],
]);

/** A version that somebody forgot to fill in must not stand for all of them. */
const emptyVersion = /@(?:[?#]|$)/;

/** Reads a package URL in comparable terms; undefined when it is none. */
export function purlTerms(text: string): PurlTerms | undefined {
  if (emptyVersion.test(text)) return undefined;
  const parts = text.startsWith('pkg:') ? parsePurl(text) : undefined;
  return parts && termsOf(parts);
}

/** The terms of a package URL that was read. */
function termsOf(parts: PurlParts): PurlTerms {
  const { type, qualifiers = {} } = parts;
  const name = nameOf(parts);
  const namespace = namespaceOf(parts);
  const version = versionOf(parts, name);
  const { epoch: _epoch, ...others } = qualifiers;
  // Go's modules may end in what some tools put into the subpath: `/v2`, or a folder of the repository.
  const subpath = type === 'golang' ? undefined : parts.subpath;
  return {
    type,
    key: `${type}/${namespace}/${name}`,
    name,
    ...(version === undefined ? {} : { version }),
    qualifiers: withEpoch.has(type) ? others : qualifiers,
    ...(subpath === undefined ? {} : { subpath }),
  };
}

/** A version as it is compared: a distribution's epoch of 0 is none, and a `v` in front counts for nothing where both are in use. */
export function comparableVersion(type: string, version: string): string {
  if (withEpoch.has(type)) return version.replace(/^0+:/, '');
  return withV.has(type) ? version.replace(/^v(?=\d)/, '') : version;
}

function nameOf({ type, namespace, name, subpath }: PurlParts): string {
  if (type === 'golang') {
    const module = [namespace, name, subpath].filter((part) => part !== undefined).join('/');
    return module === 'std' ? 'stdlib' : module.toLowerCase();
  }
  const plain = inLowerCase.has(type) ? name.toLowerCase() : name;
  return type === 'pypi' ? plain.replace(/[-_.]+/g, '-') : plain;
}

function namespaceOf({ type, namespace = '' }: PurlParts): string {
  if (type === 'golang') return '';
  if (type === 'rpm' || withEpoch.has(type) || type === 'apk') {
    const lower = namespace.toLowerCase();
    return namespaces.get(lower) ?? lower;
  }
  return inLowerCase.has(type) ? namespace.toLowerCase() : namespace;
}

function versionOf({ type, version, qualifiers }: PurlParts, name: string): string | undefined {
  if (version === undefined) return undefined;
  const epoch = qualifiers?.epoch;
  const full = withEpoch.has(type) && epoch !== undefined && !/^\d+:/.test(version) ? `${epoch}:${version}` : version;
  if (type === 'golang' && name === 'stdlib') return full.replace(/^(?:go|v)(?=\d)/, '');
  return comparableVersion(type, full);
}
