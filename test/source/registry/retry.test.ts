import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseReference } from '../../../src/model/reference.ts';
import { parseRetryAfter, pauseAfter } from '../../../src/source/registry/retry.ts';
import { startRegistry, type TestRegistry } from '../../support/registry.ts';
import {
  drip,
  endless,
  endlessHeaders,
  hangUp,
  raw,
  redirect,
  silence,
  status,
} from '../../support/registry-faults.ts';
import { appOf, errorOf, manifestBytes, manifestType, probe } from './support.ts';

let registry: TestRegistry;

beforeEach(async () => {
  registry = await startRegistry();
  registry.putManifest('team/app', '1', manifestBytes, manifestType);
});
afterEach(() => registry.close());

describe('the schedule', () => {
  test('doubles, without jitter, up to a bound', () => {
    expect([1, 2, 3, 4, 10].map((attempt) => pauseAfter(attempt))).toEqual([500, 1000, 2000, 4000, 30_000]);
    expect([pauseAfter(1, 100), pauseAfter(1, 7000), pauseAfter(1, 1e9)]).toEqual([500, 7000, 30_000]);
  });

  test('Retry-After in seconds or as a date after the answer', () => {
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
    expect(parseRetryAfter('7', undefined)).toBe(7000);
    expect(parseRetryAfter('Wed, 21 Oct 2026 07:28:09 GMT', date)).toBe(9000);
    for (const value of [undefined, '', '-1', '1.5', 'soon', '9'.repeat(50), 'Wed, 21 Oct 2026 07:27:00 GMT']) {
      expect(parseRetryAfter(value, date)).toBeUndefined();
    }
    expect(parseRetryAfter('Wed, 21 Oct 2026 07:28:09 GMT', undefined)).toBeUndefined();
  });
});

describe('what passes is waited for', () => {
  test.each([408, 429, 500, 502, 503, 504])('HTTP %d', async (code) => {
    registry.fault('manifests', status(code), 4);
    const { client, pauses, events } = probe();
    expect((await client.manifest(appOf(registry))).bytes).toEqual(manifestBytes);
    expect(pauses).toEqual([500, 1000, 2000, 4000]);
    expect(events.map((event) => event.kind === 'retry' && event.attempt)).toEqual([1, 2, 3, 4]);
    expect(events[0]?.message).toContain(`(HTTP ${code}: try again)`);
  });

  test('five times and no more', async () => {
    registry.fault('manifests', status(503), 100);
    const { client } = probe();
    expect(await errorOf(client.manifest(appOf(registry)))).toMatchObject({
      code: 'registry/unavailable',
      message: `cannot pull ${registry.host}/team/app:1 from ${registry.host}: it has a failure of its own (HTTP 503: try again)`,
    });
    expect(registry.log).toHaveLength(5);
  });

  test('as long as the server asks, within bounds', async () => {
    registry.fault('manifests', status(429, 7));
    registry.fault('manifests', status(429, 100_000));
    registry.fault('manifests', status(429, 'whenever'));
    const { client, pauses } = probe();
    await client.manifest(appOf(registry));
    expect(pauses).toEqual([7000, 30_000, 2000]);
  });

  test('a limit that stays', async () => {
    registry.fault('manifests', status(429), 100);
    expect(await errorOf(probe().client.manifest(appOf(registry)))).toMatchObject({ code: 'registry/rate-limited' });
  });

  test('a connection that is closed', async () => {
    registry.fault('manifests', hangUp, 2);
    const { client, pauses } = probe();
    await client.manifest(appOf(registry));
    expect(pauses).toEqual([500, 1000]);
  });

  test('a server that says nothing', async () => {
    registry.fault('manifests', silence, 100);
    const { client, pauses } = probe({ timing: { idleMs: 50 } });
    expect(await errorOf(client.manifest(appOf(registry)))).toMatchObject({
      code: 'registry/timeout',
      message: expect.stringContaining('sent nothing within 0.05 s'),
    });
    expect(pauses).toHaveLength(4);
  });

  test('a server that drips', async () => {
    registry.fault('manifests', drip(10, { 'content-type': manifestType }), 100);
    const error = await errorOf(probe({ timing: { totalMs: 150 } }).client.manifest(appOf(registry)));
    expect(error.code).toBe('registry/timeout');
  });
});

describe('what does not pass is told at once', () => {
  async function refusal() {
    const { client, pauses } = probe();
    const error = await errorOf(client.manifest(appOf(registry)));
    expect(pauses).toEqual([]);
    return error;
  }

  test('headers without end', async () => {
    registry.fault('manifests', endlessHeaders);
    expect(await refusal()).toMatchObject({ code: 'registry/protocol', message: expect.stringContaining('headers') });
  });

  test.each(['SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'])(
    'no HTTP: %s',
    async (text) => {
      registry.fault('manifests', raw(text));
      expect(await refusal()).toMatchObject({
        code: 'registry/protocol',
        message: expect.stringContaining('not HTTP'),
      });
    },
  );

  test('a switch of protocols', async () => {
    registry.fault('manifests', raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'));
    expect((await refusal()).code).toBe('registry/protocol');
  });

  test('an error with a body without end', async () => {
    registry.fault('manifests', endless({}, 404));
    expect((await refusal()).message).toMatch(/it knows no such image \(HTTP 404\)$/);
    expect(registry.log[0]?.bytes).toBeLessThan(16 * 1024 * 1024);
  });

  test('an error with a long text, cut', async () => {
    registry.fault('manifests', status(404, undefined, 'x'.repeat(5000)));
    expect((await refusal()).message).toMatch(/\(HTTP 404: x{200}\.\.\.\)$/);
  });

  test.each([204, 304, 400, 418])('HTTP %d', async (code) => {
    registry.fault('manifests', ({ response }) => void response.writeHead(code).end());
    expect((await refusal()).code).toBe('registry/http-status');
  });

  test('a range that nobody asked for is no manifest', async () => {
    registry.fault(
      'manifests',
      ({ response }) => void response.writeHead(206, { 'content-type': manifestType }).end(manifestBytes),
    );
    expect((await refusal()).code).toBe('registry/http-status');
  });

  test.each([
    ['http://elsewhere.example/x', 'registry/insecure'],
    ['file:///etc/passwd', 'registry/insecure'],
    ['http://[', 'registry/redirect'],
  ])('a redirect to %s', async (target, code) => {
    registry.fault('manifests', redirect(target));
    expect((await refusal()).code).toBe(code);
  });

  test('a redirect without an address', async () => {
    registry.fault('manifests', ({ response }) => void response.writeHead(302).end());
    expect((await refusal()).code).toBe('registry/redirect');
  });

  test('nobody listens', async () => {
    const { client, pauses } = probe();
    const gone = await startRegistry();
    await gone.close();
    expect(await errorOf(client.manifest(parseReference(`${gone.host}/a:1`)))).toMatchObject({
      code: 'registry/network',
      message: `cannot pull ${gone.host}/a:1 from ${gone.host}: the connection was refused`,
    });
    expect(pauses).toEqual([]);
  });
});
