import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changed, makeHeader, readOne, type Tag, u32be } from './support.ts';

const minimal: readonly Tag[] = [
  { tag: 1000, value: 'bash' },
  { tag: 1001, value: '5.1.8' },
  { tag: 1002, value: '6.el9' },
];

describe('readHeader', () => {
  test('reads every wanted tag and skips the others', () => {
    const blob = makeHeader([
      ...minimal,
      { tag: 1003, value: 4_000_000_000 },
      { tag: 1004, value: 'summary', type: 9 },
      { tag: 1011, value: 'Example' },
      { tag: 1014, value: 'GPLv3+' },
      { tag: 1022, value: 'aarch64' },
      { tag: 1044, value: 'bash-5.1.8-6.el9.src.rpm' },
      { tag: 5096, value: 'shells:5:1:abc' },
    ]);
    expect(readOne(blob)).toEqual({
      header: {
        name: 'bash',
        version: '5.1.8',
        release: '6.el9',
        epoch: 4_000_000_000,
        vendor: 'Example',
        license: 'GPLv3+',
        arch: 'aarch64',
        sourceRpm: 'bash-5.1.8-6.el9.src.rpm',
        module: 'shells:5:1:abc',
      },
      codes: [],
    });
  });

  test('leaves out what a header does not have', () => {
    expect(readOne(makeHeader(minimal))).toEqual({
      header: { name: 'bash', version: '5.1.8', release: '6.el9' },
      codes: [],
    });
  });

  test('lets an entry behind the signed region replace one inside of it, as rpm does', () => {
    expect(readOne(makeHeader([...minimal, { tag: 1002, value: '7.el9' }]))).toEqual({
      header: { name: 'bash', version: '5.1.8', release: '7.el9' },
      codes: [],
    });
  });

  test('reads a string that is longer than the first look, and none beyond the limit', () => {
    const license = 'x'.repeat(5000);
    expect(readOne(makeHeader([...minimal, { tag: 1014, value: license }])).header?.license).toBe(license);
    expect(readOne(makeHeader([...minimal, { tag: 1014, value: 'x'.repeat(65_536) }]))).toEqual({
      header: { name: 'bash', version: '5.1.8', release: '6.el9' },
      codes: ['rpm/header-damaged'],
    });
  });

  test.each([
    ['no bytes', Buffer.alloc(0)],
    ['no index', u32be(0, 0)],
    ['an index that is cut', makeHeader(minimal).subarray(0, 40)],
    ['an index of impossible size', u32be(0xffffffff, 8, 0, 0)],
  ])('notes a header with %s', (_, blob) => {
    expect(readOne(blob)).toEqual({ header: undefined, codes: ['rpm/header-truncated'] });
  });

  test('reads what it can of a header whose data is cut', () => {
    const blob = makeHeader([...minimal, { tag: 1014, value: 'GPLv3+' }]);
    expect(readOne(blob.subarray(0, blob.length - 3))).toEqual({
      header: { name: 'bash', version: '5.1.8', release: '6.el9' },
      codes: ['rpm/header-truncated', 'rpm/header-damaged'],
    });
  });

  test('notes bytes behind the end', () => {
    expect(readOne(Buffer.concat([makeHeader(minimal), Buffer.alloc(4)])).codes).toEqual(['rpm/header-damaged']);
  });

  test.each([
    ['type', 4, 10],
    ['offset', 8, 1000],
    ['count of none', 12, 0],
    ['count of too many', 12, 1000],
  ])('notes an entry with an impossible %s', (_, field, value) => {
    const blob = changed(makeHeader([...minimal, { tag: 1014, value: 'MIT' }]), (copy) => {
      copy.writeUInt32BE(value, 8 + 3 * 16 + field);
    });
    expect(readOne(blob)).toEqual({
      header: { name: 'bash', version: '5.1.8', release: '6.el9' },
      codes: ['rpm/header-damaged'],
    });
  });

  test('notes a wanted tag of another type', () => {
    const blob = makeHeader([...minimal, { tag: 1003, value: '1' }]);
    expect(readOne(blob)).toEqual({
      header: { name: 'bash', version: '5.1.8', release: '6.el9' },
      codes: ['rpm/header-damaged'],
    });
  });

  test.each([
    ['no name', minimal.slice(1)],
    ['no release', minimal.slice(0, 2)],
    ['an empty version', [minimal[0]!, { tag: 1001, value: '' }, minimal[2]!]],
    ['a line break in its name', [{ tag: 1000, value: 'bash\nfake' }, ...minimal.slice(1)]],
  ])('refuses a header with %s', (_, tags) => {
    expect(readOne(makeHeader(tags))).toEqual({ header: undefined, codes: ['rpm/header-incomplete'] });
  });

  test('never throws, whatever the bytes', () => {
    const good = makeHeader(minimal);
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((edits) =>
        changed(good, (copy) => {
          for (const [at, value] of edits) copy[at] = value;
        }),
      );
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, random), (blob) => {
        const { header, codes } = readOne(blob);
        expect(header !== undefined || codes.length > 0).toBe(true);
      }),
    );
  });
});
