import { attributesOf, nanoseconds, type OtlpMessage, resourceOf, type Sender, scopeOf } from './otlp.ts';
import type { AttributeValue } from './step.ts';

/** One value of a metric. */
export interface MetricPoint {
  readonly value: number;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** A metric: what is counted up, what has a height, or how long something took. */
export interface Metric {
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly name: string;
  /** In the units of UCUM: `s`, `By`, `{finding}`. */
  readonly unit: string;
  readonly doc: string;
  readonly points: readonly MetricPoint[];
}

/** The time that metrics are about. */
export interface MetricTime {
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly ended: number;
  /** Whether the receiver adds up what it is sent, or is sent what is added up already: a run sends once. */
  readonly temporality: 'delta' | 'cumulative';
}

const temporalities = { delta: 1, cumulative: 2 };

/** Upper bounds of the buckets of a time, in seconds: a known image takes a tenth, a cold one minutes. */
const bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** ExportMetricsServiceRequest; metrics without a value are left out. */
export function metricsRequest(metrics: readonly Metric[], time: MetricTime, sender: Sender): OtlpMessage {
  const made = metrics.filter(({ points }) => points.length > 0).map((metric) => metricOf(metric, time));
  return {
    resourceMetrics: [{ resource: resourceOf(sender), scopeMetrics: [{ scope: scopeOf(sender), metrics: made }] }],
  };
}

function metricOf({ kind, name, unit, doc, points }: Metric, time: MetricTime): OtlpMessage {
  const aggregationTemporality = temporalities[time.temporality];
  const head = { name, description: doc, unit };
  if (kind === 'histogram') {
    const dataPoints = points.map((point) => histogramPoint(point, time));
    return { ...head, histogram: { dataPoints, aggregationTemporality } };
  }
  const dataPoints = points.map((point) => numberPoint(point, time));
  if (kind === 'gauge') return { ...head, gauge: { dataPoints } };
  return { ...head, sum: { dataPoints, aggregationTemporality, isMonotonic: true } };
}

function numberPoint({ value, attributes }: MetricPoint, time: MetricTime): OtlpMessage {
  const number: OtlpMessage = Number.isSafeInteger(value) ? { asInt: String(value) } : { asDouble: value };
  return { attributes: attributesOf(attributes), ...times(time), ...number };
}

/** A histogram of one value. */
function histogramPoint({ value, attributes }: MetricPoint, time: MetricTime): OtlpMessage {
  const bucket = bounds.filter((bound) => value > bound).length;
  return {
    attributes: attributesOf(attributes),
    ...times(time),
    count: '1',
    sum: value,
    bucketCounts: [...bounds, Infinity].map((_, at) => (at === bucket ? '1' : '0')),
    explicitBounds: bounds,
    min: value,
    max: value,
  };
}

function times({ started, ended }: MetricTime): OtlpMessage {
  return { startTimeUnixNano: nanoseconds(started), timeUnixNano: nanoseconds(ended) };
}
