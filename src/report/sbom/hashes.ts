/** A digest of what was downloaded. */
export interface PackageDigest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Lower-case hexadecimal digits, as many as the algorithm makes. */
  readonly hex: string;
}

const lengths: Readonly<Record<PackageDigest['algorithm'], number>> = {
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/** Reads `sha256:` and hex and its like, sorted; what is none is left out, for it would make a document invalid. */
export function digestsOf(hashes: readonly string[] | undefined): PackageDigest[] {
  const found: PackageDigest[] = [];
  for (const text of [...new Set(hashes)].sort()) {
    const colon = text.indexOf(':');
    const algorithm = text.slice(0, colon) as PackageDigest['algorithm'];
    const hex = text.slice(colon + 1);
    if (Object.hasOwn(lengths, algorithm) && hex.length === lengths[algorithm] && /^[0-9a-f]+$/.test(hex)) {
      found.push({ algorithm, hex });
    }
  }
  return found;
}
