/** Longest integrity text (characters) that is read: it may name a digest or three. */
const textLimit = 1000;

/** Bytes of a digest, by algorithm. */
const digestBytes = new Map([
  ['sha1', 20],
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);

/**
 * The digests of a Subresource Integrity text (W3C SRI, `sha512-<base64>`, several with blanks between them) as
 * `sha512:<hex>`; undefined when it holds none.
 */
export function integrityHashes(integrity: unknown): string[] | undefined {
  if (typeof integrity !== 'string' || integrity.length > textLimit) return undefined;
  const hashes: string[] = [];
  for (const part of integrity.split(' ')) {
    const cut = part.indexOf('-');
    const algorithm = part.slice(0, Math.max(cut, 0));
    const digest = Buffer.from(base64Part(part, cut + 1), 'base64');
    if (digest.length === digestBytes.get(algorithm)) hashes.push(`${algorithm}:${digest.toString('hex')}`);
  }
  return hashes.length === 0 ? undefined : hashes;
}

/** The SHA-1 that Yarn puts behind a place (`https://…/a-1.0.0.tgz#<40 hex>`). */
export function fragmentHashes(place: string): string[] | undefined {
  const hex = place.slice(place.lastIndexOf('#') + 1);
  return hex.length === 40 && /^[0-9a-f]+$/.test(hex) ? [`sha1:${hex}`] : undefined;
}

/** Options may follow behind a question mark. */
function base64Part(part: string, start: number): string {
  const end = part.indexOf('?', start);
  return part.slice(start, end === -1 ? undefined : end);
}
