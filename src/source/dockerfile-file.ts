import { closeSync } from 'node:fs';
import { beginsAsDockerfile, dockerfileSniff, isDockerfileName } from '../detect/dockerfile/names.ts';
import { SluiceError } from '../util/error.ts';
import { openFile, readWholeRegion } from './file.ts';
import type { Head } from './head.ts';

/** Largest Dockerfile that is read, in bytes: real ones have some ten thousand. */
const fileLimit = 2 * 1024 * 1024;

/** Largest file that is taken for a Dockerfile though it is not called so, in bytes. */
const unnamedLimit = 64 * 1024;

/** Whether a file is a Dockerfile, by its name and its first bytes, or by its first instruction alone. */
export function isDockerfile(path: string, { bytes, size }: Head): boolean {
  const first = bytes.subarray(0, dockerfileSniff);
  if (isDockerfileName(path)) return !first.includes(0);
  return size <= unnamedLimit && beginsAsDockerfile(first);
}

/** The bytes of a Dockerfile. @throws SluiceError `file/...`, `dockerfile/too-large` */
export function readDockerfileBytes(path: string): Buffer {
  const file = openFile(path, path);
  try {
    if (file.size > fileLimit) {
      throw new SluiceError('dockerfile/too-large', `${path} is larger than a Dockerfile may be (${fileLimit} bytes)`);
    }
    return readWholeRegion(file.fd, 0, file.size);
  } finally {
    closeSync(file.fd);
  }
}
