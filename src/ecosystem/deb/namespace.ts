import type { Distribution } from '../../model/package.ts';

/** Releases by codename, for a system that has not been released yet and so states no `VERSION_ID`. */
const debianReleases = new Map([
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
  ['sid', 'sid'],
]);

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
