import { hash } from 'node:crypto';
import { SluiceError } from '../util/error.ts';

/** `sha256:` and 64 hexadecimal digits in lower case; only {@link parseDigest} makes one. */
export type Digest = string & { readonly __digest: true };

const prefix = 'sha256:';

/**
 * Reads a digest (OCI image specification, descriptor). Only sha256 is known.
 * @throws SluiceError `digest/algorithm` or `digest/malformed`: this also stops `sha256:../../etc/passwd`.
 */
export function parseDigest(text: unknown): Digest {
  if (typeof text !== 'string') throw new SluiceError('digest/malformed', 'a digest is missing or not a string');
  const shown = JSON.stringify(text.slice(0, 100));
  if (!text.startsWith(prefix)) {
    throw new SluiceError('digest/algorithm', `the digest ${shown} is not sha256, the only algorithm known`);
  }
  if (text.length !== 71 || !isLowerHex(text, prefix.length)) {
    throw new SluiceError('digest/malformed', `the digest ${shown} is not sha256: and 64 hexadecimal digits`);
  }
  return text as Digest;
}

/** The digest that a value from outside is; undefined when it is none, where that makes nothing worse. */
export function digestIn(value: unknown): Digest | undefined {
  try {
    return parseDigest(value);
  } catch {
    return undefined;
  }
}

/** The digest whose 64 hexadecimal digits are given, as `createHash('sha256').digest('hex')` returns them. */
export function digestOfHex(hex: string): Digest {
  return parseDigest(prefix + hex);
}

/** The digest of bytes, or of a text in UTF-8, in memory. */
export function digestOf(content: string | Uint8Array): Digest {
  return digestOfHex(hash('sha256', content));
}

/** The 64 hexadecimal digits alone. */
export function hexOf(digest: Digest): string {
  return digest.slice(prefix.length);
}

/** The beginning of a digest, which is enough for people to tell one from another: `sha256:` and 12 digits. */
export function shortDigest(digest: string): string {
  return digest.slice(0, prefix.length + 12);
}

function isLowerHex(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) return false;
  }
  return true;
}
