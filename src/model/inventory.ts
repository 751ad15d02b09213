import type { Distribution, Package } from './package.ts';
import type { Problem } from './problem.ts';

/** What is in the final image: its layers' surveys put on each other, with whiteouts and links applied. */
export interface Inventory {
  readonly distribution: Distribution | undefined;
  /** Sorted by purl, then presence. */
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
}
