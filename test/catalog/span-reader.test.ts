import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { spansOf, type WantedBody } from '../../src/catalog/range-plan.ts';
import { SpanReader } from '../../src/catalog/span-reader.ts';
import { gunzipWays } from '../../src/format/decompress/gzip.ts';
import { parseDigest } from '../../src/model/digest.ts';
import { SluiceError } from '../../src/util/error.ts';
import { sha256 } from '../support/image-writer.ts';
import { filler } from '../support/layer-index-writer.ts';

/** Two members, each with bytes in front, a wanted body, and much behind it. */
const bodies = [filler(70_000, 1), Buffer.from('second')];
const members = bodies.map((body) => gzipSync(Buffer.concat([Buffer.alloc(512, 1), body, Buffer.alloc(900_000)])));

function spans(digests = bodies.map(sha256)) {
  const got: Buffer[][] = [];
  const ended: number[] = [];
  let offset = 0;
  const wanted = bodies.map((body, i): WantedBody => {
    const start = offset;
    offset += members[i]?.length ?? 0;
    got.push([]);
    const chunk = { offset: start, end: offset, inner: 512, size: body.length, digest: parseDigest(digests[i]) };
    return {
      chunks: [chunk],
      sink: { write: (bytes) => void got[i]?.push(Buffer.from(bytes)), end: () => void ended.push(i) },
    };
  });
  return { spans: spansOf(wanted), got, ended };
}

describe.each(Object.entries(gunzipWays))('spans by way of the %s', (_way, open) => {
  async function run(made: ReturnType<typeof spans>, packed = members): Promise<void> {
    const reader = new SpanReader('gzip', async (_compression, output) => open(output));
    try {
      for (const [i, span] of made.spans.entries()) {
        reader.begin(span);
        await reader.write(packed[i] ?? Buffer.alloc(0));
        await reader.end();
      }
    } finally {
      reader.close();
    }
  }

  test('give their bodies and nothing of what stands around them', async () => {
    const made = spans();
    await run(made);
    expect(made.got.map((pieces) => Buffer.concat(pieces))).toEqual(bodies);
    expect(made.ended).toEqual([0, 1]);
  });

  test('with a body that has another digest fail before it is told to be whole', async () => {
    const made = spans([sha256(bodies[0] ?? Buffer.alloc(0)), sha256(Buffer.from('another'))]);
    await expect(run(made)).rejects.toThrow(SluiceError);
    expect(made.ended).toEqual([0]);
  });

  test('that are shorter than their bodies fail', async () => {
    const made = spans();
    await expect(run(made, [gzipSync(Buffer.alloc(600, 1)), members[1] ?? Buffer.alloc(0)])).rejects.toThrow(
      SluiceError,
    );
    expect(made.ended).toEqual([]);
  });
});
