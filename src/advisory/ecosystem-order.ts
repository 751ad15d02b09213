import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import type { VersionOrder } from '../version/contract.ts';

/** Which kind of package OSV's ecosystems are about, by base name. */
const kinds = new Map<string, string>([
  ['AlmaLinux', 'rpm'],
  ['Alpaquita', 'apk'],
  ['Alpine', 'apk'],
  ['Azure Linux', 'rpm'],
  ['BellSoft Hardened Containers', 'apk'],
  ['Bitnami', 'bitnami'],
  ['CRAN', 'cran'],
  ['Chainguard', 'apk'],
  ['CleanStart', 'apk'],
  ['ConanCenter', 'conan'],
  ['Debian', 'deb'],
  ['Echo', 'deb'],
  ['GitHub Actions', 'githubactions'],
  ['Go', 'golang'],
  ['Hackage', 'hackage'],
  ['Hex', 'hex'],
  ['Maven', 'maven'],
  ['Mageia', 'rpm'],
  ['MinimOS', 'apk'],
  ['NuGet', 'nuget'],
  ['Packagist', 'composer'],
  ['Photon OS', 'rpm'],
  ['Pub', 'pub'],
  ['PyPI', 'pypi'],
  ['Red Hat', 'rpm'],
  ['Rocky Linux', 'rpm'],
  ['RubyGems', 'gem'],
  ['SUSE', 'rpm'],
  ['SwiftURL', 'swift'],
  ['Ubuntu', 'deb'],
  ['Wolfi', 'apk'],
  ['crates.io', 'cargo'],
  ['npm', 'npm'],
  ['openEuler', 'rpm'],
  ['openSUSE', 'rpm'],
]);

/**
 * The order of versions by which an ecosystem's packages are judged; undefined where none is known. A wrong or missing
 * one costs time and no finding: the index says by which order it was made, and is narrowed by that one alone.
 */
export function orderOfEcosystem(base: string): VersionOrder | undefined {
  const kind = kinds.get(base);
  return kind === undefined ? undefined : ecosystemFacts.find(({ id }) => id === kind)?.order;
}
