import { createHash } from 'node:crypto';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { compressionOf, type Decompressor } from '../format/decompress/contract.ts';
import { openDecompressor } from '../format/decompress/open.ts';
import type { TarHandler } from '../format/tar/contract.ts';
import { TarWalker } from '../format/tar/walker.ts';
import { type Digest, digestOfHex } from '../model/digest.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { LayerBlob, OpenLayer } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import { isBomb } from '../util/ratio.ts';
import type { LayerCache } from './layer-cache.ts';
import type { LayerLook } from './looking/contract.ts';
import type { ReadAs } from './read-as.ts';
import { rereadBySeeking, surveyBySeeking, walkClaimed } from './seek-layer.ts';
import { Surveyor } from './surveyor.ts';
import { OwnTarHash, type TarHash } from './tar-hash.ts';

/** Bytes that show the compression. */
const magicSize = 4;

/**
 * Reads a layer once: bytes → digest → decompress → digest → tar walk → survey. Nothing is believed before both
 * digests are what the image says. Claimed hard links, which stand behind the body they need, cost a second pass.
 * `tarHash` takes the digest of the tar, here or in another thread; `look` says what is looked for beside packages.
 * @throws SluiceError `layer/...`, `tar/...`, `gzip/...`, `zstd/...`
 */
export async function surveyLayer(
  blob: LayerBlob,
  ecosystems: readonly Ecosystem[],
  open: OpenLayer,
  tarHash: TarHash = new OwnTarHash(),
  look?: LayerLook,
): Promise<LayerSurvey> {
  const ready = look && (await (await import('./looking/ready-look.ts')).readyLook(look));
  const sought = surveyBySeeking(blob, ecosystems, ready);
  if (sought) return sought;
  const surveyor = new Surveyor(ecosystems, ready);
  const unpacked = await walkLayer(blob, surveyor, open, tarHash);
  const hardLinks = surveyor.hardLinks();
  if (hardLinks.size > 0) await walkLayer(blob, surveyor.reread(hardLinks), open);
  return surveyor.finish(blob.diffId, unpacked);
}

/**
 * Reads bodies of one layer as if they stood at other paths: what links from other layers point to. A layer that may
 * have been surveyed by its index is checked here, if it is read whole.
 */
export async function rereadLayer(
  blob: LayerBlob,
  readAs: ReadAs,
  ecosystems: readonly Ecosystem[],
  open: OpenLayer,
  cache: LayerCache | undefined,
): Promise<LayerSurvey['files']> {
  const known = cache?.findLate(blob, readAs);
  if (known) return known.files;
  const sought = rereadBySeeking(blob, readAs, ecosystems);
  if (sought) return sought;
  const surveyor = new Surveyor(ecosystems);
  await walkLayer(blob, surveyor.reread(readAs), open, blob.index && new OwnTarHash());
  const survey = surveyor.finish(blob.diffId, 0);
  cache?.keepLate(blob, readAs, survey);
  return survey.files;
}

/** Tells a handler once more of a layer that was surveyed before. @throws SluiceError */
export async function walkAgain(blob: LayerBlob, handler: TarHandler, open: OpenLayer): Promise<void> {
  // What was surveyed by its index has not been proven to unpack to the right tar.
  if (!walkClaimed(blob, handler)) await walkLayer(blob, handler, open, blob.index && new OwnTarHash());
}

/**
 * Feeds a verified layer to a handler and returns the size of its tar in bytes. Only the first pass over a layer needs
 * `tarHash`: once a blob has been unpacked to the right tar, its digest alone tells that it will be again, and hashing
 * the tar costs as much as unpacking it where the processor has no instructions for SHA-256.
 */
async function walkLayer(blob: LayerBlob, handler: TarHandler, open: OpenLayer, tarHash?: TarHash): Promise<number> {
  const pass = new LayerPass(blob, handler, tarHash);
  try {
    for await (const piece of open(blob.place)) await pass.write(piece);
    return await pass.finish();
  } finally {
    pass.close();
  }
}

