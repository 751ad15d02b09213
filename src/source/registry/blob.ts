import { type Digest, digestOf } from '../../model/digest.ts';
import { formatReference, type Reference } from '../../model/reference.ts';
import { plainLine } from './error-text.ts';
import { failureOf, RegistryFailure } from './failure.ts';
import { BodyReader, type HttpAnswer, readBody, type Timing } from './http.ts';
import { pauseAfter } from './retry.ts';
import type { Session, Wanted } from './session.ts';

/** How often a broken transfer of one blob is taken up again. */
const maxResumes = 3;
/** A blob may take as long as at this many bytes a millisecond, on top of the bound for small answers. */
const slowestRate = 64;

/**
 * Opens a blob for streaming. The stream has exactly `size` bytes or fails; the digest is the caller's to check.
 * A stream that is not read to its end must be left by `break` or `return()`, which closes the connection.
 * @throws SluiceError
 */
export async function openBlob(
  session: Session,
  reference: Reference,
  digest: Digest,
  size: number,
): Promise<AsyncIterable<Buffer>> {
  const wanted = wantedBlob(reference, digest);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw session.explain(wanted, new RegistryFailure('registry/size', `its size ${size} is not a number of bytes`));
  }
  const stream = new BlobStream(session, wanted, size);
  await stream.open();
  return { [Symbol.asyncIterator]: () => stream };
}

/** A stream that is opened when its first bytes are asked for, and that can be left at any time, also in between. */
export function streamOnDemand(open: () => Promise<AsyncIterable<Buffer>>): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => new StreamOnDemand(open) };
}

class StreamOnDemand implements AsyncIterator<Buffer, undefined> {
  private readonly open: () => Promise<AsyncIterable<Buffer>>;
  private opened: Promise<AsyncIterator<Buffer>> | undefined;
  private left = false;

  constructor(open: () => Promise<AsyncIterable<Buffer>>) {
    this.open = open;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    if (!this.left) {
      this.opened ??= this.open().then((stream) => stream[Symbol.asyncIterator]());
      const pieces = await this.opened;
      if (!this.left) return pieces.next();
    }
    return { done: true, value: undefined };
  }

  /** A generator would wait here until the bytes that it was asked for have come. */
  return(): Promise<IteratorResult<Buffer, undefined>> {
    this.left = true;
    void this.opened?.then(
      (pieces) => pieces.return?.(),
      () => undefined,
    );
    return Promise.resolve({ done: true, value: undefined });
  }
}

/**
 * A whole blob of at most `limit` bytes, its digest checked.
 * @throws SluiceError `registry/too-large`, `registry/digest-mismatch` and those of every exchange
 */
export function pullBlob(session: Session, reference: Reference, digest: Digest, limit: number): Promise<Buffer> {
  return session.get(wantedBlob(reference, digest), async ({ message }) => {
    const bytes = await readBody(message, limit, session.transport.timing);
    const got = digestOf(bytes);
    if (got !== digest) throw new RegistryFailure('registry/digest-mismatch', `it sent bytes with the digest ${got}`);
    return bytes;
  });
}

function wantedBlob(reference: Reference, digest: Digest): Wanted {
  const what = `blob ${digest} of ${formatReference(reference)}`;
  return { reference, path: `blobs/${digest}`, headers: {}, what };
}

class BlobStream implements AsyncIterator<Buffer, undefined> {
  private readonly session: Session;
  private readonly wanted: Wanted;
  private readonly size: number;
  private reader: BodyReader | undefined;
  /** Bytes given to the caller. */
  private given = 0;
  /** Bytes of the present answer that the caller has already: a server without Range starts anew. */
  private skip = 0;
  private resumes = 0;
  private ended = false;

  constructor(session: Session, wanted: Wanted, size: number) {
    this.session = session;
    this.wanted = wanted;
    this.size = size;
  }

  /** Sends the request for what is missing. */
  async open(): Promise<void> {
    const from = this.given;
    const headers = from === 0 ? this.wanted.headers : { ...this.wanted.headers, range: `bytes=${from}-` };
    const timing = this.timing();
    this.reader = await this.session.get({ ...this.wanted, headers }, async (answer) => {
      try {
        this.skip = checkAnswer(answer, from, this.size);
      } catch (thrown) {
        answer.message.destroy();
        throw thrown;
      }
      return new BodyReader(answer.message, timing);
    });
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    while (!this.ended) {
      const piece = await this.nextPiece();
      if (piece === undefined) this.close();
      else if (piece.length > 0) return { done: false, value: piece };
    }
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Buffer, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The next new bytes, maybe none; undefined at the end. */
  private async nextPiece(): Promise<Buffer | undefined> {
    try {
      const piece = await this.reader?.next();
      if (piece !== undefined) return this.accept(piece);
      if (this.given === this.size) return undefined;
      const message = `it ended the blob after ${this.given} of ${this.size} bytes`;
      throw new RegistryFailure('registry/size', message, { retryable: true });
    } catch (thrown) {
      // Whoever has left the stream closed the connection.
      return this.ended ? undefined : await this.resume(failureOf(thrown));
    }
  }

  private accept(piece: Buffer): Buffer {
    const known = Math.min(this.skip, piece.length);
    this.skip -= known;
    const fresh = piece.subarray(known);
    if (fresh.length > this.size - this.given) {
      throw new RegistryFailure('registry/size', `it sent more than the announced ${this.size} bytes`);
    }
    this.given += fresh.length;
    return fresh;
  }

  private async resume(failure: RegistryFailure): Promise<Buffer> {
    this.reader?.close();
    if (!failure.retryable || this.resumes === maxResumes) {
      this.close();
      throw this.session.explain(this.wanted, failure);
    }
    this.resumes++;
    const delayMs = pauseAfter(this.resumes);
    this.session.onRetry(this.wanted, failure, this.resumes, delayMs);
    await this.session.sleep(delayMs);
    if (this.ended) return Buffer.alloc(0);
    try {
      await this.open();
    } catch (thrown) {
      this.close();
      throw thrown;
    }
    if (this.ended) this.reader?.close();
    return Buffer.alloc(0);
  }

  private timing(): Timing {
    const { idleMs, totalMs } = this.session.transport.timing;
    return { idleMs, totalMs: totalMs + Math.ceil((this.size - this.given) / slowestRate) };
  }

  private close(): void {
    this.ended = true;
    this.reader?.close();
  }
}

/** Holds the announced length against the size that is wanted; returns how many bytes of the answer to skip. */
function checkAnswer({ status, message }: HttpAnswer, from: number, size: number): number {
  const partial = status === 206;
  if (partial && !rangeFits(message.headers['content-range'], from, size)) {
    throw new RegistryFailure('registry/size', 'it sent another part of the blob than was asked for');
  }
  const expected = partial ? size - from : size;
  const length = message.headers['content-length'];
  if (length !== undefined && Number(length) !== expected) {
    const encoding = message.headers['content-encoding'];
    const remark = encoding === undefined ? '' : ` (compressed with ${plainLine(encoding, 40)}, unasked)`;
    throw new RegistryFailure('registry/size', `it announced ${length} bytes${remark} where ${expected} are due`);
  }
  return partial ? 0 : from;
}

function rangeFits(header: string | undefined, from: number, size: number): boolean {
  return header === `bytes ${from}-${size - 1}/${size}` || header === `bytes ${from}-${size - 1}/*`;
}
