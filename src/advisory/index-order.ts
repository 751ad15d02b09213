import type { VersionOrder } from '../version/contract.ts';

/**
 * Raised whenever an order places versions differently: lists that were made by the older one are then not narrowed. Orders
 * of packages that OSV has no ecosystem for are not here.
 */
const revisions = new Map<string, number>([
  ['apk', 1],
  ['composer', 1],
  ['conan', 1],
  ['cran', 1],
  ['dpkg', 2],
  ['gem', 1],
  ['go', 1],
  ['hackage', 1],
  ['maven', 2],
  ['nuget', 1],
  ['pep440', 1],
  ['pub', 1],
  ['rpm', 1],
  ['semver', 1],
]);

/** How an index names the order by which it was made: `dpkg/1`; undefined for an order that has no revision here. */
export function orderMark({ id }: VersionOrder): string | undefined {
  const revision = revisions.get(id);
  return revision === undefined ? undefined : `${id}/${revision}`;
}

/**
 * Whether a version that is valid has one place among the others. An rpm version without release equals those with any
 * release, and OSV's `0` stands before all versions and not where the order has it.
 */
export function hasPlace(version: string, { id }: VersionOrder): boolean {
  return version !== '0' && (id !== 'rpm' || version.includes('-'));
}
