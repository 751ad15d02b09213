import type { RandomAccess } from '../random-access.ts';
import { type Damage, maxHeaderBytes, maxPackages, noteTooMany, type PageFile, u32be } from './pages.ts';
import { Pieces } from './pieces.ts';

const interiorTable = 0x05;
const leafTable = 0x0d;
/** The header of the database itself, in front of the first page's own header. */
const fileHeader = 100;

/** An SQLite database in memory. */
export interface SqliteFile {
  readonly pages: PageFile;
  /** Bytes of a page that SQLite uses; the rest is reserved for extensions. */
  readonly usable: number;
}

/** One page of a b-tree: offsets count from the start of the file. */
interface TreePage {
  readonly number: number;
  /** Where the page starts, and where its own header does (behind that of the database, on the first page). */
  readonly start: number;
  readonly header: number;
  /** Behind the last byte that SQLite uses. */
  readonly end: number;
}

/** A variable-length integer and the offset behind it. */
export interface Varint {
  readonly value: number;
  readonly next: number;
}

/** Reads a varint (SQLite file format, section 1.6). Undefined when the bytes end first; beyond 2^53 it is not exact. */
export function readVarint(bytes: Buffer, at: number): Varint | undefined {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    if (i === 8) return { value: value * 256 + byte, next: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return undefined;
}

/**
 * The rows (records) of the table whose b-tree starts at page `root`, in order of their row ids (SQLite file format,
 * section 1.6, "B-tree Pages"). No recursion, and every page is read at most once.
 */
export function* tableRows(file: SqliteFile, root: number, damage: Damage): Generator<RandomAccess, void, undefined> {
  const waiting = [root];
  let rows = 0;
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const start = file.pages.take(number);
    if (start < 0) continue;
    const page = { number, start, header: number === 1 ? start + fileHeader : start, end: start + file.usable };
    const type = file.pages.bytes[page.header];
    if (type === leafTable) {
      rows += file.pages.bytes.readUInt16BE(page.header + 3);
      if (rows > maxPackages) {
        noteTooMany(damage);
        return;
      }
      yield* leafRows(file, page, damage);
    } else if (type === interiorTable) pushChildren(file, page, waiting, damage);
    else damage('rpm/page-damaged', `page ${number} is not the table page that it should be`);
  }
}

function pushChildren(file: SqliteFile, page: TreePage, waiting: number[], damage: Damage): void {
  const { bytes, count } = file.pages;
  const children: number[] = [];
  let used = 0;
  for (const cell of cellOffsets(bytes, page, 12)) {
    const key = cell + 4 < page.end ? readVarint(bytes, cell + 4) : undefined;
    if (key === undefined) break;
    children.push(u32be(bytes, cell));
    used += key.next - cell;
  }
  checkAccounts(bytes, page, used, damage);
  // All pages that wait are different ones, unless the tree is made to keep the reader busy.
  if (waiting.length + children.length >= count) {
    damage('rpm/page-cycle', `the tree at page ${page.number} names more pages than there are`);
  } else {
    waiting.push(u32be(bytes, page.header + 8), ...children.reverse());
  }
}

function* leafRows(file: SqliteFile, page: TreePage, damage: Damage): Generator<RandomAccess> {
  const { bytes } = file.pages;
  let used = 0;
  for (const cell of cellOffsets(bytes, page, 8)) {
    const length = readVarint(bytes, cell);
    const rowId = length && readVarint(bytes, length.next);
    if (length === undefined || rowId === undefined) continue;
    const local = localSize(length.value, file.usable);
    const spills = local < length.value;
    const end = rowId.next + local + (spills ? 4 : 0);
    if (end > page.end) continue;
    used += Math.max(4, end - cell);
    // Cells that share bytes would let a small page cost any amount of work.
    if (used > file.usable) break;
    const row = new Pieces(bytes);
    row.add(rowId.next, local);
    if (!spills || addOverflow(file, row, u32be(bytes, end - 4), length.value, damage)) yield row;
  }
  checkAccounts(bytes, page, used, damage);
}

/** Where the cells of a page start; an impossible offset is left out, and missed by the accounts. */
function cellOffsets(bytes: Buffer, page: TreePage, headerSize: number): number[] {
  const count = bytes.readUInt16BE(page.header + 3);
  const first = page.header + headerSize;
  const last = first + 2 * count;
  const offsets: number[] = [];
  if (last > page.end) return offsets;
  for (let at = first; at < last; at += 2) {
    const cell = page.start + bytes.readUInt16BE(at);
    if (cell >= last && cell < page.end) offsets.push(cell);
  }
  return offsets;
}

/**
 * Checks that cells (`used` bytes), free blocks and fragments fill the content area exactly, as SQLite's own
 * `integrity_check` does: a cell that was cut out of the index, to hide a package, leaves a gap.
 */
function checkAccounts(bytes: Buffer, page: TreePage, used: number, damage: Damage): void {
  const content = bytes.readUInt16BE(page.header + 5) || 65_536;
  const free = freeBytes(bytes, page);
  if (page.start + content + used + free + bytes[page.header + 7]! !== page.end) {
    damage('rpm/page-damaged', `page ${page.number} does not hold what it should`);
  }
}

/** The bytes in the chain of free blocks, which goes upwards only; NaN when it does not. */
function freeBytes(bytes: Buffer, page: TreePage): number {
  let sum = 0;
  for (let block = page.start + bytes.readUInt16BE(page.header + 1); block !== page.start; ) {
    if (block + 4 > page.end) return Number.NaN;
    sum += bytes.readUInt16BE(block + 2);
    const next = page.start + bytes.readUInt16BE(block);
    if (next !== page.start && next <= block) return Number.NaN;
    block = next;
  }
  return sum;
}

/** How many bytes of a payload lie in the leaf itself (SQLite file format, section 1.6, "X", "M" and "K"). */
function localSize(length: number, usable: number): number {
  if (length <= usable - 35) return length;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  return fitting <= usable - 35 ? fitting : least;
}

/** Adds the rest of a payload, in overflow pages each of which starts with the number of the next one. */
function addOverflow(file: SqliteFile, row: Pieces, first: number, length: number, damage: Damage): boolean {
  const { pages, usable } = file;
  if (length > pages.bytes.length || length > maxHeaderBytes) {
    damage('rpm/header-truncated', 'the header of a package is said to be larger than the database');
    return false;
  }
  let next = first;
  for (let missing = length - row.size; missing > 0; ) {
    const start = pages.take(next);
    if (start < 0) return false;
    const size = Math.min(missing, usable - 4);
    row.add(start + 4, size);
    missing -= size;
    next = u32be(pages.bytes, start);
  }
  return true;
}
