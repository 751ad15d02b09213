import type { PackageRecord } from '../../model/package.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** Longest name or version (characters) that is kept; those of pub.dev stay far below. */
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

/** Whether the text starts as every version does. */
export function startsWithDigit(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

/** `{name, version}` of a folder of pub's cache, `http_parser-4.0.2`: a name has no hyphen, a version may have. */
export function cachedPackage(folder: string): { name: string; version: string } | undefined {
  const cut = folder.indexOf('-');
  if (cut <= 0) return undefined;
  const name = folder.slice(0, cut);
  const version = folder.slice(cut + 1);
  return usableField(name) && usableField(version) && startsWithDigit(version) ? { name, version } : undefined;
}
