import { SluiceError } from '../util/error.ts';

/** Shared memory of a ring: plain data, so that it goes from thread to thread. */
export interface RingMemory {
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
  /** Bytes. */
  readonly slotSize: number;
}

/** Words of the head: a count of all changes to sleep on, how far both sides are, and what state they are in. */
const at = { change: 0, written: 1, read: 2, writer: 3, reader: 4, asleep: 5, lengths: 6 } as const;
const writerState = { open: 0, ended: 1, broken: 2 } as const;
const readerState = { absent: 0, reading: 1, done: 2, gone: 3 } as const;

/** Bytes of what the reader may leave at the end: a SHA-256. */
const resultSize = 32;
/** Milliseconds that a writer sleeps at once. */
const nap = 500;
/** How many times it sleeps without any step of the reader before it gives up: until the reader begins, and after. */
const maxNaps = { begin: 2, step: 120 };

/** Makes the memory of a ring. */
export function makeRing(slots: number, slotSize: number): RingMemory {
  const head = headSize(slots);
  return { memory: new SharedArrayBuffer(head + resultSize + slots * slotSize), slots, slotSize };
}

function headSize(slots: number): number {
  return (at.lengths + slots) * Int32Array.BYTES_PER_ELEMENT;
}

/** The reader of a ring has failed, and with it what it made of the bytes so far. */
export function lost(): SluiceError {
  return new SluiceError('layer/thread', 'the thread that hashes its tar has failed');
}

/**
 * Bytes that one thread writes and one other reads, in slots of shared memory: the reader gets them where they were
 * written, and the writer is held back when all slots are full. Nothing else writes there while they are read.
 */
export class ByteRing {
  readonly #head: Int32Array;
  readonly #result: Buffer;
  readonly #slots: Buffer[] = [];

  constructor({ memory, slots, slotSize }: RingMemory) {
    const head = headSize(slots);
    this.#head = new Int32Array(memory, 0, at.lengths + slots);
    this.#result = Buffer.from(memory, head, resultSize);
    for (let i = 0; i < slots; i++) this.#slots.push(Buffer.from(memory, head + resultSize + i * slotSize, slotSize));
  }

  /** The slot to write to next; undefined while all are full. The same one until {@link publish}. */
  free(): Buffer | undefined {
    const written = this.#get(at.written);
    return written - this.#get(at.read) < this.#slots.length ? this.#slots[written % this.#slots.length] : undefined;
  }

  /**
   * The slot to write to next; the thread sleeps until there is one. Undefined when nobody reads.
   * @throws SluiceError `layer/thread` when the reader stands still
   */
  waitForRoom(): Buffer | undefined {
    return this.#sleepUntil(() => this.free() !== undefined) ? this.free() : undefined;
  }

  /** Gives the first `length` bytes of the slot to the reader. */
  publish(length: number): void {
    const written = this.#get(at.written);
    Atomics.store(this.#head, at.lengths + (written % this.#slots.length), length);
    this.#set(at.written, written + 1);
  }

  /** Says that all bytes were written. */
  end(): void {
    this.#set(at.writer, writerState.ended);
  }

  /** Says that no more bytes come, though there should. */
  break(): void {
    if (this.#get(at.writer) === writerState.open) this.#set(at.writer, writerState.broken);
  }

  /** Whether nobody will read any more. */
  get abandoned(): boolean {
    return this.#get(at.reader) === readerState.gone;
  }

  /** Before a writer that can't sleep waits for a message: the reader calls `onRoom` when half of the slots are free. */
  askForRoom(): void {
    this.#set(at.asleep, 1);
  }

  /**
   * The bytes in their order; each piece is valid until the next is asked for.
   * @throws SluiceError `layer/thread` when the writer has failed
   */
  *pieces(onRoom?: () => void): Iterable<Buffer> {
    const { absent, reading } = readerState;
    if (Atomics.compareExchange(this.#head, at.reader, absent, reading) !== absent) return;
    for (;;) {
      const read = this.#get(at.read);
      if (!this.#awaitPiece(read)) return;
      const slot = read % this.#slots.length;
      yield (this.#slots[slot] as Buffer).subarray(0, this.#get(at.lengths + slot));
      this.#set(at.read, read + 1);
      if (onRoom && this.#mayWake(read + 1)) onRoom();
    }
  }

  /** Sleeps until there is a piece; false at the end. */
  #awaitPiece(read: number): boolean {
    for (;;) {
      const change = this.#get(at.change);
      // The state first: what was written before it changed counts.
      const state = this.#get(at.writer);
      if (this.#get(at.written) !== read) return true;
      if (state === writerState.ended) return false;
      if (state === writerState.broken) throw new SluiceError('layer/thread', 'the bytes stopped coming');
      Atomics.wait(this.#head, at.change, change);
    }
  }

  #mayWake(read: number): boolean {
    if (this.#get(at.asleep) === 0 || this.#get(at.written) - read > this.#slots.length / 2) return false;
    return Atomics.exchange(this.#head, at.asleep, 0) === 1;
  }

  /** Makes the ring new for a second reading. For the reader, after all was read. */
  reset(): void {
    for (const word of [at.written, at.read, at.writer, at.reader, at.asleep]) this.#set(word, 0);
  }

  /** Says that nobody will read any more, unless all is done. */
  leave(): void {
    if (this.#get(at.reader) !== readerState.done) this.#set(at.reader, readerState.gone);
  }

  /** Leaves what the reader made of the bytes, if it was the one that read them. */
  finish(result: Buffer): void {
    if (this.#get(at.reader) !== readerState.reading) return;
    result.copy(this.#result);
    this.#set(at.reader, readerState.done);
  }

  /**
   * What the reader made of the bytes; the thread sleeps until it is done. Undefined when nobody reads.
   * @throws SluiceError `layer/thread` when the reader stands still
   */
  waitForResult(): Buffer | undefined {
    return this.#sleepUntil(() => this.#get(at.reader) === readerState.done) ? Buffer.from(this.#result) : undefined;
  }

  /** Takes back all that was written, if no reader has finished a piece of it; undefined when it is too late for that. */
  reclaim(): Buffer[] | undefined {
    Atomics.compareExchange(this.#head, at.reader, readerState.absent, readerState.gone);
    if (!this.abandoned || this.#get(at.read) !== 0) return undefined;
    const written = this.#slots.slice(0, this.#get(at.written));
    return written.map((slot, i) => slot.subarray(0, this.#get(at.lengths + i)));
  }

  /** False when the reader is gone or doesn't begin. One that stands still is lost: better an error than to wait for ever. */
  #sleepUntil(ready: () => boolean): boolean {
    let naps = 0;
    for (;;) {
      const change = this.#get(at.change);
      if (ready()) return true;
      if (this.abandoned) return false;
      if (this.#get(at.reader) === readerState.absent && naps === maxNaps.begin) return false;
      if (naps === maxNaps.step) throw lost();
      naps = Atomics.wait(this.#head, at.change, change, nap) === 'timed-out' ? naps + 1 : 0;
    }
  }

  #get(word: number): number {
    return Atomics.load(this.#head, word);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#head, word, value);
    Atomics.add(this.#head, at.change, 1);
    Atomics.notify(this.#head, at.change);
  }
}
