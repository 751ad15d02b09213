import type { LayerPlace, OpenLayer } from '../source/contract.ts';
import { ByteRing, makeRing, type RingMemory } from './byte-ring.ts';

/** Slots of a feed, and the bytes of each: what a connection usually brings at once, and 4 MB on the way in all. */
const feedSlots = 64;
const feedSlotSize = 64 * 1024;

/** Brings the bytes of a layer that only the main thread can open to the thread that surveys it. */
export class Feed {
  readonly memory: RingMemory = makeRing(feedSlots, feedSlotSize);
  readonly #ring = new ByteRing(this.memory);
  readonly #place: LayerPlace;
  readonly #open: OpenLayer;
  #room: (() => void) | undefined;
  #stream: Iterator<Buffer> | AsyncIterator<Buffer> | undefined;
  #closed = false;
  /** Why the bytes stopped coming. */
  failure: unknown;

  constructor(place: LayerPlace, open: OpenLayer) {
    this.#place = place;
    this.#open = open;
  }

  /** Begins to bring the bytes, from the first; also when the thread wants them again. Never throws. */
  async start(): Promise<void> {
    try {
      await this.#bring();
      if (this.#closed) this.#ring.break();
      else this.#ring.end();
    } catch (thrown) {
      this.failure ??= thrown;
      this.#ring.break();
    }
  }

  async #bring(): Promise<void> {
    const opened = this.#open(this.#place);
    const stream = Symbol.asyncIterator in opened ? opened[Symbol.asyncIterator]() : opened[Symbol.iterator]();
    this.#stream = stream;
    for (;;) {
      const { done, value } = await stream.next();
      if (done || this.#closed) return;
      for (let at = 0; at < value.length; ) {
        const slot = await this.#slot();
        if (!slot) return this.close();
        const length = value.copy(slot, 0, at);
        this.#ring.publish(length);
        at += length;
      }
    }
  }

  /** The next slot, as soon as there is one; undefined when nobody reads any more. */
  async #slot(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#closed || this.#ring.abandoned) return undefined;
      const found = this.#ring.free();
      if (found) return found;
      const room = new Promise<void>((resolve) => {
        this.#room = resolve;
      });
      this.#ring.askForRoom();
      // It may have become free before the reader could know that somebody waits.
      if (!this.#ring.free()) await room;
    }
  }

  /** Called when the thread says that there is room. */
  onRoom(): void {
    this.#room?.();
  }

  /** Ends it, and the connection, wherever it is. */
  close(): void {
    this.#closed = true;
    this.#room?.();
    void this.#stream?.return?.();
  }
}
