import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Digest, parseDigest } from '../../../src/model/digest.ts';
import { type Fault, startRegistry, type TestRegistry } from '../../support/registry.ts';
import { hangUp, redirect, status } from '../../support/registry-faults.ts';
import { appOf, errorOf, patternOf, probe } from './support.ts';

const bytes = patternOf(100_000);
const range = { offset: 4000, length: 1000 };
const wanted = bytes.subarray(4000, 5000);

describe('a range of a blob', () => {
  let registry: TestRegistry;
  let other: TestRegistry;
  let digest: Digest;

  beforeAll(async () => {
    registry = await startRegistry();
    other = await startRegistry();
    digest = registry.putBlob('team/app', bytes);
    other.putBlob('team/app', bytes);
  });
  afterAll(() => Promise.all([registry.close(), other.close()]));
  beforeEach(() => {
    registry.log.length = 0;
    other.log.length = 0;
  });

  const pull = (at = range, size = bytes.length) => {
    const { client, events } = probe();
    const got = client.blobRange(appOf(registry), { digest, size, ...at }).finally(() => client.close());
    return { got, events };
  };
  const asked = ({ log }: TestRegistry) =>
    log.map(({ headers, status: code, bytes: sent }) => [headers.range, code, sent]);

  test('is asked for and sent alone', async () => {
    expect(await pull().got).toEqual(wanted);
    expect(asked(registry)).toEqual([['bytes=4000-4999', 206, 1000]]);
  });

  test('at the end of the blob, of one byte', async () => {
    expect(await pull({ offset: 99_999, length: 1 }).got).toEqual(bytes.subarray(99_999));
  });

  test('from where the registry redirects to', async () => {
    registry.fault('/blobs/', redirect(other.url));
    expect(await pull().got).toEqual(wanted);
    expect(asked(other)).toEqual([['bytes=4000-4999', 206, 1000]]);
  });

  test('after a break of the connection and an answer that there is no time now', async () => {
    registry.fault('/blobs/', hangUp);
    registry.fault('/blobs/', status(503));
    const { got, events } = pull();
    expect(await got).toEqual(wanted);
    expect(events.map(({ kind }) => kind)).toEqual(['retry', 'retry']);
    expect(registry.log).toHaveLength(3);
  });

  test('that ends early is asked for again', async () => {
    registry.fault(
      '/blobs/',
      partial('bytes 4000-4999/100000', wanted.subarray(0, 10), { 'transfer-encoding': 'chunked' }),
    );
    expect(await pull().got).toEqual(wanted);
    expect(registry.log).toHaveLength(2);
  });

  test('without a known size of the whole is one too', async () => {
    registry.fault('/blobs/', partial('bytes 4000-4999/*', wanted));
    expect(await pull().got).toEqual(wanted);
  });

  test.each<[string, string, Fault]>([
    ['the whole blob', 'registry/no-range', ({ response }) => void response.writeHead(200).end(bytes)],
    ['another range', 'registry/size', partial('bytes 4001-5000/100000', wanted)],
    ['a longer range', 'registry/size', partial('bytes 4000-5000/100000', bytes.subarray(4000, 5001))],
    ['a range of a blob of another size', 'registry/size', partial('bytes 4000-4999/100001', wanted)],
    ['no word on which range', 'registry/size', partial(undefined, wanted)],
    ['it compressed', 'registry/size', partial('bytes 4000-4999/100000', wanted, { 'content-encoding': 'gzip' })],
    ['more than it says', 'registry/too-large', partial('bytes 4000-4999/100000', bytes)],
    ['several ranges', 'registry/size', partial(undefined, wanted, { 'content-type': 'multipart/byteranges' })],
    ['that there is none', 'registry/http-status', status(416)],
  ])('is not taken when the registry sends %s', async (_what, code, fault) => {
    registry.fault('/blobs/', fault);
    const error = await errorOf(pull().got);
    expect(error.code).toBe(code);
    expect(error.message).toContain(`bytes 4000 to 4999 of blob ${digest}`);
    expect(registry.log).toHaveLength(1);
  });

  test('of a blob that is not there', async () => {
    const { client } = probe();
    const gone = parseDigest(`sha256:${'1'.repeat(64)}`);
    const error = await errorOf(client.blobRange(appOf(registry), { digest: gone, size: 10, offset: 0, length: 5 }));
    client.close();
    expect(error.code).toBe('registry/not-found');
  });
});

/** Answers 206 with this Content-Range and these bytes. */
function partial(contentRange: string | undefined, body: Buffer, headers: Record<string, string> = {}): Fault {
  return ({ response }) => {
    response.writeHead(206, { ...headers, ...(contentRange ? { 'content-range': contentRange } : {}) });
    response.end(body);
  };
}
