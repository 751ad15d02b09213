import { createHash, type Hash } from 'node:crypto';
import type { Decompressor } from '../format/decompress/contract.ts';
import { openDecompressor } from '../format/decompress/open.ts';
import { digestOfHex } from '../model/digest.ts';
import { SluiceError } from '../util/error.ts';
import { isBomb } from '../util/ratio.ts';
import type { Span } from './range-plan.ts';

/** Bytes that are unpacked at once, so that a bomb is found out before all of it has gone off. */
const pieceSize = 64 * 1024;

/**
 * Unpacks spans one after another and hands their chunks to whoever wants them. A body is told to be whole only after
 * each of its chunks had the digest that the index says: else its first bytes could make a reader refuse it.
 */
export class SpanReader {
  readonly #compression: 'gzip' | 'zstd';
  readonly #open: typeof openDecompressor;
  #decompressor: Decompressor | undefined;
  #span: Span | undefined;
  /** Number of the part of the span that comes next, and bytes that were unpacked of the span. */
  #part = 0;
  #at = 0;
  #hash: Hash | undefined;
  /** Whether the decompressor gives its output later than it takes its input. */
  #late = false;
  #input = 0;
  #output = 0;

  constructor(compression: 'gzip' | 'zstd', open = openDecompressor) {
    this.#compression = compression;
    this.#open = open;
  }

  /** Begins a span. */
  begin(span: Span): void {
    this.#span = span;
    this.#part = 0;
    this.#at = 0;
    this.#hash = undefined;
  }

  /** Takes the next bytes of the span. @throws SluiceError */
  async write(bytes: Buffer): Promise<void> {
    // Members of gzip and frames of zstd may follow each other, so that one decompressor serves all.
    this.#decompressor ??= await this.#open(this.#compression, (piece) => this.#take(piece));
    for (let at = 0; at < bytes.length; at += pieceSize) {
      const piece = bytes.subarray(at, at + pieceSize);
      this.#input += piece.length;
      const waiting = this.#decompressor.write(piece);
      if (waiting) await waiting;
      if (waiting) this.#late = true;
    }
  }

  /** Says that all of the span has come. @throws SluiceError when it did not hold what the index says */
  async end(): Promise<void> {
    if (this.#late) await this.#finish();
    if (!this.#isWhole()) throw new SluiceError('layer-index/short', 'a part of a file is not where the index says');
  }

  /** What comes late must not be taken for the next span's. */
  async #finish(): Promise<void> {
    const decompressor = this.#decompressor;
    this.#decompressor = undefined;
    try {
      await decompressor?.finish();
    } finally {
      decompressor?.close();
    }
  }

  close(): void {
    this.#decompressor?.close();
  }

  #isWhole(): boolean {
    return this.#part === this.#span?.parts.length;
  }

  #take(bytes: Buffer): void {
    this.#output += bytes.length;
    if (isBomb(this.#input, this.#output)) {
      throw new SluiceError('layer/bomb', 'the files that its index names are a decompression bomb');
    }
    const start = this.#at;
    this.#at += bytes.length;
    for (let part = this.#span?.parts[this.#part]; part !== undefined; part = this.#span?.parts[this.#part]) {
      const { inner, size } = part.chunk;
      const from = Math.max(inner, start);
      const to = Math.min(inner + size, this.#at);
      if (to > from) this.#feed(bytes.subarray(from - start, to - start), part);
      if (this.#at < inner + size) return;
      this.#endPart(part);
    }
  }

  #feed(bytes: Buffer, { body }: Span['parts'][number]): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(bytes);
    if (body.sink?.write(bytes) === false) body.sink = undefined;
  }

  #endPart({ chunk, body }: Span['parts'][number]): void {
    const digest = this.#hash && digestOfHex(this.#hash.digest('hex'));
    this.#hash = undefined;
    this.#part++;
    if (digest !== chunk.digest) {
      throw new SluiceError(
        'layer-index/digest-mismatch',
        'a part of a file does not have the digest that the index says',
      );
    }
    if (chunk === body.chunks.at(-1)) body.sink?.end();
  }
}
