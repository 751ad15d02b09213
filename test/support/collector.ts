import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeOtlp } from './otlp.ts';

/** A request that a collector has got. */
export interface Collected {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The request, from whichever form it had. */
  readonly request: Record<string, unknown>;
}

/** Misbehaviour in place of an answer. */
export type CollectorFault = (response: ServerResponse, request: IncomingMessage) => void;

/** A collector of telemetry in this process. */
export interface TestCollector {
  readonly url: string;
  readonly got: Collected[];
  /** How many requests came, refused ones included. */
  readonly asked: number;
  /** The next requests get these faults, one each. */
  fault(...faults: CollectorFault[]): void;
  /** Forgets what came. */
  clear(): void;
  close(): Promise<void>;
}

/** Starts a collector for OTLP by HTTP on 127.0.0.1. */
export async function startCollector(): Promise<TestCollector> {
  const got: Collected[] = [];
  let faults: CollectorFault[] = [];
  let asked = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    asked++;
    const fault = faults.shift();
    if (fault) return fault(response, request);
    const packed = Buffer.concat(pieces);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed;
    const json = request.headers['content-type'] === 'application/json';
    const name = request.url?.includes('traces') ? 'Traces' : 'Metrics';
    const read = json ? (JSON.parse(body.toString('utf8')) as Record<string, unknown>) : decodeOtlp(body, name);
    got.push({ path: request.url ?? '', headers: request.headers, request: read });
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end(json ? '{}' : '');
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    get asked() {
      return asked;
    },
    fault: (...more) => {
      faults.push(...more);
    },
    clear: () => {
      got.length = 0;
      faults = [];
      asked = 0;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Attributes of OTLP as a plain object. */
function plainAttributes(attributes: unknown): Record<string, unknown> {
  const entries = (attributes as { key: string; value: Record<string, unknown> }[]).map(({ key, value }) => {
    const [kind, said] = Object.entries(value)[0] ?? [];
    if (kind === 'intValue') return [key, Number(said)];
    if (kind !== 'arrayValue') return [key, said];
    return [key, (said as { values: { stringValue: string }[] }).values.map(({ stringValue }) => stringValue)];
  });
  return Object.fromEntries(entries);
}

/** A span, with the name of the one above it. */
export interface PlainSpan {
  readonly name: string;
  readonly above: string | undefined;
  readonly attributes: Record<string, unknown>;
  readonly status: unknown;
}

/** The spans of a request of traces, and its first span as it came. */
export function spansOf({ request }: Collected): {
  readonly first: Record<string, unknown>;
  readonly spans: PlainSpan[];
} {
  const [{ scopeSpans }] = request.resourceSpans as [{ scopeSpans: [{ spans: Record<string, unknown>[] }] }];
  const { spans } = scopeSpans[0];
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name as string]));
  return {
    first: spans[0]!,
    spans: spans.map(({ name, parentSpanId, attributes, status }) => ({
      name: name as string,
      above: names.get(parentSpanId),
      attributes: plainAttributes(attributes),
      status,
    })),
  };
}

/** The values of the metrics of a request: `name{attribute=value}` to number. */
export function metricsOf({ request }: Collected): Record<string, number> {
  const [{ scopeMetrics }] = request.resourceMetrics as [{ scopeMetrics: [{ metrics: Record<string, unknown>[] }] }];
  const values: Record<string, number> = {};
  for (const { name, gauge, sum, histogram } of scopeMetrics[0].metrics) {
    const { dataPoints } = (gauge ?? sum ?? histogram) as { dataPoints: Record<string, unknown>[] };
    for (const point of dataPoints) {
      const said = Object.entries(plainAttributes(point.attributes)).map(([key, value]) => `${key}=${value}`);
      values[`${name}{${said.join(',')}}`] = Number(point.asInt ?? point.asDouble ?? point.count);
    }
  }
  return values;
}
