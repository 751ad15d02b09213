/** Finds what may match a text among many patterns: by what they begin with, so that most are never tried. */
export class PrefixIndex {
  readonly #whole = new Map<string, number[]>();
  readonly #begin = new Map<string, number[]>();
  /** Of what stands in {@link #begin}, in UTF-16 units. */
  readonly #lengths = new Set<number>();

  /** Adds a number for texts that begin with `literal`, or for `literal` alone. */
  add(literal: string, exact: boolean, number: number): void {
    if (!exact) this.#lengths.add(literal.length);
    const into = exact ? this.#whole : this.#begin;
    const known = into.get(literal);
    if (known === undefined) into.set(literal, [number]);
    else if (known.at(-1) !== number) known.push(number);
  }

  /** Puts the numbers of patterns that may match into `found`. */
  collect(text: string, found: Set<number>): void {
    for (const number of this.#whole.get(text) ?? []) found.add(number);
    for (const length of this.#lengths) {
      if (length > text.length) continue;
      for (const number of this.#begin.get(text.slice(0, length)) ?? []) found.add(number);
    }
  }
}
