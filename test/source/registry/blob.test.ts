import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/model/digest.ts';
import { parseReference } from '../../../src/model/reference.ts';
import { digestOf, startRegistry, type TestRegistry } from '../../support/registry.ts';
import { body, dropAfter, endless, hangUp, redirect, stallAfter, status } from '../../support/registry-faults.ts';
import { appOf, errorOf, noDigest, patternOf, probe, readAll } from './support.ts';

const size = 1_000_000;
const content = patternOf(size);
let registry: TestRegistry;
let digest: Digest;

beforeEach(async () => {
  registry = await startRegistry();
  digest = registry.putBlob('team/app', content);
});
afterEach(() => registry.close());

async function pull(from = registry, options = {}) {
  const { client, pauses, events } = probe(options);
  const { stream } = await client.blob(appOf(from), digest, size);
  return { bytes: await readAll(stream), pauses, events };
}

describe('a blob as a stream', () => {
  test('gives its bytes', async () => {
    const { bytes, pauses } = await pull();
    expect(bytes.equals(content)).toBe(true);
    expect(pauses).toEqual([]);
    expect(registry.blobRequests()).toMatchObject([{ path: `/v2/team/app/blobs/${digest}`, status: 200, bytes: size }]);
  });

  test('an empty one', async () => {
    const empty = registry.putBlob('team/app', Buffer.alloc(0));
    const { stream } = await probe().client.blob(appOf(registry), empty, 0);
    expect(await readAll(stream)).toHaveLength(0);
  });

  test('does not run ahead of its reader', async () => {
    registry.fault('blobs', endless({ 'content-length': 2 ** 30 }));
    const { stream } = await probe().client.blob(appOf(registry), digest, 2 ** 30);
    for await (const piece of stream) {
      expect(piece.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      break;
    }
    expect(registry.log[0]?.bytes).toBeLessThan(64 * 1024 * 1024);
  });

  test('left early, it closes its connection', async () => {
    const closed = new Promise<void>((resolve) => {
      registry.fault('blobs', (context) => {
        context.request.socket.once('close', () => resolve());
        stallAfter(1000)(context);
      });
    });
    const { stream } = await probe().client.blob(appOf(registry), digest, size);
    for await (const _piece of stream) break;
    await closed;
  });

  test('from another host by redirect', async () => {
    const cdn = await startRegistry();
    cdn.putBlob('team/app', content);
    registry.fault('blobs', redirect(cdn.url));
    expect((await pull()).bytes.equals(content)).toBe(true);
    expect(cdn.blobRequests()).toMatchObject([{ status: 200, bytes: size }]);
    await cdn.close();
  });
});

test('requests one after another use one connection', async () => {
  const ports = new Set<number | undefined>();
  registry.fault(
    '/v2/',
    (context) => {
      ports.add(context.request.socket.remotePort);
      context.pass();
    },
    10,
  );
  const { client } = probe();
  for (let i = 0; i < 3; i++) {
    await readAll((await client.blob(appOf(registry), digest, size)).stream);
    await client.blobBytes(appOf(registry), digest, size);
    await errorOf(client.manifest(appOf(registry)));
  }
  expect(ports.size).toBe(1);
  client.close();
});

describe('a connection that breaks', () => {
  test('is taken up where it broke', async () => {
    registry.fault('blobs', dropAfter(300_000));
    registry.fault('blobs', dropAfter(100_000));
    const { bytes, pauses, events } = await pull();
    expect(bytes.equals(content)).toBe(true);
    expect(pauses).toEqual([500, 1000]);
    expect(events.map(({ kind }) => kind)).toEqual(['retry', 'retry']);
    const ranges = registry.log.map(({ headers }) => headers.range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=[1-9][0-9]*-$/);
    const sent = registry.log.reduce((sum, { bytes: part }) => sum + part, 0);
    expect(sent).toBeGreaterThanOrEqual(size);
    // Had it begun anew, at least the 300 000 bytes would have come twice.
    expect(sent).toBeLessThan(size + 300_000);
  });

  test('is begun anew, without a byte twice, where the server knows no Range', async () => {
    const plain = await startRegistry({ range: false });
    plain.putBlob('team/app', content);
    plain.fault('blobs', dropAfter(300_000));
    const { bytes } = await pull(plain);
    expect(bytes.equals(content)).toBe(true);
    expect(plain.log.map((entry) => entry.status)).toEqual([200, 200]);
    await plain.close();
  });

  test('is taken up three times and no more', async () => {
    registry.fault('blobs', dropAfter(1000), 10);
    const { client, pauses } = probe();
    const { stream } = await client.blob(appOf(registry), digest, size);
    expect(await errorOf(readAll(stream))).toMatchObject({
      code: 'registry/network',
      message: `cannot pull blob ${digest} of ${registry.host}/team/app:1 from ${registry.host}: the connection was closed by the other side`,
    });
    expect(pauses).toEqual([500, 1000, 2000]);
    expect(registry.log).toHaveLength(4);
  });

  test('breaks before anybody reads', async () => {
    registry.fault('blobs', dropAfter(1000));
    const { client, events } = probe();
    const { stream } = await client.blob(appOf(registry), digest, size);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await readAll(stream)).equals(content)).toBe(true);
    expect(events).toMatchObject([{ message: expect.stringContaining('closed by the other side') }]);
    expect(registry.log).toHaveLength(2);
  });

  test('stays silent: that counts as broken', async () => {
    registry.fault('blobs', stallAfter(1000));
    const { bytes, events } = await pull(registry, { timing: { idleMs: 100 } });
    expect(bytes.equals(content)).toBe(true);
    expect(events).toMatchObject([{ kind: 'retry', message: expect.stringContaining('nothing within 0.1 s') }]);
  });

  test('breaks before the answer, and the server is overloaded then: retried, in the middle too', async () => {
    registry.fault('blobs', hangUp);
    registry.fault('blobs', dropAfter(1000));
    registry.fault('blobs', status(503));
    const { bytes, pauses } = await pull();
    expect(bytes.equals(content)).toBe(true);
    expect(pauses).toEqual([500, 500, 500]);
  });
});

