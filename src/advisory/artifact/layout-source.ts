import { closeSync } from 'node:fs';
import { type Digest, digestOf, hexOf } from '../../model/digest.ts';
import type { Archive } from '../../source/archive-member.ts';
import { type OpenFile, readRegion, readWholeRegion } from '../../source/file.ts';
import { type Descriptor, maxManifestBytes, parseManifest } from '../../source/manifest.ts';
import { type Member, TarIndex } from '../../source/tar-index.ts';
import { SluiceError } from '../../util/error.ts';
import { type ArtifactSource, annotation } from './contract.ts';
import { signatureTag } from './signatures.ts';

const signaturesTag = /^sha256-[0-9a-f]{64}\.sig$/;

/**
 * An artifact in an OCI image layout that is a tar archive. The names in the archive are only ever looked up: none of
 * them becomes a path.
 */
export class LayoutSource implements ArtifactSource {
  readonly name: string;
  readonly #archive: Archive;
  readonly #data: Descriptor;
  readonly #tagged: ReadonlyMap<string, Descriptor>;

  /** Takes over the file. @throws SluiceError `advisory/not-data`, `archive/...`, `tar/...`, `manifest/...` */
  constructor(file: OpenFile, name: string) {
    this.name = name;
    try {
      this.#archive = { file, index: new TarIndex(file.fd, file.size) };
      const { data, tagged } = this.#index();
      this.#data = data;
      this.#tagged = tagged;
    } catch (thrown) {
      closeSync(file.fd);
      // Any other file that is named by mistake, one that is packed with gzip among them.
      if (thrown instanceof SluiceError && thrown.code.startsWith('tar/')) throw this.#notData(thrown.message);
      throw thrown;
    }
  }

  #index(): { data: Descriptor; tagged: Map<string, Descriptor> } {
    if (!this.#archive.index.find('index.json')) throw this.#notData('it holds no index.json');
    const index = parseManifest(this.#whole('index.json', undefined), 'index.json');
    if (index.kind !== 'index') throw this.#notData('its index.json is no image index');
    const tagged = new Map<string, Descriptor>();
    const data: Descriptor[] = [];
    for (const descriptor of index.manifests) {
      const tag = descriptor.annotations[annotation.refName];
      if (typeof tag === 'string' && signaturesTag.test(tag)) tagged.set(tag, descriptor);
      else data.push(descriptor);
    }
    const [only, ...others] = data;
    if (only === undefined || others.length > 0) throw this.#notData(`it holds ${data.length} artifacts, not one`);
    return { data: only, tagged };
  }

  async manifest(): Promise<{ readonly bytes: Buffer; readonly digest: Digest }> {
    return { bytes: await this.read(this.#data), digest: this.#data.digest };
  }

  async signatures(manifest: Digest): Promise<Buffer | undefined> {
    const descriptor = this.#tagged.get(signatureTag(manifest));
    return descriptor && this.read(descriptor);
  }

  async read(descriptor: Descriptor): Promise<Buffer> {
    const bytes = this.#whole(blobName(descriptor), descriptor.size);
    if (digestOf(bytes) === descriptor.digest) return bytes;
    throw new SluiceError('advisory/artifact-digest', `a blob of ${this.name} has not the digest that names it`);
  }

  async open(descriptor: Descriptor): Promise<Iterable<Buffer>> {
    const { offset, size } = this.#member(blobName(descriptor), descriptor.size);
    return readRegion(this.#archive.file.fd, offset, size);
  }

  #whole(name: string, size: number | undefined): Buffer {
    const member = this.#member(name, size);
    if (member.size > maxManifestBytes) {
      throw new SluiceError('archive/member-too-large', `${name} is larger than ${maxManifestBytes} bytes`);
    }
    return readWholeRegion(this.#archive.file.fd, member.offset, member.size);
  }

  /** Links, sparse files and names that stand twice mean one thing here and another to the next tool: none is taken. */
  #member(name: string, size: number | undefined): Member {
    const member = this.#archive.index.find(name);
    if (!member) throw new SluiceError('archive/member-missing', `${name} is not in ${this.name}`);
    if (!member.undisputed) throw new SluiceError('archive/disputed', `${name} in ${this.name} is no plain file`);
    if (member.offset + member.size > this.#archive.file.size) {
      throw new SluiceError('archive/truncated', `${this.name} ends inside of ${name}`);
    }
    if (size === undefined || size === member.size) return member;
    throw new SluiceError('blob/size', `${name} has ${member.size} bytes, its descriptor says ${size}`);
  }

  #notData(why: string): SluiceError {
    const hint = 'make it with sluice db export';
    return new SluiceError('advisory/not-data', `${this.name} is no file of vulnerability data: ${why}`, hint);
  }

  close(): void {
    closeSync(this.#archive.file.fd);
  }
}

function blobName({ digest }: Descriptor): string {
  return `blobs/sha256/${hexOf(digest)}`;
}
