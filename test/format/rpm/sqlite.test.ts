import { describe, expect, test } from 'vitest';
import { isSqlite, readSqlitePackages } from '../../../src/format/rpm/sqlite.ts';
import { changed, database, fixtureHeaders, fixtureNames, readAll, readNames, readPackages } from './support.ts';

const good = database('sqlite');
const small = database('sqlite-small-pages');
const pageSize = 4096;

/** The first page of the table `Packages`, and the leaf with its first two rows. */
const root = 2;
const leaf = leftmostLeaf();

function damaged(change: (copy: Buffer) => void) {
  return readNames(readSqlitePackages, changed(good, change));
}

/** Where in the file page `number` starts. */
function page(number: number, size = pageSize): number {
  return (number - 1) * size;
}

describe('readSqlitePackages', () => {
  test('reads a database that rpm made, with a header in overflow pages', () => {
    expect(isSqlite(good)).toBe(true);
    expect(readPackages(readSqlitePackages, good)).toEqual({ headers: fixtureHeaders, codes: [] });
  });

  test('reads small pages with reserved bytes, interior pages, free blocks and UTF-16', () => {
    const expected: string[] = [];
    for (let i = 1; i <= 160; i++) if (i % 4 !== 0) expected.push(`package-${i} ${i}.0-1${'.el9'.repeat(i % 90)}`);
    const { headers, codes } = readAll(readSqlitePackages, small);
    expect(headers.map((header) => `${header.name} ${header.version}-${header.release}`)).toEqual(expected);
    expect(codes).toEqual([]);
  });

  test('notes another kind of file', () => {
    expect(isSqlite(Buffer.from('SQLite format 2\0'))).toBe(false);
    expect(readNames(readSqlitePackages, Buffer.alloc(200))).toEqual({ names: [], codes: ['rpm/unreadable'] });
    expect(readNames(readSqlitePackages, good.subarray(0, 99))).toEqual({ names: [], codes: ['rpm/unreadable'] });
  });

  test.each([0, 3, 256, 32_767])('notes a page size of %d', (size) => {
    expect(damaged((copy) => copy.writeUInt16BE(size, 16))).toEqual({ names: [], codes: ['rpm/unreadable'] });
  });

  test('notes pages with less room than the format allows', () => {
    const bytes = changed(small, (copy) => copy.writeUInt8(64, 20));
    expect(readNames(readSqlitePackages, bytes)).toEqual({ names: [], codes: ['rpm/unreadable'] });
  });

  test('notes a file that is shorter than its page count, and reads on', () => {
    const short = good.subarray(0, good.length - pageSize);
    expect(readNames(readSqlitePackages, short)).toEqual({ names: fixtureNames, codes: ['rpm/truncated'] });
  });

  test('does not believe a page count that was not updated', () => {
    const result = damaged((copy) => {
      copy.writeUInt32BE(1_000_000, 28);
      copy.writeUInt32BE(copy.readUInt32BE(24) + 1, 92);
    });
    expect(result).toEqual({ names: fixtureNames, codes: [] });
  });

  test('notes a database without the table', () => {
    const result = damaged((copy) => {
      for (const at of occurrences('tablePackagesPackages')) copy.write('z', at + 'tablePackage'.length, 'latin1');
    });
    expect(result).toEqual({ names: [], codes: ['rpm/no-table'] });
  });

  test('notes a root that was changed to the one of an empty table', () => {
    // The number of the root follows the name; stale copies of both are left over in other pages.
    const name = 'tablePackagesPackages';
    const other = 'tableTransfiletriggernameTransfiletriggername';
    const target = good[good.indexOf(other) + other.length]!;
    const places = occurrences(name).map((at) => at + name.length);
    expect(places.map((at) => good[at])).toContain(root);
    const result = damaged((copy) => {
      for (const at of places) copy.writeUInt8(target, at);
    });
    expect(result).toEqual({ names: [], codes: ['rpm/row-damaged'] });
  });

  test('notes a leaf that hides a row: its cell count is one less', () => {
    const result = damaged((copy) => copy.writeUInt16BE(copy.readUInt16BE(leaf + 3) - 1, leaf + 3));
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/page-damaged']);
  });

  test('notes an interior page that hides a child', () => {
    const at = interior();
    const bytes = changed(small, (copy) => copy.writeUInt16BE(copy.readUInt16BE(at + 3) - 1, at + 3));
    const result = readAll(readSqlitePackages, bytes);
    expect(result.headers.length).toBeLessThan(120);
    expect(result.codes).toEqual(['rpm/page-damaged']);
  });

  test('notes a tree that leads back to itself, and stops', () => {
    const at = interior();
    const bytes = changed(small, (copy) => copy.writeUInt32BE(at / 512 + 1, at + 8));
    const result = readAll(readSqlitePackages, bytes);
    expect(result.codes).toEqual(['rpm/page-cycle']);
    expect(result.headers.length).toBeGreaterThan(0);
  });

  test('stops where there are more rows than the largest database has', () => {
    const bytes = changed(small, (copy) => {
      const at = interior();
      for (let i = 0; i < copy.readUInt16BE(at + 3); i++) {
        const child = page(copy.readUInt32BE(at + copy.readUInt16BE(at + 12 + 2 * i)), 512);
        copy.writeUInt16BE(0xffff, child + 3);
      }
    });
    const { headers, codes } = readAll(readSqlitePackages, bytes);
    expect(codes).toEqual(['rpm/page-damaged', 'rpm/too-many']);
    expect(headers.length).toBeLessThan(120);
  });

  test('notes a child outside of the file', () => {
    const at = interior();
    const bytes = changed(small, (copy) => copy.writeUInt32BE(0xffffffff, at + 8));
    expect(readAll(readSqlitePackages, bytes).codes).toEqual(['rpm/page-missing']);
  });

  test('notes a page that is no table page', () => {
    expect(damaged((copy) => copy.writeUInt8(10, page(root)))).toEqual({ names: [], codes: ['rpm/page-damaged'] });
  });

  test('notes cells that share bytes: a small page would cost any amount of work', () => {
    const result = damaged((copy) => {
      copy.writeUInt16BE(20, leaf + 3);
      for (let i = 1; i < 20; i++) copy.copy(copy, leaf + 8 + 2 * i, leaf + 8, leaf + 10);
    });
    expect(result.codes).toEqual(['rpm/page-damaged']);
    // No more than fit into the page, and the four rows of the other leaves.
    expect(result.names).toHaveLength(3 + 4);
  });

  test('notes a chain of overflow pages that leads back to itself', () => {
    const { first } = overflow();
    const second = good.readUInt32BE(page(first));
    const result = damaged((copy) => copy.writeUInt32BE(first, page(second)));
    expect(result).toEqual({ names: fixtureNames.filter((name) => name !== 'large'), codes: ['rpm/page-cycle'] });
  });

  test('notes a row that is said to be larger than the file', () => {
    const { cell, length } = overflow();
    // As many overflow pages more as a varint of three bytes can say: the same part of the row lies in the leaf.
    const most = length + (pageSize - 4) * Math.floor((0x1fffff - length) / (pageSize - 4));
    const varint = Buffer.from([0x80 | (most >> 14), 0x80 | (most >> 7), most & 0x7f]);
    const result = damaged((copy) => varint.copy(copy, cell));
    expect(result).toEqual({
      names: fixtureNames.filter((name) => name !== 'large'),
      codes: ['rpm/header-truncated'],
    });
  });

  test('notes a row without a header', () => {
    // The second column of the first row becomes a text.
    const result = damaged((copy) => {
      const cell = leaf + copy.readUInt16BE(leaf + 8);
      // Length of the row, row id, length of the row's header, type of column 0, type of column 1 in two bytes.
      expect(copy.subarray(cell + 2, cell + 5)).toEqual(Buffer.from([1, 4, 0]));
      copy.writeUInt8(copy[cell + 6]! | 1, cell + 6);
    });
    expect(result.names).toHaveLength(fixtureNames.length - 1);
    expect(result.codes).toEqual(['rpm/row-damaged']);
  });
});

