import { bufferAccess } from '../../format/random-access.ts';
import { readZipDirectory, readZipEntry } from '../../format/zip.ts';

/** What is read of a zipped egg: entries, bytes of its directory, bytes of its metadata. */
const limits = { entries: 200_000, directoryBytes: 64 * 1024 * 1024, metadataBytes: 4 * 1024 * 1024 } as const;

/** Where an egg keeps its metadata (setuptools documentation, "The Internal Structure of Python Eggs"). */
export const eggMetadata = 'EGG-INFO/PKG-INFO';

/**
 * The metadata of an egg that is installed as a zip, as easy_install left it; empty when it has none.
 * @throws SluiceError `zip/…` when it isn't a zip.
 */
export function readEgg(bytes: Buffer): Buffer {
  const source = bufferAccess(bytes);
  const { entries, directoryBytes, metadataBytes } = limits;
  const entry = readZipDirectory(source, { entries, directoryBytes }).find(({ name }) => name === eggMetadata);
  return entry === undefined ? Buffer.alloc(0) : readZipEntry(source, entry, metadataBytes);
}
