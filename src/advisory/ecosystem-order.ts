import { ecosystemFacts } from '../ecosystem/facts.gen.ts';
import type { VersionOrder } from '../version/contract.ts';

/** Which kind of package OSV's ecosystems are about, by base name. */
const kinds = new Map<string, string>([
  ['AlmaLinux', 'rpm'],
  ['Alpine', 'apk'],
  ['Chainguard', 'apk'],
  ['Debian', 'deb'],
  ['Go', 'golang'],
  ['Maven', 'maven'],
  ['Mageia', 'rpm'],
  ['PyPI', 'pypi'],
  ['Rocky Linux', 'rpm'],
  ['Ubuntu', 'deb'],
  ['Wolfi', 'apk'],
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
