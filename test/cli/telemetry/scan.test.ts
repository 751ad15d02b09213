import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../../support/cli.ts';
import { metricsOf, spansOf, startCollector, type TestCollector } from '../../support/collector.ts';
import { archiveOf, buildImage, ociFiles } from '../../support/image-writer.ts';
import { otlpSchemas } from '../../support/otlp.ts';
import { startRegistry, type TestRegistry } from '../../support/registry.ts';
import { file, tar } from '../../support/tar-writer.ts';

const folder = scratchFolder();
const image = join(folder, 'image.tar');
const parent = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
let collector: TestCollector;
let registry: TestRegistry;
let serial = 0;

beforeAll(async () => {
  const hostile = { name: 'lodash', version: '4.17.15', license: '\u001b[31m"}</script>\u202e' };
  const layers = [
    { tar: tar(file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.0\n')) },
    { tar: tar(file('app/node_modules/lodash/package.json', JSON.stringify(hostile))) },
  ];
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers }))));
  registry = await startRegistry();
  await registry.pushOciArchive(image, 'team/app', '1');
  collector = await startCollector();
});
afterAll(async () => {
  await registry.close();
  await collector.close();
});
beforeEach(() => collector.clear());

/** A scan for packages alone: its steps are few. */
function scan(env: Record<string, string>, ...more: string[]) {
  const cacheDir = join(folder, `own-${serial++}`);
  const args = ['scan', image, '-o', 'json', '--scanners', 'packages', '--cache-dir', cacheDir, ...more];
  return sluice(args, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
}

const byPath = (path: string) => collector.got.find((got) => got.path === path)!;

describe.each([
  ['http/json', 'application/json', {}],
  ['http/protobuf', 'application/x-protobuf', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
])('a scan tells a collector by %s', (protocol, type, more) => {
  const env = {
    ...{
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_SERVICE_NAME: 'gate',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=hunter2',
    },
    ...{ OTEL_RESOURCE_ATTRIBUTES: 'team=Z%C3%BCrich', TRACEPARENT: `00-${parent.trace}-${parent.span}-01` },
    ...more,
  };

  test('what it did, and when it is run again what it knew', async () => {
    const { stdout, stderr, code } = await scan(env);
    expect([code, stderr, collector.asked]).toEqual([3, '', 2]);
    const ajv = new Ajv({ strictTypes: false });
    for (const kind of ['traces', 'metrics'] as const) {
      const { request, headers } = byPath(`/v1/${kind}`);
      expect(ajv.validate(otlpSchemas[kind], request), ajv.errorsText()).toBe(true);
      expect([headers['content-type'], headers['x-key']]).toEqual([type, 'hunter2']);
      expect(JSON.stringify(request)).not.toContain(folder);
    }
    const { first, spans } = spansOf(byPath('/v1/traces'));
    expect([first.traceId, first.parentSpanId]).toEqual([parent.trace, parent.span]);
    const report = JSON.parse(stdout) as { target: Record<string, unknown> & { layers: { diffId: string }[] } };
    expect(spans.map(({ name, above }) => `${above ?? ''}/${name}`)).toEqual([
      ...['/sluice scan', 'sluice scan/open', 'sluice scan/layers', 'layers/layer', 'layers/layer'],
      ...['sluice scan/data', 'sluice scan/match', 'sluice scan/look', 'sluice scan/policy', 'sluice scan/reports'],
    ]);
    expect(spans[0]).toEqual({
      name: 'sluice scan',
      above: undefined,
      status: undefined,
      attributes: {
        ...{ 'sluice.command': 'scan', 'sluice.known': false },
        ...{ 'sluice.target': 'image.tar', 'sluice.target.kind': 'image', 'sluice.platform': 'linux/amd64' },
        ...{ 'container.image.id': report.target.id, 'oci.manifest.digest': report.target.digest },
        ...{ 'sluice.layers': 2, 'sluice.packages': 1, 'sluice.findings': expect.any(Number), 'sluice.problems': 1 },
        ...{ 'sluice.verdict': 'undecided', 'sluice.class': 'undecided', 'process.exit.code': 3 },
        'sluice.rules': expect.arrayContaining(['data/starter']),
      },
    });
    expect(spans[4]!.attributes).toEqual({
      ...{ 'sluice.layer.number': 1, 'sluice.layer.from': 'read', 'sluice.layer.cached': false },
      'sluice.layer.diff_id': report.target.layers[1]!.diffId,
      'sluice.layer.digest': expect.stringMatching(/^sha256:/),
      'sluice.layer.size': expect.any(Number),
    });
    expect(metricsOf(byPath('/v1/metrics'))).toMatchObject({
      'sluice.duration{sluice.command=scan,sluice.class=undecided}': 1,
      'sluice.verdicts{sluice.verdict=undecided,sluice.class=undecided}': 1,
      'sluice.packages{sluice.ecosystem=npm}': 1,
      'sluice.layers{sluice.layer.from=read}': 2,
    });
  });
});

describe('what is told', () => {
  test('names the image as its registry does, and which layers were known', async () => {
    const args = ['scan', `${registry.host}/team/app:1`, '-q', '--scanners', 'packages'];
    const cacheDir = ['--cache-dir', join(folder, 'known')];
    await sluice([...args, ...cacheDir]);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    await sluice([...args, ...cacheDir, '--name', 'registry.test/team/app:2'], env);
    const { spans } = spansOf(byPath('/v1/traces'));
    expect(spans[0]!.attributes).toMatchObject({
      'container.image.name': 'registry.test/team/app',
      'container.image.tags': ['2'],
      'sluice.target': `${registry.host}/team/app:1`,
      'sluice.known': true,
    });
    expect(spans.map(({ name }) => name)).toEqual(['sluice scan', 'open', 'policy', 'reports']);
  });

  test('of a list is each image with its verdict, and what could not be read', async () => {
    const list = join(folder, 'list');
    writeFileSync(list, `${image}\n${join(folder, 'absent.tar')}\n`);
    const args = ['scan', '--from-file', list, '--scanners', 'packages', '--cache-dir', join(folder, 'fleet')];
    const { code } = await sluice(args, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const { spans } = spansOf(byPath('/v1/traces'));
    const images = spans.filter(({ name }) => name === 'image');
    expect([code, spans[0]!.status, spans[0]!.attributes['sluice.class']]).toEqual([
      1,
      { message: 'run/defect', code: 2 },
      'defect',
    ]);
    expect(
      images.map(({ status, attributes }) => [attributes['sluice.target'], attributes['sluice.verdict'], status]),
    ).toEqual([
      ['image.tar', 'undecided', undefined],
      [undefined, undefined, { message: 'target/missing', code: 2 }],
    ]);
    expect(metricsOf(byPath('/v1/metrics'))).toHaveProperty(
      'sluice.verdicts{sluice.verdict=undecided,sluice.class=undecided}',
      1,
    );
  });

  test('of work that fails is the code of the failure, and nothing of its message', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const { code, stderr } = await sluice(['scan', join(folder, 'hunter2.tar')], env);
    expect([code, stderr]).toEqual([1, expect.stringContaining('target/missing')]);
    const [root, ...more] = spansOf(byPath('/v1/traces')).spans;
    expect([root!.status, root!.attributes, more]).toEqual([
      { message: 'target/missing', code: 2 },
      {
        ...{ 'sluice.command': 'scan', 'process.exit.code': 1 },
        'sluice.class': 'defect',
        'error.type': 'target/missing',
      },
      [],
    ]);
    expect(JSON.stringify(collector.got.map(({ request }) => request))).not.toContain('hunter2');
  });

  test.each([
    ['a name for the service alone', { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_SERVICE_NAME: 'gate' }, 0, ''],
    ['a switch that is off', { OTEL_SDK_DISABLED: 'true' }, 0, ''],
    ['no exporter', { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }, 0, ''],
    ['traces alone', { OTEL_METRICS_EXPORTER: 'none' }, 1, ''],
    ['a trace that is not recorded', { TRACEPARENT: `00-${parent.trace}-${parent.span}-00` }, 1, ''],
    ['gRPC', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 0, 'is grpc, which sluice does not speak'],
    ['SLUICE_OFFLINE', { SLUICE_OFFLINE: '1' }, 0, '--offline forbids connections, so that no telemetry is sent'],
  ])('with %s is no more than was asked for', async (_what, env, asked, warning) => {
    const { code, stderr } = await scan(env as Record<string, string>);
    expect([code, collector.asked, stderr.split('\n').length - 1]).toEqual([3, asked, warning === '' ? 0 : 1]);
    expect(stderr).toContain(warning);
  });
});
