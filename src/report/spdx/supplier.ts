/** Longest name of who made a package, in characters. */
const longestName = 500;

/** Who made a package, on one line, as SPDX wants it; undefined when nobody is named. */
export function supplierName(vendor: string | undefined): string | undefined {
  const name = (vendor ?? '').slice(0, longestName).replace(/\s+/g, ' ').trim();
  return name === '' ? undefined : name;
}
