import type { PackageRecord } from '../../model/package.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** Longest name or version (characters) that is kept: crates.io stops at 64. */
const fieldLimit = 1000;

/** What a lock file or list names. */
export interface LockedRecords {
  readonly records: readonly PackageRecord[];
  /** Entries that name no package and version. */
  readonly bad: number;
  /** Whether there were more than {@link packageLimit}. */
  readonly full: boolean;
}

/** A name or version that can be reported: visible characters, and not too many. */
export function isField(text: string | undefined): text is string {
  if (text === undefined || text === '' || text.length > fieldLimit) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return false;
  }
  return true;
}

/** The names in order, each once. */
export function distinctNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
