import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BaseImage } from '../../src/model/image.ts';
import type { ImageFacts } from '../../src/model/image-facts.ts';
import type { OpenedImage } from '../../src/source/contract.ts';
import { imageFactsOf } from '../../src/source/image-facts.ts';
import { parseConfig } from '../../src/source/manifest.ts';
import { openImage } from '../../src/source/open.ts';
import { identifyTarget, isImageTarget } from '../../src/source/target.ts';
import { hasShared, shared } from '../support/shared.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** What is said of an image with this configuration, and what of it was too much. */
function factsOf(config: object, annotations: Record<string, unknown> = {}, rest: object = {}, base?: BaseImage) {
  const whole = { rootfs: { diff_ids: [digest('1'), digest('2')] }, config, ...rest };
  const parsed = parseConfig(Buffer.from(JSON.stringify(whole)));
  const image = { layers: [{ size: 10 }, { size: 32 }] };
  return imageFactsOf({ image, config: parsed, annotations } as unknown as OpenedImage, base);
}

const nothing: ImageFacts = {
  ...{ user: '', entrypoint: [], cmd: [], workingDir: '', stopSignal: '', healthcheck: [], ports: [], volumes: [] },
  ...{ env: [], labels: {}, annotations: {}, history: [], created: '', size: 42 },
};

describe('the facts on an image', () => {
  test('are all there, in their order', () => {
    const { facts, problems } = factsOf(
      {
        User: 'app:app',
        Entrypoint: ['/app', '--port', '80'],
        Cmd: ['run'],
        WorkingDir: '/srv',
        StopSignal: 'SIGINT',
        Healthcheck: { Test: ['CMD', 'true'] },
        ExposedPorts: { '8080/tcp': {}, '22/tcp': {} },
        Volumes: { '/data': {} },
        Env: ['PATH=/bin', 'EMPTY=', 'BARE'],
        Labels: { b: '2', a: '1' },
      },
      { z: 'y', number: 7, a: 'b' },
      { created: '2024-05-06T07:08:09.123456789Z', history: [{ created_by: 'ADD a' }, { created_by: 'RUN b' }] },
    );
    expect(problems).toEqual([]);
    expect(facts).toEqual({
      user: 'app:app',
      entrypoint: ['/app', '--port', '80'],
      cmd: ['run'],
      workingDir: '/srv',
      stopSignal: 'SIGINT',
      healthcheck: ['CMD', 'true'],
      ports: ['22/tcp', '8080/tcp'],
      volumes: ['/data'],
      env: [
        { name: 'PATH', value: '/bin', secret: false },
        { name: 'EMPTY', value: '', secret: false },
        { name: 'BARE', value: '', secret: false },
      ],
      labels: { a: '1', b: '2' },
      annotations: { a: 'b', z: 'y' },
      history: [
        { name: 'ADD', text: 'ADD a', layer: 0, from: 'own' },
        { name: 'RUN', text: 'RUN b', layer: 1, from: 'own' },
      ],
      created: '2024-05-06T07:08:09.123456789Z',
      timed: true,
      size: 42,
    });
    expect(Object.keys(facts.labels)).toEqual(['a', 'b']);
  });

  test('of an empty configuration are empty', () => {
    expect(factsOf({})).toEqual({ facts: nothing, problems: [] });
  });

  test('hold no secret', () => {
    const { facts } = factsOf(
      {
        Entrypoint: ['app', '--password', 'hunter2', '--verbose'],
        Cmd: ['sh', '-c', 'app --token hunter2 run'],
        Env: [
          ...['DB_PASSWORD=hunter2', 'URL=https://me:hunter2@example.com/', 'GITHUB=ghp_hunter2hunter2hunter2'],
          ...['TOKEN_FILE=/run/secrets/token', 'TOKENIZERS_PARALLELISM=false', 'MAX_TOKENS=128'],
        ],
        Labels: { 'app.token': 'hunter2', plain: 'see https://me:hunter2@example.com/' },
      },
      { secret: 'hunter2' },
    );
    expect(facts).toEqual({
      ...nothing,
      entrypoint: ['app', '--password', '***', '--verbose'],
      cmd: ['sh', '-c', 'app --token *** run'],
      env: [
        { name: 'DB_PASSWORD', value: '***', secret: true },
        { name: 'URL', value: '***', secret: true },
        { name: 'GITHUB', value: '***', secret: true },
        { name: 'TOKEN_FILE', value: '/run/secrets/token', secret: false },
        { name: 'TOKENIZERS_PARALLELISM', value: 'false', secret: false },
        { name: 'MAX_TOKENS', value: '128', secret: false },
      ],
      labels: { 'app.token': '***', plain: '***' },
      annotations: { secret: '***' },
    });
  });

  test.each(['2024-05-06', 'yesterday', 7, '2024-13-06T07:08:09Z', '0001-01-01T00:00:00Z', null])(
    'say nothing of when it was made where the configuration says %j',
    (created) => expect(factsOf({}, {}, { created }).facts.created).toBe(''),
  );

  test('have limits that are told, and long texts are cut', () => {
    const Labels = Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`l${i}`, '']));
    const { facts, problems } = factsOf({ Labels, WorkingDir: `/${'x'.repeat(5_000)}` });
    expect(Object.keys(facts.labels)).toHaveLength(2_000);
    expect(facts.workingDir).toBe(`/${'x'.repeat(4_095)}…`);
    expect(problems).toEqual([
      {
        code: 'config/too-many',
        message: "the image's configuration has 2001 labels; the first 2000 are read",
        blinding: true,
      },
    ]);
  });

  test('are not passed over in silence: a secret would hide behind thousands of lines', () => {
    const history = Array.from({ length: 10_001 }, () => ({ created_by: 'LABEL a=b', empty_layer: true }));
    const { facts, problems } = factsOf({}, {}, { history });
    expect(facts.history).toHaveLength(10_000);
    expect(problems.map(({ code, blinding }) => `${code} ${blinding}`)).toEqual(['config/too-many true']);
  });

  test('names from outside are names and nothing else', () => {
    const { facts } = factsOf(JSON.parse('{"Labels":{"__proto__":"a","constructor":"b"}}') as object);
    expect(Object.entries(facts.labels)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  test('are plain and the same again, whatever the configuration says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (config, history) => {
        const rest = Array.isArray(history) ? { history } : {};
        const { facts } = factsOf({ ...(config as object), Env: config, Labels: config }, { a: config }, rest);
        expect(JSON.parse(JSON.stringify(facts))).toEqual(JSON.parse(JSON.stringify({ ...facts })));
        expect(facts.size).toBe(42);
      }),
      { numRuns: 200 },
    );
  });

  test.skipIf(!hasShared)('of the image of bad practice tell of its faults and none of its secrets', async () => {
    const target = identifyTarget(shared('images', 'bad-practice.oci.tar'));
    if (!isImageTarget(target)) throw new Error('no image');
    const access = { insecure: false, offline: true, env: {} };
    const platform = { platform: { os: 'linux', architecture: 'amd64' }, explicit: false };
    const opened = await openImage(target, access, platform);
    const { facts } = imageFactsOf(opened, opened.image.base);
    opened.close();
    expect(facts).toMatchObject({ user: 'root', healthcheck: [], ports: ['22/tcp', '3306/tcp', '8080/tcp'] });
    expect(facts.env.map(({ name, secret }) => `${name} ${secret}`)).toEqual([
      ...['PATH false', 'AWS_ACCESS_KEY_ID true', 'AWS_SECRET_ACCESS_KEY true', 'DB_PASSWORD true', 'NODE_ENV false'],
    ]);
    expect(
      facts.history.map(({ text, layer, from }) => `${from} ${layer ?? '-'} ${text.replace('/root/', '~/')}`),
    ).toMatchInlineSnapshot(`
      [
        "base 0 ADD file:alpine-minirootfs-x86_64.tar.gz in /",
        "base - CMD ["/bin/sh"]",
        "own - ENV AWS_ACCESS_KEY_ID=*** AWS_SECRET_ACCESS_KEY=***",
        "own - ARG NPM_TOKEN",
        "own 1 RUN npm config set //npm.example.com/:_authToken=$NPM_TOKEN && npm ci",
        "own 2 COPY deploy_key /tmp/deploy_key",
        "own 3 ADD http://downloads.example.com/install.sh /tmp/install.sh",
        "own 4 RUN rm -rf /tmp/deploy_key ~/.aws",
        "own 5 COPY . /app",
        "own 6 RUN chmod u+s /usr/local/bin/helper && chmod 777 /app/run.sh",
        "own 7 RUN curl http://downloads.example.com/setup.sh | sh",
        "own - USER root",
        "own - EXPOSE map[22/tcp:{} 3306/tcp:{} 8080/tcp:{}]",
      ]
    `);
    expect(JSON.stringify(facts)).not.toMatch(/AKIA|npm_[A-Za-z0-9]{8}/);
  });
});

