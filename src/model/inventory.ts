import type { Distribution, Package } from './package.ts';
import type { Problem } from './problem.ts';

/** What is in the final image: its layers' surveys put on each other, with whiteouts and links applied. */
export interface Inventory {
  readonly distribution: Distribution | undefined;
  /** What lower layers called the distribution, where the final image calls it otherwise. */
  readonly earlier: readonly Distribution[];
  /** Sorted by purl, then presence. */
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
  /** Repositories that the image's packages may be from, sorted; absent where it does not say. */
  readonly contentSets?: readonly string[];
}
