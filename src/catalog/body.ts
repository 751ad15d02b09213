import type { BodySink } from '../format/tar/contract.ts';

/** Bytes of a body that a plugin sees before it decides whether it wants the rest. */
const sniffSize = 512;

/** Bytes of a body after which its announced size is believed. */
const believedFrom = 4 * 1024 * 1024;

/**
 * Memory that is used again for one body after another, so that reading a layer makes no garbage: a large one that was
 * given back would still be there while the next one is allocated.
 */
export class Scratch {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);

  /**
   * Room for at least `size` bytes whose first `keep` are kept. Grows by doubling, as bytes come: `expected`, the size
   * of the whole, may lie. Once some of a large body has come it is believed, or the last doubling would double it all.
   */
  reserve(size: number, keep: number, expected = 0): Buffer {
    if (size > this.#bytes.length) {
      let room = this.#bytes.length;
      while (room < size) room *= 2;
      if (size > believedFrom && expected >= size) room = expected;
      const larger = Buffer.allocUnsafeSlow(room);
      this.#bytes.copy(larger, 0, 0, keep);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

/** What is asked and told of a body while it is collected. */
export interface Collecting {
  /** Bytes that are announced. */
  readonly size: number;
  /** Most bytes that are collected: a file may have grown since its size was taken. */
  readonly limit: number;
  /** Asked once about the first bytes. */
  wants?(first: Buffer): boolean;
  /** Gets the whole body, valid during the call only. */
  take(bytes: Buffer): void;
  /** Told when there was more than the limit. */
  overflow?(): void;
}

/** Collects one body into scratch memory and hands it on when it is whole. */
export class CollectingSink implements BodySink {
  readonly #scratch: Scratch;
  readonly #to: Collecting;
  #have = 0;
  #sniffed = false;

  constructor(scratch: Scratch, to: Collecting) {
    this.#scratch = scratch;
    this.#to = to;
  }

  write(bytes: Buffer): boolean {
    if (this.#have + bytes.length > this.#to.limit) {
      this.#to.overflow?.();
      return false;
    }
    const room = this.#scratch.reserve(this.#have + bytes.length, this.#have, this.#to.size);
    if (!standsAt(bytes, room, this.#have)) bytes.copy(room, this.#have);
    this.#have += bytes.length;
    return this.#have < sniffSize || this.#accepts();
  }

  /** Once the first bytes have shown that it is wanted: the rest of a large body can be read to where it is collected. */
  room(length: number): Buffer | undefined {
    const end = this.#have + length;
    if (this.#have < sniffSize || end > this.#to.limit) return undefined;
    return this.#scratch.reserve(end, this.#have, this.#to.size).subarray(this.#have, end);
  }

  end(): void {
    if (this.#accepts()) this.#to.take(this.#scratch.reserve(0, 0).subarray(0, this.#have));
  }

  #accepts(): boolean {
    if (this.#sniffed || this.#to.wants === undefined) return true;
    this.#sniffed = true;
    return this.#to.wants(this.#scratch.reserve(0, 0).subarray(0, Math.min(this.#have, sniffSize)));
  }
}

/** Whether the bytes are those of `room` from `offset`, in the same memory. */
function standsAt(bytes: Buffer, room: Buffer, offset: number): boolean {
  return bytes.buffer === room.buffer && bytes.byteOffset === room.byteOffset + offset;
}
