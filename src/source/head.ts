import { closeSync, readSync } from 'node:fs';
import { dockerfileSniff } from '../detect/dockerfile/names.ts';
import { sniffBytes } from '../format/sbom/sniff.ts';
import { openFile } from './file.ts';

/** The beginning of a file, which tells what it is. */
export interface Head {
  readonly bytes: Buffer;
  /** Of the whole file, in bytes. */
  readonly size: number;
}

/** Bytes that are read: of an archive no more than has to be. */
const headBytes = Math.max(sniffBytes, dockerfileSniff);

/** The head of a file; undefined when it can't be read: whoever opens it will say why. */
export function headOf(path: string): Head | undefined {
  try {
    const { fd, size } = openFile(path, path);
    try {
      const bytes = Buffer.alloc(Math.min(headBytes, size));
      return { bytes: bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)), size };
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
