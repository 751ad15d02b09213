import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layerIndexOf } from '../../../src/format/layer-index/annotations.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const estargz = 'containerd.io/snapshot/stargz/toc.digest';
const checksum = 'io.github.containers.zstd-chunked.manifest-checksum';
const position = 'io.github.containers.zstd-chunked.manifest-position';

test('the index that a descriptor pins', () => {
  expect(layerIndexOf({ [estargz]: digest, other: 1 })).toEqual({ kind: 'estargz', digest });
  expect(layerIndexOf({ [checksum]: digest, [position]: '10:20:30:1' })).toEqual({
    kind: 'zstd-chunked',
    digest,
    offset: 10,
    size: 20,
    unpacked: 30,
  });
});

test.each([
  ['nothing', {}],
  ['no digest', { [position]: '10:20:30:1' }],
  ['another algorithm', { [estargz]: `sha512:${'a'.repeat(128)}` }],
  ['a digest that is no text', { [estargz]: [digest] }],
  ['no position', { [checksum]: digest }],
  ['a position that is no text', { [checksum]: digest, [position]: 10 }],
  ['another type', { [checksum]: digest, [position]: '10:20:30:2' }],
  ['no type', { [checksum]: digest, [position]: '10:20:30' }],
  ['more numbers', { [checksum]: digest, [position]: '10:20:30:1:1' }],
  ['a negative place', { [checksum]: digest, [position]: '-10:20:30:1' }],
  ['a place out of all bounds', { [checksum]: digest, [position]: '99999999999999999999:20:30:1' }],
  ['both kinds', { [estargz]: digest, [checksum]: digest, [position]: '10:20:30:1' }],
])('%s is no index', (_what, annotations) => {
  expect(layerIndexOf(annotations)).toBeUndefined();
});

test('any values: never throws, and what it says is in bounds', () => {
  const value = fc.oneof(
    fc.anything(),
    fc.constant(digest),
    fc.array(fc.oneof(fc.nat(), fc.string()), { maxLength: 5 }).map((parts) => parts.join(':')),
  );
  fc.assert(
    fc.property(value, value, (a, b) => {
      const index = layerIndexOf({ [checksum]: a, [position]: b });
      if (index === undefined) return;
      expect(index).toMatchObject({ kind: 'zstd-chunked', digest });
      if (index.kind === 'zstd-chunked') expect(Number.isSafeInteger(index.offset + index.size)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
