import type { Ecosystem } from '../ecosystem/contract.ts';
import type { Distribution, Package } from '../model/package.ts';
import type { AdvisoryKeys } from './keys.ts';

/** Under which names a distribution may speak of a package. */
export interface StandingKey {
  /** With its release: `Debian:12`, `Red Hat:9`, `Alpine:v3.20`. */
  readonly ecosystem: string;
  /** The first that something is said of counts: an rpm's own name before that of its source package. */
  readonly names: readonly string[];
}

/** Finds what a package is called where its distribution speaks of it, by purl. */
export type StandingKeyOf = (purl: string) => StandingKey | undefined;

/** What marks versions that others, or other suites than the release's own, have built for Debian. */
const foreignBuild = /~bpo|pgdg|ubuntu|\+debian\d|[~+](?:jessie|stretch|buster|bullseye|bookworm|trixie|forky|sid)/;

/**
 * Tells of which packages a distribution may speak: of those alone that stand in its own package database, and that no
 * other repository built, as far as that can be seen. For what it says of its own package must silence no flaw in one
 * that has merely the same name.
 */
export function standingKeys(
  packages: readonly Package[],
  keys: AdvisoryKeys,
  ecosystemOf: (id: string) => Ecosystem | undefined,
  distribution: Distribution | undefined,
): StandingKeyOf {
  let byPurl: Map<string, StandingKey> | undefined;
  return (purl) => {
    byPurl ??= allKeys(packages, keys, ecosystemOf, distribution);
    return byPurl.get(purl);
  };
}

function allKeys(
  packages: readonly Package[],
  keys: AdvisoryKeys,
  ecosystemOf: (id: string) => Ecosystem | undefined,
  distribution: Distribution | undefined,
): Map<string, StandingKey> {
  const byPurl = new Map<string, StandingKey>();
  if (!distribution) return byPurl;
  for (let at = 0; at < packages.length; at++) {
    const found = packages[at]!;
    const key = keys[at];
    const ecosystem = ecosystemOf(found.ecosystem);
    if (found.presence !== 'installed' || !ecosystem?.database || !ecosystem.native?.(distribution)) continue;
    if (found.ecosystem === 'rpm') {
      const redHat = redHatKey(found, distribution);
      if (redHat) byPurl.set(found.purl, redHat);
    } else if (key && !(found.ecosystem === 'deb' && foreignBuild.test(key.version))) {
      byPurl.set(found.purl, { ecosystem: key.ecosystem, names: [key.name] });
    }
  }
  return byPurl;
}

/** Red Hat signs what it builds with its name; rebuilds of its packages by others are others' packages. */
function redHatKey(found: Package, { id, version }: Distribution): StandingKey | undefined {
  const major = /^\d{1,2}/.exec(version)?.[0];
  if (id !== 'rhel' || major === undefined || found.module !== undefined) return undefined;
  if (!found.vendor?.startsWith('Red Hat, Inc.')) return undefined;
  const source = found.origin?.name ?? found.name;
  return { ecosystem: `Red Hat:${major}`, names: source === found.name ? [source] : [found.name, source] };
}
