/** Longest part of a token that is read: UTF-16 units. */
const longestPart = 8_192;

/** What a token in compact form (RFC 7515, 3.1) says. */
export interface TokenFacts {
  readonly algorithm: string;
  readonly claims: ReadonlyMap<string, unknown>;
  /** Bytes of the signature. */
  readonly signature: number;
}

/** Reads a token; undefined where a part is no JSON object. */
export function readToken(value: string): TokenFacts | undefined {
  const [head, body, signature] = value.split('.', 3);
  const header = objectIn(head);
  const claims = objectIn(body);
  const algorithm = header?.get('alg');
  if (header === undefined || claims === undefined || typeof algorithm !== 'string') return undefined;
  return { algorithm, claims, signature: Buffer.from(signature ?? '', 'base64url').length };
}

/** A JSON object in base 64 without padding; undefined where it is none. */
export function objectIn(part: string | undefined): ReadonlyMap<string, unknown> | undefined {
  if (part === undefined || part.length > longestPart) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value));
  } catch {
    return undefined;
  }
}

/** When a token ends (`exp`, RFC 7519, 4.1.4), as RFC 3339; undefined where it does not say, or nonsense. */
export function expiryOf({ claims }: TokenFacts): string | undefined {
  const seconds = claims.get('exp');
  // Until the year 9999, beyond which no calendar goes.
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds >= 253_402_300_800) return undefined;
  return new Date(Math.floor(seconds) * 1_000).toISOString();
}
