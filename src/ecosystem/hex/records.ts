/** Longest name or version (characters) that is kept; those of hex.pm stay far below. */
const fieldLimit = 1000;
const hexadecimal = /^[0-9a-f]{64}$/;

/** A name or version that can be reported: a text of 1 to {@link fieldLimit} characters. */
export function usableField(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= fieldLimit;
}

/** The digest of a package's archive (its "outer checksum"), if that is what the text is. */
export function archiveHash(text: string | undefined): { hashes?: readonly string[] } {
  const digest = text?.length === 64 ? text.toLowerCase() : '';
  return hexadecimal.test(digest) ? { hashes: [`sha256:${digest}`] } : {};
}

/** The names, sorted and each once; nothing when there are none. */
export function neededNames(names: Iterable<string>): { needs?: readonly string[] } {
  const sorted = [...new Set(names)].sort();
  return sorted.length === 0 ? {} : { needs: sorted };
}
