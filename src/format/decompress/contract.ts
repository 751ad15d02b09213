/** Where decompressed bytes go. The buffer is only valid during the call. */
export type Output = (bytes: Buffer) => void;

/** Where to decompress to next: memory that is not in use, of 256 KB at best; asked again after each output. */
export type WindowSource = () => Buffer;

/**
 * A decompressor that is fed: compressed bytes in, decompressed bytes out through the {@link Output} it was made with.
 * A promise is returned only where the platform leaves no synchronous way; the caller awaits it before it goes on.
 */
export interface Decompressor {
  /** @throws SluiceError `<format>/damaged` */
  write(bytes: Buffer): void | Promise<void>;
  /** Says that there is no more input. @throws SluiceError `<format>/truncated` */
  finish(): void | Promise<void>;
  /** Frees what the decompressor holds; safe to call twice, and after an error. */
  close(): void;
}

/** The compression that the first bytes of a stream show, whatever a media type says of it. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** Tells the compression by its magic number (RFC 1952 section 2.3.1; RFC 8878 section 3.1.1, also a skippable frame). */
export function compressionOf(first: Buffer): Compression {
  if (first.length >= 2 && first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (first.length >= 4) {
    const magic = first.readUInt32LE(0);
    if (magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5) return 'zstd';
  }
  return 'none';
}
