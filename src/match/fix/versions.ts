import { compareText } from '../../util/compare-text.ts';
import type { VersionOrder } from '../../version/contract.ts';
import type { Unit } from './units.ts';

/** Most versions of one unit that are tried: each is held against all advisories of its package. The newest stay. */
const mostVersions = 40;

/**
 * The versions worth trying for a unit, oldest first: those that fix one of its findings and are newer than what is
 * there. Of many fixes of one finding only the first one of each major version can be the smallest jump.
 */
export function versionsToTry({ findings, from, distribution }: Unit, order: VersionOrder): string[] {
  const versions = new Set<string>();
  for (const { fixed } of findings) {
    const seen = new Set<string>();
    for (const version of fixed) {
      const major = distribution ? '' : majorOf(version);
      if (seen.has(major) || !order.valid(version) || order.compare(version, from) <= 0) continue;
      seen.add(major);
      versions.add(writtenAs(from, version));
    }
  }
  return [...versions].sort((a, b) => order.compare(a, b) || compareText(a, b)).slice(-mostVersions);
}

/**
 * A version in the way the one that is there is written: Go's have a `v` that advisories leave out, and an end that says
 * that a module knows nothing of its major version (Go modules reference, "Versions").
 */
function writtenAs(from: string, version: string): string {
  const isBare = /^v\d/.test(from) && /^\d/.test(version);
  const end = from.endsWith('+incompatible') && !version.includes('+') ? '+incompatible' : '';
  return (isBare ? `v${version}` : version) + end;
}

/** What a new version is judged by: how many of its flaws stop the gate. */
export interface Tried {
  readonly version: string;
  readonly stops: number;
}

/**
 * The version to move to, of those that were tried, oldest first: the smallest jump after which fewest flaws stop the gate;
 * within the major version, where one there leaves no more than any other. Undefined when none leaves fewer than there are.
 */
export function chosenVersion(unit: Unit, tried: readonly Tried[], now: number): Tried | undefined {
  const least = Math.min(...tried.map(({ stops }) => stops));
  if (!(least < now)) return undefined;
  const best = tried.filter(({ stops }) => stops === least);
  return best.find(({ version }) => !leavesMajor(unit, version)) ?? best[0];
}

/** Whether a version may break what uses the package. Distributions change nothing that does within a release. */
export function leavesMajor({ distribution, from }: Pick<Unit, 'distribution' | 'from'>, version: string): boolean {
  return !distribution && majorOf(from) !== majorOf(version);
}

/** The part of a version that breaks what uses it when it changes (semver 2.0.0, 4 and 8): `v1`, and below 1 `0.2`. */
export function majorOf(version: string): string {
  const [major = '', minor = ''] = version.replace(/^[vV=]/, '').split(/[.+_-]/, 2);
  return major === '0' ? `0.${minor}` : major;
}
