import type { OtlpMessage, OtlpValue } from './otlp.ts';

/** How a field is written: what is not a message is one of the scalar types of Protocol Buffers 3. */
type Kind = 'string' | 'hex' | 'bool' | 'varint' | 'fixed32' | 'fixed64' | 'double' | (() => Message);

/** The fields of a message: the number and kind of each, by its name in JSON. */
type Message = Readonly<Record<string, readonly [number: number, kind: Kind]>>;

/** A message to be written. */
export type OtlpRequestKind = 'traces' | 'metrics';

/*
 * The messages of opentelemetry/proto/{common,resource,trace,metrics}/v1 and of the collector's services, as far as
 * sluice has something to say in them.
 */
const anyValue: Message = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'varint'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => ({ values: [1, () => anyValue] })],
};
const keyValue: Message = { key: [1, 'string'], value: [2, () => anyValue] };
const resource: Message = { attributes: [1, () => keyValue] };
const scope: Message = { name: [1, 'string'], version: [2, 'string'] };
const times: Message = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] };

const span: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, () => keyValue],
  status: [15, () => ({ message: [2, 'string'], code: [3, 'varint'] })],
  flags: [16, 'fixed32'],
};
const numberPoint: Message = {
  ...times,
  asDouble: [4, 'double'],
  asInt: [6, 'fixed64'],
  attributes: [7, () => keyValue],
};
const histogramPoint: Message = {
  ...times,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64'],
  explicitBounds: [7, 'double'],
  attributes: [9, () => keyValue],
  min: [11, 'double'],
  max: [12, 'double'],
};
const metric: Message = {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, () => ({ dataPoints: [1, () => numberPoint] })],
  sum: [
    7,
    () => ({ dataPoints: [1, () => numberPoint], aggregationTemporality: [2, 'varint'], isMonotonic: [3, 'bool'] }),
  ],
  histogram: [9, () => ({ dataPoints: [1, () => histogramPoint], aggregationTemporality: [2, 'varint'] })],
};

const scopeSpans: Message = { scope: [1, () => scope], spans: [2, () => span] };
const scopeMetrics: Message = { scope: [1, () => scope], metrics: [2, () => metric] };
const requests: Record<OtlpRequestKind, Message> = {
  traces: { resourceSpans: [1, () => ({ resource: [1, () => resource], scopeSpans: [2, () => scopeSpans] })] },
  metrics: { resourceMetrics: [1, () => ({ resource: [1, () => resource], scopeMetrics: [2, () => scopeMetrics] })] },
};

const wire = { varint: 0, fixed64: 1, length: 2, fixed32: 5 };

/** A request as Protocol Buffers. */
export function encodeRequest(kind: OtlpRequestKind, request: OtlpMessage): Buffer {
  return encode(request, requests[kind]);
}

function encode(message: OtlpMessage, fields: Message): Buffer {
  const pieces: Buffer[] = [];
  for (const [name, value] of Object.entries(message)) {
    const field = fields[name];
    if (!field) throw new Error(`there is no number for the field ${name}`);
    const [number, kind] = field;
    if (!Array.isArray(value)) pieces.push(...tagged(number, kind, value as OtlpValue));
    // Numbers that are repeated are packed.
    else if (kind === 'fixed64' || kind === 'double')
      pieces.push(...sized(number, Buffer.concat(value.map((one: OtlpValue) => scalar(kind, one)))));
    else for (const one of value as readonly OtlpValue[]) pieces.push(...tagged(number, kind, one));
  }
  return Buffer.concat(pieces);
}

function tagged(number: number, kind: Kind, value: OtlpValue): Buffer[] {
  if (typeof kind === 'function') return sized(number, encode(value as OtlpMessage, kind()));
  if (kind === 'string') return sized(number, Buffer.from(value as string, 'utf8'));
  if (kind === 'hex') return sized(number, Buffer.from(value as string, 'hex'));
  const type = kind === 'fixed32' ? wire.fixed32 : kind === 'fixed64' || kind === 'double' ? wire.fixed64 : wire.varint;
  return [varint(BigInt(number * 8 + type)), scalar(kind, value)];
}

function sized(number: number, bytes: Buffer): Buffer[] {
  return [varint(BigInt(number * 8 + wire.length)), varint(BigInt(bytes.length)), bytes];
}

function scalar(kind: 'bool' | 'varint' | 'fixed32' | 'fixed64' | 'double', value: OtlpValue): Buffer {
  const bytes = Buffer.alloc(kind === 'fixed32' ? 4 : 8);
  if (kind === 'double') bytes.writeDoubleLE(value as number);
  else if (kind === 'fixed32') bytes.writeUInt32LE(value as number);
  else if (kind === 'fixed64') bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value as string)));
  else return varint(BigInt(value as string | number | boolean));
  return bytes;
}

/** Seven bits a byte, the lowest first; a negative number as that of 64 bits with the same bits. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
