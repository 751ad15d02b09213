import { bufferAccess, type RandomAccess } from '../random-access.ts';
import { type Damage, maxHeaderBytes, maxPackages, noteTooMany } from './pages.ts';

/** All numbers are little-endian. `RpmP`, `Slot`, `BlbS` and `BlbE`. */
const fileMagic = 0x506d7052;
const slotMagic = 0x746f6c53;
const blobMagic = 0x53626c42;
const blobEndMagic = 0x45626c42;

const headerSize = 32;
const pageSize = 4096;
/** Slots and the blocks in which blobs are counted have the same size, in bytes. */
const blockSize = 16;
const blobHeadSize = 16;
const blobTailSize = 12;

/** Where one package lies, in blocks. */
interface Slot {
  readonly index: number;
  readonly block: number;
  readonly blocks: number;
}

/** Whether the file starts as an ndb package database does. */
export function isNdb(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === fileMagic;
}

/**
 * The package headers in `Packages.db`, rpm's own ndb format (rpm, `lib/backend/ndb/rpmpkg.c`): pages of slots, behind
 * them the blobs. The checksum (Adler-32) of a blob is not checked; what it holds is checked as it is read.
 */
export function* readNdbPackages(bytes: Buffer, damage: Damage): Generator<RandomAccess, void, undefined> {
  if (bytes.length < headerSize || !isNdb(bytes)) {
    damage('rpm/unreadable', 'the file is not an ndb package database');
    return;
  }
  const version = bytes.readUInt32LE(4);
  if (version !== 0) {
    damage('rpm/unsupported', `ndb package databases of version ${version} are not supported`);
    return;
  }
  if (bytes.length % blockSize !== 0) damage('rpm/truncated', 'the package database does not end with a whole block');
  const area = bytes.readUInt32LE(12) * pageSize;
  if (area === 0 || area > bytes.length) damage('rpm/truncated', 'the package database ends before its slots do');
  const slots = readSlots(bytes, Math.min(area, bytes.length), damage);
  let free = Math.ceil(area / blockSize);
  for (const slot of slots) {
    // Blobs that share bytes would let a small file cost any amount of work.
    if (slot.block < free) {
      damage('rpm/page-cycle', `the blobs of package ${slot.index} and of another one overlap`);
      continue;
    }
    noteOrphans(bytes, free, slot.block, damage);
    free = slot.block + slot.blocks;
    const blob = readBlob(bytes, slot, damage);
    if (blob !== undefined) yield blob;
  }
  noteOrphans(bytes, free, Math.floor(bytes.length / blockSize), damage);
}

/** The slots in use, in the order of their blobs. */
function readSlots(bytes: Buffer, end: number, damage: Damage): Slot[] {
  const slots: Slot[] = [];
  const most = headerSize + maxPackages * blockSize;
  if (end > most) noteTooMany(damage);
  for (let at = headerSize; at + blockSize <= Math.min(end, most); at += blockSize) {
    if (bytes.readUInt32LE(at) !== slotMagic) {
      damage('rpm/page-damaged', `the slot at byte ${at} of the package database is damaged`);
      continue;
    }
    const block = bytes.readUInt32LE(at + 8);
    if (block === 0) continue;
    const blocks = bytes.readUInt32LE(at + 12);
    if ((block + blocks) * blockSize > bytes.length) {
      damage('rpm/header-truncated', 'the package database ends before the header of a package does');
      continue;
    }
    slots.push({ index: bytes.readUInt32LE(at + 4), block, blocks });
  }
  return slots.sort((a, b) => a.block - b.block);
}

function readBlob(bytes: Buffer, slot: Slot, damage: Damage): RandomAccess | undefined {
  const start = slot.block * blockSize;
  const end = start + slot.blocks * blockSize;
  const length = slot.blocks * blockSize >= blobHeadSize + blobTailSize ? bytes.readUInt32LE(start + 12) : -1;
  if (
    length < 0 ||
    length > maxHeaderBytes ||
    Math.ceil((blobHeadSize + length + blobTailSize) / blockSize) !== slot.blocks ||
    bytes.readUInt32LE(start) !== blobMagic ||
    bytes.readUInt32LE(start + 4) !== slot.index ||
    bytes.readUInt32LE(end - 8) !== length ||
    bytes.readUInt32LE(end - 4) !== blobEndMagic
  ) {
    damage('rpm/page-damaged', `the blob of package ${slot.index} is damaged`);
    return undefined;
  }
  return bufferAccess(bytes.subarray(start + blobHeadSize, start + blobHeadSize + length));
}

/** A blob between `from` and `to` (blocks) that no slot names was lost: rpm overwrites what it removes with zeros. One is enough. */
function noteOrphans(bytes: Buffer, from: number, to: number, damage: Damage): void {
  for (let block = from; block < to; block++) {
    if (bytes.readUInt32LE(block * blockSize) === blobMagic) {
      damage('rpm/page-orphan', `the blob at block ${block} belongs to a package that no slot names`);
      return;
    }
  }
}
