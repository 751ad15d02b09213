import { describe, expect, test } from 'vitest';
import { walHoldsChanges } from '../../../src/format/rpm/sqlite-wal.ts';
import { u32be } from './support.ts';

const pageSize = 512;
const header = u32be(0x377f0682, 3007000, pageSize, 1, 11, 22, 0, 0);

/** A frame of page 1; only the last frame of a transaction has a size of the database. */
function frame(size: number, salt = 11): Buffer {
  return Buffer.concat([u32be(1, size, salt, 22, 0, 0), Buffer.alloc(pageSize)]);
}

describe('walHoldsChanges', () => {
  test.each<[string, Buffer, boolean]>([
    ['no bytes', Buffer.alloc(0), false],
    ['a header alone', header, false],
    ['a finished transaction', Buffer.concat([header, frame(0), frame(7)]), true],
    ['the other byte order of checksums', Buffer.concat([u32be(0x377f0683), header.subarray(4), frame(7)]), true],
    ['a transaction that was never finished', Buffer.concat([header, frame(0), frame(0)]), false],
    ['the frames of an older round', Buffer.concat([header, frame(7, 10)]), false],
    ['a frame that is cut', Buffer.concat([header, frame(7).subarray(0, 100)]), false],
    ['something else', Buffer.alloc(600, 1), true],
    ['an impossible page size', Buffer.concat([u32be(0x377f0682, 0, 3), header.subarray(12), frame(7)]), true],
  ])('judges a log with %s', (_, bytes, expected) => {
    expect(walHoldsChanges(bytes)).toBe(expected);
  });
});
