/*
 * A reader of OTLP in Protocol Buffers that shares nothing with the writer: it knows the fields from the protocol's
 * definition (opentelemetry-proto 1.x), and `test/fixtures/otlp/` shows that it agrees with the official library.
 */

type Kind = 'string' | 'hex' | 'bool' | 'number' | 'int64' | 'fixed64' | 'sfixed64' | 'double' | 'fixed32' | string;

/** Message, then field by number: its name in JSON, its kind or message, `[]` behind what is repeated. */
const messages: Record<string, Record<number, [string, Kind]>> = {
  Traces: { 1: ['resourceSpans', 'ResourceSpans[]'] },
  ResourceSpans: { 1: ['resource', 'Resource'], 2: ['scopeSpans', 'ScopeSpans[]'] },
  ScopeSpans: { 1: ['scope', 'Scope'], 2: ['spans', 'Span[]'] },
  Span: {
    1: ['traceId', 'hex'],
    2: ['spanId', 'hex'],
    3: ['traceState', 'string'],
    4: ['parentSpanId', 'hex'],
    5: ['name', 'string'],
    6: ['kind', 'number'],
    7: ['startTimeUnixNano', 'fixed64'],
    8: ['endTimeUnixNano', 'fixed64'],
    9: ['attributes', 'KeyValue[]'],
    15: ['status', 'Status'],
    16: ['flags', 'fixed32'],
  },
  Status: { 2: ['message', 'string'], 3: ['code', 'number'] },
  Metrics: { 1: ['resourceMetrics', 'ResourceMetrics[]'] },
  ResourceMetrics: { 1: ['resource', 'Resource'], 2: ['scopeMetrics', 'ScopeMetrics[]'] },
  ScopeMetrics: { 1: ['scope', 'Scope'], 2: ['metrics', 'Metric[]'] },
  Metric: {
    1: ['name', 'string'],
    2: ['description', 'string'],
    3: ['unit', 'string'],
    5: ['gauge', 'Gauge'],
    7: ['sum', 'Sum'],
    9: ['histogram', 'Histogram'],
  },
  Gauge: { 1: ['dataPoints', 'NumberPoint[]'] },
  Sum: { 1: ['dataPoints', 'NumberPoint[]'], 2: ['aggregationTemporality', 'number'], 3: ['isMonotonic', 'bool'] },
  Histogram: { 1: ['dataPoints', 'HistogramPoint[]'], 2: ['aggregationTemporality', 'number'] },
  NumberPoint: {
    2: ['startTimeUnixNano', 'fixed64'],
    3: ['timeUnixNano', 'fixed64'],
    4: ['asDouble', 'double'],
    6: ['asInt', 'sfixed64'],
    7: ['attributes', 'KeyValue[]'],
  },
  HistogramPoint: {
    2: ['startTimeUnixNano', 'fixed64'],
    3: ['timeUnixNano', 'fixed64'],
    4: ['count', 'fixed64'],
    5: ['sum', 'double'],
    6: ['bucketCounts', 'fixed64[]'],
    7: ['explicitBounds', 'double[]'],
    9: ['attributes', 'KeyValue[]'],
    11: ['min', 'double'],
    12: ['max', 'double'],
  },
  Resource: { 1: ['attributes', 'KeyValue[]'] },
  Scope: { 1: ['name', 'string'], 2: ['version', 'string'] },
  KeyValue: { 1: ['key', 'string'], 2: ['value', 'AnyValue'] },
  AnyValue: {
    1: ['stringValue', 'string'],
    2: ['boolValue', 'bool'],
    3: ['intValue', 'int64'],
    4: ['doubleValue', 'double'],
    5: ['arrayValue', 'ArrayValue'],
  },
  ArrayValue: { 1: ['values', 'AnyValue[]'] },
};

/** Reads a message; throws on what the protocol does not have. Lists that are not written are empty. */
export function decodeOtlp(bytes: Buffer, name: string): Record<string, unknown> {
  const fields = messages[name]!;
  const message: Record<string, unknown> = {};
  for (const [field, kind] of Object.values(fields)) if (kind.endsWith('[]')) message[field] = [];
  const reader = new Bytes(bytes);
  while (!reader.done) {
    const key = Number(reader.varint());
    const found = fields[key >> 3];
    if (!found) throw new Error(`${name} has no field ${key >> 3}`);
    const [field, kind] = found;
    const one = kind.replace('[]', '');
    if (key % 8 !== wireOf(one) && !(kind.endsWith('[]') && key % 8 === 2))
      throw new Error(`${name}.${field} is written as type ${key % 8}`);
    if (!kind.endsWith('[]')) message[field] = reader.value(one);
    else if (one in messages) (message[field] as unknown[]).push(reader.value(one));
    else {
      const packed = new Bytes(reader.take(Number(reader.varint())));
      while (!packed.done) (message[field] as unknown[]).push(packed.value(one));
    }
  }
  return message;
}

