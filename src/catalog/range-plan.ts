import type { BodyChunk } from '../format/layer-index/contract.ts';
import type { BodySink } from '../format/tar/contract.ts';

/** Bytes nobody wants that are fetched along, for a request of their own would take longer. */
const worthFetching = 128 * 1024;

/** Most bytes of one request. */
const mostAtOnce = 4 * 1024 * 1024;

/** A body of the layer that somebody wants. */
export interface WantedBody {
  readonly chunks: readonly BodyChunk[];
  /** Absent once it wants no more. */
  sink: BodySink | undefined;
}

/** A stretch of the blob that can be unpacked on its own, and what in it is wanted. */
export interface Span {
  readonly offset: number;
  end: number;
  readonly parts: { readonly chunk: BodyChunk; readonly body: WantedBody }[];
  /** Whether it is being fetched; what its bodies no longer want never is. */
  asked: boolean;
}

/** A stretch of the blob that is fetched at once. */
export interface RangeRequest {
  readonly offset: number;
  readonly length: number;
}

/** The stretches that hold these bodies, whose places rise: chunks that begin at one place are compressed together. */
export function spansOf(bodies: readonly WantedBody[]): Span[] {
  const spans: Span[] = [];
  for (const body of bodies) {
    for (const chunk of body.chunks) {
      const last = spans.at(-1);
      if (last?.offset === chunk.offset) {
        last.end = Math.max(last.end, chunk.end);
        last.parts.push({ chunk, body });
      } else spans.push({ offset: chunk.offset, end: chunk.end, parts: [{ chunk, body }], asked: false });
    }
  }
  return spans;
}

/** Makes requests of spans as they are needed: near ones become one, large ones several. */
export class RangePlan {
  readonly #spans: readonly Span[];
  /** The span that is next, and the place from which on it is still to be asked for. */
  #next = 0;
  #from = 0;

  constructor(spans: readonly Span[]) {
    this.#spans = spans;
  }

  /** The next request; undefined when all that is wanted has been asked for. */
  next(): RangeRequest | undefined {
    const first = this.#wanted();
    if (first === undefined) return undefined;
    const offset = Math.max(first.offset, this.#from);
    const most = offset + mostAtOnce;
    let end = offset;
    for (let span: Span | undefined = first; span !== undefined; span = this.#wanted()) {
      if (end !== offset && span.offset - end > worthFetching) break;
      if (span.offset >= most) break;
      span.asked = true;
      end = Math.min(span.end, most);
      this.#from = end;
      if (end < span.end) break;
      this.#next++;
    }
    return { offset, length: end - offset };
  }

  /** The next span that is wanted, or of which a part has been asked for. */
  #wanted(): Span | undefined {
    for (; this.#next < this.#spans.length; this.#next++) {
      const span = this.#spans[this.#next];
      if (span && (span.asked || span.parts.some(({ body }) => body.sink !== undefined))) return span;
    }
    return undefined;
  }
}

/** How many bytes of the blob the spans have. */
export function bytesOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.end - span.offset, 0);
}
