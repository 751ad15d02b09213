import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { hexOf } from '../model/digest.ts';
import type { LayerBlob } from '../source/contract.ts';

/** Names the format; changes with it. It stands in names too, so that two formats never replace each other's entries. */
const format = 's1';
/** Largest survey that is shared, in bytes: some two million files. */
export const maxSurveyBytes = 128 * 1024 * 1024;
/** Largest entry that is read, in bytes. */
export const maxEntryBytes = 32 * 1024 * 1024;

const proofBytes = 32;
const sizeBytes = 4;
const macContext = 'sluice shared survey v1: authentication';
const idContext = 'sluice shared survey v1: key id';
/** Where there is no key. */
const noKeyId = 'open';

/** Twice as fast as the fourth level for three hundredths more: most of a survey are names. */
const compression = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };
const windowBytes = 256 * 1024;

/**
 * Entries of a shared cache: which blob, which tar, which analyzer, and the survey, with a proof over it all. The proof
 * is an HMAC-SHA-256 where there is a key, and otherwise a SHA-256, which proves no more than that nothing broke.
 */
export class SharedEntries {
  readonly #analyzer: string;
  readonly #keyId: string;
  readonly #macKey: Buffer | undefined;

  /** The key is one of `sharedKey`. */
  constructor(analyzer: string, key?: Buffer) {
    this.#analyzer = analyzer;
    this.#macKey = key && derived(key, macContext);
    this.#keyId = key ? derived(key, idContext).toString('hex', 0, 8) : noKeyId;
  }

  /** Under which name an entry stands: what is not of this analyzer and key stands elsewhere, and may stay. */
  nameOf(blob: LayerBlob): string {
    return `${format}-${this.#analyzer}-${this.#keyId}-${hexOf(blob.digest)}`;
  }

  /** The entry of a blob's encoded survey; undefined when it would be too large to be read again. */
  async seal(blob: LayerBlob, encoded: Buffer): Promise<Buffer | undefined> {
    if (encoded.length > maxSurveyBytes) return undefined;
    const size = Buffer.alloc(sizeBytes);
    size.writeUInt32LE(encoded.length);
    const head = this.#head(blob);
    const packed = await compress(encoded, { ...compression, chunkSize: windowBytes });
    const entry = Buffer.concat([head, this.#prove(head, size, packed), size, packed]);
    return entry.length > maxEntryBytes ? undefined : entry;
  }

  /** The encoded survey of exactly this blob; undefined when the entry is broken, forged or of something else. */
  async open(blob: LayerBlob, entry: Buffer): Promise<Buffer | undefined> {
    const head = this.#head(blob);
    const at = head.length + proofBytes + sizeBytes;
    if (entry.length < at || entry.length > maxEntryBytes || !entry.subarray(0, head.length).equals(head)) {
      return undefined;
    }
    const proof = entry.subarray(head.length, head.length + proofBytes);
    const size = entry.subarray(at - sizeBytes, at);
    const packed = entry.subarray(at);
    // Before anything is unpacked: what has no key in it is not even looked at.
    if (!timingSafeEqual(proof, this.#prove(head, size, packed))) return undefined;
    return unpack(packed, size.readUInt32LE());
  }

  /** All that an entry must be of, in words of fixed form: none can be read as another. */
  #head({ digest, diffId }: LayerBlob): Buffer {
    return Buffer.from(`SLUICE-SHARED ${format} ${this.#analyzer} ${this.#keyId} ${digest} ${diffId}\n`);
  }

  #prove(...parts: readonly Buffer[]): Buffer {
    const hash = this.#macKey ? createHmac('sha256', this.#macKey) : createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  }
}

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Exactly `size` bytes: whatever would become more is given up there. */
async function unpack(packed: Buffer, size: number): Promise<Buffer | undefined> {
  if (size > maxSurveyBytes) return undefined;
  try {
    const bytes = await decompress(packed, { maxOutputLength: Math.max(size, 1), chunkSize: windowBytes });
    return bytes.length === size ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** A key for one use (HKDF, RFC 5869): the id, which anybody may see, tells nothing of the other. */
function derived(key: Buffer, context: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', context, 32));
}
