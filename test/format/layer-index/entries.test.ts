import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEntries } from '../../../src/format/layer-index/entries.ts';
import { SluiceError } from '../../../src/util/error.ts';

const digests = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`);
const [a, b, c] = digests;

/** A folder, a file of two chunks, one of one chunk, links, an empty file. */
const good = [
  { name: 'etc/', type: 'dir', mode: 0o40755, modtime: '2026-01-02T03:04:05Z', xattrs: { 'user.x': 'eA==' } },
  {
    name: 'etc/two',
    type: 'reg',
    size: 30,
    mode: 0o4755,
    uid: 7,
    gid: 8,
    digest: c,
    offset: 100,
    chunkSize: 20,
    chunkDigest: a,
  },
  { name: 'etc/two', type: 'chunk', offset: 200, chunkOffset: 20, chunkDigest: b },
  { name: 'etc/one', type: 'reg', size: 5, digest: c, offset: 300, endOffset: 350 },
  { name: 'etc/link', type: 'symlink', linkName: '../a\\b', size: 99 },
  { name: 'etc/hard', type: 'hardlink', linkName: 'etc/one', uid: -2 },
  { name: 'dev/null', type: 'char', devMajor: 1, devMinor: 3 },
  { name: 'etc/.wh.gone', type: 'reg' },
];

const read = (entries: unknown, dataEnd = 1000, more: object = {}) =>
  readEntries(Buffer.from(JSON.stringify({ version: 1, entries, ...more })), dataEnd);

const plain = { size: 0, mode: 0, uid: 0, gid: 0, link: '', chunks: [] };

test('entries as the tar would give them, chunks put together', () => {
  expect(read(good)).toEqual([
    { ...plain, path: 'etc/', type: 'dir', mode: 0o755 },
    {
      ...plain,
      path: 'etc/two',
      type: 'file',
      size: 30,
      mode: 0o4755,
      uid: 7,
      gid: 8,
      chunks: [
        { offset: 100, end: 200, inner: 0, size: 20, digest: a },
        { offset: 200, end: 300, inner: 0, size: 10, digest: b },
      ],
    },
    {
      ...plain,
      path: 'etc/one',
      type: 'file',
      size: 5,
      chunks: [{ offset: 300, end: 350, inner: 0, size: 5, digest: c }],
    },
    { ...plain, path: 'etc/link', type: 'symlink', link: '../a\\x5cb' },
    { ...plain, path: 'etc/hard', type: 'hardlink', link: 'etc/one', uid: -2 },
    { ...plain, path: 'dev/null', type: 'char' },
    { ...plain, path: 'etc/.wh.gone', type: 'file' },
  ]);
});

test('chunks that are compressed together have one place and one end', () => {
  const one = { type: 'reg', size: 5, digest: c, offset: 100 };
  const entries = read([
    { ...one, name: 'a', innerOffset: 512 },
    { ...one, name: 'b', innerOffset: 1024 },
    { ...one, name: 'c', offset: 200 },
  ]);
  expect(entries.map(({ chunks: [chunk] }) => [chunk?.offset, chunk?.inner, chunk?.end])).toEqual([
    [100, 512, 200],
    [100, 1024, 200],
    [200, 0, 1000],
  ]);
});

const file = { name: 'f', type: 'reg', size: 10, digest: a, offset: 100 };
const first = { ...file, chunkSize: 5, chunkDigest: a };
const second = { name: 'f', type: 'chunk', offset: 200, chunkOffset: 5, chunkSize: 5, chunkDigest: b };

describe('an index is not believed', () => {
  test.each<[string, unknown]>([
    ['an entry that is no object', [[]]],
    ['an unknown type', [{ ...file, type: 'sparse' }]],
    ['no type', [{ name: 'f' }]],
    ['a name that is no text', [{ ...file, name: 7 }]],
    ['a name with NUL', [{ ...file, name: 'a\0b' }]],
    ['a name that was not UTF-8', [{ ...file, name: 'a\ufffd' }]],
    ['a name of half a character', [{ ...file, name: 'a\ud800' }]],
    ['a name that is too long', [{ ...file, name: 'x'.repeat(4097) }]],
    ['a name that is too long in bytes', [{ ...file, name: '€'.repeat(2000) }]],
    ['a negative size', [{ ...file, size: -10 }]],
    ['a size that is a text', [{ ...file, size: '10' }]],
    ['a size with a fraction', [{ ...file, size: 1.5 }]],
    ['a size out of all bounds', [{ ...file, size: 1e300 }]],
    ['an owner out of all bounds', [{ ...file, uid: 1e300 }]],
    ['a member in another spelling', [{ ...file, Name: 'g' }]],
    ['a member in a spelling that Go takes for the same', [{ ...file, '\u017fize': 11 }]],
    ['no digest', [{ ...file, digest: undefined }]],
    ['a malformed digest', [{ ...file, digest: 'sha256:../../etc/passwd' }]],
    ['the digest of the whole for a part', [{ ...first, chunkDigest: undefined }, second]],
    ['a part of no file', [second]],
    ['a part of another file', [first, { ...second, name: 'g' }]],
    ['a part behind an entry', [first, { name: 'd', type: 'dir' }, second]],
    ['a part that is missing', [first]],
    ['a part that overlaps', [first, { ...second, chunkOffset: 4 }]],
    ['a gap between parts', [first, { ...second, chunkOffset: 6, chunkSize: 4 }]],
    ['a part beyond the file', [first, { ...second, chunkSize: 6 }]],
    ['a further part of a file that is whole', [file, { ...second, chunkOffset: 10 }]],
    ['a part in front of the one before', [first, { ...second, offset: 99 }]],
    ['a part where the one before is', [first, { ...second, offset: 100, innerOffset: 4 }]],
    ['a body behind the index', [{ ...file, offset: 1000 }]],
  ])('with %s', (_what, entries) => {
    expect(() => read(entries)).toThrow(SluiceError);
  });

  test.each<[string, string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no entries', '{"version":1}'],
    ['another version', '{"version":2,"entries":[]}'],
    ['the entries twice', '{"version":1,"entries":[],"entries":[]}'],
    ['a member of an entry twice', '{"version":1,"entries":[{"type":"dir","name":"a","name":"b"}]}'],
    ['deep nesting', `{"version":1,"entries":[{"type":"dir","xattrs":${'['.repeat(10_000)}${']'.repeat(10_000)}}]}`],
  ])('with %s', (_what, text) => {
    expect(() => readEntries(Buffer.from(text), 1000)).toThrow(SluiceError);
  });
});

test('hostile values: either refused, or every chunk lies in the blob and bodies are whole', () => {
  const number = fc.oneof(fc.integer({ min: -2, max: 1100 }), fc.constantFrom(0, 5, 10, 100, 200, 1e300, Number.NaN));
  const change = fc.tuple(
    fc.nat(good.length - 1),
    fc.constantFrom(
      'size',
      'offset',
      'endOffset',
      'innerOffset',
      'chunkSize',
      'chunkOffset',
      'type',
      'name',
      'digest',
      '__proto__',
    ),
    fc.oneof(number, fc.anything(), fc.constantFrom('chunk', 'reg', 'etc/two', ...digests)),
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const entries: Record<string, unknown>[] = good.map((entry) => ({ ...entry }));
      for (const [at, key, value] of changes)
        Object.defineProperty(entries[at], key, { value, enumerable: true, configurable: true });
      let text: string;
      try {
        text = JSON.stringify({ version: 1, entries }, (_key, value) => (typeof value === 'bigint' ? 1 : value));
      } catch {
        return;
      }
      const said = attempt(() => readEntries(Buffer.from(text), 1000));
      if (said === undefined) return;
      accepted++;
      let before = 0;
      for (const { size, chunks, type } of said) {
        expect(chunks.reduce((sum, chunk) => sum + chunk.size, 0)).toBe(type === 'file' ? size : 0);
        for (const { offset, end } of chunks) {
          expect([offset >= before, end > offset, end <= 1000]).toEqual([true, true, true]);
          before = offset;
        }
      }
    }),
    { numRuns: 1000 },
  );
  expect(accepted).toBeGreaterThan(25);
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SluiceError);
    return undefined;
  }
}
