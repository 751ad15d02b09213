import type { Origin } from '../../model/package.ts';
import type { SbomPackage } from './document.ts';

/** What tells the source package of a distribution's package. */
export interface Built {
  readonly type: string;
  readonly name: string;
  /** With epoch and release. */
  readonly version: string;
  readonly found: SbomPackage;
  /** Syft's purl qualifier. */
  readonly upstream: string | undefined;
}

/** The source package, by whichever other tool's word; undefined when it is of the package's own name and version. */
export function originOf(built: Built): Origin | undefined {
  const origin = upstreamOrigin(built) ?? trivyOrigin(built) ?? sourceInfoOrigin(built);
  if (origin === undefined || (origin.name === built.name && origin.version === built.version)) return undefined;
  return origin;
}

/** deb: `glibc` or `glibc@2.36-9`; apk: `openssl`; rpm: the file name of the source package. */
function upstreamOrigin({ type, version, upstream, found }: Built): Origin | undefined {
  const text = upstream ?? syftSource(type, found);
  if (text === undefined) return undefined;
  if (type === 'rpm') return sourceRpm(text, epochOf(version));
  const at = text.indexOf('@');
  return at <= 0 ? { name: text, version } : { name: text.slice(0, at), version: text.slice(at + 1) || version };
}

/** Syft's properties say the same as its qualifier. */
function syftSource(type: string, { properties }: SbomPackage): string | undefined {
  if (type === 'rpm') return properties.get('syft:metadata:sourceRpm');
  if (type === 'apk') return properties.get('syft:metadata:originPackage');
  const source = properties.get('syft:metadata:source');
  const version = properties.get('syft:metadata:sourceVersion');
  return source === undefined || version === undefined ? source : `${source}@${version}`;
}

/** `openssl-1.1.1k-9.el8.src.rpm`; it has no epoch, and a package is nearly always built with its source's. */
function sourceRpm(file: string, epoch: string): Origin | undefined {
  const end = file.endsWith('.nosrc.rpm') ? -'.nosrc.rpm'.length : file.endsWith('.src.rpm') ? -'.src.rpm'.length : 0;
  const stem = end === 0 ? '' : file.slice(0, end);
  const release = stem.lastIndexOf('-');
  const version = release <= 0 ? -1 : stem.lastIndexOf('-', release - 1);
  return version <= 0 ? undefined : { name: stem.slice(0, version), version: epoch + stem.slice(version + 1) };
}

function epochOf(version: string): string {
  return version.slice(0, version.indexOf(':') + 1);
}

/** Trivy writes epoch, version and release of the source apart. */
function trivyOrigin({ found: { properties }, version }: Built): Origin | undefined {
  const name = properties.get('aquasecurity:trivy:SrcName');
  if (name === undefined) return undefined;
  const source = properties.get('aquasecurity:trivy:SrcVersion');
  if (source === undefined) return { name, version };
  const epoch = properties.get('aquasecurity:trivy:SrcEpoch');
  const release = properties.get('aquasecurity:trivy:SrcRelease');
  return { name, version: `${epoch ? `${epoch}:` : ''}${source}${release ? `-${release}` : ''}` };
}

const builtFrom = 'built package from: ';

/** In SPDX, Trivy writes it as a sentence. */
function sourceInfoOrigin({ found: { properties }, version }: Built): Origin | undefined {
  const text = properties.get('spdx:sourceInfo');
  if (text?.startsWith(builtFrom) !== true) return undefined;
  const [name, source] = text.slice(builtFrom.length).split(' ', 2);
  return name ? { name, version: source || version } : undefined;
}
