import { closeSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Digest, digestOf, hexOf } from '../model/digest.ts';
import { SluiceError } from '../util/error.ts';
import { memberOf, readMember } from './archive-member.ts';
import {
  type AttachedManifest,
  type Attachments,
  attestationTag,
  isBuildKitFor,
  manifestsIn,
  mayHoldVex,
  referrersTag,
  subjectOf,
} from './attachments.ts';
import { openFile, readWholeRegion } from './file.ts';
import { type Descriptor, maxManifestBytes, parseManifest } from './manifest.ts';
import { unpackArchive } from './packed.ts';
import { TarIndex } from './tar-index.ts';

/** Most entries of indexes that are looked at. */
const entryLimit = 1_000;

/** The named files of a layout, in a folder or an archive. */
interface LayoutFiles {
  read(name: string, limit: number): Buffer;
  close(): void;
}

/** What is attached to an image in an OCI layout, in a folder or an archive. @throws SluiceError */
export async function attachedInLayout(
  target: { readonly kind: 'archive' | 'oci-layout'; readonly path: string },
  image: Digest,
): Promise<Attachments> {
  const files = target.kind === 'oci-layout' ? folderFiles(target.path) : await archiveFiles(target.path);
  const read = (descriptor: Descriptor, limit: number): Buffer => {
    const bytes = blobOf(files, descriptor.digest, limit);
    if (digestOf(bytes) === descriptor.digest) return bytes;
    throw new SluiceError('digest/mismatch', `the blob ${descriptor.digest} does not match its digest`);
  };
  try {
    const found = lookIn(files.read('index.json', maxManifestBytes), image, read);
    return {
      indexes: found.indexes,
      list: async () => [...found.attached.values()],
      read: async (descriptor, limit) => read(descriptor, limit),
      close: () => files.close(),
    };
  } catch (thrown) {
    files.close();
    throw thrown;
  }
}

const absences: ReadonlySet<string> = new Set(['file/missing', 'archive/member-missing']);

function blobOf(files: LayoutFiles, digest: Digest, limit: number): Buffer {
  try {
    return files.read(`blobs/sha256/${hexOf(digest)}`, limit);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || !absences.has(thrown.code)) throw thrown;
    throw new SluiceError(thrown.code, `the layout does not hold the blob ${digest}`);
  }
}

function folderFiles(folder: string): LayoutFiles {
  return {
    read(name, limit) {
      const file = openFile(join(folder, name), name);
      try {
        if (file.size > limit) throw tooLarge(name, limit);
        return readWholeRegion(file.fd, 0, file.size);
      } finally {
        closeSync(file.fd);
      }
    },
    close: () => {},
  };
}

async function archiveFiles(path: string): Promise<LayoutFiles> {
  const file = await unpackArchive(openFile(path, basename(resolve(path))));
  try {
    const archive = { file, index: new TarIndex(file.fd, file.size) };
    return {
      read(name, limit) {
        if (name === 'index.json') return readMember(archive, name);
        const member = memberOf(archive, name);
        if (member.size > limit) throw tooLarge(name, limit);
        return readWholeRegion(file.fd, member.offset, member.size);
      },
      close: () => closeSync(file.fd),
    };
  } catch (thrown) {
    closeSync(file.fd);
    throw thrown;
  }
}

function tooLarge(name: string, limit: number): SluiceError {
  return new SluiceError('blob/too-large', `${name} is larger than ${limit} bytes`);
}

interface Found {
  readonly indexes: Digest[];
  readonly attached: Map<Digest, AttachedManifest>;
}

/** Walks all indexes of the layout, of which `index.json` is the first. */
function lookIn(root: Buffer, image: Digest, read: (descriptor: Descriptor, limit: number) => Buffer): Found {
  const indexes = new Set<Digest>();
  const entries: Descriptor[] = [];
  const waiting: { bytes: Buffer; digest: Digest | undefined }[] = [{ bytes: root, digest: undefined }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const manifests = manifestsIn(parseManifest(next.bytes, 'an index of the layout'));
    if (next.digest !== undefined && manifests.some(({ digest }) => digest === image)) indexes.add(next.digest);
    for (const item of manifests) {
      if (entries.length >= entryLimit) break;
      entries.push(item);
      if (/image\.index\.v1\+json$|manifest\.list\.v2\+json$/.test(item.mediaType)) {
        waiting.push({ bytes: read(item, maxManifestBytes), digest: item.digest });
      }
    }
  }
  const attached = new Map<Digest, AttachedManifest>();
  const own = new Set([image, ...indexes]);
  for (const descriptor of entries) {
    const tied = tieOf(descriptor, own, image, read);
    if (tied !== undefined && !attached.has(descriptor.digest)) attached.set(descriptor.digest, { descriptor, tied });
  }
  return { indexes: [...indexes], attached };
}

/** Whether an entry is tied to the image; undefined when it has nothing to do with it. */
function tieOf(
  descriptor: Descriptor,
  own: ReadonlySet<Digest>,
  image: Digest,
  read: (descriptor: Descriptor, limit: number) => Buffer,
): boolean | undefined {
  const { annotations, artifactType, digest } = descriptor;
  if (own.has(digest)) return undefined;
  if (isBuildKitFor(descriptor, image)) return true;
  const name = annotations['org.opencontainers.image.ref.name'];
  for (const one of own) {
    if (typeof name === 'string' && (name.endsWith(attestationTag(one)) || name.endsWith(referrersTag(one))))
      return true;
  }
  // `cosign save` says what it is, and not of which image.
  if (annotations.kind === 'dev.cosignproject.cosign/atts') return false;
  if (descriptor.platform || !descriptor.mediaType.endsWith('image.manifest.v1+json')) return undefined;
  if (artifactType !== undefined && !mayHoldVex(artifactType)) return undefined;
  const subject = subjectOf(read(descriptor, maxManifestBytes));
  return subject !== undefined && own.has(subject) ? true : undefined;
}
