/** Numbers in a word of a set. */
const wordBits = 32;

/** A set of small numbers. */
export class BitSet {
  private readonly words: Int32Array;

  constructor(words: Int32Array) {
    this.words = words;
  }

  add(number: number): void {
    const word = Math.floor(number / wordBits);
    this.words[word] = (this.words[word] as number) | (1 << (number % wordBits));
  }

  remove(number: number): void {
    const word = Math.floor(number / wordBits);
    this.words[word] = (this.words[word] as number) & ~(1 << (number % wordBits));
  }

  copy(): BitSet {
    return new BitSet(this.words.slice());
  }

  /** Holds what another one of the same size does. */
  become({ words }: BitSet): void {
    this.words.set(words);
  }

  /** Keeps what is in another one too. */
  keep({ words }: BitSet): void {
    const own = this.words;
    for (let word = 0; word < own.length; word++) own[word] = (own[word] as number) & (words[word] as number);
  }

  /** Holds what another one of the same size does as well. */
  join({ words }: BitSet): void {
    const own = this.words;
    for (let word = 0; word < own.length; word++) own[word] = (own[word] as number) | (words[word] as number);
  }

  meets({ words }: BitSet): boolean {
    const own = this.words;
    for (let word = 0; word < own.length; word++)
      if (((own[word] as number) & (words[word] as number)) !== 0) return true;
    return false;
  }

  /** Writes its numbers into an array, in order; how many there are. */
  list(into: Int32Array): number {
    const own = this.words;
    let count = 0;
    for (let word = 0; word < own.length; word++) {
      for (let bits = own[word] as number; bits !== 0; bits &= bits - 1)
        into[count++] = word * wordBits + wordBits - 1 - Math.clz32(bits & -bits);
    }
    return count;
  }
}

/** An empty set for numbers below another one. */
export function bitSet(below: number): BitSet {
  return new BitSet(new Int32Array(Math.ceil(below / wordBits)));
}
