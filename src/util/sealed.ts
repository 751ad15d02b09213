import { createHash } from 'node:crypto';

const magic = 'SLUICE-SEALED-1 ';

/**
 * A value as JSON behind a line that says what it is and the SHA-256 of it. Serves caches: whatever is not exactly what
 * was written, or was written for something else, counts as absent.
 */
export function sealed(what: string, value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([Buffer.from(head(what, body)), body]);
}

/** Reads what {@link sealed} wrote for the same `what`; undefined when the bytes are anything else, to the last bit. */
export function readSealed(bytes: Buffer, what: string): unknown {
  const end = bytes.indexOf(10);
  if (end < 0 || end > 1024) return undefined;
  const body = bytes.subarray(end + 1);
  if (bytes.toString('utf8', 0, end + 1) !== head(what, body)) return undefined;
  return JSON.parse(body.toString('utf8'));
}

/** `what` is hashed too, so that a file that was given another's name is found out. */
function head(what: string, body: Buffer): string {
  const digest = createHash('sha256').update(`${what}\n`).update(body).digest('hex');
  return `${magic}${digest}\n`;
}
