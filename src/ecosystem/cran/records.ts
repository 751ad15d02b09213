import type { PackageRecord } from '../../model/package.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** Longest name or version (characters) that is kept; those of CRAN stay far below. */
const fieldLimit = 1000;
/** Longest licence that names one; a longer one is its whole text. */
const licenseLimit = 200;
/** Most packages that one package is taken to need. */
const needsLimit = 1000;

/** What one file names. `full`: there were more than {@link packageLimit}. */
export interface Records {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}

/** R itself and its packages of priority "base", which come with it and are not on CRAN. */
const base = new Set([
  ...['R', 'base', 'compiler', 'datasets', 'grDevices', 'graphics', 'grid', 'methods', 'parallel', 'splines', 'stats'],
  ...['stats4', 'tcltk', 'tools', 'translations', 'utils'],
]);

/** A name or version that can be reported: a text of 1 to {@link fieldLimit} characters. */
export function usableField(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= fieldLimit;
}

/** The licence as the package states it, if it is short enough to name one. */
export function statedLicense(value: unknown): { license?: string } {
  return typeof value === 'string' && value !== '' && value.length <= licenseLimit ? { license: value } : {};
}

/** The packages of lists such as `R (>= 3.5), methods, Rcpp (>= 1.0)`, sorted, without those that come with R. */
export function neededNames(lists: Iterable<string>): { needs?: readonly string[] } {
  const names = new Set<string>();
  for (const list of lists) {
    for (const item of list.split(',')) {
      const name = nameOf(item);
      if (usableField(name) && !base.has(name) && names.size < needsLimit) names.add(name);
    }
  }
  return names.size === 0 ? {} : { needs: [...names].sort() };
}

/** `Rcpp` of ` Rcpp (>= 1.0)`. */
function nameOf(item: string): string {
  const open = item.indexOf('(');
  return (open === -1 ? item : item.slice(0, open)).trim();
}
