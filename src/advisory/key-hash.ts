/** Where a hash begins: two 32-bit numbers drawn from an index's own content. */
export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

/**
 * The 64-bit hash of a package's key, left in `high` and `low` (unsigned), so that a look-up allocates nothing. It is
 * quick and not cryptographic: nobody can prepare names for one place of the table, because the seed depends on all the
 * names that are in it; and a hash never decides, for every list holds its full key.
 */
export class KeyHash {
  high = 0;
  low = 0;
  readonly #seed: HashSeed;
  /** The ecosystem hashed last, and the state behind it: packages of one ecosystem come together. */
  #ecosystem: string | undefined;
  #a = 0;
  #b = 0;

  constructor(seed: HashSeed) {
    this.#seed = seed;
  }

  /** Hashes the key of a package; the name is as {@link indexName} makes it. */
  of(ecosystem: string, name: string): void {
    if (ecosystem !== this.#ecosystem) {
      this.high = this.#seed.high | 0;
      this.low = this.#seed.low | 0;
      this.#mix(ecosystem);
      this.#ecosystem = ecosystem;
      this.#a = this.high;
      this.#b = this.low;
    }
    this.high = this.#a;
    this.low = this.#b;
    this.#mix(name);
    const a = scatter(this.high ^ name.length);
    const b = scatter(this.low ^ a);
    this.high = scatter(a + b) >>> 0;
    this.low = b >>> 0;
  }

  /** Each step can be undone, so that no two states become one, and each half takes in the other. */
  #mix(text: string): void {
    let a = this.high;
    let b = this.low;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 0xcc9e2d51);
      a = (((a << 13) | (a >>> 19)) + b) | 0;
      b = Math.imul(b ^ code, 0x1b873593);
      b = ((b << 17) | (b >>> 15)) ^ a;
    }
    this.high = a;
    this.low = b;
  }
}

/** Spreads each bit over all 32 (the finalizer of MurmurHash3). */
function scatter(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
