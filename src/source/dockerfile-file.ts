import { closeSync, readSync } from 'node:fs';
import { beginsAsDockerfile, dockerfileSniff, isDockerfileName } from '../detect/dockerfile/names.ts';
import { SluiceError } from '../util/error.ts';
import { openFile, readWholeRegion } from './file.ts';

/** Largest Dockerfile that is read, in bytes: real ones have some ten thousand. */
const fileLimit = 2 * 1024 * 1024;

/** Largest file that is taken for a Dockerfile though it is not called so, in bytes. */
const unnamedLimit = 64 * 1024;

/** Whether a file is a Dockerfile, by its name and its first bytes, or by its first instruction alone. */
export function isDockerfile(path: string): boolean {
  try {
    const file = openFile(path, path);
    try {
      // Of an archive nothing more is read than has to be.
      if (file.size > unnamedLimit && !isDockerfileName(path)) return false;
      const first = Buffer.alloc(Math.min(dockerfileSniff, file.size));
      const got = first.subarray(0, readSync(file.fd, first, 0, first.length, 0));
      return isDockerfileName(path) ? !got.includes(0) : beginsAsDockerfile(got);
    } finally {
      closeSync(file.fd);
    }
  } catch {
    // Whoever opens it as an archive will say why it can't be read.
    return false;
  }
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
