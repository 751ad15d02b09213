import { closeSync } from 'node:fs';
import { hexOf } from '../model/digest.ts';
import { blinding } from '../model/problem.ts';
import { SluiceError } from '../util/error.ts';
import { type Archive, memberOf, readMember } from './archive-member.ts';
import type { OpenedImage } from './contract.ts';
import { namesAnother, openDockerArchive } from './docker-archive.ts';
import { type OpenFile, openRegion, readWholeRegion, regionPlace } from './file.ts';
import { type Descriptor, parseManifest } from './manifest.ts';
import { type BlobStore, type ImageChoice, openOciImage } from './oci-image.ts';
import { wrongSize } from './oci-layout.ts';
import { TarIndex } from './tar-index.ts';

/** Opens an image in an uncompressed tar archive, an OCI layout or the output of `docker save`. Takes over the file. @throws SluiceError */
export async function openArchive(file: OpenFile, choice: ImageChoice): Promise<OpenedImage> {
  try {
    if (file.size === 0) throw new SluiceError('archive/empty', 'the file is empty');
    const archive = { file, index: indexOf(file) };
    if (archive.index.find('index.json')) return await openOciArchive(archive, choice);
    if (archive.index.find('manifest.json')) return openDockerArchive(archive, choice);
    throw new SluiceError(
      'archive/not-an-image',
      'the archive holds no image: it has neither index.json (OCI) nor manifest.json (docker save)',
    );
  } catch (thrown) {
    closeSync(file.fd);
    throw thrown;
  }
}

function indexOf(file: OpenFile): TarIndex {
  try {
    return new TarIndex(file.fd, file.size);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    const packing = packingOf(readWholeRegion(file.fd, 0, Math.min(6, file.size)));
    if (packing === undefined) throw new SluiceError(thrown.code, `the image archive can't be read: ${thrown.message}`);
    throw new SluiceError(
      'archive/packing',
      `the image archive is packed with ${packing}, which is not read`,
      'unpack it first',
    );
  }
}

/** Magic numbers of formats in which archives come and that are not read. */
const packings = new Map([
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['504b0304', 'zip'],
  ['377abcaf271c', '7z'],
  ['04224d18', 'lz4'],
]);

function packingOf(first: Buffer): string | undefined {
  const hex = first.toString('hex');
  for (const [magic, name] of packings) if (hex.startsWith(magic)) return name;
  return undefined;
}

async function openOciArchive(archive: Archive, choice: ImageChoice): Promise<OpenedImage> {
  const bytes = readMember(archive, 'index.json');
  const opened = await openOciImage(new ArchiveStore(archive), parseManifest(bytes, 'index.json'), undefined, choice);
  // `docker save` writes both lists; they must say the same.
  if (!archive.index.find('manifest.json') || !namesAnother(archive, opened.image, choice.select)) return opened;
  return { ...opened, problems: [...opened.problems, twoImages] };
}

const twoImages = blinding(
  'archive/two-images',
  'index.json and manifest.json name two images: what docker would load is not what was read',
);

class ArchiveStore implements BlobStore {
  readonly open = openRegion;
  readonly #archive: Archive;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  async read(descriptor: Descriptor, limit: number): Promise<Buffer> {
    const member = memberOf(this.#archive, blobName(descriptor));
    if (member.size > limit)
      throw new SluiceError('blob/too-large', `blob ${descriptor.digest} is larger than ${limit} bytes`);
    return readWholeRegion(this.#archive.file.fd, member.offset, member.size);
  }

  place(descriptor: Descriptor): ReturnType<BlobStore['place']> {
    const member = memberOf(this.#archive, blobName(descriptor));
    if (member.size !== descriptor.size) throw wrongSize(descriptor, member.size);
    return regionPlace(this.#archive.file, member.offset, member.size);
  }

  close(): void {
    closeSync(this.#archive.file.fd);
  }
}

function blobName(descriptor: Descriptor): string {
  return `blobs/sha256/${hexOf(descriptor.digest)}`;
}
