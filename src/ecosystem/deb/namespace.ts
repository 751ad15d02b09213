import { debianReleases } from '../../model/debian-releases.ts';
import type { Distribution } from '../../model/package.ts';

/** The namespace of the OSV schema; a derivative rebuilds packages under versions of its own and has none here. */
export function namespaceOf(distribution: Distribution): string | undefined {
  if (distribution.id === 'debian') {
    const release = /^\d+/.exec(distribution.version)?.[0] ?? debianReleases.get(distribution.codename ?? '');
    return release === undefined ? undefined : `Debian:${release}`;
  }
  if (distribution.id === 'echo') return 'Echo';
  if (distribution.id === 'ubuntu') return ubuntuNamespace(distribution.version);
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
