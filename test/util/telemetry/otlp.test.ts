import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricsRequest } from '../../../src/util/telemetry/metrics.ts';
import { attributesOf, type OtlpMessage, traceRequest } from '../../../src/util/telemetry/otlp.ts';
import { encodeRequest } from '../../../src/util/telemetry/otlp-protobuf.ts';
import { Recording } from '../../../src/util/telemetry/recording.ts';
import { decodeOtlp, otlpSchemas } from '../../support/otlp.ts';
import { sampleIds, sampleMetrics, sampleRecording, sampleTime, sender } from './samples.ts';

const ajv = new Ajv({ allErrors: true, strictTypes: false });
const valid = { traces: ajv.compile(otlpSchemas.traces), metrics: ajv.compile(otlpSchemas.metrics) };
const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/otlp', name));

const requests = {
  traces: traceRequest(sampleRecording(), sampleIds, sender),
  metrics: metricsRequest(sampleMetrics, sampleTime, sender),
};

/** As a collector gets it. */
const sent = (request: OtlpMessage) => JSON.parse(JSON.stringify(request)) as Record<string, unknown>;

describe.each(['traces', 'metrics'] as const)('a request of %s', (kind) => {
  const request = requests[kind];

  test('is what the protocol calls so', () => {
    valid[kind](sent(request));
    expect(valid[kind].errors).toBeNull();
    expect(valid[kind]({ ...sent(request), more: 1 })).toBe(false);
  });

  test('is, in JSON and in binary, what the official library takes it for', () => {
    expect(sent(request)).toEqual(JSON.parse(fixture(`${kind}.json`).toString('utf8')));
    const message = kind === 'traces' ? 'Traces' : 'Metrics';
    expect(decodeOtlp(fixture(`${kind}.pb`), message)).toEqual(sent(request));
    expect(decodeOtlp(encodeRequest(kind, request), message)).toEqual(sent(request));
    expect(encodeRequest(kind, request)).toHaveLength(fixture(`${kind}.pb`).length);
  });
});

test('spans tell where they hang, how long they took and what failed', () => {
  const [{ scopeSpans }] = requests.traces.resourceSpans as unknown as [
    { scopeSpans: [{ spans: Record<string, unknown>[] }] },
  ];
  const spans = scopeSpans[0].spans.map(({ attributes: _, traceId, ...span }) => ({ ...span, own: traceId }));
  const own = sampleIds.traceId;
  const base = { kind: 1, own, traceState: 'vendor=x' };
  expect(spans).toEqual([
    {
      ...{ ...base, spanId: '1111111111111111', parentSpanId: 'b7ad6b7169203331', flags: 0x301, name: 'sluice scan' },
      ...{ startTimeUnixNano: '1700000000001500000', endTimeUnixNano: '1700000000010500000' },
    },
    {
      ...{ ...base, spanId: '2222222222222222', parentSpanId: '1111111111111111', flags: 0x101, name: 'layers' },
      ...{ startTimeUnixNano: '1700000000003000000', endTimeUnixNano: '1700000000007500000' },
      status: { message: 'layer/unreadable', code: 2 },
    },
    {
      ...{ ...base, spanId: '3333333333333333', parentSpanId: '2222222222222222', flags: 0x101, name: 'layer' },
      ...{ startTimeUnixNano: '1700000000004500000', endTimeUnixNano: '1700000000006000000' },
    },
  ]);
});

test('attributes keep their types, and text is such as UTF-8 has', () => {
  const [, layers, layer] = sampleRecording().steps;
  expect(attributesOf(layers!.attributes)).toEqual([
    { key: 'rules', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
    { key: 'cached', value: { boolValue: false } },
    { key: 'size', value: { intValue: '5000000000' } },
    { key: 'share', value: { doubleValue: 0.25 } },
    { key: 'low', value: { intValue: '-3' } },
  ]);
  expect(attributesOf(layer!.attributes)).toEqual([
    { key: 'hostile', value: { stringValue: '"\u0000\u202e</script>\ufffd' } },
  ]);
});

test('whatever names and values an image has, both forms hold the same', () => {
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ maxLength: 3000 }),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.array(fc.string({ unit: 'binary' })),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.dictionary(fc.string({ minLength: 1 }), values), (name, attributes) => {
      const recording = new Recording(() => 5);
      recording.begin(name, attributes).end();
      const request = traceRequest(recording, { traceId: sampleIds.traceId, spanIds: ['1111111111111111'] }, sender);
      valid.traces(sent(request));
      expect(valid.traces.errors).toBeNull();
      expect(decodeOtlp(encodeRequest('traces', request), 'Traces')).toEqual(sent(request));
    }),
    { numRuns: 60 },
  );
});

test('a value falls into the bucket whose upper bound it does not exceed', () => {
  const bucketOf = (value: number) => {
    const metric = { ...sampleMetrics[0]!, points: [{ value, attributes: new Map<string, string>() }] };
    const text = JSON.stringify(metricsRequest([metric], sampleTime, sender));
    return (JSON.parse(text.match(/"bucketCounts":(\[[^\]]*\])/)![1]!) as string[]).indexOf('1');
  };
  expect([0, 0.1, 0.11, 600, 601].map(bucketOf)).toEqual([0, 0, 1, 11, 12]);
});