function wireOf(kind: Kind): number {
  if (kind === 'fixed64' || kind === 'sfixed64' || kind === 'double') return 1;
  if (kind === 'fixed32') return 5;
  return kind === 'bool' || kind === 'number' || kind === 'int64' ? 0 : 2;
}

class Bytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error('the message is cut');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.take(1)[0]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  value(kind: Kind): unknown {
    if (kind === 'double') return this.take(8).readDoubleLE();
    if (kind === 'fixed64') return String(this.take(8).readBigUInt64LE());
    if (kind === 'sfixed64') return String(this.take(8).readBigInt64LE());
    if (kind === 'fixed32') return this.take(4).readUInt32LE();
    if (kind === 'bool') return this.varint() === 1n;
    if (kind === 'number') return Number(this.varint());
    if (kind === 'int64') return String(BigInt.asIntN(64, this.varint()));
    const bytes = this.take(Number(this.varint()));
    if (kind === 'string') return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return kind === 'hex' ? bytes.toString('hex') : decodeOtlp(bytes, kind);
  }
}

const text = { type: 'string' };
const nano = { type: 'string', pattern: '^[0-9]{1,20}$' };
const integer = { type: 'string', pattern: '^-?[0-9]{1,20}$' };
const list = (items: object, minItems = 0) => ({ type: 'array', items, minItems });
const message = (properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required: [...required],
});
const value = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    stringValue: text,
    boolValue: { type: 'boolean' },
    intValue: integer,
    doubleValue: { type: 'number' },
    arrayValue: message({ values: list(message({ stringValue: text })) }),
  },
};
const attributes = list(message({ key: { type: 'string', minLength: 1 }, value }));
const resource = message({ attributes });
const scope = message({ name: text, version: text });
const span = message(
  {
    traceId: { type: 'string', pattern: '^(?!0+$)[0-9a-f]{32}$' },
    spanId: { type: 'string', pattern: '^(?!0+$)[0-9a-f]{16}$' },
    parentSpanId: { type: 'string', pattern: '^(?!0+$)[0-9a-f]{16}$' },
    traceState: text,
    flags: { type: 'integer', minimum: 0 },
    name: { type: 'string', minLength: 1 },
    kind: { const: 1 },
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
    attributes,
    status: message({ message: text, code: { enum: [0, 1, 2] } }),
  },
  ['traceId', 'spanId', 'flags', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'attributes'],
);
const times = { attributes, startTimeUnixNano: nano, timeUnixNano: nano };
const numberPoint = {
  oneOf: [message({ ...times, asInt: integer }), message({ ...times, asDouble: { type: 'number' } })],
};
const number = { type: 'number' };
const histogramPoint = message({
  ...{ ...times, count: integer, sum: number, min: number, max: number },
  ...{ bucketCounts: list(integer, 1), explicitBounds: list(number) },
});
const temporality = { enum: [1, 2] };
const head = { name: { type: 'string', pattern: '^[a-z][a-z._]*$' }, description: text, unit: text };
const metric = {
  oneOf: [
    message({ ...head, gauge: message({ dataPoints: list(numberPoint, 1) }) }),
    message({
      ...head,
      sum: message({
        dataPoints: list(numberPoint, 1),
        aggregationTemporality: temporality,
        isMonotonic: { const: true },
      }),
    }),
    message({
      ...head,
      histogram: message({ dataPoints: list(histogramPoint, 1), aggregationTemporality: temporality }),
    }),
  ],
};

/** JSON Schemas of what sluice sends, in words of our own: the JSON of OTLP 1.x, without what is not sent. */
export const otlpSchemas = {
  traces: message({
    resourceSpans: list(message({ resource, scopeSpans: list(message({ scope, spans: list(span, 1) })) })),
  }),
  metrics: message({
    resourceMetrics: list(message({ resource, scopeMetrics: list(message({ scope, metrics: list(metric) })) })),
  }),
};
