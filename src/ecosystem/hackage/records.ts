import type { PackageRecord } from '../../model/package.ts';
import { order } from '../../version/hackage.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** Longest name or version (characters) that is kept; those of Hackage stay far below. */
const fieldLimit = 1000;

/** What one file names. `full`: there were more than {@link packageLimit}. */
export interface Records {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}

/** A name or version that can be reported: a text of 1 to {@link fieldLimit} characters. */
export function usableField(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= fieldLimit;
}

/**
 * `{name, version}` of `acme-missiles-0.3`, with or without something behind it (`-inplace`, `-7j6GkL…`): a name's parts
 * are never numbers alone (Cabal's documentation, "Package names and versions"), so the first such part is the version.
 */
export function packageId(text: string): { name: string; version: string } | undefined {
  if (text.length > 2 * fieldLimit) return undefined;
  const parts = text.split('-');
  const at = parts.findIndex((part, place) => place > 0 && order.valid(part));
  const name = parts.slice(0, Math.max(at, 0)).join('-');
  const version = parts[at];
  return usableField(name) && usableField(version) ? { name, version } : undefined;
}
