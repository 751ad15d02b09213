/**
 * Most digests of one package that are kept. A lock file lists all that could be downloaded, for every platform: of
 * so many, none can be said to be the one that was, and nothing is.
 */
const hashLimit = 16;

const characters = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** Notes the digests in a line: `sha256:<hex>`, or TOML's `sha256 = "<hex>"`. */
export function noteHashes(line: string, hashes: Set<string>): void {
  if (hashes.size > hashLimit || !line.includes('sha')) return;
  for (const [, algorithm = '', hex = ''] of line.matchAll(/\b(sha256|sha384|sha512)(?::| = ")([0-9a-f]{64,128})\b/g)) {
    if (hex.length === characters.get(algorithm)) hashes.add(`${algorithm}:${hex}`);
    if (hashes.size > hashLimit) return;
  }
}

/** The digests in order; undefined when there are none, or too many to mean anything. */
export function keptHashes(hashes: ReadonlySet<string>): string[] | undefined {
  return hashes.size === 0 || hashes.size > hashLimit ? undefined : [...hashes].sort();
}
