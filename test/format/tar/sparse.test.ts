import { describe, expect, test } from 'vitest';
import {
  entry,
  file,
  header,
  pax,
  type Stretch,
  sparseGnu,
  sparsePax,
  tar,
  unpackedSparse,
} from '../../support/tar-writer.ts';
import { cut, failureOf, only, walk } from './support.ts';

function stretches(count: number, length = 700): Stretch[] {
  return Array.from({ length: count }, (_, i) => ({
    offset: 1000 + i * 3000,
    bytes: Buffer.alloc(length, 97 + (i % 26)),
  }));
}

const many = [0, 1, 3, 4, 5, 25, 26, 60];

describe('sparse files', () => {
  test.each(many)('of GNU in the old format, with %d stretches', (count) => {
    const parts = stretches(count);
    const found = only(tar(sparseGnu('dir/sparse', parts, 200_001)));
    expect({ ...found, body: undefined }).toEqual({
      path: 'dir/sparse',
      type: 'file',
      size: 200_001,
      mode: 0o644,
      uid: 0,
      gid: 0,
      link: '',
      body: undefined,
    });
    expect(found.body.equals(unpackedSparse(parts, 200_001))).toBe(true);
  });

  describe.each(['0.0', '0.1', '1.0'] as const)('of pax format %s', (version) => {
    // Format 0.0 without a single stretch has no map, and is then a file like any other.
    test.each(many.filter((count) => count > 0 || version === '1.0'))('with %d stretches', (count) => {
      const parts = stretches(count);
      const archive = tar(sparsePax(version, 'dir/sparse', parts, 200_001), file('after', 'x'));
      for (const sizes of [[archive.length], [1], [511, 513]]) {
        const [found, after] = walk(cut(archive, sizes));
        expect(found?.path).toBe('dir/sparse');
        expect(found?.size).toBe(200_001);
        expect(found?.body.equals(unpackedSparse(parts, 200_001))).toBe(true);
        expect(after?.body.toString()).toBe('x');
      }
    });
  });

  test('a file that ends in data, in a hole, or is one hole', () => {
    const data = [{ offset: 4096, bytes: Buffer.from('tail') }];
    expect(only(tar(sparseGnu('a', data, 4100))).body.equals(unpackedSparse(data, 4100))).toBe(true);
    const marked = [...data, { offset: 9000, bytes: Buffer.alloc(0) }];
    expect(only(tar(sparsePax('1.0', 'a', marked, 9000))).body.equals(unpackedSparse(data, 9000))).toBe(true);
    expect(only(tar(sparsePax('1.0', 'a', [{ offset: 70_000, bytes: Buffer.alloc(0) }], 70_000))).body).toEqual(
      Buffer.alloc(70_000),
    );
  });

  test('records that make no format that the runtimes know leave the file as it is', () => {
    const body = { path: 'real', size: 4, body: Buffer.from('data') };
    for (const records of [
      pax(['GNU.sparse.name', 'other'], ['GNU.sparse.realsize', '9']),
      pax(['GNU.sparse.major', '2'], ['GNU.sparse.minor', '0'], ['GNU.sparse.name', 'other']),
      pax(['GNU.sparse.major', '01'], ['GNU.sparse.minor', '0'], ['GNU.sparse.name', 'other']),
      pax(['GNU.sparse.minor', '0'], ['GNU.sparse.map', '0,4'], ['GNU.sparse.name', 'other']),
    ]) {
      expect(only(tar(records, file('real', 'data')))).toMatchObject(body);
    }
  });

  test('a link or folder that is sparse is refused, and a long name of pax is no name for it', () => {
    expect(failureOf(tar(pax(['GNU.sparse.map', '0,0']), entry('5', 'd/')))).toBe('tar/sparse');
    const archive = tar(pax(['path', 'long'], ['GNU.sparse.name', 'other']), sparseGnu('short', stretches(1), 5000));
    expect(only(archive).path).toBe('long');
  });

  const map10 = (text: string) =>
    tar(pax(['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0'], ['GNU.sparse.realsize', '10']), file('a', text));
  const old = (realSize: number, ...parts: Stretch[]) => tar(sparseGnu('a', parts, realSize));
  const x = Buffer.from('xxxx');

  test.each([
    ['stretches beyond the end', old(5, { offset: 4, bytes: x })],
    ['stretches that overlap', old(50, { offset: 4, bytes: x }, { offset: 6, bytes: x })],
    ['stretches that go backwards', old(50, { offset: 40, bytes: x }, { offset: 6, bytes: x })],
    [
      'more data than the map says',
      tar(sparseGnu('a', [{ offset: 0, bytes: x }], 50, { patch: [{ at: 398, bytes: Buffer.from('00000000003') }] })),
    ],
    [
      'less data than the map says',
      tar(sparseGnu('a', [{ offset: 0, bytes: x }], 50, { patch: [{ at: 398, bytes: Buffer.from('00000000005') }] })),
    ],
    ['another layout under the same flag', tar(header('S', 'a', 0, { format: 'star' }))],
    ['an odd map', tar(pax(['GNU.sparse.map', '0,4,5']), file('a', 'xxxx'))],
    ['a map that is none', map10('one\n')],
    ['an endless number', map10('1'.repeat(600))],
    ['a map without end', map10(`9999\n${'0\n'.repeat(300)}`)],
    ['more stretches than are read', map10('100001\n')],
    ['a map that ends with its file', map10('1\n0\n')],
  ])('%s are refused', (_what, archive) => {
    expect(failureOf(archive)).toMatch(/^tar\/(?:sparse|pax)$/);
  });

  test('an end among the blocks of the map', () => {
    const archive = sparseGnu('a', stretches(30), 200_000);
    expect(failureOf(archive.subarray(0, 1024))).toBe('tar/truncated');
    expect(failureOf(archive.subarray(0, 512))).toBe('tar/truncated');
  });

  test('a map that grows without end is refused while it comes', () => {
    const block = Buffer.alloc(512, '00000000000\0');
    block[504] = 1;
    const first = header('S', 'a', 0, { format: 'gnu', patch: [{ at: 482, bytes: Buffer.from([1]) }] });
    const archive = Buffer.concat([first, ...Array.from({ length: 5000 }, () => block)]);
    expect(failureOf(archive)).toBe('tar/sparse');
  });
});
