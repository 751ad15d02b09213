import { closeSync, lstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { TarEntry } from '../../format/tar/contract.ts';
import { TarWalker } from '../../format/tar/walker.ts';
import { openFile } from '../../source/file.ts';
import { seekTar } from '../../source/seek-tar.ts';
import { cleanPath } from '../../util/path.ts';

/** Members after which an archive without an index of images is held for another kind. */
const membersLooked = 10_000;

/** What `docker save` and OCI archives have at their root. */
const marks = new Set(['manifest.json', 'oci-layout', 'index.json']);

/** What ends the look into an archive. */
class Told extends Error {
  readonly isImage: boolean;

  constructor(isImage: boolean) {
    super('told');
    this.isImage = isImage;
  }
}

/** Whether a tar is an image's: its members are looked at by name alone, and bodies are passed over. */
export function isImageArchive(path: string): boolean {
  let file: { fd: number; size: number };
  try {
    file = openFile(path, path);
  } catch {
    return false;
  }
  let members = 0;
  const walker = new TarWalker({
    entry: ({ path: name }: TarEntry) => {
      if (marks.has(cleanPath(name).replace(/^\/+/, ''))) throw new Told(true);
      if (++members > membersLooked) throw new Told(false);
      return undefined;
    },
  });
  try {
    seekTar(file.fd, 0, file.size, walker);
    return false;
  } catch (thrown) {
    return thrown instanceof Told && thrown.isImage;
  } finally {
    closeSync(file.fd);
  }
}

/** Whether a file begins as gzip or zstd does. */
export function isCompressed(path: string): boolean {
  try {
    const { fd } = openFile(path, path);
    try {
      const bytes = Buffer.alloc(4);
      const got = readSync(fd, bytes, 0, 4, 0);
      return got === 4 && (bytes.readUInt16BE(0) === 0x1f8b || bytes.readUInt32LE(0) === 0xfd2fb528);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

/** Whether a folder is an OCI image layout. */
export function isImageLayout(folder: string): boolean {
  return ['oci-layout', 'index.json'].every((name) => isFile(join(folder, name)));
}

/** Whether there is a regular file; a link is followed by nobody here. */
export function isFile(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
