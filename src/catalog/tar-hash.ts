import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '../model/digest.ts';
import { ByteRing, lost, makeRing, type RingMemory } from './byte-ring.ts';

/** Takes SHA-256 of a layer's tar while it is unpacked: half of all work, where the processor can't do it itself. */
export interface TarHash {
  /** Where the tar is best unpacked to next; absent where it doesn't matter. */
  readonly window?: () => Buffer;
  /** Takes bytes. They stay as they are until `window` or this is called again. @throws SluiceError `layer/thread` */
  update(bytes: Buffer): void;
  /** @throws SluiceError `layer/thread` */
  digest(): Digest;
}

/** Slots and the bytes of each: a slot stays in the second-level cache, and all of them even out two threads' steps. */
const hashSlots = 8;
const hashSlotSize = 256 * 1024;

/** Makes memory for a hash that another thread takes. */
export function makeHashRing(): RingMemory {
  return makeRing(hashSlots, hashSlotSize);
}

/** Hashes in this thread. */
export class OwnTarHash implements TarHash {
  readonly #hash = createHash('sha256');

  update(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  digest(): Digest {
    return digestOfHex(this.#hash.digest('hex'));
  }
}

/**
 * Has another thread hash: what was unpacked into a slot of the ring is not even copied. If that thread never comes,
 * this one hashes itself; if it is lost on the way, so is the hash.
 */
export class SharedTarHash implements TarHash {
  readonly #ring: ByteRing;
  #own: OwnTarHash | undefined;
  /** Where is unpacked to when there is no ring any more. */
  #spare: Buffer | undefined;

  constructor(memory: RingMemory) {
    this.#ring = new ByteRing(memory);
  }

  readonly window = (): Buffer => {
    const room = this.#own ? undefined : this.#ring.waitForRoom();
    if (room) return room;
    this.#takeOver();
    this.#spare ??= Buffer.allocUnsafeSlow(hashSlotSize);
    return this.#spare;
  };

  update(bytes: Buffer): void {
    const slot = this.#own ? undefined : this.#ring.free();
    if (slot && bytes.buffer === slot.buffer && bytes.byteOffset === slot.byteOffset) this.#ring.publish(bytes.length);
    else for (let done = 0; done < bytes.length; ) done += this.#copy(bytes, done);
  }

  #copy(bytes: Buffer, from: number): number {
    const room = this.#own ? undefined : this.#ring.waitForRoom();
    if (room) {
      const length = bytes.copy(room, 0, from);
      this.#ring.publish(length);
      return length;
    }
    this.#takeOver().update(bytes.subarray(from));
    return bytes.length - from;
  }

  digest(): Digest {
    if (this.#own) return this.#own.digest();
    this.#ring.end();
    const result = this.#ring.waitForResult();
    return result ? digestOfHex(result.toString('hex')) : this.#takeOver().digest();
  }

  #takeOver(): OwnTarHash {
    if (this.#own) return this.#own;
    const written = this.#ring.reclaim();
    if (!written) throw lost();
    this.#own = new OwnTarHash();
    for (const bytes of written) this.#own.update(bytes);
    return this.#own;
  }
}

/** The other side of {@link SharedTarHash}: hashes until there is no more, or the writer has failed. */
export function hashRing(memory: RingMemory): void {
  const ring = new ByteRing(memory);
  try {
    const hash = createHash('sha256');
    for (const piece of ring.pieces()) hash.update(piece);
    ring.finish(hash.digest());
  } finally {
    ring.leave();
  }
}
