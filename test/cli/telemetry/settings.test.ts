import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPairs } from '../../../src/cli/telemetry/pairs.ts';
import { partialSuccess } from '../../../src/cli/telemetry/partial-success.ts';
import { readSettings } from '../../../src/cli/telemetry/settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318' };

describe('the environment', () => {
  test('without an endpoint or an exporter asks for nothing', () => {
    for (const env of [{}, { OTEL_SERVICE_NAME: 'x' }, { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, { TRACEPARENT: 'x' }]) {
      expect(readSettings(env)).toEqual({ resource: new Map(), temporality: 'cumulative', warnings: [] });
    }
  });

  test('with an endpoint asks for both signals, by the defaults of the specification', () => {
    const common = { headers: new Map(), protocol: 'http/protobuf', gzip: false, timeoutMs: 5000 };
    expect(readSettings(endpoint)).toEqual({
      traces: { ...common, url: new URL('http://collector.test:4318/v1/traces') },
      metrics: { ...common, url: new URL('http://collector.test:4318/v1/metrics') },
      resource: new Map([['service.name', 'sluice']]),
      temporality: 'cumulative',
      warnings: [],
    });
  });

  test('with an exporter alone means the collector on this machine', () => {
    const { traces, metrics } = readSettings({ OTEL_TRACES_EXPORTER: 'console,otlp' });
    expect([traces?.url.href, metrics]).toEqual(['http://localhost:4318/v1/traces', undefined]);
  });

  test('says of one signal what outranks what it says of all', () => {
    const { traces, metrics, temporality, resource, warnings } = readSettings({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.test/base/', OTEL_EXPORTER_OTLP_HEADERS: 'A=1,b=2' },
      ...{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces.test/in', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=%33' },
      ...{ OTEL_EXPORTER_OTLP_TIMEOUT: '900', OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '100' },
      ...{ OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip' },
      ...{ OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.pem', OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY: 'key.pem' },
      ...{ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta' },
      ...{ OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,team=a%2Cb', OTEL_SERVICE_NAME: 'gate' },
    });
    const all = [
      ['a', '1'],
      ['b', '2'],
    ] as const;
    expect({ traces, metrics, temporality, resource, warnings }).toEqual({
      traces: {
        ...{ url: new URL('http://traces.test/in'), protocol: 'http/protobuf', gzip: true, timeoutMs: 900 },
        ...{ headers: new Map([all[0], ['b', '3']]), certificate: 'ca.pem' },
      },
      metrics: {
        ...{
          url: new URL('https://collector.test/base/v1/metrics'),
          protocol: 'http/json',
          gzip: false,
          timeoutMs: 100,
        },
        ...{ headers: new Map(all), certificate: 'ca.pem', clientKey: 'key.pem' },
      },
      temporality: 'delta',
      resource: new Map([
        ['service.name', 'gate'],
        ['team', 'a,b'],
      ]),
      warnings: [],
    });
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is no address with http or https'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/hunter2' }, 'names no protocol that is known'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }, 'OTEL_EXPORTER_OTLP_HEADERS has 1 parts that are no'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_COMPRESSION: 'hunter2' }, 'is neither gzip nor none'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: 'hunter2' }, 'is no number of milliseconds'],
    [{ ...endpoint, OTEL_RESOURCE_ATTRIBUTES: 'a=1,hunter2' }, 'OTEL_RESOURCE_ATTRIBUTES has parts that are no'],
    [{ ...endpoint, OTEL_TRACES_EXPORTER: 'hunter2' }, 'OTEL_TRACES_EXPORTER names what sluice does not have'],
  ])('with %j is told what is wrong, and no value', (env, warning) => {
    const { warnings } = readSettings(env);
    expect(warnings).toEqual([expect.stringContaining(warning)]);
    expect(warnings.join()).not.toContain('hunter2');
  });

  test.each([
    ['00', undefined, false],
    ['00', 'always_on', true],
    ['01', 'always_off', false],
    [undefined, 'parentbased_always_off', false],
    ['01', 'parentbased_always_off', true],
  ])('with a parent of the flags %s and the sampler %s records: %s', (flags, sampler, recorded) => {
    const TRACEPARENT = flags && `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`;
    const { traces } = readSettings({ ...endpoint, TRACEPARENT, OTEL_TRACES_SAMPLER: sampler });
    expect(traces !== undefined).toBe(recorded);
  });

  test('never makes it throw', () => {
    const names = ['ENDPOINT', 'HEADERS', 'TIMEOUT', 'PROTOCOL', 'COMPRESSION'].map(
      (name) => `OTEL_EXPORTER_OTLP_${name}`,
    );
    const env = fc.dictionary(fc.constantFrom(...names, 'TRACEPARENT', 'OTEL_RESOURCE_ATTRIBUTES'), fc.string());
    fc.assert(fc.property(env, (given) => Array.isArray(readSettings(given).warnings)));
  });
});

