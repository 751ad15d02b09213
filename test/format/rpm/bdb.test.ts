import { describe, expect, test } from 'vitest';
import { isBdb, readBdbPackages } from '../../../src/format/rpm/bdb.ts';
import { changed, database, fixtureHeaders, fixtureNames, makeHeader, readNames, readPackages } from './support.ts';

const good = database('bdb-big');
const pageSize = 512;
/** The first hash page: the item of its last value leads to a chain of overflow pages. */
const hash = pageSize;
const items = good.readUInt16BE(hash + 20);
const lastItem = hash + good.readUInt16BE(hash + 26 + 2 * (items - 1));

function damaged(change: (copy: Buffer) => void) {
  return readNames(readBdbPackages, changed(good, change));
}

describe('readBdbPackages', () => {
  test.each(['bdb-big', 'bdb-little'])('reads %s', (name) => {
    expect(isBdb(database(name))).toBe(true);
    expect(readPackages(readBdbPackages, database(name))).toEqual({ headers: fixtureHeaders, codes: [] });
  });

  test('reads a header that is small enough to lie in the hash page itself', () => {
    const header = makeHeader([
      { tag: 1000, value: 'tiny' },
      { tag: 1001, value: '1' },
      { tag: 1002, value: '2' },
    ]);
    expect(readNames(readBdbPackages, onePage(header))).toEqual({ names: ['tiny'], codes: [] });
  });

  test('finds nothing wrong with a database without packages', () => {
    // Key 0 holds a counter, not a package.
    expect(readNames(readBdbPackages, onePage(Buffer.from([0, 0, 0, 7])))).toEqual({ names: [], codes: [] });
  });

  test('notes another kind of file', () => {
    expect(isBdb(Buffer.alloc(15))).toBe(false);
    expect(readNames(readBdbPackages, Buffer.alloc(512))).toEqual({ names: [], codes: ['rpm/unreadable'] });
    expect(readNames(readBdbPackages, good.subarray(0, 71))).toEqual({ names: [], codes: ['rpm/unreadable'] });
  });

  test('notes an impossible page size', () => {
    expect(damaged((copy) => copy.writeUInt32BE(500, 20))).toEqual({ names: [], codes: ['rpm/unreadable'] });
  });

  test.each([
    ['of an older version', (copy: Buffer) => copy.writeUInt32BE(7, 16)],
    ['of a newer version', (copy: Buffer) => copy.writeUInt32BE(11, 16)],
    ['that is encrypted', (copy: Buffer) => copy.writeUInt8(1, 24)],
    ['with checksums', (copy: Buffer) => copy.writeUInt8(1, 26)],
  ])('notes a database %s', (_, change) => {
    expect(damaged(change)).toEqual({ names: [], codes: ['rpm/unsupported'] });
  });

  test('notes a file that is shorter than its page count', () => {
    const result = readNames(readBdbPackages, good.subarray(0, good.length - 1));
    expect(result.codes).toContain('rpm/truncated');
    expect(result.names.length).toBeGreaterThan(0);
  });

  test('notes a hash page that hides its last package', () => {
    const result = damaged((copy) => copy.writeUInt16BE(items - 2, hash + 20));
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/page-damaged', 'rpm/page-orphan']);
  });

  test.each([0, 7, 12, 200])('notes a hash page that was changed to type %d', (type) => {
    const result = damaged((copy) => copy.writeUInt8(type, hash + 25));
    expect(result.names).toHaveLength(fixtureNames.length - 3);
    expect(result.codes).toContain('rpm/page-orphan');
  });

  test.each([
    ['an odd count', (copy: Buffer) => copy.writeUInt16BE(items + 1, hash + 20)],
    ['more items than there is room for', (copy: Buffer) => copy.writeUInt16BE(2000, hash + 20)],
    ['the number of another page', (copy: Buffer) => copy.writeUInt32BE(9, hash + 8)],
    ['items that overlap', (copy: Buffer) => copy.copy(copy, hash + 28, hash + 26, hash + 28)],
    ['an item within the index', (copy: Buffer) => copy.writeUInt16BE(27, hash + 28)],
  ])('notes a hash page with %s', (_, change) => {
    const result = damaged(change);
    expect(result.names).toHaveLength(fixtureNames.length - 3);
    expect(result.codes).toEqual(['rpm/page-damaged', 'rpm/page-orphan']);
  });

  test('notes an item of an unknown kind', () => {
    const result = damaged((copy) => copy.writeUInt8(2, lastItem));
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/page-damaged', 'rpm/page-orphan']);
  });

  test.each([0, 0x7fffffff])('notes a header of %d bytes', (length) => {
    const result = damaged((copy) => copy.writeUInt32BE(length, lastItem + 8));
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/header-truncated', 'rpm/page-orphan']);
  });

  test('stops where there are more items than the largest database has', () => {
    const page = changed(good.subarray(hash, hash + pageSize), (copy) => copy.writeUInt16BE(0xfffe, 20));
    const bytes = Buffer.concat([good.subarray(0, pageSize), ...new Array<Buffer>(8).fill(page)]);
    expect(readNames(readBdbPackages, bytes)).toEqual({
      names: [],
      codes: ['rpm/page-damaged', 'rpm/too-many', 'rpm/truncated'],
    });
  });

  test('notes a chain that leads back to itself, and stops', () => {
    const start = good.readUInt32BE(lastItem + 4);
    const result = damaged((copy) => copy.writeUInt32BE(start, start * pageSize + 16));
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/page-cycle', 'rpm/page-orphan']);
  });

  test('notes a chain that leads out of the file', () => {
    const result = damaged((copy) => copy.writeUInt32BE(0xffffffff, lastItem + 4));
    expect(result.codes).toEqual(['rpm/page-missing', 'rpm/page-orphan']);
  });

  test.each([0, 487, 65_535])('notes an overflow page of %d bytes', (length) => {
    const start = good.readUInt32BE(lastItem + 4);
    const result = damaged((copy) => copy.writeUInt16BE(length, start * pageSize + 22));
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/page-damaged', 'rpm/page-orphan']);
  });
});

/** A database of two pages whose only item, at key 0, is `value`. */
function onePage(value: Buffer): Buffer {
  const bytes = changed(good.subarray(0, 2 * pageSize), (copy) => copy.fill(0, pageSize));
  const page = bytes.subarray(pageSize);
  const key = pageSize - 5;
  const start = key - 1 - value.length;
  bytes.writeUInt32BE(1, 32);
  page.writeUInt32BE(1, 8);
  page.writeUInt16BE(2, 20);
  page.writeUInt16BE(start, 22);
  page.writeUInt8(13, 25);
  page.writeUInt16BE(key, 26);
  page.writeUInt16BE(start, 28);
  page.writeUInt8(1, key);
  page.writeUInt8(1, start);
  value.copy(page, start + 1);
  return bytes;
}
