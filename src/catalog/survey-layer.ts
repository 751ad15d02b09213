import { createHash, type Hash } from 'node:crypto';
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
import { type ReadAs, Surveyor } from './surveyor.ts';

/** Bytes that show the compression. */
const magicSize = 4;

/**
 * Reads a layer once: bytes → digest → decompress → digest → tar walk → survey. Nothing is believed before both
 * digests are what the image says. Claimed hard links, which stand behind the body they need, cost a second pass.
 * @throws SluiceError `layer/...`, `tar/...`, `gzip/...`, `zstd/...`
 */
export async function surveyLayer(
  blob: LayerBlob,
  ecosystems: readonly Ecosystem[],
  open: OpenLayer,
): Promise<LayerSurvey> {
  const surveyor = new Surveyor(ecosystems);
  const unpacked = await walkLayer(blob, surveyor, open, 'first');
  const hardLinks = surveyor.hardLinks();
  if (hardLinks.size > 0) await walkLayer(blob, surveyor.reread(hardLinks), open, 'again');
  return surveyor.finish(blob.diffId, unpacked);
}

/** Reads bodies of one layer as if they stood at other paths: what links from other layers point to. */
export async function rereadLayer(
  blob: LayerBlob,
  readAs: ReadAs,
  ecosystems: readonly Ecosystem[],
  open: OpenLayer,
  cache: LayerCache | undefined,
): Promise<LayerSurvey['files']> {
  const known = cache?.findLate(blob, readAs);
  if (known) return known.files;
  const surveyor = new Surveyor(ecosystems);
  await walkLayer(blob, surveyor.reread(readAs), open, 'again');
  const survey = surveyor.finish(blob.diffId, 0);
  cache?.keepLate(blob, readAs, survey);
  return survey.files;
}

/**
 * Which pass over a layer it is. Once a blob has been unpacked to the right tar, its digest alone tells that it will
 * be again: hashing the tar costs as much as unpacking it where the processor has no instructions for SHA-256.
 */
type Pass = 'first' | 'again';

/** Feeds a verified layer to a handler and returns the size of its tar in bytes. */
async function walkLayer(blob: LayerBlob, handler: TarHandler, open: OpenLayer, which: Pass): Promise<number> {
  const pass = new LayerPass(blob, handler, which);
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
  readonly #which: Pass;
  readonly #blobHash = createHash('sha256');
  /** Absent while the tar is not compressed, for then both digests are one, and when it has been checked before. */
  #tarHash: Hash | undefined;
  #decompressor: Decompressor | undefined;
  /** The first bytes, while they are too few to show the compression. */
  #first: Buffer = Buffer.alloc(0);
  #input = 0;
  #output = 0;
  /** The first failure to read; the digest of all bytes is still taken, for a wrong digest explains it better. */
  #failure: unknown;

  constructor(blob: LayerBlob, handler: TarHandler, which: Pass) {
    this.#blob = blob;
    this.#which = which;
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
    if (compression !== 'none' && this.#which === 'first') this.#tarHash = createHash('sha256');
    this.#decompressor = await openDecompressor(compression, (piece) => this.#take(piece));
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
    this.#tarHash?.update(bytes);
    this.#walker.write(bytes);
  }

  /** @throws SluiceError when a digest or size is not what the image says, or the layer can't be read */
  async finish(): Promise<number> {
    if (this.#failure === undefined) await this.#finishReading();
    if (this.#input !== this.#blob.size) throw this.#wrongSize();
    const digest = digestOfHex(this.#blobHash.digest('hex'));
    this.#check(this.#blob.digest, digest, 'layer/digest-mismatch', 'its digest');
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#which === 'again') return this.#output;
    const diffId = this.#tarHash ? digestOfHex(this.#tarHash.digest('hex')) : digest;
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
