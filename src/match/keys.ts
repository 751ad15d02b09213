import type { AdvisoryKey, Ecosystem } from '../ecosystem/contract.ts';
import type { Distribution, Package } from '../model/package.ts';

/** What each package is called in the advisories, by its place in the list; undefined where there are none for it. */
export type AdvisoryKeys = readonly (AdvisoryKey | undefined)[];

/**
 * Asks for every package which advisories to look up: once for all who want to know. `contentSets`: the repositories that
 * the image's packages may be from, where it says.
 */
export function advisoryKeys(
  packages: readonly Package[],
  ecosystemOf: (id: string) => Ecosystem | undefined,
  distribution: Distribution | undefined,
  contentSets?: readonly string[],
): AdvisoryKeys {
  return packages.map((found) => ecosystemOf(found.ecosystem)?.advisories(found, distribution, contentSets));
}
