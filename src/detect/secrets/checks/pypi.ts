import type { SecretCheck } from './contract.ts';
import { none } from './support/answers.ts';

/** Types of the packets of a macaroon (libmacaroons, format 2). */
const packets = { end: 0, location: 1, identifier: 2, signature: 6 } as const;
/** Bytes of a macaroon's signature: HMAC-SHA-256. */
const signatureSize = 32;
/** Most restrictions that are read. */
const mostCaveats = 64;

/** PyPI's tokens are macaroons: a location, an identifier, restrictions and a signature. */
export const check: SecretCheck = ({ value }) => {
  const bytes = Buffer.from(value.slice('pypi-'.length), 'base64url');
  const caveats = bytes[0] === 2 ? readMacaroon(bytes) : undefined;
  if (caveats === undefined) return none;
  const expires = expiryIn(caveats);
  const notes = ['it is a whole macaroon', ...(caveats.length > 0 ? ['its use is restricted'] : [])];
  return { score: 97, notes, ...(expires === undefined ? {} : { expires }) };
};

/** The identifiers of a macaroon's restrictions; undefined where the bytes are none. */
function readMacaroon(bytes: Buffer): readonly string[] | undefined {
  const caveats: string[] = [];
  let at = 1;
  for (let section = 0; section <= mostCaveats; ) {
    const type = bytes[at++];
    if (type === packets.end) {
      section++;
      continue;
    }
    const size = sizeAt(bytes, at);
    if (type === undefined || size === undefined || size.end > bytes.length) return undefined;
    const content = bytes.subarray(size.from, size.end);
    if (type === packets.signature) return content.length === signatureSize ? caveats : undefined;
    if (section === 0 && type === packets.location && !/^(?:test\.)?pypi\.org$/.test(content.toString('latin1')))
      return undefined;
    if (section > 0 && type === packets.identifier) caveats.push(content.toString());
    at = size.end;
  }
  return undefined;
}

/** A length as a varint of at most two bytes: tokens are shorter than 16 KB. */
function sizeAt(bytes: Buffer, at: number): { readonly from: number; readonly end: number } | undefined {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined) return undefined;
  if (first < 0x80) return { from: at + 1, end: at + 1 + first };
  if (second === undefined || second >= 0x80) return undefined;
  return { from: at + 2, end: at + 2 + ((first & 0x7f) | (second << 7)) };
}

/** When a token ends by its restrictions: `[0, <not after>, <not before>]`, in seconds. */
function expiryIn(caveats: readonly string[]): string | undefined {
  for (const caveat of caveats) {
    const seconds = /^\[0, ?(\d{9,11})\b/.exec(caveat)?.[1];
    if (seconds !== undefined) return new Date(Number(seconds) * 1_000).toISOString();
  }
  return undefined;
}
