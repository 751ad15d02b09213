import { createHash } from 'node:crypto';

/** The namespace of sluice's documents: any fixed UUID will do (RFC 9562 §6.6). */
const namespace = Buffer.from('5b1f6c0e9d0a4c6f8a3e2f7d51c0ffee', 'hex');

/** A name that is the same for the same text: a name-based UUID, version 5 (RFC 9562 §5.5), as `urn:uuid:…`. */
export function uuidOf(text: string): string {
  const bytes = createHash('sha1').update(namespace).update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`;
}
