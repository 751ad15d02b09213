import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { digestOf } from '../../model/digest.ts';
import { messageOf } from '../../util/error.ts';

/** A file as it was read. */
export interface Input {
  readonly bytes: Buffer;
  /** `sha256:…` of the bytes. */
  readonly digest: string;
  /** Where it really is, all symbolic links followed: one file is one file by whatever name. */
  readonly real: string;
}

/** Why a file can't be read, in words that follow its name. */
const refusals: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ELOOP: 'is a symbolic link that leads in a circle',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'is no name of a file',
};

/** Reads a whole file of at most `most` bytes. The reason, as a text, when that can't be done. */
export function readInput(path: string, most: number): Input | string {
  let file: number | undefined;
  try {
    // Without blocking: a pipe that nobody writes to would be waited for until somebody ends the build.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (stat.isDirectory()) return 'is a folder';
    if (!stat.isFile()) return 'is no regular file';
    const bytes = readUpTo(file, most + 1);
    if (bytes.length > most) return `is larger than ${most >> 20} MiB`;
    const digest = digestOf(bytes);
    return { bytes, digest, real: realpathSync(path) };
  } catch (thrown) {
    return reasonOf(thrown);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function reasonOf(thrown: unknown): string {
  const { code } = thrown as NodeJS.ErrnoException;
  return (code !== undefined && refusals[code]) || `can't be read (${code ?? messageOf(thrown)})`;
}

function readUpTo(file: number, most: number): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size < most) {
    const piece = Buffer.allocUnsafe(Math.min(1 << 16, most - size));
    const read = readSync(file, piece, 0, piece.length, null);
    if (read === 0) break;
    pieces.push(piece.subarray(0, read));
    size += read;
  }
  return Buffer.concat(pieces);
}
