import type { RecordedStep, Recording } from './recording.ts';
import type { AttributeValue } from './step.ts';
import type { TraceParent } from './traceparent.ts';

/*
 * Requests of the OpenTelemetry protocol (OTLP 1.x) in the form of its JSON: names in lowerCamelCase, ids in hexadecimal
 * digits, integers of 64 bits as text, enumerations as numbers. `otlp-protobuf.ts` writes the same in binary.
 */

/** A value in a request, of whatever message. */
export type OtlpValue = string | number | boolean | OtlpMessage | readonly OtlpValue[];

/** A message in a request. */
export interface OtlpMessage {
  readonly [field: string]: OtlpValue;
}

/** Who says it. */
export interface Sender {
  /** Attributes of the resource, `service.name` among them. */
  readonly resource: ReadonlyMap<string, AttributeValue>;
  /** sluice's own version. */
  readonly version: string;
}

/** What the steps are called in a trace. */
export interface TraceIds {
  readonly traceId: string;
  /** One a step: 16 hexadecimal digits. */
  readonly spanIds: readonly string[];
  readonly parent?: TraceParent | undefined;
}

const internalKind = 1;
const errorStatus = 2;
/** Flags of a span: what W3C calls sampled; that it is known whether the parent is elsewhere; that it is. */
const flags = { sampled: 0x01, hasIsRemote: 0x100, isRemote: 0x200 };

/** ExportTraceServiceRequest of all steps that have ended. */
export function traceRequest({ steps }: Recording, ids: TraceIds, sender: Sender): OtlpMessage {
  const spans = steps.flatMap((step, at) => (step.ended === undefined ? [] : [spanOf(step, step.ended, at, ids)]));
  return { resourceSpans: [{ resource: resourceOf(sender), scopeSpans: [{ scope: scopeOf(sender), spans }] }] };
}

function spanOf(step: RecordedStep, ended: number, at: number, { traceId, spanIds, parent }: TraceIds): OtlpMessage {
  const above = step.parent === undefined ? parent?.spanId : spanIds[step.parent];
  const remote = step.parent === undefined && parent !== undefined;
  const error = step.error === undefined ? [] : attributesOf(new Map([['error.type', step.error]]));
  return {
    traceId,
    spanId: spanIds[at] ?? '',
    ...(parent?.state ? { traceState: parent.state } : {}),
    ...(above === undefined ? {} : { parentSpanId: above }),
    flags: flags.sampled | flags.hasIsRemote | (remote ? flags.isRemote : 0),
    name: step.name,
    kind: internalKind,
    startTimeUnixNano: nanoseconds(step.started),
    endTimeUnixNano: nanoseconds(ended),
    attributes: [...attributesOf(step.attributes), ...error],
    ...(step.error === undefined ? {} : { status: { message: step.error, code: errorStatus } }),
  };
}

/** Who the sender is, as a Resource. */
export function resourceOf({ resource }: Sender): OtlpMessage {
  return { attributes: attributesOf(resource) };
}

/** The InstrumentationScope of all that sluice says. */
export function scopeOf({ version }: Sender): OtlpMessage {
  return { name: 'sluice', version };
}

/** Attributes as a list of KeyValue. */
export function attributesOf(attributes: ReadonlyMap<string, AttributeValue>): OtlpMessage[] {
  return [...attributes].map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): OtlpMessage {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'object') return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Milliseconds since 1970 as nanoseconds: a double holds them to the microsecond. */
export function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1000)) * 1000n);
}
