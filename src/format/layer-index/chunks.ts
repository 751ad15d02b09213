import { type Digest, parseDigest } from '../../model/digest.ts';
import type { BodyChunk } from './contract.ts';
import { inconsistent, wholeNumber } from './numbers.ts';

/** The members of an entry that say where a part of its body stands. */
type Item = Readonly<Record<string, unknown>>;

/** A chunk whose end is known only when the next one is. */
interface OpenChunk extends BodyChunk {
  end: number;
}

/** The file whose parts are being told. */
interface OpenFile {
  readonly name: unknown;
  readonly size: number;
  readonly chunks: OpenChunk[];
  /** Bytes that its parts so far have. */
  taken: number;
  /** Place behind its last part, where the index says it; 0 where it does not. */
  readonly end: number;
}

/**
 * Puts the parts of files together. A blob is written once from front to back, so places only rise: that no part can be
 * in two files also keeps an index from making little data unpack again and again.
 */
export class ChunkedBodies {
  readonly #dataEnd: number;
  #file: OpenFile | undefined;
  /** The chunks that share the place of the last one. */
  #together: OpenChunk[] = [];

  constructor(dataEnd: number) {
    this.#dataEnd = dataEnd;
  }

  /** Begins an entry, and returns the list that its chunks will be in. @throws SluiceError */
  begin(name: unknown, size: number, item: Item): readonly BodyChunk[] {
    this.#close();
    if (size === 0) return [];
    const chunks: OpenChunk[] = [];
    this.#file = { name, size, chunks, taken: 0, end: wholeNumber(item.endOffset) };
    this.#add(this.#file, item);
    return chunks;
  }

  /** Adds a further part to the file begun last. @throws SluiceError */
  more(name: unknown, item: Item): void {
    const file = this.#file;
    if (file === undefined || file.name !== name) throw inconsistent('it holds a part of no file');
    this.#add(file, item);
  }

  /** Says that there are no more entries. @throws SluiceError */
  finish(): void {
    this.#close();
    this.#endTogether(this.#dataEnd);
  }

  #add(file: OpenFile, item: Item): void {
    const size = wholeNumber(item.chunkSize) || file.size - file.taken;
    if (wholeNumber(item.chunkOffset) !== file.taken || size <= 0 || size > file.size - file.taken) {
      throw inconsistent('the parts of a file do not fit together');
    }
    const offset = wholeNumber(item.offset);
    const inner = wholeNumber(item.innerOffset);
    const before = this.#together.at(-1);
    const follows = before === undefined || offset > before.offset;
    if (offset >= this.#dataEnd || !(follows || (offset === before.offset && inner >= before.inner + before.size))) {
      throw inconsistent('its parts of files do not follow each other');
    }
    if (follows) this.#endTogether(offset);
    const chunk = { offset, end: this.#dataEnd, inner, size, digest: digestOf(item, size === file.size) };
    this.#together.push(chunk);
    file.chunks.push(chunk);
    file.taken += size;
  }

  /** What is behind the last part of a file, such as the next headers, need not be read where its end is told. */
  #close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    if (file.taken !== file.size) throw inconsistent('a part of a file is missing');
    const last = file.chunks.at(-1);
    if (last !== undefined && file.end > last.offset && file.end < last.end) last.end = file.end;
  }

  #endTogether(end: number): void {
    for (const chunk of this.#together) chunk.end = Math.min(chunk.end, end);
    this.#together = [];
  }
}

/** A part's own digest, or the whole file's where it is the only part. @throws SluiceError */
function digestOf(item: Item, only: boolean): Digest {
  return parseDigest(item.chunkDigest ?? (only ? item.digest : undefined));
}
