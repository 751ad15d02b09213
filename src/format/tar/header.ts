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
  };
}

function checkSum(block: Buffer): void {
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < blockSize; i++) {
    // The checksum field itself counts as eight spaces.
    const byte = i >= 148 && i < 156 ? 32 : (block[i] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const stated = readNumber(block, 148, 8);
  // Some old programs summed signed characters; every reader accepts both.
  if (stated !== unsigned && stated !== signed) {
    throw new SluiceError('tar/checksum', "a tar header's checksum is wrong");
  }
}

/** POSIX ustar and star keep the front of a long path in a prefix field; GNU keeps other things there. */
function readPath(block: Buffer): string {
  const name = readText(block, 0, 100);
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return name;
  const star = block.toString('latin1', 508, 512) === 'tar\0';
  const prefix = readText(block, 345, star ? 131 : 155);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readText(block: Buffer, start: number, length: number): string {
  let end = start;
  while (end < start + length && block[end] !== 0) end++;
  return end === start ? '' : decodeName(block.subarray(start, end));
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

/** What a type flag means; a v7 folder is a file whose name ends in a slash. */
export function typeOf(flag: number, path: string): EntryType {
  const type = types[String.fromCharCode(flag)] ?? 'other';
  return type === 'file' && flag !== 83 && path.endsWith('/') ? 'dir' : type;
}
