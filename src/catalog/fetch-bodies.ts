import type { RangeRequest, Span } from './range-plan.ts';
import { RangePlan } from './range-plan.ts';
import { SpanReader } from './span-reader.ts';

/** Requests that are under way at once. */
const sideBySide = 4;

/** Reads a range of one blob: exactly that many bytes. */
export type FetchRange = (offset: number, length: number) => Promise<Buffer>;

/** Fetches spans and feeds what is in them to the bodies' sinks, in their order. @throws SluiceError */
export async function fetchSpans(
  spans: readonly Span[],
  compression: 'gzip' | 'zstd',
  range: FetchRange,
): Promise<void> {
  const plan = new RangePlan(spans);
  const reader = new SpanReader(compression);
  const underWay: { readonly offset: number; readonly bytes: Promise<Buffer> }[] = [];
  const ask = (): void => {
    while (underWay.length < sideBySide) {
      const request = plan.next();
      if (request === undefined) return;
      underWay.push({ offset: request.offset, bytes: started(request, range) });
    }
  };
  let cursor = 0;
  try {
    ask();
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
      const bytes = await first.bytes;
      ask();
      cursor = await feed(spans, cursor, first.offset, bytes, reader);
      ask();
    }
  } finally {
    reader.close();
  }
}

/** A request whose failure is heard even when an earlier one ends the work. */
function started({ offset, length }: RangeRequest, range: FetchRange): Promise<Buffer> {
  const bytes = range(offset, length);
  bytes.catch(() => undefined);
  return bytes;
}

/** Hands a fetched range to the spans in it, and returns the number of the span that comes next. */
async function feed(
  spans: readonly Span[],
  first: number,
  offset: number,
  bytes: Buffer,
  reader: SpanReader,
): Promise<number> {
  const end = offset + bytes.length;
  for (let number = first; ; number++) {
    const span = spans[number];
    if (span === undefined || span.offset >= end) return number;
    if (!span.asked) continue;
    if (span.offset >= offset) reader.begin(span);
    await reader.write(bytes.subarray(Math.max(0, span.offset - offset), Math.min(bytes.length, span.end - offset)));
    if (span.end > end) return number;
    await reader.end();
  }
}
