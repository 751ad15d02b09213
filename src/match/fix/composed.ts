import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { withoutPaths } from './moved.ts';
import type { Unit } from './units.ts';

/** A unit with its packages, and the findings in them, as they are after it was moved. */
export interface Moved {
  readonly unit: Unit;
  readonly packages: readonly Package[];
  readonly findings: readonly Finding[];
}

/** The packages of a target after these units were moved; those that became the same stand beside each other. */
export function composedPackages(packages: readonly Package[], moved: readonly Moved[]): Package[] {
  const gone = goneFrom(moved);
  const owners = newPurls(moved);
  const left = packages.flatMap((found) => {
    const paths = gone.get(found);
    if (paths !== undefined) return withoutPaths(found, paths) ?? [];
    const owner = found.ownedBy === undefined ? undefined : owners.get(found.ownedBy);
    return owner === undefined ? found : { ...found, ownedBy: owner };
  });
  return [...left, ...moved.flatMap((one) => one.packages)];
}

/**
 * The findings of a target after these units were moved, put together from what each was found to have: what is found in
 * one package does not depend on the others. Only used to search by; what is told is matched anew.
 */
export function composedFindings(findings: readonly Finding[], moved: readonly Moved[]): Finding[] {
  const gone = new Map<string, Set<string>>();
  for (const [{ purl }, paths] of goneFrom(moved)) {
    const known = gone.get(purl);
    gone.set(purl, known ? new Set([...known, ...paths]) : new Set(paths));
  }
  const left = findings.flatMap((finding) => {
    const away = gone.get(finding.package);
    if (away === undefined) return finding;
    const paths = finding.paths.filter((path) => !away.has(path));
    return paths.length === 0 ? [] : { ...finding, paths };
  });
  return [...left, ...moved.flatMap((one) => one.findings)];
}

/** What owners of files are called after they were moved: they answer for what they own as before. */
function newPurls(moved: readonly Moved[]): Map<string, string> {
  const purls = new Map<string, string>();
  for (const { unit, packages } of moved) {
    unit.members.forEach(({ found }, at) => {
      const after = packages[at];
      if (unit.distribution && after) purls.set(found.purl, after.purl);
    });
  }
  return purls;
}

function goneFrom(moved: readonly Moved[]): Map<Package, Set<string>> {
  const gone = new Map<Package, Set<string>>();
  for (const { unit } of moved) {
    for (const { found, paths } of unit.members) {
      const known = gone.get(found);
      gone.set(found, known ? new Set([...known, ...paths]) : new Set(paths));
    }
  }
  return gone;
}