/** Where the first interior page of the table `Packages` in the fixture with small pages starts. */
function interior(): number {
  for (let number = 2; number <= small.length / 512; number++) {
    const at = page(number, 512);
    if (small[at] === 5 && small.readUInt16BE(at + 3) > 2) return at;
  }
  throw new Error('the fixture has no interior page');
}

/** Where in the database `text` occurs. */
function occurrences(text: string): number[] {
  const found: number[] = [];
  for (let at = good.indexOf(text); at >= 0; at = good.indexOf(text, at + 1)) found.push(at);
  return found;
}

/** Where the leaf that the first cell of the root leads to starts. */
function leftmostLeaf(): number {
  const at = page(root);
  return page(good.readUInt32BE(at + good.readUInt16BE(at + 12)));
}

/** Where the cell of the package `large` starts, the length of its row, and the number of its first overflow page. */
function overflow(): { cell: number; length: number; first: number } {
  // The only row of more than 16,383 bytes and less than 65,536: its length is a varint that starts with 0x82.
  const last = page(good.readUInt32BE(page(root) + 8));
  const cell = last + good.readUInt16BE(last + 8);
  expect(good[cell]).toBe(0x82);
  const length = ((good[cell]! & 0x7f) << 14) | ((good[cell + 1]! & 0x7f) << 7) | (good[cell + 2]! & 0x7f);
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (pageSize - 4));
  const local = fitting <= pageSize - 35 ? fitting : least;
  return { cell, length, first: good.readUInt32BE(cell + 4 + local) };
}
