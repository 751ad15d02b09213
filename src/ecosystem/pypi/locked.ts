import type { PackageRecord } from '../../model/package.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** What projects call the groups, and the requirements files, of what no program needs when it runs. */
export const devGroups: ReadonlySet<string> = new Set([
  'dev',
  'develop',
  'development',
  'test',
  'tests',
  'testing',
  'lint',
  'typing',
  'doc',
  'docs',
]);

/** What a lock file or requirements file names. `full`: there were more than {@link packageLimit}. */
export interface LockedRecords {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}
