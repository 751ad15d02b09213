import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadAs } from '../../src/catalog/read-as.ts';
import { encodeSurvey } from '../../src/catalog/survey-codec.ts';
import { rereadFromIndex, surveyFromIndex } from '../../src/catalog/survey-index.ts';
import { rereadLayer, surveyLayer } from '../../src/catalog/survey-layer.ts';
import { layerIndexOf } from '../../src/format/layer-index/annotations.ts';
import { parseDigest } from '../../src/model/digest.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import type { LayerBlob, ReadRange } from '../../src/source/contract.ts';
import { SluiceError } from '../../src/util/error.ts';
import { sha256 } from '../support/image-writer.ts';
import {
  chunkedLayer,
  estargzLayer,
  filler,
  type IndexedFile,
  type IndexedLayer,
  type IndexOptions,
  type TocEntry,
} from '../support/layer-index-writer.ts';
import { lines, programs } from './support.ts';

const ecosystems = [
  { ...lines, limit: 100_000 },
  { ...programs, limit: 100_000 },
];

const many = Array.from({ length: 500 }, (_, i) => `package-${i} 1.${i}`).join('\n');

/** Everything that a survey has to get right: parts, refusals, links before and behind bodies, names given twice. */
const files: readonly IndexedFile[] = [
  { name: 'usr/share/first', body: filler(300_000, 1) },
  { name: 'etc/', type: 'dir', mode: 0o755 },
  { name: 'etc/os-release', body: 'ID=lineos\nVERSION_ID=1\n' },
  { name: 'var/lib/lines/db', body: many },
  { name: 'usr/share/text', body: 'linked 1.0\n' },
  { name: 'var/lib/lines/db.d/linked', type: 'hardlink', link: 'usr/share/text' },
  { name: 'bin/tool', body: `#!lines\ntool 2.0\n${'#'.repeat(3000)}`, mode: 0o4755, uid: 7, gid: 8 },
  { name: 'bin/again', type: 'hardlink', link: 'bin/tool', mode: 0o755 },
  { name: 'bin/other', body: filler(5000, 2), mode: 0o755 },
  { name: 'usr/share/second', body: filler(400_000, 3) },
  { name: 'var/lib/lines/db.d/twice', body: 'twice 1.0\n' },
  { name: 'var/lib/lines/db.d/twice', body: 'twice 2.0\n' },
  { name: 'var/lib/lines/db.d/empty' },
  { name: 'var/lib/.wh.gone' },
  { name: 'lib', type: 'symlink', link: 'usr\\lib' },
  { name: 'dev/null', type: 'char' },
  { name: '../var/lib/lines/db.d/escaped', body: 'escaped 1.0\nbroken\n' },
];

const kinds: [string, (options?: IndexOptions, of?: readonly IndexedFile[]) => IndexedLayer][] = [
  ['eStargz', (options, of = files) => estargzLayer(of, options)],
  ['eStargz of small chunks', (options, of = files) => estargzLayer(of, { chunkSize: 1000, ...options })],
  [
    'eStargz of chunks together',
    (options, of = files) => estargzLayer(of, { chunkSize: 1000, minMember: 4000, ...options }),
  ],
  ['stargz with the first footer', (options, of = files) => estargzLayer(of, { legacyFooter: true, ...options })],
  ['zstd:chunked', (options, of = files) => chunkedLayer(of, options)],
  ['zstd:chunked of small chunks', (options, of = files) => chunkedLayer(of, { chunkSize: 1000, ...options })],
];

/** The same without what only makes it large, for which there can be anything. */
const small = files.filter(({ name }) => !name.startsWith('usr/share/first') && name !== 'usr/share/second');
const front = filler(600_000, 4);

function blobOf({ blob, tar, annotations }: IndexedLayer): LayerBlob {
  const digest = parseDigest(sha256(blob));
  const index = layerIndexOf(annotations);
  const place = { kind: 'registry', reference: 'test', digest, size: blob.length } as const;
  return { place, digest, diffId: parseDigest(sha256(tar)), size: blob.length, ...(index ? { index } : {}) };
}

/** Reads ranges of bytes in memory, and keeps which. */
function ranges(bytes: Buffer) {
  const log: { offset: number; length: number }[] = [];
  const read: ReadRange = async (_place, offset, length) => {
    log.push({ offset, length });
    expect([offset >= 0, length > 0, offset + length <= bytes.length]).toEqual([true, true, true]);
    return bytes.subarray(offset, offset + length);
  };
  const sum = () => log.reduce((total, { length }) => total + length, 0);
  return { log, read, sum };
}

