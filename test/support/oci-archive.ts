import { createReadStream } from 'node:fs';
import { extract } from 'tar-stream';

/** A manifest or index of an OCI layout, with the text of its digest. */
export interface LayoutManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What an OCI layout holds, in the order in which a registry wants it: blobs, then manifests, children first. */
export interface Layout {
  readonly blobs: readonly { readonly digest: string; readonly bytes: Buffer }[];
  readonly manifests: readonly LayoutManifest[];
  /** What a tag should stand for: the only manifest, or the layout's index. */
  readonly root: LayoutManifest;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
}

const indexType = 'application/vnd.oci.image.index.v1+json';

/** Reads an OCI layout archive (`.oci.tar`) whole. For tests: the archive is trusted. */
export async function readOciArchive(path: string): Promise<Layout> {
  const files = new Map<string, Buffer>();
  const archive = createReadStream(path).pipe(extract());
  for await (const entry of archive) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    if (entry.header.type === 'file') files.set(entry.header.name, Buffer.concat(pieces));
  }
  return layoutOf(files);
}

function layoutOf(files: ReadonlyMap<string, Buffer>): Layout {
  const indexBytes = need(files, 'index.json');
  const descriptors = (JSON.parse(indexBytes.toString()) as { manifests: Descriptor[] }).manifests;
  const manifests = new Map<string, LayoutManifest>();
  for (const descriptor of descriptors) collect(files, descriptor, manifests);
  const only = descriptors.length === 1 ? manifests.get(descriptors[0]?.digest ?? '') : undefined;
  const blobs: { digest: string; bytes: Buffer }[] = [];
  for (const [name, bytes] of files) {
    const digest = name.startsWith('blobs/sha256/') ? `sha256:${name.slice('blobs/sha256/'.length)}` : '';
    if (digest !== '' && !manifests.has(digest)) blobs.push({ digest, bytes });
  }
  const root = only ?? { digest: '', mediaType: indexType, bytes: indexBytes };
  return { blobs, manifests: [...manifests.values()], root };
}

function collect(files: ReadonlyMap<string, Buffer>, descriptor: Descriptor, into: Map<string, LayoutManifest>): void {
  const bytes = need(files, `blobs/sha256/${descriptor.digest.slice('sha256:'.length)}`);
  const value = JSON.parse(bytes.toString()) as { manifests?: Descriptor[] };
  for (const child of value.manifests ?? []) collect(files, child, into);
  into.set(descriptor.digest, { digest: descriptor.digest, mediaType: descriptor.mediaType, bytes });
}

function need(files: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`the archive has no ${name}`);
  return bytes;
}
