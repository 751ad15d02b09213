import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../../support/cli.ts';
import { type CollectorFault, startCollector, type TestCollector } from '../../support/collector.ts';

const folder = scratchFolder();
const report = join(folder, 'bom.json');
let collector: TestCollector;

beforeAll(async () => {
  const components = [{ type: 'library', name: 'lodash', version: '4.17.21', purl: 'pkg:npm/lodash@4.17.21' }];
  writeFileSync(report, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components }));
  collector = await startCollector();
});
afterAll(() => collector.close());
beforeEach(() => collector.clear());

/** A scan that takes little time, with its report and how long it took. */
async function scan(env: Record<string, string>, ...more: string[]) {
  const started = performance.now();
  const args = ['scan', `sbom:${report}`, '-o', 'json', '--cache-dir', join(folder, 'cache'), ...more];
  const run = await sluice(args, env);
  return { ...run, seconds: (performance.now() - started) / 1000 };
}

const traces = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2hunter2',
});
const answer =
  (status: number, body = '', headers: Record<string, string> = {}): CollectorFault =>
  (response) =>
    void response.writeHead(status, headers).end(body);

describe('a collector', () => {
  test.each<[string, CollectorFault[], number, string]>([
    ['that is busy for a moment is asked again', [answer(503), answer(429, '', { 'retry-after': '0' })], 3, ''],
    [
      'that wants to be asked much later is not',
      [answer(429, '', { 'retry-after': '60' })],
      1,
      'answers with status 429',
    ],
    ['that refuses is told of once', [answer(401)], 1, 'answers with status 401: it wants other credentials'],
    ['that sends elsewhere is not followed', [answer(302, '', { location: '/other' })], 1, 'answers with status 302'],
    ['that breaks off is told of', [(response) => void response.destroy()], 1, 'ECONNRESET'],
    [
      'that takes a part says so, and no more than that',
      [
        answer(
          200,
          JSON.stringify({ partialSuccess: { rejectedSpans: '2', errorMessage: 'Bearer hunter2hunter2\u001b[1m' } }),
        ),
      ],
      1,
      'refused 2 parts of what it was sent: ***\\x1b[1m',
    ],
    ['that says much is not listened to', [answer(200, `{"partialSuccess":${' '.repeat(70_000)}{}}`)], 1, ''],
    ['that answers with anything is taken at its status', [answer(200, '<html>')], 1, ''],
  ])('%s', async (_what, faults, asked, warning) => {
    const without = await scan({});
    collector.fault(...faults);
    const { code, stdout, stderr } = await scan(traces());
    expect([code, stdout, collector.asked]).toEqual([without.code, without.stdout, asked]);
    expect(stderr.split('\n')).toEqual(warning === '' ? [''] : [expect.stringContaining(warning), '']);
    expect(stderr).not.toContain('hunter2');
  });

  test('that is not there costs a warning and no time', async () => {
    const env = {
      ...traces(),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hunter2@127.0.0.1:1/deep',
      OTEL_METRICS_EXPORTER: '',
    };
    const { stderr } = await scan(env);
    expect(stderr).toBe('sluice: warning: telemetry was not sent: 127.0.0.1:1: the connection was refused\n');
    expect((await scan(env, '--quiet')).stderr).toBe('');
  });

  test('that never answers is left after the time that was set, and the verdict stands', async () => {
    const without = await scan({});
    for (const hanging of [() => {}, ((response) => void response.writeHead(200).write('{')) as CollectorFault]) {
      collector.fault(hanging);
      const run = await scan({ ...traces(), OTEL_EXPORTER_OTLP_TIMEOUT: '300' });
      expect([run.code, run.stdout, run.stderr]).toEqual([
        without.code,
        without.stdout,
        expect.stringMatching(/telemetry was not sent: 127\.0\.0\.1:\d+ did not take it within 0\.3 s\n$/),
      ]);
      expect(run.seconds).toBeLessThan(without.seconds + 4);
    }
  });

  test('gets no more than five seconds, however many it is given', async () => {
    collector.fault(() => {});
    const run = await scan({ ...traces(), OTEL_EXPORTER_OTLP_TIMEOUT: '600000' });
    expect(run.stderr).toContain('did not take it within 5 s');
  });

  test('whose certificate file is not there gets nothing', async () => {
    const run = await scan({ ...traces(), OTEL_EXPORTER_OTLP_CERTIFICATE: join(folder, 'absent.pem') });
    expect(run.stderr).toBe(
      "sluice: warning: telemetry was not sent: a file of certificates or a key can't be read (ENOENT)\n",
    );
    expect(collector.asked).toBe(0);
  });
});