/** A survey as bytes, without what only one way to read can know. */
function said(survey: LayerSurvey | undefined): string | undefined {
  if (survey === undefined) return undefined;
  const { read: _read, ...rest } = survey;
  return encodeSurvey({ ...rest, unpacked: 0 }).toString('latin1');
}

describe.each(kinds)('a layer in %s', (_kind, make) => {
  const layer = make();
  const blob = blobOf(layer);
  const open = () => [layer.blob];

  test('says the same by its index as all of it, which is far more', async () => {
    const { log, read, sum } = ranges(layer.blob);
    const plain = await surveyLayer(blob, ecosystems, open);
    const lazy = await surveyFromIndex(blob, ecosystems, read);
    const counts = plain.files.map(({ packages }) => packages.length).filter((count) => count > 0);
    expect(counts).toEqual([500, 1, 1, 1, 1, 1, 1]);
    expect(said(lazy)).toBe(said(plain));
    expect([plain.read, lazy?.read]).toEqual([undefined, 'index']);
    expect(sum()).toBeLessThan(blob.size / 4);
    expect(log.length).toBeLessThan(10);
  });

  test('gives bodies to links from elsewhere', async () => {
    const readAs: ReadAs = new Map([
      ['usr/share/text', [{ path: 'var/lib/lines/db.d/a', entry: 70, mode: 0 }]],
      ['var/lib/lines/db.d/twice', [{ path: 'var/lib/lines/db.d/b', entry: 71, mode: 0, body: 11 }]],
    ]);
    const plain = await rereadLayer(blob, readAs, ecosystems, open, undefined);
    expect(plain.map(({ entry, packages }) => [entry, packages[0]?.version])).toEqual([
      [70, '1.0'],
      [71, '2.0'],
    ]);
    expect(await rereadFromIndex(blob, readAs, ecosystems, ranges(layer.blob).read)).toEqual(plain);
  });

  test('of which a byte was changed says the same or nothing', async () => {
    const honest = said(await surveyFromIndex(blob, ecosystems, ranges(layer.blob).read));
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(blob.size - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, bits, far) => {
        const bytes = Buffer.from(layer.blob);
        // Most of what is read stands behind the first large file.
        const place = far ? at : Math.min(blob.size - 1, 300_000 + (at % 20_000));
        bytes[place] = (bytes[place] ?? 0) ^ bits;
        const lazy = said(await surveyFromIndex(blob, ecosystems, ranges(bytes).read));
        outcomes.add(lazy === undefined ? 'nothing' : 'something');
        if (lazy !== undefined) expect(lazy === honest).toBe(true);
      }),
      { numRuns: 40 },
    );
    expect([...outcomes].sort()).toEqual(['nothing', 'something']);
  });

  test('whose index is hostile never throws, and asks for nothing outside of it nor for much twice', async () => {
    const value = fc.oneof(
      fc.integer({ min: -5, max: blob.size + 5 }),
      fc.constantFrom(
        0,
        1e18,
        1e300,
        'reg',
        'chunk',
        'dir',
        'hardlink',
        'etc/os-release',
        'var/lib/lines/db',
        '',
        null,
      ),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const key = fc.constantFrom(
      ...['type', 'name', 'size', 'offset', 'endOffset', 'innerOffset', 'chunkSize', 'chunkOffset', 'digest'],
      ...['chunkDigest', 'mode', 'linkName', 'uid'],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(40), key, value), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 2 }),
        async (changes, swaps) => {
          const change = (entries: TocEntry[]) => hostile(entries, changes, swaps);
          const changed = make({ front, change }, small);
          const { read, sum } = ranges(changed.blob);
          const lazy = await surveyFromIndex(blobOf(changed), ecosystems, read);
          if (lazy !== undefined) expect(lazy.read).toBe('index');
          expect(sum()).toBeLessThan(3 * changed.blob.length);
        },
      ),
      { numRuns: 25 },
    );
  });
});

function hostile(
  entries: TocEntry[],
  changes: readonly (readonly [number, string, unknown])[],
  swaps: readonly (readonly [number, number])[],
): unknown {
  for (const [at, key, value] of changes) Object.assign(entries[at % entries.length] ?? {}, { [key]: value });
  for (const [a, b] of swaps) {
    const [first, second] = [entries[a % entries.length] ?? {}, entries[b % entries.length] ?? {}];
    entries[a % entries.length] = second;
    entries[b % entries.length] = first;
  }
  return undefined;
}

