import type { PackageRecord, Presence } from '../../model/package.ts';

/** Longest name, version or other text (characters) that is kept. */
const fieldLimit = 1000;
/** Most names that are kept of what one package needs. */
const needsLimit = 1000;
/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** What tells one build of a conda package from another. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  /** `py311h1234567_0`. */
  readonly build?: string | undefined;
  /** `conda-forge`, `main`. */
  readonly channel?: string | undefined;
  /** The platform: `linux-64`, `noarch`. */
  readonly subdir?: string | undefined;
}

/** What a file says of a package besides. */
export interface Details {
  readonly license?: string | undefined;
  readonly hashes?: readonly string[] | undefined;
  readonly needs?: readonly string[] | undefined;
  readonly dev?: boolean;
}

/** A text that can be reported: 1 to {@link fieldLimit} characters. */
export function usableField(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= fieldLimit;
}

/** The record of a package: the channel stands where other ecosystems keep who made it. */
export function recordOf(identity: Identity, presence: Presence, details: Details): PackageRecord {
  const { name, version, build, channel, subdir } = identity;
  const { license, hashes, needs, dev } = details;
  return {
    name,
    version,
    presence,
    ...(usableField(subdir) && { arch: subdir }),
    ...(usableField(build) && { build }),
    ...(usableField(channel) && { vendor: channel }),
    // What has no licence says so with this word.
    ...(usableField(license) && license !== 'None' && { license }),
    ...(hashes && hashes.length > 0 && { hashes }),
    ...(needs && needs.length > 0 && { needs }),
    ...(dev && { dev }),
  };
}

/** `name-version-build` of an archive's or record's name without its ending; names may hold dashes, the others not. */
export function splitDistribution(text: string): { name: string; version: string; build: string } | undefined {
  const last = text.lastIndexOf('-');
  const middle = text.lastIndexOf('-', last - 1);
  if (last <= 0 || middle <= 0) return undefined;
  const [name, version, build] = [text.slice(0, middle), text.slice(middle + 1, last), text.slice(last + 1)];
  return usableField(name) && usableField(version) && usableField(build) ? { name, version, build } : undefined;
}

/** The package that an archive at this place holds: `https://…/conda-forge/linux-64/zlib-1.3.1-h1_0.conda#<md5>`. */
export function archiveIdentity(url: string): Identity | undefined {
  const place = cutAt(cutAt(url, '#'), '?');
  const start = place.lastIndexOf('/') + 1;
  const file = place.slice(start);
  const ending = ['.conda', '.tar.bz2'].find((text) => file.endsWith(text));
  const parts = ending === undefined ? undefined : splitDistribution(file.slice(0, -ending.length));
  if (parts === undefined) return undefined;
  const folder = place.slice(0, Math.max(start - 1, 0));
  const subdir = folder.slice(folder.lastIndexOf('/') + 1);
  return { ...parts, channel: channelName(folder, subdir), subdir };
}

/**
 * A channel's name as conda prints it: `conda-forge` of `https://conda.anaconda.org/conda-forge/linux-64`, with its label
 * if it has one. Hosts and access tokens (`/t/<token>/`) are left out: they are nobody's business.
 */
export function channelName(place: string, subdir: string | undefined): string | undefined {
  const start = place.indexOf('://');
  const segments = (start === -1 ? place : place.slice(start + 3)).split('/').filter((segment) => segment !== '');
  if (start !== -1 && !place.startsWith('file://')) segments.shift();
  if (segments.length > 0 && segments.at(-1) === subdir) segments.pop();
  const label = segments.at(-2) === 'label' ? segments.splice(-2) : [];
  const name = segments.at(-1);
  if (name === undefined || name.startsWith('<') || segments.at(-2) === 't') return undefined;
  return [name, ...label].join('/');
}

/** The names of `python >=3.9`, `conda-forge::zlib 1.3.*`; what describes the machine (`__glibc`) is no package. */
export function neededNames(specs: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const spec of specs) {
    if (typeof spec !== 'string') continue;
    const name = specName(spec);
    if (usableField(name) && !name.startsWith('__')) names.add(name);
  }
  return [...names].sort().slice(0, needsLimit);
}

function specName(spec: string): string {
  const channel = spec.slice(0, fieldLimit).indexOf('::');
  const text = spec.slice(channel === -1 ? 0 : channel + 2, fieldLimit).trimStart();
  let end = 0;
  while (end < text.length && !' =<>!~[;,'.includes(text.charAt(end))) end++;
  return text.slice(0, end);
}

/** The digest of what was downloaded: SHA-256, or MD5 where there is but that. */
export function archiveHashes(sha256: unknown, md5: unknown): string[] {
  if (isHex(sha256, 64)) return [`sha256:${sha256.toLowerCase()}`];
  return isHex(md5, 32) ? [`md5:${md5.toLowerCase()}`] : [];
}

/** Whether a value is that many hexadecimal digits. */
export function isHex(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-fA-F]+$/.test(value);
}

function cutAt(text: string, mark: string): string {
  const end = text.indexOf(mark);
  return end === -1 ? text : text.slice(0, end);
}
