/** What the next byte of a stream belongs to. `lost` is not a frame: the decoder refuses it, and it never ends. */
type Stage = 'magic' | 'descriptor' | 'skip-size' | 'block-header' | 'body' | 'lost';

/** Bytes that each stage needs at once before it can go on; a body is only passed over. */
const needs: Partial<Record<Stage, number>> = { magic: 4, descriptor: 1, 'skip-size': 4, 'block-header': 3 };

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a5;
const rleBlock = 1;
const checksumSize = 4;

/**
 * Follows a zstd stream from header to header (RFC 8878 section 3.1) and tells whether it ended with a frame: Node's
 * own decoder takes what was cut off for the whole. It looks at some three bytes of each block and judges nothing.
 */
export class ZstdFrames {
  #stage: Stage = 'magic';
  /** Bytes to pass over before the next stage. */
  #skip = 0;
  /** What follows the bytes that are passed over. */
  #next: Stage = 'magic';
  #checksum = false;
  /** The bytes of a header, while a piece's end cuts it. */
  readonly #header = Buffer.alloc(4);
  #held = 0;

  /** Whether no frame is open: the stream may end here. */
  get whole(): boolean {
    return this.#stage === 'magic' && this.#held === 0;
  }

  /** Takes the next bytes of the stream. */
  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && this.#stage !== 'lost'; ) {
      const need = needs[this.#stage];
      if (need === undefined) {
        const passed = Math.min(this.#skip, bytes.length - at);
        at += passed;
        this.#skip -= passed;
        if (this.#skip === 0) this.#stage = this.#next;
        continue;
      }
      this.#header[this.#held++] = bytes[at++] ?? 0;
      if (this.#held < need) continue;
      this.#held = 0;
      this.#read();
    }
  }

  /** Acts on a header that is complete. */
  #read(): void {
    if (this.#stage === 'magic') this.#stage = stageAfter(this.#header.readUInt32LE(0));
    else if (this.#stage === 'descriptor') this.#pass(this.#descriptor(this.#header[0] ?? 0), 'block-header');
    else if (this.#stage === 'skip-size') this.#pass(this.#header.readUInt32LE(0), 'magic');
    else this.#block(this.#header.readUIntLE(0, 3));
  }

  /** The size of what follows a frame header descriptor, in bytes (section 3.1.1.1.1). */
  #descriptor(byte: number): number {
    const singleSegment = (byte & 0x20) !== 0;
    this.#checksum = (byte & 4) !== 0;
    const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][byte >>> 6] ?? 0;
    const dictionaryId = [0, 1, 2, 4][byte & 3] ?? 0;
    return (singleSegment ? 0 : 1) + dictionaryId + contentSize;
  }

  /** A block's header: last or not, type, size (section 3.1.1.2). The checksum is passed over with the last block. */
  #block(header: number): void {
    const last = (header & 1) !== 0;
    const size = ((header >>> 1) & 3) === rleBlock ? 1 : header >>> 3;
    if (last) this.#pass(size + (this.#checksum ? checksumSize : 0), 'magic');
    else this.#pass(size, 'block-header');
  }

  #pass(size: number, next: Stage): void {
    this.#skip = size;
    this.#next = next;
    this.#stage = size === 0 ? next : 'body';
  }
}

function stageAfter(magic: number): Stage {
  if (magic === frameMagic) return 'descriptor';
  return magic >>> 4 === skippableMagic ? 'skip-size' : 'lost';
}
