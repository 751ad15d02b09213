import type { RpmHeader } from '../../format/rpm/header.ts';

/** `epoch:version-release` of a package, without an epoch of 0. */
export function versionOf(header: RpmHeader): string {
  return `${epochPrefix(header)}${header.version}-${header.release}`;
}

/** `2:`, or nothing for an epoch of 0. */
export function epochPrefix({ epoch }: RpmHeader): string {
  return epoch ? `${epoch}:` : '';
}
