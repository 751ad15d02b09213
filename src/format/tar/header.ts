import { SluiceError } from '../../util/error.ts';
import type { EntryType } from './contract.ts';
import { decodeName } from './text.ts';

/** Size of a header and the unit of padding, in bytes. */
export const blockSize = 512;

/** A header block as it stands, before pax and GNU extensions. */
export interface RawHeader {
  path: string;
  /** Type flag: a character code. */
  flag: number;
  /** Stored size in bytes. */
  size: number;
  mode: number;
  uid: number;
  gid: number;
  link: string;
  /** Whether it is GNU's own format: another program's sparse header has another layout. */
  gnu: boolean;
}

/** Whether the block holds zeros alone: it ends an archive. */
export function isZeroBlock(block: Buffer): boolean {
  for (let i = 0; i < blockSize; i++) if (block[i] !== 0) return false;
  return true;
}

/**
 * Reads a header block (POSIX.1-1988 ustar, v7, GNU and star variants).
 * @throws SluiceError `tar/checksum`, `tar/size`, `tar/number`
 */
export function readHeader(block: Buffer): RawHeader {
  checkSum(block);
  const size = readNumber(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new SluiceError('tar/size', 'a tar header gives an impossible size');
  }
  return {
    path: readPath(block),
    flag: block[156] ?? 0,
    size,
    mode: readNumber(block, 100, 8) & 0o7777,
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    link: readText(block, 157, 100),
    gnu: holds(block, 257, 'ustar  \0'),
  };
}

/** Reads the first header of what may be no tar at all, which is said then. @throws SluiceError `tar/not-tar` and as above */
export function readFirstHeader(block: Buffer): RawHeader {
  try {
    return readHeader(block);
  } catch (thrown) {
    if (block.toString('latin1', 257, 262) === 'ustar') throw thrown;
    throw new SluiceError('tar/not-tar', 'it is no tar archive');
  }
}

function checkSum(block: Buffer): void {
  const stated = readNumber(block, 148, 8);
  // Some old programs summed signed characters; every reader accepts both.
  if (stated !== unsignedSum(block) && stated !== signedSum(block)) {
    throw new SluiceError('tar/checksum', "a tar header's checksum is wrong");
  }
}

/** Four bytes at a time into two pairs of 16-bit counters, none of which can overflow: twice as fast as one by one. */
function unsignedSum(block: Buffer): number {
  const words = new DataView(block.buffer, block.byteOffset, blockSize);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < blockSize; i += 4) {
    const word = words.getUint32(i, true);
    even += word & 0xff00ff;
    odd += (word >>> 8) & 0xff00ff;
  }
  const both = even + odd;
  let sum = (both & 0xffff) + (both >>> 16);
  // The checksum field itself counts as eight spaces.
  for (let i = 148; i < 156; i++) sum += 32 - (block[i] ?? 0);
  return sum;
}

function signedSum(block: Buffer): number {
  let sum = 0;
  for (let i = 0; i < blockSize; i++) sum += i >= 148 && i < 156 ? 32 : block.readInt8(i);
  return sum;
}

/** POSIX ustar and star keep the front of a long path in a prefix field; GNU keeps other things there. */
function readPath(block: Buffer): string {
  const name = readText(block, 0, 100);
  if (!holds(block, 257, 'ustar\0')) return name;
  const star = holds(block, 508, 'tar\0');
  const prefix = readText(block, 345, star ? 131 : 155);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readText(block: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && block[end] !== 0) end++;
  return end === start ? '' : decodeName(block, start, end);
}

/** Whether the text stands there; as ASCII. Faster than to make a text of the bytes for every header. */
function holds(block: Buffer, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (block[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Octal digits, or base 256 with the top bit set (GNU). A negative number is returned as such. */
export function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first & 0x80) return readBase256(block, start, length);
  let value = 0;
  let digits = 0;
  for (let i = start; i < start + length; i++) {
    const byte = block[i] ?? 0;
    if (byte >= 48 && byte <= 55) {
      value = value * 8 + byte - 48;
      digits++;
    } else if (byte === 0 || byte === 32) {
      if (digits > 0) break;
    } else {
      throw new SluiceError('tar/number', 'a tar header holds a number that is none');
    }
  }
  return value;
}

function readBase256(block: Buffer, start: number, length: number): number {
  const negative = ((block[start] ?? 0) & 0x40) !== 0;
  let value = negative ? -1 : 0;
  for (let i = start; i < start + length; i++) {
    const byte = i === start ? ((block[i] ?? 0) & 0x7f) | (negative ? 0x80 : 0) : (block[i] ?? 0);
    // Above 2^53 the sum loses digits; such a size is refused anyway.
    value = value * 256 + byte;
  }
  return value;
}

const types: Record<string, EntryType> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'dir',
  '6': 'fifo',
};

/**
 * What a type flag means. A file of v7's own flag is a folder when its name ends in a slash; any other file stays one,
 * as it does for the runtimes: a slash must not make a file's body disappear here and not there.
 */
export function typeOf(flag: number, path: string): EntryType {
  if (flag === 0 && path.endsWith('/')) return 'dir';
  return types[String.fromCharCode(flag)] ?? 'other';
}