class LayerPass {
  readonly #blob: LayerBlob;
  readonly #walker: TarWalker;
  readonly #blobHash = createHash('sha256');
  /** Absent when the tar's digest has been checked before. */
  readonly #tarHash: TarHash | undefined;
  /** Whether both digests are one, for the tar is not compressed. */
  #plain = false;
  #decompressor: Decompressor | undefined;
  /** The first bytes, while they are too few to show the compression. */
  #first: Buffer = Buffer.alloc(0);
  #input = 0;
  #output = 0;
  /** The first failure to read; the digest of all bytes is still taken, for a wrong digest explains it better. */
  #failure: unknown;

  constructor(blob: LayerBlob, handler: TarHandler, tarHash: TarHash | undefined) {
    this.#blob = blob;
    this.#tarHash = tarHash;
    this.#walker = new TarWalker(handler);
  }

  async write(bytes: Buffer): Promise<void> {
    this.#input += bytes.length;
    if (this.#input > this.#blob.size) throw this.#wrongSize();
    this.#blobHash.update(bytes);
    if (this.#failure !== undefined) return;
    try {
      const waiting = this.#decompressor ? this.#decompressor.write(bytes) : this.#begin(bytes);
      if (waiting) await waiting;
    } catch (thrown) {
      this.#failure = thrown;
    }
  }

  /** Waits until the bytes are enough to tell the compression, for a connection may bring one at a time. */
  async #begin(bytes: Buffer): Promise<void> {
    this.#first = Buffer.concat([this.#first, bytes]);
    if (this.#first.length < magicSize && this.#input < this.#blob.size) return;
    // The bytes tell the compression: a media type that lies harms nobody, for the digests are checked.
    const compression = compressionOf(this.#first);
    this.#plain = compression === 'none';
    this.#decompressor = await openDecompressor(compression, (piece) => this.#take(piece), this.#tarHash?.window);
    await this.#decompressor.write(this.#first);
  }

  #take(bytes: Buffer): void {
    this.#output += bytes.length;
    if (isBomb(this.#input, this.#output)) {
      throw new SluiceError(
        'layer/bomb',
        `it is a decompression bomb: the first ${mebibytes(this.#input)} unpack to more than ${mebibytes(this.#output)}`,
      );
    }
    if (!this.#plain) this.#tarHash?.update(bytes);
    this.#walker.write(bytes);
  }

  /** @throws SluiceError when a digest or size is not what the image says, or the layer can't be read */
  async finish(): Promise<number> {
    if (this.#failure === undefined) await this.#finishReading();
    if (this.#input !== this.#blob.size) throw this.#wrongSize();
    const digest = digestOfHex(this.#blobHash.digest('hex'));
    this.#check(this.#blob.digest, digest, 'layer/digest-mismatch', 'its digest');
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#tarHash) return this.#output;
    // An empty blob shows no compression, and its tar is as empty.
    const diffId = this.#plain || this.#input === 0 ? digest : this.#tarHash.digest();
    this.#check(this.#blob.diffId, diffId, 'layer/diff-id-mismatch', "the configuration's diff_id");
    return this.#output;
  }

  async #finishReading(): Promise<void> {
    try {
      await this.#decompressor?.finish();
      this.#walker.finish();
    } catch (thrown) {
      this.#failure = thrown;
    }
  }

  #check(wanted: Digest, found: Digest, code: 'layer/digest-mismatch' | 'layer/diff-id-mismatch', what: string): void {
    if (wanted !== found) throw new SluiceError(code, `it does not match ${what}: expected ${wanted}, found ${found}`);
  }

  #wrongSize(): SluiceError {
    return new SluiceError('layer/size', `it does not have the ${this.#blob.size} bytes that the manifest says`);
  }

  close(): void {
    this.#decompressor?.close();
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / (1024 * 1024))} MiB`;
}
