import { describe, expect, test } from 'vitest';
import { isNdb, readNdbPackages } from '../../../src/format/rpm/ndb.ts';
import { changed, database, fixtureHeaders, fixtureNames, readNames, readPackages } from './support.ts';

const good = database('ndb');
/** The first slot lies behind the header; number, place and size of its package follow the magic. */
const slot = 32;
const blob = good.readUInt32LE(slot + 8) * 16;
const first = 'epochal';
const others = fixtureNames.filter((name) => name !== first);

function damaged(change: (copy: Buffer) => void) {
  return readNames(readNdbPackages, changed(good, change));
}

describe('readNdbPackages', () => {
  test('reads a database that rpm made, from which a package was removed', () => {
    expect(isNdb(good)).toBe(true);
    expect(readPackages(readNdbPackages, good)).toEqual({ headers: fixtureHeaders, codes: [] });
  });

  test('finds nothing wrong with a database without packages', () => {
    const empty = changed(good.subarray(0, 4096), (copy) => {
      for (let at = slot; at < copy.length; at += 16) copy.fill(0, at + 4, at + 16);
    });
    expect(readNames(readNdbPackages, empty)).toEqual({ names: [], codes: [] });
  });

  test('notes another kind of file', () => {
    expect(isNdb(Buffer.from('Rpm'))).toBe(false);
    expect(readNames(readNdbPackages, Buffer.alloc(64))).toEqual({ names: [], codes: ['rpm/unreadable'] });
    expect(readNames(readNdbPackages, good.subarray(0, 31))).toEqual({ names: [], codes: ['rpm/unreadable'] });
  });

  test('notes a version that it does not know', () => {
    expect(damaged((copy) => copy.writeUInt32LE(1, 4))).toEqual({ names: [], codes: ['rpm/unsupported'] });
  });

  test('notes a file that ends before its slots do, and reads on', () => {
    expect(damaged((copy) => copy.writeUInt32LE(0xffffffff, 12)).codes).toContain('rpm/truncated');
    expect(readNames(readNdbPackages, good.subarray(0, 4000)).codes).toEqual(['rpm/header-truncated', 'rpm/truncated']);
  });

  test('notes packages that are hidden behind a smaller number of slots', () => {
    expect(damaged((copy) => copy.writeUInt32LE(0, 12))).toEqual({
      names: [],
      codes: ['rpm/page-orphan', 'rpm/truncated'],
    });
  });

  test('notes a package whose slot was emptied', () => {
    expect(damaged((copy) => copy.fill(0, slot + 4, slot + 16))).toEqual({ names: others, codes: ['rpm/page-orphan'] });
  });

  test('notes a slot without its magic', () => {
    expect(damaged((copy) => copy.writeUInt8(0, slot))).toEqual({
      names: others,
      codes: ['rpm/page-damaged', 'rpm/page-orphan'],
    });
  });

  test('notes a slot that leads out of the file', () => {
    expect(damaged((copy) => copy.writeUInt32LE(0xffffffff, slot + 8))).toEqual({
      names: others,
      codes: ['rpm/header-truncated', 'rpm/page-orphan'],
    });
  });

  test('notes slots that share a blob: a small file would cost any amount of work', () => {
    expect(damaged((copy) => copy.copy(copy, slot + 16, slot, slot + 16))).toEqual({
      names: fixtureNames.filter((name) => name !== 'tilde-caret'),
      codes: ['rpm/page-cycle', 'rpm/page-orphan'],
    });
  });

  test.each([
    ['magic', () => blob],
    ['package number', () => blob + 4],
    ['length', () => blob + 12],
    ['length at the end', () => blob + good.readUInt32LE(slot + 12) * 16 - 8],
    ['magic at the end', () => blob + good.readUInt32LE(slot + 12) * 16 - 4],
  ])('notes a blob whose %s is wrong', (_, place) => {
    const result = damaged((copy) => copy.writeUInt8(copy[place()]! ^ 0x80, place()));
    expect(result).toEqual({ names: others, codes: ['rpm/page-damaged'] });
  });

  test('looks at no more slots than the largest database has', () => {
    const large = Buffer.alloc(4 * 1024 * 1024);
    good.copy(large, 0, 0, 32);
    large.writeUInt32LE(1024, 12);
    const codes: string[] = [];
    expect([...readNdbPackages(large, (code) => codes.push(code))]).toEqual([]);
    expect(codes.filter((code) => code === 'rpm/too-many')).toHaveLength(1);
    expect(codes).toHaveLength(1 + 200_000);
  });

  test('notes a blob without room for its own frame', () => {
    expect(damaged((copy) => copy.writeUInt32LE(1, slot + 12))).toEqual({ names: others, codes: ['rpm/page-damaged'] });
  });
});