describe('pairs', () => {
  test('of headers are none that would end the header or say how the message is framed', () => {
    const text = 'a=1, b = 2=3 ,c=x%0d%0aEvil: 1,Content-Length=5,host=evil,=4,d,e f=1,g=%zz,h=,,i=%E2%82%AC';
    expect(readPairs(text, 'header')).toEqual({
      pairs: new Map(Object.entries({ a: '1', b: '2=3', h: '' })),
      wrong: 8,
    });
    expect(readPairs('i=%E2%82%AC', 'attribute').pairs).toEqual(new Map([['i', '€']]));
  });

  test('are so many and so long', () => {
    const many = Array.from({ length: 130 }, (_, i) => `n${i}=v`).join(',');
    expect([readPairs(many, 'attribute').pairs.size, readPairs(many, 'attribute').wrong]).toEqual([128, 2]);
    expect(readPairs(`a=${'x'.repeat(8193)}`, 'attribute')).toEqual({ pairs: new Map(), wrong: 1 });
  });
});

describe('an answer', () => {
  const binary = (...bytes: number[]) => Buffer.from(bytes);

  test.each<[string, string | undefined]>([
    ['', undefined],
    ['{}', undefined],
    ['null', undefined],
    ['{"partialSuccess":{}}', undefined],
    ['{"partialSuccess":{"rejectedSpans":0,"errorMessage":""}}', undefined],
    ['{"partialSuccess":{"rejectedDataPoints":"3"}}', 'refused 3 parts of what it was sent'],
    ['{"partialSuccess":{"rejectedSpans":-1,"errorMessage":"old"}}', 'warns: old'],
    ['{"partialSuccess":{"rejectedSpans":{},"errorMessage":7}}', undefined],
  ])('%s in JSON', (text, said) => {
    expect(partialSuccess(Buffer.from(text), 'http/json')).toBe(said);
  });

  test.each<[Buffer, string | undefined]>([
    [binary(), undefined],
    [binary(0x0a, 0x00), undefined],
    [binary(0x0a, 0x07, 0x08, 0x02, 0x12, 0x03, 0x6f, 0x6c, 0x64), 'refused 2 parts of what it was sent: old'],
    [binary(0x0d, 1, 2, 3, 4, 0x0a, 0x02, 0x08, 0x05), 'refused 5 parts of what it was sent'],
    [binary(0x0a, 0x7f, 0x08), undefined],
    [binary(0x0b), undefined],
    [Buffer.alloc(20, 0xff), undefined],
  ])('%j in binary', (bytes, said) => {
    expect(partialSuccess(bytes, 'http/protobuf')).toBe(said);
  });

  test('never makes it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const protocol of ['http/json', 'http/protobuf'] as const) {
          const said = partialSuccess(Buffer.from(bytes), protocol);
          expect(said === undefined || said.length < 300).toBe(true);
        }
      }),
    );
  });
});