describe('whether a clock ran while an image was built', () => {
  const at = (created: string, lines: readonly string[], base?: BaseImage) =>
    factsOf({}, {}, { created, history: lines.map((line) => ({ created_by: 'RUN x', created: line })) }, base).facts
      .timed;

  test.each([
    ['2024-01-01T00:00:00Z', ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'], undefined],
    ['2024-01-01T00:00:00Z', [], undefined],
    ['2024-01-01T00:00:00.000000000Z', ['2024-01-01T01:00:00+01:00'], undefined],
    ['', ['0001-01-01T00:00:00Z'], undefined],
    ['2024-01-01T00:00:00.25Z', [], true],
    ['2024-01-01T00:00:05Z', ['2024-01-01T00:00:00Z', '2024-01-01T00:00:05Z'], true],
    ['', ['2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z'], true],
  ])('made at %j by lines of %j: %j', (created, lines, timed) => {
    expect(at(created, lines, { layers: 0, by: 'flag' })).toBe(timed);
  });

  test("goes by the image's own lines alone", () => {
    const history = [
      { created_by: 'ADD a', created: '2023-05-05T05:05:05.123Z' },
      { created_by: 'COPY b', created: '2024-01-01T00:00:00Z' },
    ];
    const rest = { created: '2024-01-01T00:00:00Z', history };
    expect(factsOf({}, {}, rest, { layers: 1, by: 'flag' }).facts.timed).toBe(undefined);
    expect(factsOf({}, {}, rest, { layers: 0, by: 'flag' }).facts.timed).toBe(true);
  });

  test('and by its date alone where nobody knows which those are', () => {
    expect(at('2024-01-01T00:00:00Z', ['2023-05-05T05:05:05.123Z', '2024-01-01T00:00:00Z'])).toBe(undefined);
    expect(at('2024-01-01T00:00:00.123Z', ['2024-01-01T00:00:00.123Z'])).toBe(true);
  });
});
