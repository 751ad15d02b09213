import type { RandomAccess } from '../random-access.ts';
import { type Damage, isPageSize, maxHeaderBytes, maxPackages, noteTooMany, PageFile } from './pages.ts';
import { Pieces } from './pieces.ts';

/** `DB_HASHMAGIC`, at byte 12 of the first page in the byte order of the machine that made the file. */
const hashMagic = 0x00061561;
const metaSize = 72;
/** `SIZEOF_PAGE` of Berkeley DB: what comes before the items of a page. */
const pageHeader = 26;

const pageFree = 0;
const pageHashUnsorted = 2;
const pageOverflow = 7;
const pageHash = 13;

const itemInline = 1;
const itemOffPage = 3;
/** An off-page item: kind, three unused bytes, first page, length. */
const offPageSize = 12;

/** The file and its byte order. Offsets count from the start of the file. */
interface HashFile {
  readonly pages: PageFile;
  readonly bytes: Buffer;
  u16(at: number): number;
  u32(at: number): number;
}

/** Whether the file starts as a Berkeley DB hash does, in either byte order. */
export function isBdb(bytes: Buffer): boolean {
  if (bytes.length < 16) return false;
  return bytes.readUInt32LE(12) === hashMagic || bytes.readUInt32BE(12) === hashMagic;
}

/**
 * The package headers in `Packages`, a Berkeley DB hash (Berkeley DB, `dbinc/db_page.h`; rpm, `lib/backend/bdb_ro.cc`).
 * Every page is looked at in the order of the file, not bucket by bucket: damage in the bucket table then hides nothing.
 */
export function* readBdbPackages(bytes: Buffer, damage: Damage): Generator<RandomAccess, void, undefined> {
  const file = openHash(bytes, damage);
  if (file === undefined) return;
  const { pages } = file;
  let pairs = 0;
  for (let number = 1; number < pages.count; number++) {
    const start = number * pages.size;
    const type = bytes[start + 25];
    if (type === pageHash || type === pageHashUnsorted) {
      pairs += file.u16(start + 20) / 2;
      if (pairs > maxPackages) {
        noteTooMany(damage);
        return;
      }
      if (pages.take(number) === start) yield* hashPage(file, start, damage);
    } else if (type === pageFree) {
      if (file.u16(start + 20) !== 0) damage('rpm/page-damaged', `free page ${number} has entries`);
    } else if (type !== pageOverflow) {
      damage('rpm/page-damaged', `page ${number} is of the unknown type ${type}`);
    }
  }
  noteOrphans(file, damage);
}

function openHash(bytes: Buffer, damage: Damage): HashFile | undefined {
  if (bytes.length < metaSize || !isBdb(bytes)) {
    damage('rpm/unreadable', 'the file is not a Berkeley DB hash');
    return undefined;
  }
  const big = bytes.readUInt32BE(12) === hashMagic;
  const u16 = (at: number) => (big ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const u32 = (at: number) => (big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  const version = u32(16);
  // Bit 0 of the flags: pages with checksums, which have another header. rpm never made either kind.
  if (version < 8 || version > 10 || bytes[24] !== 0 || (bytes[26]! & 1) !== 0) {
    damage('rpm/unsupported', `Berkeley DB hash of version ${version}, encrypted or with checksums, is not supported`);
    return undefined;
  }
  const pageSize = u32(20);
  if (!isPageSize(pageSize)) {
    damage('rpm/unreadable', `the Berkeley DB file names an impossible page size: ${pageSize}`);
    return undefined;
  }
  const pages = new PageFile(bytes, pageSize, 0, damage);
  const expected = u32(32) + 1;
  if (bytes.length < expected * pageSize) {
    damage('rpm/truncated', `the package database has ${pages.count} of the ${expected} pages that it names`);
  }
  return { pages, bytes, u16, u32 };
}

/** Items lie from the end of the page downwards: a key, its value, the next key. */
function* hashPage(file: HashFile, page: number, damage: Damage): Generator<RandomAccess> {
  const number = page / file.pages.size;
  const count = file.u16(page + 20);
  const indexEnd = page + pageHeader + 2 * count;
  let end = page + file.pages.size;
  if (count % 2 !== 0 || indexEnd > end || file.u32(page + 8) !== number) {
    damage('rpm/page-damaged', `hash page ${number} has an impossible index`);
    return;
  }
  for (let i = 0; i < count; i += 2) {
    const at = page + pageHeader + 2 * i;
    const key = page + file.u16(at);
    const value = page + file.u16(at + 2);
    if (value < indexEnd || value >= key || key >= end) {
      damage('rpm/page-damaged', `items of hash page ${number} overlap`);
      return;
    }
    if (!isCounter(file, key, end, value)) {
      const header = itemValue(file, value, key, damage);
      if (header !== undefined) yield header;
    }
    end = value;
  }
  // Where the items end is also written down: fewer items than that means that some were hidden.
  if (count > 0 && page + file.u16(page + 22) !== end) damage('rpm/page-damaged', `hash page ${number} lacks items`);
}

/** Key 0 holds the number of the next package, not a package. Both are items of four bytes behind their kind. */
function isCounter(file: HashFile, key: number, keyEnd: number, value: number): boolean {
  return key - value === 5 && keyEnd - key === 5 && file.bytes[value] === itemInline && file.u32(key + 1) === 0;
}

function itemValue(file: HashFile, item: number, end: number, damage: Damage): RandomAccess | undefined {
  const kind = file.bytes[item];
  const value = new Pieces(file.bytes);
  if (kind === itemInline) {
    value.add(item + 1, end - item - 1);
    return value;
  }
  if (kind === itemOffPage && end - item === offPageSize) {
    return addOverflow(file, value, file.u32(item + 4), file.u32(item + 8), damage) ? value : undefined;
  }
  damage('rpm/page-damaged', `a package is kept in an item of the unknown kind ${kind}`);
  return undefined;
}

/** Adds the `length` bytes in the chain of overflow pages that starts at page `first`. */
function addOverflow(file: HashFile, value: Pieces, first: number, length: number, damage: Damage): boolean {
  const { bytes, pages } = file;
  if (length === 0 || length > maxHeaderBytes || length > bytes.length) {
    damage('rpm/header-truncated', 'the header of a package is said to be larger than the database');
    return false;
  }
  let next = first;
  for (let missing = length; missing > 0; ) {
    const page = pages.take(next);
    if (page < 0) return false;
    const size = file.u16(page + 22);
    if (bytes[page + 25] !== pageOverflow || size === 0 || pageHeader + size > pages.size || size > missing) {
      damage('rpm/page-damaged', `page ${next} is not the overflow page that it should be`);
      return false;
    }
    value.add(page + pageHeader, size);
    missing -= size;
    next = file.u32(page + 16);
  }
  return true;
}

/** An overflow page that no item leads to held a package: its item was lost. Freed pages have another type. */
function noteOrphans(file: HashFile, damage: Damage): void {
  const { bytes, pages } = file;
  for (let number = 1; number < pages.count; number++) {
    if (!pages.taken(number) && bytes[number * pages.size + 25] === pageOverflow) {
      damage('rpm/page-orphan', `page ${number} holds part of a package that nothing leads to`);
    }
  }
}