describe('a blob of another size', () => {
  async function refusal(announced = size) {
    const { client, pauses } = probe();
    const error = await errorOf(client.blob(appOf(registry), digest, announced).then(({ stream }) => readAll(stream)));
    return { error, pauses };
  }

  test.each([size - 1, size + 1])('its length says so at once: %d', async (announced) => {
    const { error, pauses } = await refusal(announced);
    expect(error).toMatchObject({
      code: 'registry/size',
      message: expect.stringContaining(`it announced ${size} bytes where ${announced} are due`),
    });
    expect(pauses).toEqual([]);
  });

  test('without a length: more bytes than due', async () => {
    registry.fault('blobs', endless());
    const { error, pauses } = await refusal();
    expect(error).toMatchObject({ code: 'registry/size', message: expect.stringContaining('more than the announced') });
    expect(pauses).toEqual([]);
  });

  test('without a length: fewer bytes than due are asked for again', async () => {
    registry.fault('blobs', body(content.subarray(0, 1000), { 'transfer-encoding': 'chunked' }));
    expect((await pull()).bytes.equals(content)).toBe(true);
    expect(registry.log.map((entry) => entry.headers.range)).toEqual([undefined, 'bytes=1000-']);
  });

  test('a range that was not asked for', async () => {
    const wrongRange = { 'content-length': 1, 'content-range': `bytes 0-0/${size}` };
    const part = ({ response }: { response: import('node:http').ServerResponse }): void => {
      response.writeHead(206, wrongRange).end('x');
    };
    registry.fault('blobs', part);
    expect((await refusal()).error.code).toBe('registry/http-status');
    registry.fault('blobs', dropAfter(1000));
    registry.fault('blobs', part);
    expect((await refusal()).error.message).toContain('another part of the blob');
  });

  test('compressed on the way', async () => {
    registry.fault('blobs', body('short', { 'content-encoding': 'gzip', 'content-length': 5 }));
    expect((await refusal()).error.message).toContain('(compressed with gzip, unasked)');
  });

  test.each([-1, 1.5, Number.NaN])('that is no size: %d', async (announced) => {
    expect((await refusal(announced)).error.code).toBe('registry/size');
    expect(registry.log).toEqual([]);
  });
});

describe('a small blob whole', () => {
  test('is checked against its digest', async () => {
    const { client } = probe();
    expect((await client.blobBytes(appOf(registry), digest, size)).equals(content)).toBe(true);
    registry.fault('blobs', body('other bytes'));
    expect(await errorOf(client.blobBytes(appOf(registry), digest, size))).toMatchObject({
      code: 'registry/digest-mismatch',
      message: expect.stringContaining(digestOf(Buffer.from('other bytes'))),
    });
  });

  test('has a limit', async () => {
    const { client } = probe();
    expect((await errorOf(client.blobBytes(appOf(registry), digest, size - 1))).code).toBe('registry/too-large');
    registry.fault('blobs', endless());
    expect((await errorOf(client.blobBytes(appOf(registry), digest, 1000))).code).toBe('registry/too-large');
  });

  test('is asked for again when the connection broke', async () => {
    registry.fault('blobs', dropAfter(10));
    const { client, pauses } = probe();
    expect((await client.blobBytes(appOf(registry), digest, size)).equals(content)).toBe(true);
    expect(pauses).toEqual([500]);
  });

  test('that is not there', async () => {
    const reference = parseReference(`${registry.host}/team/app:1`);
    expect((await errorOf(probe().client.blobBytes(reference, noDigest, 10))).code).toBe('registry/not-found');
  });
});