describe('a layer is to be read whole', () => {
  const layer = estargzLayer(files);
  const blob = blobOf(layer);
  const lazily = (of: LayerBlob, bytes: Buffer = layer.blob) => {
    const { log, read } = ranges(bytes);
    return surveyFromIndex(of, ecosystems, read).then((survey) => ({ survey, requests: log.length }));
  };

  test('when nobody asked for less', async () => {
    expect(await surveyFromIndex(blob, ecosystems, undefined)).toBeUndefined();
  });

  test('when its manifest pins no index', async () => {
    const { index: _index, ...plain } = blob;
    expect(await lazily(plain)).toEqual({ survey: undefined, requests: 0 });
  });

  test('when it is small', async () => {
    const small = estargzLayer(files.filter(({ name }) => name !== 'usr/share/second'));
    expect(await lazily(blobOf(small), small.blob)).toEqual({ survey: undefined, requests: 0 });
  });

  test('when most of it is wanted', async () => {
    const wanted = estargzLayer(
      [...Array(9).keys()].map((n) => ({ name: `bin/${n}`, body: filler(99_000), mode: 0o755 })),
    );
    expect(await lazily(blobOf(wanted), wanted.blob)).toEqual({ survey: undefined, requests: 1 });
  });

  test('when its index is not the one that the manifest pins', async () => {
    const other = { kind: 'estargz', digest: parseDigest(`sha256:${'0'.repeat(64)}`) } as const;
    expect(await lazily({ ...blob, index: other })).toEqual({ survey: undefined, requests: 1 });
    const chunked = chunkedLayer(files);
    const { index } = blobOf(chunked);
    if (index?.kind !== 'zstd-chunked') throw new Error('it has no index');
    for (const wrong of [{ unpacked: index.unpacked + 1 }, { offset: index.offset + 1 }, { size: index.size - 1 }]) {
      const of = { ...blobOf(chunked), index: { ...index, ...wrong } };
      expect(await lazily(of, chunked.blob)).toEqual({ survey: undefined, requests: 1 });
    }
    for (const wrong of [{ size: chunked.blob.length }, { size: 0 }, { size: 100 * 1024 * 1024 }]) {
      const of = { ...blobOf(chunked), index: { ...index, ...wrong } };
      expect(await lazily(of, chunked.blob)).toEqual({ survey: undefined, requests: 0 });
    }
  });

  test('when a range cannot be had; a bug is no such reason', async () => {
    const refuse: ReadRange = () => Promise.reject(new SluiceError('registry/no-range', 'no'));
    expect(await surveyFromIndex(blob, ecosystems, refuse)).toBeUndefined();
    const bug: ReadRange = () => Promise.reject(new TypeError('a bug'));
    await expect(surveyFromIndex(blob, ecosystems, bug)).rejects.toThrow('a bug');
  });

  test('when a late request fails while others are under way', async () => {
    const wide = [...Array(12).keys()].flatMap((n): IndexedFile[] => [
      { name: `usr/${n}`, body: filler(200_000, n + 1) },
      { name: `var/lib/lines/db.d/${n}`, body: `p${n} 1.0\n` },
    ]);
    const spread = estargzLayer(wide);
    const { log, read, sum } = ranges(spread.blob);
    const lazy = await surveyFromIndex(blobOf(spread), ecosystems, read);
    expect(lazy?.files).toHaveLength(12);
    expect([log.length, sum() < spread.blob.length / 20]).toEqual([13, true]);
    for (let failing = 1; failing <= 12; failing++) {
      let asked = 0;
      const broken: ReadRange = (place, offset, length) =>
        asked++ === failing ? Promise.reject(new SluiceError('registry/network', 'gone')) : read(place, offset, length);
      expect(await surveyFromIndex(blobOf(spread), ecosystems, broken)).toBeUndefined();
    }
  });

  test('when its parts are a decompression bomb', async () => {
    const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 1 });
    const front = Buffer.concat([...Array<Buffer>(18).fill(zeros), filler(6_000_000)]);
    const digest = sha256(Buffer.alloc(10));
    const place = { offset: 0, innerOffset: 1.15e9, endOffset: 18 * zeros.length };
    const entry = { name: 'var/lib/lines/db', type: 'reg', size: 10, digest, ...place };
    const bomb = estargzLayer([], { front, change: () => ({ version: 1, entries: [entry] }) });
    // The digest would be right, far behind.
    expect((await lazily(blobOf(bomb), bomb.blob)).survey).toBeUndefined();
    const single = { ...entry, innerOffset: 1000, endOffset: zeros.length };
    const tame = estargzLayer([], { front, change: () => ({ version: 1, entries: [single] }) });
    expect((await lazily(blobOf(tame), tame.blob)).survey?.read).toBe('index');
  }, 30_000);
});
