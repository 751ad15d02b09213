import { closeSync, openSync } from 'node:fs';
import { type Digest, digestOf, hexOf } from '../../model/digest.ts';
import { readRegion } from '../../source/file.ts';
import { type ArtifactSink, annotation, artifactType, indexType, manifestType, type PackedBlob } from './contract.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-entry.ts';

/** The tag of the data in a layout: tools that copy layouts to registries go by it. */
const dataTag = 'data';

/**
 * An artifact as an OCI image layout in a tar archive (OCI image layout specification). The archive is written from
 * front to back; the same artifact is the same bytes.
 */
export class LayoutSink implements ArtifactSink {
  readonly repository = '';
  readonly #write: (bytes: Buffer) => void;
  readonly #written = new Set<Digest>();
  readonly #manifests: object[] = [];

  /** `write` takes the bytes at once: they may stand in memory that is used again. */
  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
    this.#entry('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  }

  async putBlob({ digest, size, from }: PackedBlob): Promise<number> {
    if (this.#written.has(digest)) return 0;
    this.#written.add(digest);
    const name = `blobs/sha256/${hexOf(digest)}`;
    if (Buffer.isBuffer(from)) this.#entry(name, from);
    else this.#file(name, from.path, size);
    return size;
  }

  async putSignatures(bytes: Buffer, tag: string): Promise<void> {
    await this.#manifest(bytes, { annotations: { [annotation.refName]: tag } });
  }

  async putManifest(bytes: Buffer): Promise<void> {
    await this.#manifest(bytes, { artifactType, annotations: { [annotation.refName]: dataTag } });
  }

  /** Writes what names all the rest, and the end. */
  finish(): void {
    const index = { schemaVersion: 2, mediaType: indexType, manifests: this.#manifests };
    this.#entry('index.json', Buffer.from(JSON.stringify(index)));
    this.#write(tarEnd);
  }

  async #manifest(bytes: Buffer, more: object): Promise<void> {
    const digest = digestOf(bytes);
    await this.putBlob({ digest, size: bytes.length, from: bytes });
    this.#manifests.push({ mediaType: manifestType, digest, size: bytes.length, ...more });
  }

  #entry(name: string, bytes: Buffer): void {
    this.#write(tarHeader(name, bytes.length));
    this.#write(bytes);
    this.#write(tarPadding(bytes.length));
  }

  #file(name: string, path: string, size: number): void {
    const fd = openSync(path, 'r');
    try {
      this.#write(tarHeader(name, size));
      for (const piece of readRegion(fd, 0, size)) this.#write(piece);
      this.#write(tarPadding(size));
    } finally {
      closeSync(fd);
    }
  }
}
