import type { Digest } from '../../model/digest.ts';
import { formatReference, type Reference } from '../../model/reference.ts';
import { RegistryFailure } from './failure.ts';
import { type HttpAnswer, readBody, type Timing } from './http.ts';
import type { Session, Wanted } from './session.ts';

/** A range may take as long as at this many bytes a millisecond, on top of the bound for small answers. */
const slowestRate = 64;

/** A part of a blob: its place, and its bytes. */
export interface BlobRange {
  readonly digest: Digest;
  /** Bytes of the whole blob. */
  readonly size: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Exactly the bytes of one range of a blob (RFC 9110 section 14). The registry may send any bytes: what they are is
 * the caller's to check.
 * @throws SluiceError `registry/no-range` where the registry would send the whole blob, and those of every exchange
 */
export async function pullRange(session: Session, reference: Reference, range: BlobRange): Promise<Buffer> {
  const { digest, offset, length } = range;
  const last = offset + length - 1;
  const wanted: Wanted = {
    reference,
    path: `blobs/${digest}`,
    headers: { range: `bytes=${offset}-${last}` },
    what: `bytes ${offset} to ${last} of blob ${digest} of ${formatReference(reference)}`,
  };
  return session.get(wanted, async (answer) => {
    try {
      checkAnswer(answer, range);
    } catch (thrown) {
      answer.message.destroy();
      throw thrown;
    }
    const bytes = await readBody(answer.message, length, timingOf(session, length));
    if (bytes.length === length) return bytes;
    const why = `it ended the range after ${bytes.length} of ${length} bytes`;
    throw new RegistryFailure('registry/size', why, { retryable: true });
  });
}

/** A server without ranges answers 200 and sends everything, of which only the beginning would be what was asked for. */
function checkAnswer({ status, message }: HttpAnswer, { size, offset, length }: BlobRange): void {
  if (status !== 206) throw new RegistryFailure('registry/no-range', 'it does not send ranges of a blob');
  const { 'content-range': header, 'content-encoding': encoding } = message.headers;
  const sent = `bytes ${offset}-${offset + length - 1}/`;
  if ((header !== `${sent}${size}` && header !== `${sent}*`) || (encoding ?? 'identity') !== 'identity') {
    throw new RegistryFailure('registry/size', 'it sent another part of the blob than was asked for');
  }
}

function timingOf({ transport }: Session, length: number): Timing {
  const { idleMs, totalMs } = transport.timing;
  return { idleMs, totalMs: totalMs + Math.ceil(length / slowestRate) };
}
