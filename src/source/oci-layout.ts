import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf } from '../model/digest.ts';
import { SluiceError } from '../util/error.ts';
import type { OpenedImage } from './contract.ts';
import { type OpenFile, openFile, openRegion, readWholeRegion, regionPlace } from './file.ts';
import { type Descriptor, maxManifestBytes, parseManifest } from './manifest.ts';
import { type BlobStore, type ImageChoice, openOciImage } from './oci-image.ts';

/** Opens an image in an OCI layout folder (OCI image layout specification). @throws SluiceError */
export async function openOciLayout(folder: string, choice: ImageChoice): Promise<OpenedImage> {
  const store = new FolderStore(folder);
  try {
    const index = openFile(join(folder, 'index.json'), 'index.json');
    const bytes = readLimited(index, 'index.json');
    closeSync(index.fd);
    return await openOciImage(store, parseManifest(bytes, 'index.json'), undefined, choice);
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}

function readLimited(file: OpenFile, name: string): Buffer {
  if (file.size > maxManifestBytes) {
    closeSync(file.fd);
    throw new SluiceError('manifest/too-large', `${name} is larger than ${maxManifestBytes} bytes`);
  }
  return readWholeRegion(file.fd, 0, file.size);
}

/** Blobs as files `blobs/sha256/<hex>`; the hex digits of a parsed digest can't be a path of any other kind. */
class FolderStore implements BlobStore {
  readonly open = openRegion;
  readonly #folder: string;
  readonly #files: number[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(descriptor: Descriptor, limit: number): Promise<Buffer> {
    const file = this.#file(descriptor);
    if (file.size > limit)
      throw new SluiceError('blob/too-large', `blob ${descriptor.digest} is larger than ${limit} bytes`);
    return readWholeRegion(file.fd, 0, file.size);
  }

  place(descriptor: Descriptor): ReturnType<BlobStore['place']> {
    const file = this.#file(descriptor);
    if (file.size !== descriptor.size) throw wrongSize(descriptor, file.size);
    return regionPlace(file, 0, file.size);
  }

  close(): void {
    for (const fd of this.#files.splice(0)) closeSync(fd);
  }

  #file(descriptor: Descriptor): OpenFile {
    const name = `blobs/sha256/${hexOf(descriptor.digest)}`;
    const file = openFile(join(this.#folder, name), name);
    this.#files.push(file.fd);
    return file;
  }
}

/** A blob whose size is not what its descriptor says. */
export function wrongSize(descriptor: Descriptor, size: number): SluiceError {
  return new SluiceError(
    'blob/size',
    `blob ${descriptor.digest} has ${size} bytes, its descriptor says ${descriptor.size}`,
  );
}
